"""F9, and systems broken on purpose: copies of the project with one change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.copies import change, copy_project
from tests.fault.harness import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("command"), pytest.mark.timeout(600)]

LAYER = Path("layers/evolution/worstsort")

JUMPY = '''
"""Run the worker on a machine whose clock jumps by days, an hour apart from the other islands' clocks."""
import datetime, os, runpy, sys, time

true_clock, ISLAND = time.time, int(os.environ.get("AWS_BATCH_JOB_ARRAY_INDEX", "0"))

def clock():
    jumps = int(time.monotonic() * 5)
    return true_clock() + 3600 * ISLAND + (86400 if jumps % 2 else -86400)

class Jumpy(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(clock(), tz)

    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(clock(), datetime.timezone.utc).replace(tzinfo=None)

time.time, time.time_ns = clock, lambda: int(clock() * 1e9)
datetime.datetime = Jumpy
print("clocks jump", flush=True)
runpy.run_path(os.path.join(os.path.dirname(__file__), "true_worker.py"), run_name="__main__")
'''


def run(root: Path, out: Path) -> dict[str, Any]:
    """Return the result of `worstsort run` in a project."""
    command = [str(Path(sys.executable).parent / "worstsort"), "run", "--json", "--out", str(out)]
    options = ["--size", "60", "--generations-per-epoch", "20", "--max-epochs", "4"]
    done = subprocess.run([*command, *options], cwd=root, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_clocks_that_jump_change_nothing(tmp_path: Path, table: Callable[..., None]) -> None:
    """F9: the workers' wall clocks jump by days all the time, and are an hour apart."""
    project = copy_project(tmp_path / "project")
    worker = project / "batch_worker/evolve_island.py"
    worker.rename(worker.with_name("true_worker.py"))
    worker.write_text(JUMPY)
    jumpy, steady = run(project, tmp_path / "jumpy"), run(ROOT, tmp_path / "steady")
    same = [name for name in ("digest", "reason", "epochs", "evaluations") if jumpy[name] == steady[name]]
    table("F9 clocks jump", 1, 1, "-", "digest" in same)
    assert same == ["digest", "reason", "epochs", "evaluations"]


BROKEN = {
    "no checksum check": (
        LAYER / "storage/bucket.py",
        'answer["Metadata"].get("sha256") != hashlib.sha256(body).hexdigest()',
        "not body",
        "test_services.py::test_each_way_in_which_s3_fails_is_retried[changed]",
        "CheckpointCorrupt",
    ),
    "unconditional write": (
        LAYER / "storage/bucket.py",
        "**condition, **stored",
        "**stored",
        "test_overlaps.py::test_everything_done_twice_at_once_leaves_one_of_each",
        "assert set(written.values()) == {1}",
    ),
    "no SIGTERM handler": (
        Path("batch_worker/evolve_island.py"),
        "signal.signal(signal.SIGTERM, lambda *_: None)",
        "pass",
        "test_kills.py::test_a_worker_asked_to_end_saves_and_leaves_with_its_own_exit_code",
        "assert set(codes) == {130}",
    ),
    "no saves": (
        LAYER / "worker/saver.py",
        ">= self._seconds:\n            self.save()",
        ">= self._seconds:\n            pass",
        "test_kills.py::test_a_worker_killed_at_any_moment_costs_at_most_what_it_had_not_saved",
        "assert unsaved <=",
    ),
}
"""What is broken: the file, the code, its replacement, the test that has to fail, and the line where it does."""


@pytest.mark.parametrize("what", BROKEN)
def test_a_system_that_is_broken_on_purpose_fails_its_test(
    tmp_path: Path, table: Callable[..., None], what: str
) -> None:
    """Each of these tests can fail: it does for a copy of the project in which one safeguard is broken."""
    path, code, instead, test, said = BROKEN[what]
    project = copy_project(tmp_path / "project")
    change(project / path, code, instead)
    environment = os.environ | {"WORSTSORT_FAULT_ROOT": str(project), "WORSTSORT_FAULT_SCALE": "0.3"}
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "fault", f"tests/fault/{test}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=500, check=False)
    table(f"broken: {what}", 1, "fails as it must" if done.returncode == 1 else "STILL PASSES", "-", "-")
    assert done.returncode == 1, done.stdout
    assert "1 failed" in done.stdout
    assert said in done.stdout
