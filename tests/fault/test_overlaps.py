"""F3 and F12: the same work done twice at once, and a worker that wakes up when everything is over."""

from __future__ import annotations

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.fault.harness import LONG, SMALL, Attempt, Testbed, tries, until
from worstsort_embedded.functions import Functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from worstsort.runs.records import EpochRecord
    from worstsort_embedded.processes import Child

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("overlaps")]


@pytest.fixture
def twice(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Deliver every event to its function twice, at the same time."""
    original = Functions.invoke

    def invoke(functions: Functions, *arguments: Any) -> Any:
        other = second.submit(original, functions, *arguments)
        answer = original(functions, *arguments)
        other.result()
        return answer

    with ThreadPoolExecutor() as second:
        monkeypatch.setattr(Functions, "invoke", invoke)
        yield


@pytest.mark.usefixtures("twice")
def test_everything_done_twice_at_once_leaves_one_of_each(
    testbed: Testbed, table: Callable[..., None], tmp_path: Path
) -> None:
    """F3: 20 epochs with two workers per island, and every event delivered twice.

    Broken on purpose: without `**condition` in `Bucket.put_over`, objects are written twice.
    """
    rounds = tries(20)
    configuration = SMALL | {"population": 200, "generations_per_epoch": 10, "stop": {"max_epochs": rounds}}
    expected = testbed.undisturbed(configuration)
    twins: list[tuple[Attempt, Child]] = []
    testbed.wire.clear()
    testbed.on_attempt[:] = [lambda attempt: twins.append((attempt, attempt.again(tmp_path / f"twin-{len(twins)}")))]
    run = testbed.start(f"twice-{os.getpid()}", configuration)
    assert run.wait()["status"] == "SUCCEEDED", run.wait().get("cause")
    assert [child.wait(30) for _, child in twins] == [0] * 2 * rounds
    written = {key: _by_end(testbed.wire.written, key) for key in run.objects(".npz")}
    equal = run.digest() == expected
    table("F3 twice at once", rounds, rounds, "all of it, at once", equal)
    assert set(written.values()) == {1}
    assert len(written) == 2 * (rounds + 1)
    assert equal


def _by_end(written: dict[str, int], key: str) -> int:
    return sum(times for path, times in written.items() if path.endswith(key))


def test_a_worker_that_comes_second_evaluates_nothing(testbed: Testbed, tmp_path: Path) -> None:
    """F3: a recorded epoch is not evolved again."""
    attempts: list[Attempt] = []
    testbed.on_attempt[:] = [attempts.append]
    run = testbed.start(f"second-{os.getpid()}", SMALL)
    assert run.wait()["status"] == "SUCCEEDED"
    for number, attempt in enumerate(attempts):
        log = tmp_path / str(number)
        assert attempt.again(log).wait(30) == 0
        said = [line["message"] for line in _lines(log)]
        assert said == ["this epoch has been evolved before; nothing to do"]


def test_a_frozen_worker_that_wakes_up_an_epoch_later_changes_nothing(
    testbed: Testbed, table: Callable[..., None], tmp_path: Path
) -> None:
    """F12: its writes are refused, and it stops evolving at its next save."""
    expected, frozen = testbed.undisturbed(LONG), []
    log = tmp_path / "frozen"
    testbed.wire.clear()

    begun = set()

    def freeze(attempt: Attempt) -> None:
        begun.add(attempt.epoch)
        if (attempt.island, attempt.epoch) == (0, 1):
            frozen.append(attempt.again(log))

    testbed.on_attempt[:] = [freeze]
    run = testbed.start(f"frozen-{os.getpid()}", LONG)
    until(lambda: any(line["message"] == "generation" for line in _lines(log)), 60, "the second worker to evolve")
    zombie: Child = frozen[0]
    zombie.signal(signal.SIGSTOP)
    asleep = len(_lines(log))
    until(lambda: testbed.store.epoch(run.run_id, 1) is not None, 120, "the first epoch to close")
    until(lambda: begun == {1, 2}, 60, "the next epoch to begin")
    zombie.signal(signal.SIGCONT)
    assert zombie.wait(60) == 0
    assert run.wait()["status"] == "SUCCEEDED", run.wait().get("cause")
    after = [line["message"] for line in _lines(log)[asleep:]]
    equal = run.digest() == expected
    table("F12 frozen", 1, 1, f"{after.count('generation')} generations after it woke up", equal)
    assert after[-1] == "another attempt has finished this epoch; nothing more to do"
    bests = [_epoch(run.testbed, run.run_id, number).best for number in (1, 2)]
    assert bests == sorted(bests)
    assert not run.objects("partial/")
    assert {key: _by_end(testbed.wire.written, key) for key in run.objects(".npz")} == dict.fromkeys(
        run.objects(".npz"), 1
    )
    assert equal


def _epoch(testbed: Testbed, run_id: str, number: int) -> EpochRecord:
    closed = testbed.store.epoch(run_id, number)
    assert closed is not None
    return closed


def _lines(log: Path) -> list[dict[str, Any]]:
    """Return the complete lines of a log."""
    if not log.exists():
        return []
    whole = log.read_text().rpartition("\n")[0]
    said = (json.loads(line) for line in whole.splitlines() if line.startswith("{"))
    return [line for line in said if "message" in line]  # the others are metrics
