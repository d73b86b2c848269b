"""Readers of docs/library.md, docs/extending.md and the notebook get the results that are shown there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.support.command import ROOT

if TYPE_CHECKING:
    from pathlib import Path

NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))


SESSION = """
import doctest, sys
parser, runner, session = doctest.DocTestParser(), doctest.DocTestRunner(), {}
for block in sys.stdin.read().split("\\0"):
    example = parser.get_doctest(block, session, sys.argv[1], None, 0)
    runner.run(example, clear_globs=False)
    session |= example.globs
print(runner.summarize().attempted)
"""


def blocks(page: str, language: str) -> list[str]:
    """Return a page's fenced blocks in a language."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", ["docs/library.md", "docs/extending.md"])
def test_a_page_shows_what_python_prints(tmp_path: Path, page: str) -> None:
    """The blocks run in order, in a session of their own, beside the module that the page has written before."""
    for module in (block for block in blocks(page, "python") if "TARGET = " in block):
        (tmp_path / "selection.py").write_text(module, encoding="utf-8")
    given = "\0".join(blocks(page, "pycon"))
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", SESSION, page]
    done = subprocess.run(command, input=given, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == f"{given.count('>>> ')}\n"


def outputs(notebook: Any) -> list[list[Any]]:
    """Return the outputs of each code cell."""
    cells = (cell for cell in notebook.cells if cell.cell_type == "code")
    return [[output.get("text") or output.get("data") for output in cell.outputs] for cell in cells]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_shows_what_it_computes(path: Path) -> None:
    """Executed again, every cell has the output that is stored with it."""
    notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    stored = outputs(notebook)
    assert any(stored)
    NotebookClient(notebook, timeout=120).execute()
    assert outputs(notebook) == stored
