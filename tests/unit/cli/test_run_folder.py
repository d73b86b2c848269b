"""The id of a local run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.runs.config import RunConfig
from worstsort_cli.files.run_folder import free_run_id

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_configuration_has_the_same_id_from_one_version_to_the_next(tmp_path: Path) -> None:
    """It hashes the fields in the order in which they are declared, so moving one would rename every run."""
    assert free_run_id(tmp_path, RunConfig.parse({})) == "go1_12-n100-strong-seed1-a3c5ee"


def test_a_taken_id_is_numbered(tmp_path: Path) -> None:
    """A folder is never written to twice."""
    (tmp_path / "go1_12-n100-strong-seed1-a3c5ee").mkdir()
    assert free_run_id(tmp_path, RunConfig.parse({})) == "go1_12-n100-strong-seed1-a3c5ee-2"
