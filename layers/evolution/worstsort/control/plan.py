"""From an execution's input to the plan that the state machine follows."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from worstsort.runs.code_version import code_version
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused, Problem, RunNotFound
from worstsort.runs.limits import violations
from worstsort.runs.records import RunRecord, Status
from worstsort.runs.run_id import MAX_NAME_CHARACTERS, check_run_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from worstsort.control.executions import Continuation
    from worstsort.storage.run_store import RunStore

_MOST_CHUNKS = 40
"""Entries of the seeding Map: within what an inline Map runs at once."""


class Chunk(BaseModel):
    """Consecutive islands that one invocation seeds."""

    first: int
    count: int


class Plan(BaseModel):
    """What the state machine needs to know: where to start, and over what to fan out.

    `until` is the last epoch of this execution; if the run does not end with it, the next execution, the run's
    `part + 1`-th, goes on.
    """

    run_id: str
    start: Literal["seed", "evolve", "finish", "done"]
    epoch: int
    islands: int
    chunks: list[Chunk]
    part: int
    until: int


def prepare(store: RunStore, run_id: str, raw: Any, execution_arn: str, started_at: str) -> Plan:
    """Validate a new run and record it.

    Raises:
        InputRefused: the run id, a field, or what the fields together would need is not allowed.
        RunExists: the id is taken by a run with another configuration.
    """
    check_run_id(run_id, "execution name")
    config = RunConfig.parse(raw)
    problems = [*violations(config), *long_names(run_id, config)]
    if problems:
        raise InputRefused(problems)
    run = RunRecord(
        run_id=run_id, config=config, execution_arn=execution_arn, started_at=started_at, code_version=code_version()
    )
    return _plan(store.create_run(run), "seed")


def resume(store: RunStore, raw: dict[str, Any], execution_arn: str, status_of: Callable[[str], Status]) -> Plan:
    """Continue an ended run from its last closed epoch.

    Args:
        store: where the run is kept.
        raw: the input of the execution.
        execution_arn: of the execution that is to continue the run.
        status_of: how the execution of an ARN is doing. A record may say that a run is running although its execution
            has ended, if nothing and nobody could write it down at the time.

    Raises:
        InputRefused: other fields are given, or there is no such run, or it is running.
    """
    run_id = raw["resume"]
    others = [Problem(name, value, "nothing beside resume") for name, value in raw.items() if name != "resume"]
    if others or not isinstance(run_id, str):
        raise InputRefused(others or [Problem("resume", run_id, "the id of a run")])
    try:
        run = recorded = store.run(run_id)
    except RunNotFound as error:
        raise InputRefused([Problem("resume", run_id, "the id of a recorded run")]) from error
    if run.status is Status.SUCCEEDED:
        return _plan(run, "done")
    if run.execution_arn != execution_arn:
        has_ended = run.status is not Status.RUNNING or status_of(run.execution_arn) is not Status.RUNNING
        run = run.model_copy(update={"part": run.part + 1})
        took = has_ended and store.reopen_run(run_id, execution_arn, recorded.execution_arn, run.part)
        if not took and not _owns(store, run_id, execution_arn):
            raise InputRefused([Problem("resume", run_id, "a run that has ended; this one is running")])
    closed = store.epoch(run_id, run.epoch) if run.epoch else None
    if closed is None:
        return _plan(run, "seed")
    return _plan(run, "evolve" if closed.decision == "continue" else "finish")


def continue_run(store: RunStore, handed: Continuation, execution_arn: str) -> Plan:
    """Go on with a run that the execution before has handed over.

    Raises:
        InputRefused: that execution does not own the run any more, because it was aborted or is not the last one.
    """
    refused = InputRefused([Problem("continues", handed.continues, "a run that its last execution hands over")])
    try:
        run = store.run(handed.continues)
    except RunNotFound as error:
        raise refused from error
    took = store.hand_over_run(run.run_id, handed.after, execution_arn, handed.part)
    if not took and not _owns(store, run.run_id, execution_arn):
        raise refused
    return _plan(run.model_copy(update={"part": handed.part}), "evolve")


def _owns(store: RunStore, run_id: str, execution_arn: str) -> bool:
    """Whether a run is this execution's already: by an earlier delivery, or by a write whose answer was lost."""
    return store.run(run_id).execution_arn == execution_arn


def _plan(run: RunRecord, start: Literal["seed", "evolve", "finish", "done"]) -> Plan:
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


def long_names(run_id: str, config: RunConfig) -> list[Problem]:
    """What would make the name of a later execution, `<run id>-<part>`, longer than names may be."""
    parts = -(-config.stop.max_epochs // config.epochs_per_execution)
    room = MAX_NAME_CHARACTERS - len(f"-{2 * parts}")  # room for as many resumptions as parts
    if parts == 1 or len(run_id) <= room:
        return []
    return [Problem("execution name", run_id, f"at most {room} characters, as the run takes {parts} executions")]


def chunks(islands: int) -> list[Chunk]:
    """Split the islands into at most 40 runs of consecutive ones, as even as can be."""
    count = min(islands, _MOST_CHUNKS)
    bounds = [islands * i // count for i in range(count + 1)]
    return [Chunk(first=low, count=high - low) for low, high in pairwise(bounds)]
