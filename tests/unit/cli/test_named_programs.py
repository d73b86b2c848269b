"""No file from somebody else has anything run: what is to be played is named by whoever types the command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from tests.support.hostile import a_champion
from worstsort.foreign.errors import COUNTEREXAMPLE
from worstsort_cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

INPUTS = (("run",), ("estimate",), ("sweep", "--seeds", "1", "--dry-run"))
"""Commands that read the input of a run."""

READERS = (("count",), ("verify",), ("transfer",), ("minimise",), ("export", "--json"))
"""Commands that read a champion, or what stands for one."""


@pytest.fixture
def touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file that is there once something was run, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "touched"


@pytest.mark.parametrize("command", INPUTS, ids=lambda command: command[0])
@pytest.mark.parametrize("target", ["cmd: touch {touched}", "{touched}.so", "libc:qsort", "cmd:touch {touched}"])
def test_an_input_cannot_name_a_program(touched: Path, command: tuple[str, ...], target: str) -> None:
    """The message says where it can be named."""
    given = {"target": target.format(touched=touched), "size": 8}
    (touched.parent / "input.json").write_text(json.dumps(given))
    done = CliRunner().invoke(main, [*command, "--input", "input.json"])
    assert (done.exit_code, "typed by its user, as --target" in done.stderr) == (2, True), done.output
    assert not touched.exists()


@pytest.mark.parametrize("command", READERS, ids=lambda command: command[0])
@pytest.mark.parametrize("place", ["target", "config", "both"])
def test_a_champion_cannot_name_a_program(touched: Path, command: tuple[str, ...], place: str) -> None:
    target = f"cmd: touch {touched}"
    content: dict[str, Any] = a_champion()
    if place != "config":
        content["target"] = target
    if place != "target":
        content["config"] |= {"target": target}
    (touched.parent / "champion.json").write_text(json.dumps(content))
    CliRunner().invoke(main, [*command, "champion.json"])
    assert not touched.exists()


@pytest.mark.parametrize("command", READERS, ids=lambda command: command[0])
def test_a_counterexample_cannot_name_a_program(touched: Path, command: tuple[str, ...]) -> None:
    """The command that it tells is for its reader to type."""
    said = f"cmd: touch {touched}"
    content = {"values": [2, 1], "target": said, "found_out": {"target": said, "command": f"touch {touched}"}}
    (touched.parent / COUNTEREXAMPLE).write_text(json.dumps(content))
    CliRunner().invoke(main, [*command, COUNTEREXAMPLE])
    assert not touched.exists()
