"""F1 and F2: workers killed, or asked to end, at any moment."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.harness import LONG, PLANS, ROOT, SAVE_SECONDS, SMALL, Attempt, Testbed, tries, until
from tests.fault.wire import hold, reset, to
from tests.support.patience import patience
from worstsort.runs.config import RunConfig
from worstsort_embedded.functions import ExecutionEnvironment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("kills")]

MAX_KILLS = 6
"""Per epoch of an island; Batch makes 10 attempts."""


class Killer:
    """A hook that kills workers at moments chosen by a seed: most while they evolve, some while they start."""

    def __init__(self, testbed: Testbed, seed: int, kills: int, within: float) -> None:
        """Plan a number of kills; `within` is the duration of an epoch in seconds."""
        self._laid, self._dice, self._left, self._within = testbed, random.Random(seed), kills, within
        self.killed: list[Attempt] = []

    def __call__(self, attempt: Attempt) -> None:
        """Plan the kill of a worker that has started."""
        if attempt.number > MAX_KILLS or self._left <= 0:
            return
        self._left -= 1
        early = self._dice.random() < 0.2
        delay = self._dice.uniform(0, 0.5 if early else self._within)
        before = None if early else self._laid.looked(attempt)
        threading.Thread(target=self._kill, args=(attempt, delay, before), daemon=True).start()

    def _kill(self, attempt: Attempt, delay: float, before: int | None) -> None:
        while before is not None and attempt.child.exit_code is None and self._laid.looked(attempt) == before:
            time.sleep(0.005)
        time.sleep(delay)
        if attempt.child.exit_code is None:
            self.killed.append(attempt)
            attempt.child.signal(signal.SIGKILL)
        else:
            self._left += 1


def test_a_worker_killed_at_any_moment_costs_at_most_what_it_had_not_saved(
    testbed: Testbed, table: Callable[..., None]
) -> None:
    """F1: 50 kills at seeded moments; every run succeeds with the digest of an undisturbed one.

    Broken on purpose: without the call of `self.save()` in `Saver.note`, the unsaved time exceeds the interval.
    """
    expected, killed, redone, equal, runs, unsaved, slowest = testbed.undisturbed(LONG), 0, 0, 0, 0, 0.0, 0.0
    within = testbed.epoch_seconds(LONG)
    while killed < tries(50):
        killer = Killer(testbed, seed=runs, kills=min(12, tries(50) - killed), within=within)
        testbed.on_attempt[:] = [killer]
        run = testbed.start(f"killed-{runs}-{os.getpid()}", LONG)
        assert run.wait()["status"] == "SUCCEEDED", run.wait().get("cause")
        work = run.work()
        killed, runs, redone = killed + len(killer.killed), runs + 1, redone + work.redone()
        unsaved = max(unsaved, work.longest_unsaved())
        slowest = max(slowest, work.longest_generation())
        equal += run.digest() == expected
        assert not run.objects("partial/")
    table("F1 SIGKILL", killed, killed, f"{redone} generations, at most {unsaved:.2f} s per kill", f"{equal} of {runs}")
    assert equal == runs
    # No save falls within a generation.
    assert unsaved <= SAVE_SECONDS + 2 * slowest


def test_killed_workers_that_evolve_plans_end_as_undisturbed_ones(testbed: Testbed, table: Callable[..., None]) -> None:
    """F1: 10 kills at seeded moments of a run whose chromosomes are plans, and its digest is that of no kills.

    Broken on purpose: with `genetic.plans.populate` drawing from NumPy's own generator, the digests differ.
    """
    assert RunConfig.parse(PLANS).representation == "plan"
    expected, killed, redone, equal, runs = testbed.undisturbed(PLANS), 0, 0, 0, 0
    within = testbed.epoch_seconds(PLANS)
    while killed < tries(10):
        killer = Killer(testbed, seed=100 + runs, kills=min(5, tries(10) - killed), within=within)
        testbed.on_attempt[:] = [killer]
        run = testbed.start(f"killed-plans-{runs}-{os.getpid()}", PLANS)
        assert run.wait()["status"] == "SUCCEEDED", run.wait().get("cause")
        killed, runs, redone = killed + len(killer.killed), runs + 1, redone + run.work().redone()
        equal += run.digest() == expected
    table("F1 SIGKILL, plans", killed, killed, f"{redone} generations", f"{equal} of {runs}")
    assert equal == runs


def test_a_worker_killed_before_it_could_clear_up_leaves_nothing(testbed: Testbed) -> None:
    """F1: the worker had recorded everything; the next attempt deletes its save, and evolves nothing.

    Broken on purpose: with `clear_up` called only where an epoch has just been recorded, its save stays.
    """
    started: dict[str, Attempt] = {}

    def kill(environ: Any, start_response: Any, app: Any) -> Any:
        attempt = next(attempt for part, attempt in started.items() if part in environ["PATH_INFO"])
        attempt.child.signal(signal.SIGKILL)
        attempt.child.wait(10)  # it would retry
        return reset(environ, start_response, app)

    def note(attempt: Attempt) -> None:
        started[f"/islands/{attempt.island}/"] = attempt

    expected = testbed.undisturbed(LONG)
    testbed.on_attempt[:] = [note]
    rule = testbed.wire.add(to("S3.DELETE", "/partial/1.npz"), kill, times=2)
    run = testbed.start(f"uncleared-{os.getpid()}", LONG)
    assert run.wait()["status"] == "SUCCEEDED", run.wait().get("cause")
    assert rule.hits == 2
    assert len(run.work().said("evolved before")) == 2
    assert not run.objects("partial/")
    assert (run.work().redone(), run.digest()) == (0, expected)


def test_a_worker_asked_to_end_saves_and_leaves_with_its_own_exit_code(
    testbed: Testbed, table: Callable[..., None]
) -> None:
    """F2: SIGTERM, then SIGKILL 30 seconds later; no generation is evolved again.

    Broken on purpose: without `signal.signal(signal.SIGTERM, ...)` in `Interruption`, the exit code is not 130.
    """
    expected = testbed.undisturbed(LONG)
    took: list[float] = []
    codes: list[int | None] = []

    def interrupt(attempt: Attempt) -> None:
        if attempt.number <= tries(2):
            threading.Thread(target=end, args=(attempt, testbed.saved(attempt)), daemon=True).start()

    def end(attempt: Attempt, before: int) -> None:
        until(lambda: attempt.child.exit_code is not None or testbed.saved(attempt) > before, 60, "it to save")
        if attempt.child.exit_code is None:
            asked = time.monotonic()
            attempt.child.stop(grace_seconds=30)
            took.append(time.monotonic() - asked)
            codes.append(attempt.child.exit_code)

    testbed.on_attempt[:] = [interrupt]
    run = testbed.start(f"terminated-{os.getpid()}", LONG)
    description = run.wait()
    assert len(codes) >= 4
    assert set(codes) == {130}
    assert max(took) < 10
    assert description["status"] == "SUCCEEDED", description.get("cause")
    redone, equal = run.work().redone(), run.digest() == expected
    table("F2 SIGTERM", len(codes), len(codes), f"{redone} generations; ended within {max(took):.1f} s", equal)
    assert equal
    assert redone == 0


FUNCTIONS = {
    "PrepareRun": to("DynamoDB.PutItem"),
    "SeedPopulations": to("S3.PUT", "/islands/1/0.npz"),
    "CloseEpoch": to("DynamoDB.BatchWriteItem"),
    "FinishRun": to("S3.PUT", "champion.json"),
}
"""A request that each function makes, which is held while its process is killed."""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_that_is_killed_is_called_again(
    testbed: Testbed, table: Callable[..., None], monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    """F1: it is idempotent, so the state machine calls it again, whatever it had done by then.

    Broken on purpose: without Runtime.ExitError among the retried errors, each of these runs fails.
    """
    children: dict[str, Any] = {}
    ask = ExecutionEnvironment.ask

    def note(environment: ExecutionEnvironment, message: dict[str, Any], *rest: Any) -> dict[str, Any]:
        children[message["context"]["function_name"]] = environment.child
        return ask(environment, message, *rest)

    monkeypatch.setattr(ExecutionEnvironment, "ask", note)
    expected, reached, go_on = testbed.undisturbed(SMALL), threading.Event(), threading.Event()
    rule = testbed.wire.add(FUNCTIONS[function], hold(reached, go_on), times=1)
    run = testbed.start(f"killed-{function}-{os.getpid()}", SMALL)
    assert reached.wait(120), run.describe()
    (child,) = (child for name, child in children.items() if function in name)
    child.signal(signal.SIGKILL)
    go_on.set()
    description = run.wait()
    assert description["status"] == "SUCCEEDED", description.get("cause")
    equal = run.digest() == expected
    table(f"F1 SIGKILL of {function}", rule.hits, rule.hits, f"{run.work().redone()} generations", equal)
    assert equal


def test_any_other_exit_code_is_not_tried_again(testbed: Testbed) -> None:
    """F2: a worker that reported an error would only report it again."""
    attempts: list[Attempt] = []

    def spoil(attempt: Attempt) -> None:
        attempts.append(attempt)
        if attempt.epoch == 1 and attempt.number == 1:
            key = f"runs/{attempt.run_id}/islands/{attempt.island}/0.npz"
            testbed.client("s3").put_object(Bucket=testbed.cloud.outputs["BucketName"], Key=key, Body=b"spoiled")

    testbed.on_attempt[:] = [spoil]
    run = testbed.start(f"spoiled-{os.getpid()}", LONG)
    description = run.wait()
    assert (description["status"], description["error"]) == ("FAILED", "WorkerFailed")
    assert "exit code 1 after 1 attempt;" in description["cause"]
    assert {attempt.number for attempt in attempts} == {1}


BUSY = """
import hashlib, sys
sys.path.insert(0, {worker!r})
import evolve_island
from worstsort.worker.heartbeat import Heartbeat

class Saver:
    def save(self):
        print("saved", flush=True)
        return "saved"

interruption = evolve_island.Interruption()
interruption.saver = Saver()
interruption.heartbeat = Heartbeat()
print("busy", flush=True)
hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)
"""


def test_a_generation_that_takes_minutes_does_not_keep_a_worker_from_leaving(tmp_path: Path) -> None:
    """F2: while compiled code runs, the previous generation is saved in 10 seconds, and the island is counted out."""
    script = tmp_path / "busy.py"
    script.write_text(BUSY.format(worker=str(ROOT / "batch_worker")))
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    said: Any = process.stdout
    assert said.readline() == "busy\n"
    asked = time.monotonic()
    process.terminate()
    assert said.readline() == "saved\n"
    assert '"IslandsEnded":[1.0]' in said.read()
    assert process.wait(patience(10)) == 130
    assert time.monotonic() - asked < patience(10)


def test_a_worker_asked_to_end_before_it_began_is_tried_again(testbed: Testbed) -> None:
    """F2: whenever during its start the signal arrives, even before there is a handler and a container notices it."""
    expected = testbed.undisturbed(LONG)
    testbed.on_attempt[:] = [_terminate_soon]
    run = testbed.start(f"early-{os.getpid()}", LONG)
    assert run.wait()["status"] == "SUCCEEDED", run.wait().get("cause")
    assert run.digest() == expected


def _terminate_soon(attempt: Attempt) -> None:
    if attempt.number <= 2:
        delay = 0.02 * attempt.number * (1 + attempt.island)
        threading.Timer(delay, attempt.child.signal, (signal.SIGTERM,)).start()


def test_nothing_of_a_finished_run_is_left_running(testbed: Testbed) -> None:
    """All jobs of the run in Batch have ended."""
    until(lambda: not testbed.jobs("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING"), 10, "the jobs to end")
