"""A finished run counts as one only while all that it left is whole."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from functions.finish_run.app import publish

from tests.support.stores import aws_in_memory, evolve, make_store
from worstsort.runs.config import RunConfig
from worstsort.runs.results.crowning import crown
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.run_folder.beginning import Beginning
from worstsort_cli.files.run_folder.folder import is_finished

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RUN = "a-run"

CONFIG = RunConfig.parse({
    "preset": "classic", "size": 20, "population": 20, "islands": 2, "generations_per_epoch": 3,
    "stop": {"max_epochs": 2},
})  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run that has finished."""
    path = tmp_path_factory.mktemp("runs") / RUN
    path.mkdir()
    with aws_in_memory():
        store = make_store()
        *_, closed = evolve(store, RUN, CONFIG)
        run = store.run(RUN)
        champion = crown(run, closed, store.populations.checkpoint(RUN, closed.best_island, closed.epoch).state)
        publish(store, run, champion, store.generations(RUN))
        for name in store.artefacts.names(RUN):
            (path / name).write_bytes(store.artefacts.get(RUN, name))
    (path / "input.json").write_bytes(Beginning.of(RUN, CONFIG).input_json())
    return path


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """Return a copy of it, to be damaged."""
    return shutil.copytree(whole, tmp_path / RUN)


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Change the text of a file."""
    before = path.read_text()
    path.write_text(change(before))
    assert path.read_text() != before


def test_a_whole_one_is_finished(folder: Path) -> None:
    assert is_finished(folder)


def test_values_that_do_not_take_the_comparisons_are_damage(folder: Path) -> None:
    """The message says what they take, and what to do."""
    edit(folder / "champion.json", lambda text: re.sub(r'"comparisons":(\d+)', r'"comparisons":1\1', text))
    with pytest.raises(CommandFailed, match=r"its values take \d+ comparisons, and it says .* start the run again"):
        is_finished(folder)


def test_values_that_were_changed_to_others_of_the_same_order_are_damage(folder: Path) -> None:
    """They take as many comparisons: it is the other files that know better."""
    content = json.loads((folder / "champion.json").read_text())
    content["values"] = [value + (value == max(content["values"])) for value in content["values"]]
    (folder / "champion.json").write_text(json.dumps(content))
    with pytest.raises(CommandFailed, match=r"champion_test\.go: it is not the test of champion\.json"):
        is_finished(folder)


@pytest.mark.parametrize("name", ["champion.json", "champion_test.go", "history.csv", "input.json", "report.html"])
@pytest.mark.parametrize("damage", ["missing", "empty", "half", "a folder", "no text"])
def test_each_file_has_to_be_there_and_whole(folder: Path, name: str, damage: str) -> None:
    """The message names the one that is not."""
    path = folder / name
    body = path.read_bytes()
    path.unlink()
    match damage:
        case "empty":
            path.touch()
        case "half":
            path.write_bytes(body[: len(body) // 2])
        case "a folder":
            path.mkdir()
        case "no text":
            path.write_bytes(b"\xff" + body)
    with pytest.raises(CommandFailed, match=rf"is damaged, .*{re.escape(name)}"):
        is_finished(folder)


@pytest.mark.parametrize(
    ("name", "pattern", "replacement"),
    [
        ("history.csv", r"^3,(\d+)", r"3,9\1"),
        ("history.csv", r"^4,.*\n", ""),
        ("history.csv", r"(\d+)\n\Z", r"1\1\n"),
        ("input.json", r'"seed": \d+', '"seed": 99'),
        ("champion_test.go", r"(\d)(,?\n)", r"\g<1>0\2"),
    ],
)
def test_a_change_of_a_number_is_damage(folder: Path, name: str, pattern: str, replacement: str) -> None:
    edit(folder / name, lambda text: re.sub(pattern, replacement, text, count=1, flags=re.MULTILINE))
    with pytest.raises(CommandFailed, match=rf"is damaged, .*{re.escape(name)}"):
        is_finished(folder)
