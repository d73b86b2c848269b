"""examples/targets/check.yml: its commands are run as they are written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.command import ROOT
from tests.support.foreign_sorts import SOURCES, needs_cc

WORKFLOW = yaml.safe_load((ROOT / "examples" / "targets" / "check.yml").read_text())
STEPS = WORKFLOW["jobs"]["worst-case"]["steps"]
COMMANDS = [step["run"] for step in STEPS if "run" in step]
INSTALLS, BUILDS, CHECKS = COMMANDS

pytestmark = [needs_cc, pytest.mark.long]


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the script of a step, as GitHub does: with bash, ending at the first command that fails."""
    environment = os.environ | {"PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("sort", "code"), [("go_heapsort", 0), ("quick", 1)])
def test_the_gate_lets_through_what_takes_n_log_n(tmp_path: Path, sort: str, code: int) -> None:
    """The steps build a sort, exit 0 within the bounds and 1 beyond, and leave what the last step keeps."""
    text = (SOURCES / "sorts.c").read_text()
    text = text.replace("void worstsort_sort(", "void other_sort(")
    exported = "void worstsort_sort(int32_t *items, size_t n, worstsort_less less, void *ctx)"
    (tmp_path / "mysort.c").write_text(f"{text}\n{exported} {{ {sort}(items, n, less, ctx); }}\n")
    assert run(BUILDS, tmp_path).returncode == 0
    quick = re.sub(r"--seconds \d+", "--seconds 0 --sizes 1000,4000", CHECKS)
    checked = run(quick, tmp_path)
    assert checked.returncode == code, checked.stderr
    kept = STEPS[-1]["with"]["path"].split()
    assert {path.name for path in tmp_path.iterdir()} & set(kept) == {"worst-case.xml", "worst.json"}


def test_what_the_gate_installs_is_this_project() -> None:
    """The name on PyPI is that of the distribution."""
    assert INSTALLS == "pip install worstsort"
