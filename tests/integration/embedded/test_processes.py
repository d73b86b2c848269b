"""Child processes are real, and none outlives its owner."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from subprocess import PIPE
from typing import TYPE_CHECKING

import pytest

from tests.integration.embedded.helpers import IGNORES_TERM, PROJECT, alive, eventually
from tests.support.patience import patience
from worstsort_embedded import EmbeddedCloudError
from worstsort_embedded.processes import ChildProcesses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from worstsort_embedded.processes import Child

OWNER = """
import sys, time
from worstsort_embedded import EmbeddedCloud
code = "import os, subprocess, time; print(os.getpid(), subprocess.Popen(['sleep', '60']).pid); time.sleep(60)"
with EmbeddedCloud(sys.argv[1]) as cloud:
    batch, logs = cloud.client("batch"), cloud.client("logs")
    job = batch.submit_job(
        jobName="probe",
        jobQueue=cloud.outputs["JobQueueArn"],
        jobDefinition=cloud.outputs["JobDefinitionArn"],
        containerOverrides={"environment": [{"name": "CODE", "value": code}]},
    )["jobId"]
    cloud.client("lambda").invoke(FunctionName=cloud.outputs["ProbeFunctionArn"])
    events = []
    while not events:
        time.sleep(0.05)
        stream = batch.describe_jobs(jobs=[job])["jobs"][0]["container"].get("logStreamName")
        events = stream and logs.get_log_events(logGroupName="/worstsort/jobs", logStreamName=stream)["events"]
    print(events[0]["message"], flush=True)
    time.sleep(60)
"""


@pytest.fixture
def processes() -> Iterator[ChildProcesses]:
    processes = ChildProcesses()
    yield processes
    processes.close(0)


def start(processes: ChildProcesses, code: str, folder: Path) -> tuple[Child, int]:
    """Start a child that runs this code; return it, and a file descriptor to read its output."""
    program = folder / "program.py"
    program.write_text(code)
    reading, writing = os.pipe()
    nothing = os.open(os.devnull, os.O_RDONLY)
    child = processes.spawn([sys.executable, str(program)], {"PATH": os.environ["PATH"]}, folder, (nothing, writing))
    os.close(writing)
    os.close(nothing)
    return child, reading


def everything_below(pid: int) -> set[int]:
    """Return the process ids of all descendants."""
    rows = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(row.split()[0]): int(row.split()[1]) for row in rows.splitlines()}
    found = {child for child, parent in parents.items() if parent == pid}
    return found.union(*map(everything_below, found))


def test_children_start_though_the_owners_folder_was_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They have folders of their own."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    processes = ChildProcesses()
    try:
        child, _ = start(processes, "import os, sys; sys.exit(len(os.getcwd()) % 100)", tmp_path)
        assert child.wait(60) == len(str(tmp_path)) % 100
    finally:
        processes.close(0)


def test_children_have_none_of_numbas_variables_but_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They inherit the import, so what the owner's shell says of compiling would be held against them."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "compiled"))
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
    processes = ChildProcesses()
    try:
        code = """
            from numba.core import config
            print(config.CACHE_DIR, config.DISABLE_JIT, config.NUMBA_NUM_THREADS == config.NUMBA_DEFAULT_NUM_THREADS)
        """
        child, reading = start(processes, textwrap.dedent(code), tmp_path)
        assert child.wait(patience(60)) == 0
        with os.fdopen(reading) as printed:
            assert printed.readline().split() == [str(tmp_path / "compiled"), "0", "True"]
    finally:
        processes.close(0)


def test_children_have_their_own_process_group_and_exit_code(processes: ChildProcesses, tmp_path: Path) -> None:
    """A program exits as in the interpreter: at its end, by sys.exit or by an exception."""
    for code, expected in (("", 0), ("import sys; sys.exit(7)", 7), ("import sys; sys.exit('why')", 1), ("1 / 0", 1)):
        child, reading = start(processes, f"import os; print(os.getpgid(0), flush=True); {code}", tmp_path)
        assert child.wait(20) == expected
        with os.fdopen(reading) as printed:
            assert int(printed.readline()) == child.pid


def test_a_program_ends_with_its_exit_functions_and_threads(processes: ChildProcesses, tmp_path: Path) -> None:
    """Threads are awaited, and then atexit functions run."""
    code = """import atexit, threading, time
atexit.register(print, 'last')
threading.Thread(target=lambda: (time.sleep(0.2), print('thread'))).start()"""
    child, reading = start(processes, code, tmp_path)
    assert child.wait(20) == 0
    with os.fdopen(reading) as printed:
        assert printed.read() == "thread\nlast\n"


def test_a_signal_right_after_the_start_is_not_lost(processes: ChildProcesses, tmp_path: Path) -> None:
    """It ends the child even before that has done anything."""
    for _ in range(20):
        child, reading = start(processes, "import time; time.sleep(60)", tmp_path)
        child.signal(signal.SIGTERM)
        assert child.wait(patience(5)) == -signal.SIGTERM
        os.close(reading)


def test_a_burst_of_requests_is_served(processes: ChildProcesses, tmp_path: Path) -> None:
    """Many signals in a row, whose answers nobody awaits, block neither the zygote nor the next start."""
    child, reading = start(processes, "import time; time.sleep(60)", tmp_path)
    for _ in range(500):
        child.signal(signal.SIGCONT)
    (tmp_path / "other").mkdir()
    other, reading_too = start(processes, "", tmp_path / "other")
    assert other.wait(20) == 0
    child.signal(signal.SIGKILL)
    assert child.wait(patience(5)) == -signal.SIGKILL
    for descriptor in (reading, reading_too):
        os.close(descriptor)


def test_closing_ends_even_children_that_ignore_sigterm(tmp_path: Path) -> None:
    """After the grace period they get SIGKILL."""
    processes = ChildProcesses()
    child, reading = start(processes, IGNORES_TERM, tmp_path)
    os.read(reading, 1)
    begun = time.monotonic()
    processes.close(0.5)
    assert time.monotonic() - begun < patience(3)
    assert child.exit_code == -signal.SIGKILL
    assert not alive(child.pid)
    os.close(reading)


def test_a_killed_zygote_takes_its_children_along_and_is_replaced(
    processes: ChildProcesses, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever waits for a child learns that it was killed; the next child is started by another zygote."""
    for _ in range(2):
        child, reading = start(processes, "import time; time.sleep(60)", tmp_path)
        os.kill(processes._zygote.pid, signal.SIGKILL)  # noqa: SLF001 - the death of a part
        assert child.wait(patience(5)) == -signal.SIGKILL
        eventually(lambda child=child: not alive(child.pid))  # type: ignore[misc]
        os.close(reading)
    child, reading = start(processes, "print('alive')", tmp_path)
    assert child.wait(30) == 0
    os.close(reading)
    assert [record.getMessage() for record in caplog.records] == [
        "the process that starts all others was killed; it has been started anew"
    ] * 2


def test_a_zygote_that_cannot_live_is_reported(
    processes: ChildProcesses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A caller gets an error instead of waiting for ever."""
    os.kill(processes._zygote.pid, signal.SIGKILL)  # noqa: SLF001 - the death of a part
    monkeypatch.setattr(sys, "executable", shutil.which("true"))
    with pytest.raises(EmbeddedCloudError, match="dies again and again"):
        start(processes, "", tmp_path)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_a_killed_owner(number: signal.Signals) -> None:
    """Jobs, their own children and functions end even when the owner cannot end them."""
    with subprocess.Popen([sys.executable, "-c", OWNER, str(PROJECT)], stdout=PIPE, text=True) as owner:
        assert owner.stdout
        job, started = map(int, owner.stdout.readline().split())
        below = everything_below(owner.pid)
        assert {job, started} <= below
        owner.send_signal(number)
        owner.wait(patience(5))
        eventually(lambda: not any(map(alive, below)), patience(5))


def test_ctrl_c_ends_everything_within_five_seconds() -> None:
    """The terminal's signal reaches only the owner, which ends the others in order."""
    command = [sys.executable, "-c", OWNER, str(PROJECT)]
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, process_group=0) as owner:
        assert owner.stdout
        owner.stdout.readline()
        below = everything_below(owner.pid)
        os.killpg(owner.pid, signal.SIGINT)
        assert owner.wait(patience(5)) == -signal.SIGINT
        assert not any(map(alive, below))
        assert owner.stderr
        assert owner.stderr.read().rstrip().endswith("KeyboardInterrupt")
