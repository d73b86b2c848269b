"""A long run of 8 islands, one of which is killed every few seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.fault.harness import tries
from tests.support.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("soak"), pytest.mark.timeout(1800)]


def test_a_long_run_under_kills_leaves_nothing_behind(tmp_path: Path, table: Callable[..., None]) -> None:
    """The digest equals an undisturbed run's, memory stays flat after warm-up, no process or file is left."""
    epochs = tries(200)
    command = [sys.executable, "-m", "tests.fault.soak", str(epochs)]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    equal = found["digest"] == found["undisturbed"]
    memory = f"memory {found['warm']:.0f} -> {found['end']:.0f} MiB"
    table(f"soak of {epochs} epochs, 8 islands", found["killed"], found["killed"], memory, equal)
    assert found["status"] == "SUCCEEDED"
    assert equal
    assert found["killed"] > epochs / 20
    assert found["end"] < 1.2 * found["warm"]
    assert (found["left processes"], found["left files"]) == ([], [])
