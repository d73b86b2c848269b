"""docs/any-sort.md: a sort author's first ten minutes, as they are written."""

from __future__ import annotations

import re
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT, worstsort
from tests.support.foreign_sorts import needs_cc

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "any-sort.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

pytestmark = needs_cc


@pytest.mark.long
def test_the_first_ten_minutes(tmp_path: Path) -> None:
    """The adapter compiles, the check fails as the page says, with its figures, and the next commands work."""
    code, build, table, use = (text for _, text in BLOCKS[:4])
    (tmp_path / "mysort.c").write_text(code)
    header, compile_, check = build.splitlines()
    (tmp_path / "worstsort.h").write_text(worstsort(*shlex.split(header)[1:3]).stdout)
    subprocess.run(shlex.split(compile_), cwd=tmp_path, check=True)
    checked = worstsort(*shlex.split(check)[1:], cwd=tmp_path)
    assert checked.returncode == 1
    shown = [line.split() for line in checked.stdout.splitlines()]
    assert [line.split() for line in table.splitlines()] == shown[: len(table.splitlines())]
    for command in use.splitlines():
        used = worstsort(*shlex.split(command)[1:], cwd=tmp_path)
        assert used.returncode == 0, used.stderr
    (champion,) = (tmp_path / "runs").glob("*/champion.json")
    verified = worstsort("verify", "--target", "./libmysort.so", str(champion), cwd=tmp_path)
    assert verified.returncode == 0, verified.stderr
    assert "the counts agree" in verified.stdout
    absent = worstsort("verify", str(champion), cwd=tmp_path)
    assert absent.returncode == 2
    assert "not at hand" in absent.stderr


QSORT = """#include <stdlib.h>
void my_qsort(void *items, size_t n, size_t width, int (*compare)(const void *, const void *)) {
    qsort(items, n, width, compare);
}
"""


@pytest.mark.slow
def test_a_function_of_the_form_of_qsort_needs_no_adapter(tmp_path: Path) -> None:
    """The C library's own, and one of the user's that does the same: both keep to n log n.

    The page's last command, which shows again how a sort was found out, is run by
    tests/unit/cli/test_foreign_targets.py.
    """
    (tmp_path / "mysort.c").write_text(QSORT)
    compile_, commands = shlex.split(BLOCKS[1][1].splitlines()[1]), BLOCKS[4][1].splitlines()
    subprocess.run(compile_, cwd=tmp_path, check=True)
    assert len(commands) == 2
    for command in commands:
        checked = worstsort(*shlex.split(command)[1:], cwd=tmp_path)
        assert checked.returncode == 0, checked.stdout + checked.stderr
