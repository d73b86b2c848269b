"""The ids of local runs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from worstsort.runs.config import RunConfig
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.run_folder.naming import claim

if TYPE_CHECKING:
    from pathlib import Path

NAME = "go1_24-n100-strong-seed1-b7682c"


def test_the_same_configuration_has_the_same_id_from_one_version_to_the_next(tmp_path: Path) -> None:
    """It hashes the fields in the order in which they are declared, so moving one would rename every run."""
    assert claim(tmp_path / "runs", RunConfig.parse({})) == tmp_path / "runs" / NAME


def test_distinct_values_give_another_id(tmp_path: Path) -> None:
    """Any values go without saying, as before there was a choice."""
    assert claim(tmp_path, RunConfig.parse({"values": "any"})) == tmp_path / NAME
    assert claim(tmp_path, RunConfig.parse({"values": "distinct"})) != tmp_path / f"{NAME}-2"


def test_a_taken_id_is_numbered(tmp_path: Path) -> None:
    """A folder is never written to twice, nor a file that has its name."""
    (tmp_path / NAME).mkdir()
    (tmp_path / f"{NAME}-2").touch()
    assert claim(tmp_path, RunConfig.parse({})) == tmp_path / f"{NAME}-3"


def test_each_of_200_runs_that_begin_at_once_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    """The folder itself decides, so looking for a free name is no race."""
    config = RunConfig.parse({})
    with ThreadPoolExecutor(20) as pool:
        claimed = list(pool.map(lambda _: claim(tmp_path, config), range(200)))
    assert len(set(claimed)) == 200
    assert all(folder.is_dir() for folder in claimed)


def test_a_place_where_no_folder_can_be_made_is_named(tmp_path: Path) -> None:
    """With the option that chooses another."""
    (tmp_path / "file").touch()
    with pytest.raises(CommandFailed, match=r"no folder can be made in .*file/runs \(Not a directory\); --out names"):
        claim(tmp_path / "file" / "runs", RunConfig.parse({}))
