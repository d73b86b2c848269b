"""A researcher gets what docs/research.md and docs/data.md show."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import COMMAND, ROOT

pytestmark = [pytest.mark.xdist_group("research-docs"), pytest.mark.slow]

RESEARCH, DATA = (ROOT / "docs" / name for name in ("research.md", "data.md"))


def blocks(path: Path, language: str) -> list[str]:
    """Return the fenced blocks of a document in a language."""
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Run every command of the page in a folder, in order; return the folder and what each printed."""
    folder = tmp_path_factory.mktemp("research")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment["PATH"] = f"{Path(COMMAND[0]).parent}{os.pathsep}{os.environ['PATH']}"
    outputs = {}
    for line in (line for block in blocks(RESEARCH, "sh") for line in block.splitlines()):
        done = subprocess.run(
            ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=280
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        outputs[line] = done.stdout
    return folder, outputs


def test_the_comparison_is_the_one_that_the_page_shows(printed: tuple[Path, dict[str, str]]) -> None:
    """The same on every machine."""
    (said,) = (output for line, output in printed[1].items() if line.startswith("worstsort compare"))
    shown = "\n".join(line[4:] for line in RESEARCH.read_text().splitlines() if line.startswith("    "))
    assert [line.rstrip() for line in said.splitlines()] == shown.splitlines()


@pytest.mark.parametrize("number", range(3))
def test_the_examples_of_the_data_read_what_the_command_has_written(
    printed: tuple[Path, dict[str, str]], number: int
) -> None:
    """Each finds both medians."""
    code = blocks(DATA, "python")[number]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=printed[0], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    for median in ("434", "391"):
        assert median in done.stdout
