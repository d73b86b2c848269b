"""`worstsort sweep` and all its processes disappear; the same command goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.fault.command import OPTIONS, PATIENCE_SECONDS, WORSTSORT, kill
from tests.fault.harness import ROOT, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("command"), pytest.mark.timeout(1200)]


def sweep(out: Path) -> subprocess.Popen[str]:
    """Start a sweep of three runs in a process group of its own."""
    arguments = ["sweep", *OPTIONS, "--seeds", "1-3", "--name", "s", "--at-once", "2", "--out", str(out)]
    return subprocess.Popen(
        [*WORSTSORT, *arguments], env=os.environ, cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def digests(out: Path) -> dict[str, str]:
    """Return the digest of each run of a sweep that has ended."""
    return {path.parent.name: json.loads(path.read_text())["digest"] for path in out.glob("s/*/result.json")}


def ended(process: subprocess.Popen[str]) -> str:
    """Return what a sweep said that has succeeded."""
    printed, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, said
    return printed


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the digests of an undisturbed sweep."""
    out = tmp_path_factory.mktemp("undisturbed")
    ended(sweep(out))
    return digests(out)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_sweep_goes_on_to_the_same_digests(
    tmp_path: Path, undisturbed: dict[str, str], table: Callable[..., None], number: int
) -> None:
    """Ctrl-C, or SIGKILL of everything, while two runs are under way; closed epochs are not evolved again."""
    process = sweep(tmp_path)
    until(lambda: len(list(tmp_path.glob("s/*/state/epoch-000002.npz"))) > 0, 240, "an epoch to close")
    said = kill(process, number)
    assert number == signal.SIGKILL or "go on with: worstsort sweep --resume s" in said
    kept = list(tmp_path.glob("s/*/state/epoch-*.npz"))
    before = {path: path.stat().st_mtime_ns for path in kept}
    again = sweep(tmp_path)
    until(lambda: len(list(tmp_path.glob("s/*/state/epoch-*.npz"))) > len(kept), 240, "another epoch to close")
    assert all(path.stat().st_mtime_ns == moment for path, moment in before.items() if path.exists())
    assert "sweep s: 3 runs, " in ended(again)
    equal = digests(tmp_path) == undisturbed
    table(f"{signal.Signals(number).name} of a sweep", 1, 1, "0 closed epochs", equal)
    assert equal
    assert list(tmp_path.glob("s/*/state")) == []
