"""A run that the stack's jobs cannot hold is refused before it is recorded, resumed or continued."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from worstsort.control.executions import Continuation
from worstsort.control.plan import continue_run, prepare, resume
from worstsort.runs.errors import InputRefused, RunNotFound
from worstsort.runs.status import Status

if TYPE_CHECKING:
    from worstsort.storage.run_store import RunStore

INPUT = {"preset": "classic", "size": 2000, "population": 20_000}
FIRST, SECOND = (f"arn:aws:states:us-east-1:123456789012:execution:evolve:{name}" for name in ("r", "r-2"))
ENOUGH, TOO_LITTLE = 1536, 1024


def test_a_new_run_is_refused_and_nothing_recorded(store: RunStore) -> None:
    """The refusal names the parameter of the stack."""
    with pytest.raises(InputRefused, match=r"population: given 20000, allowed: at most .* \(JobMemory\)"):
        prepare(store, "r", INPUT, FIRST, "2026-01-01T00:00:00Z", job_mib=TOO_LITTLE)
    with pytest.raises(RunNotFound):
        store.run("r")


def test_a_run_is_not_resumed_by_jobs_that_became_too_small(store: RunStore) -> None:
    """Its record stays as it was, so that it can be resumed with more memory."""
    prepare(store, "r", INPUT, FIRST, "2026-01-01T00:00:00Z", job_mib=ENOUGH)
    store.end_run("r", FIRST, Status.ABORTED, "aborted", "2026-01-01T00:01:00Z")
    with pytest.raises(InputRefused, match="JobMemory"):
        resume(store, {"resume": "r"}, SECOND, lambda _: Status.ABORTED, job_mib=TOO_LITTLE)
    assert store.run("r").status is Status.ABORTED
    assert resume(store, {"resume": "r"}, SECOND, lambda _: Status.ABORTED, job_mib=ENOUGH).start == "seed"


def test_a_run_is_not_continued_by_jobs_that_became_too_small(store: RunStore) -> None:
    """The next execution would have a newer job definition than the one that hands over."""
    prepare(store, "r", INPUT, FIRST, "2026-01-01T00:00:00Z", job_mib=ENOUGH)
    handed = Continuation.of({"continues": "r", "after": FIRST, "part": 2})
    assert handed is not None
    with pytest.raises(InputRefused, match="JobMemory"):
        continue_run(store, handed, SECOND, job_mib=TOO_LITTLE)
    assert store.run("r").execution_arn == FIRST
    assert continue_run(store, handed, SECOND, job_mib=ENOUGH).part == 2
