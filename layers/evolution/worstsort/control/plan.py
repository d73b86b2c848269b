"""From an execution's input to the plan that the state machine follows."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from worstsort.runs.code_version import code_version
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused, Problem, RunNotFound
from worstsort.runs.limits import DEFAULT_JOB_MIB, memory_violations, violations
from worstsort.runs.records import RunRecord
from worstsort.runs.run_id import check_run_id, continuation_problems
from worstsort.runs.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort.control.executions import Continuation
    from worstsort.storage.run_store import RunStore

_MAX_CHUNKS = 40
"""Entries of the seeding Map: an inline Map runs 40 at once."""

Start = Literal["seed", "evolve", "finish", "done", "refuse"]


class Chunk(BaseModel):
    """Consecutive islands that one invocation seeds."""

    first: int
    count: int


class Plan(BaseModel):
    """What the state machine needs to know: where to start, and over what to fan out.

    Attributes:
        run_id: The run.
        start: The first thing to do.
        epoch: The epoch to do it with.
        islands: Islands of the run.
        chunks: The islands, as they are seeded.
        part: Number of this execution among those of the run, from 1.
        until: Last epoch of this execution; if the run does not end with it, the next execution continues the run.
    """

    run_id: str
    start: Start
    epoch: int
    islands: int
    chunks: list[Chunk]
    part: int
    until: int


def prepare(
    store: RunStore, run_id: str, raw: Any, execution_arn: str, started_at: str, *, job_mib: int = DEFAULT_JOB_MIB
) -> Plan:
    """Validate a new run and record it.

    Args:
        store: Where the run will be stored.
        run_id: Its id.
        raw: The input of the execution.
        execution_arn: The execution that owns it.
        started_at: When that started, as ISO 8601.
        job_mib: The memory of the jobs that will evolve it.

    Raises:
        InputRefused: the run id, a field, or what the fields would need together is not allowed.
        RunExists: the id belongs to a run of another execution or configuration.
    """
    check_run_id(run_id, "execution name")
    config = RunConfig.parse(raw)
    _refuse([*violations(config, job_mib), *continuation_problems(run_id, config)])
    run = RunRecord(
        run_id=run_id, config=config, execution_arn=execution_arn, started_at=started_at, code_version=code_version()
    )
    return _plan(store.create_run(run), "seed")


def resume(
    store: RunStore,
    raw: dict[str, Any],
    execution_arn: str,
    status_of: Callable[[str], Status],
    *,
    job_mib: int = DEFAULT_JOB_MIB,
) -> Plan:
    """Continue an ended run after its last closed epoch.

    Args:
        store: Where the run is stored.
        raw: The input of the execution.
        execution_arn: The execution that is to continue the run.
        status_of: Tells the status of the execution with an ARN.
        job_mib: The memory of the jobs that will evolve it.

    Raises:
        InputRefused: other fields are given, or there is no such run, or it is running, or needs more memory.
    """
    run = _run_to_resume(store, raw)
    if run.status is Status.SUCCEEDED:
        return _plan(run, "done")
    _refuse(memory_violations(run.config, job_mib))
    if run.execution_arn != execution_arn:
        run = _take_over(store, run, execution_arn, status_of)
    closed = store.last_epoch(run)
    if closed is None:
        return _plan(run, "seed")
    return _plan(run, "evolve" if closed.decision == "continue" else "finish")


def _run_to_resume(store: RunStore, raw: dict[str, Any]) -> RunRecord:
    run_id = raw["resume"]
    _refuse([Problem(name, value, "no other field with resume") for name, value in raw.items() if name != "resume"])
    if not isinstance(run_id, str):
        raise InputRefused([Problem("resume", run_id, "the id of a run")])
    try:
        return store.run(run_id)
    except RunNotFound as error:
        raise InputRefused([Problem("resume", run_id, "the id of a recorded run")]) from error


def _take_over(store: RunStore, run: RunRecord, execution_arn: str, status_of: Callable[[str], Status]) -> RunRecord:
    """Make an execution the owner of an ended run as the run's next part; raise InputRefused if the run has not ended.

    A record may say RUNNING although its execution has ended, if nothing could record the end at the time.
    """
    has_ended = run.status is not Status.RUNNING or status_of(run.execution_arn) is not Status.RUNNING
    part = run.part + 1
    reopened = has_ended and store.reopen_run(run.run_id, execution_arn, run.execution_arn, part)
    if not reopened and not _owns(store, run.run_id, execution_arn):
        raise InputRefused([Problem("resume", run.run_id, "a run that has ended; this one is running")])
    return run.model_copy(update={"part": part})


def continue_run(store: RunStore, handed: Continuation, execution_arn: str, *, job_mib: int = DEFAULT_JOB_MIB) -> Plan:
    """Continue a run that the previous execution has handed over.

    Raises:
        InputRefused: that execution no longer owns the run, because it was aborted or is not the last one; or the jobs'
            memory has been lowered since, and the run needs more.
    """
    refused = InputRefused([Problem("continues", handed.continues, "a run that its last execution hands over")])
    try:
        run = store.run(handed.continues)
    except RunNotFound as error:
        raise refused from error
    _refuse(memory_violations(run.config, job_mib))
    handed_over = store.hand_over_run(run.run_id, handed.after, execution_arn, handed.part)
    if not handed_over and not _owns(store, run.run_id, execution_arn):
        raise refused
    return _plan(run.model_copy(update={"part": handed.part}), "evolve")


def _owns(store: RunStore, run_id: str, execution_arn: str) -> bool:
    """Return whether an execution owns a run already: by an earlier delivery, or a write whose answer was lost."""
    return store.run(run_id).execution_arn == execution_arn


def _plan(run: RunRecord, start: Start) -> Plan:
    epoch = run.epoch if start in {"finish", "done"} else run.epoch + 1
    islands = run.config.islands
    return Plan(
        run_id=run.run_id,
        start=start,
        epoch=epoch,
        islands=islands,
        chunks=chunks(islands),
        part=run.part,
        until=epoch + run.config.epochs_per_execution - 1,
    )


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InputRefused(problems)


def chunks(islands: int) -> list[Chunk]:
    """Split the islands into at most 40 stretches of consecutive ones, as evenly as possible."""
    count = min(islands, _MAX_CHUNKS)
    bounds = [islands * i // count for i in range(count + 1)]
    return [Chunk(first=low, count=high - low) for low, high in pairwise(bounds)]
