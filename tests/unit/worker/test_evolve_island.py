"""What a worker does when it is asked to end, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from batch_worker.evolve_island import FAILED, INTERRUPTED

from tests.support.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKER = """
import hashlib, sys, time
from batch_worker import evolve_island

class Part:
    def save(self):
        print("saved", flush=True)
        return "said"
    def end(self):
        print("heartbeat ended", flush=True)

class Broken(Part):
    def save(self):
        raise OSError("no way to save")

evolve_island.GRACE_SECONDS = 0.3
watch, kind = evolve_island.Interruption(), sys.argv[1]
if kind != "early":
    watch.saver, watch.heartbeat = Broken() if kind == "broken" else Part(), Part()
print("ready", flush=True)
if kind == "prompt":
    watch.asked.wait()
    print("leaves by itself", flush=True)
    sys.exit(7)
{wait}
"""

WAITS = {
    "sleeping": "time.sleep(60)",
    # One call into compiled code: no Python signal handler runs before it returns, which takes many minutes.
    "computing": "hashlib.pbkdf2_hmac('sha256', b'', b'', 2**31 - 1)",
}


@pytest.fixture
def started(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """Start a worker that is at work."""
    wait, kind = request.param
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers" / "evolution")])}
    command = [sys.executable, "-c", WORKER.replace("{wait}", WAITS[wait]), kind]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def terminate(process: subprocess.Popen[str]) -> tuple[int, list[str], str]:
    """Send SIGTERM; return the exit code, the lines that the worker wrote, and its standard error."""
    process.send_signal(signal.SIGTERM)
    out, error = process.communicate(timeout=60)
    return process.returncode, [line for line in out.splitlines() if not line.startswith("{")], error


@pytest.mark.parametrize("started", [("sleeping", ""), ("computing", "")], indirect=True, ids=str)
def test_a_worker_that_does_not_come_to_an_end_saves_and_ends(started: subprocess.Popen[str]) -> None:
    """Whatever its main thread does: what is complete is saved, the heartbeat ends, and the exit code says so."""
    assert terminate(started)[:2] == (INTERRUPTED, ["saved", "heartbeat ended"])


@pytest.mark.parametrize("started", [("sleeping", "early")], indirect=True, ids=str)
def test_a_worker_that_has_not_begun_ends_all_the_same(started: subprocess.Popen[str]) -> None:
    """There is nothing to save yet."""
    assert terminate(started)[:2] == (INTERRUPTED, [])


@pytest.mark.parametrize("started", [("sleeping", "broken")], indirect=True, ids=str)
def test_a_worker_that_cannot_save_ends_all_the_same(started: subprocess.Popen[str]) -> None:
    """Batch would kill it otherwise, 30 seconds later."""
    assert terminate(started)[0] == INTERRUPTED


@pytest.mark.parametrize("started", [("sleeping", "prompt")], indirect=True, ids=str)
def test_a_worker_that_ends_its_generation_in_time_leaves_by_itself(started: subprocess.Popen[str]) -> None:
    """It is told at once, and saves on its own."""
    assert terminate(started)[:2] == (7, ["leaves by itself"])


@pytest.mark.long
def test_an_error_ends_a_worker_and_is_logged_by_its_name() -> None:
    """With what it says, and where it was raised."""
    program = """
import sys
from batch_worker import evolve_island

def work(_interruption):
    raise ValueError("no way")

evolve_island.work = work
sys.exit(evolve_island.main())
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers" / "evolution")])}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == FAILED
    (line,) = [json.loads(line) for line in (ended.stdout + ended.stderr).splitlines() if line.startswith("{")]
    assert line["message"] == "ValueError: no way"
    assert "in work" in line["exception"]
