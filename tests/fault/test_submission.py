"""F11: jobs that cannot be submitted, and islands that fail for good."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.fault.harness import SMALL, Attempt, Testbed
from tests.fault.wire import throttle, to

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("kills")]

EIGHT = SMALL | {"islands": 8, "stop": {"max_epochs": 2}}
DOOMED = (1, 4, 6)


def test_a_throttled_submission_is_made_again(testbed: Testbed, table: Callable[..., None]) -> None:
    """F11: the state machine submits it again after a while."""
    expected = testbed.undisturbed(SMALL)
    rule = testbed.wire.add(to("Batch.submitjob"), throttle("TooManyRequestsException"), times=2)
    run = testbed.start(f"unsubmitted-{os.getpid()}", SMALL)
    assert run.wait()["status"] == "SUCCEEDED", run.wait().get("cause")
    equal = run.digest() == expected
    table("F11 submission throttled", rule.hits, rule.hits, f"{run.work().redone()} generations", equal)
    assert rule.hits == 2
    assert equal


def test_only_the_islands_that_failed_are_evolved_again(testbed: Testbed, table: Callable[..., None]) -> None:
    """F11: three of eight islands are killed in every attempt; the failure names them."""
    expected = testbed.undisturbed(EIGHT)

    def doom(attempt: Attempt) -> None:
        if attempt.island in DOOMED:
            attempt.child.signal(signal.SIGKILL)

    testbed.on_attempt[:] = [doom]
    run = testbed.start(f"doomed-{os.getpid()}", EIGHT)
    description = run.wait()
    assert (description["status"], description["error"]) == ("FAILED", "WorkerFailed")
    assert "3 of 8 islands failed (1, 4, 6)" in description["cause"]
    assert "exit code 137 after 10 attempts" in description["cause"]
    testbed.on_attempt.clear()
    resumed = run.resume()
    assert resumed.wait()["status"] == "SUCCEEDED", resumed.wait().get("cause")
    work, equal = resumed.work(), resumed.digest() == expected
    table("F11 3 of 8 islands fail", len(DOOMED), len(DOOMED), f"{work.redone()} generations", equal)
    assert work.redone() == 0
    idle = {line["island"] for line in work.said("nothing to do") if line["epoch"] == 1}
    assert idle == set(range(8)) - set(DOOMED)
    assert equal
