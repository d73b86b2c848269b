"""Starting, stopping and resuming runs, as every part of the command does it: checked first, then done once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.runs.status import Status
from worstsort_cli.clouds import execution, lookup
from worstsort_cli.clouds.foreign_target import check_target, put_target
from worstsort_cli.clouds.status import capacity
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import run_input
from worstsort_cli.files.run_folder import naming

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig
    from worstsort.runs.records import RunRecord
    from worstsort_cli.clouds.deployment import Deployment


def start(deployment: Deployment, config: RunConfig, name: str | None) -> tuple[str, str]:
    """Start a run and return its id and its execution.

    Args:
        deployment: Where it is to run.
        config: What is to run.
        name: The run's id; None for one made from the configuration and the time.

    Raises:
        InputRefused: Its jobs have not the memory that it needs, or its target cannot be played there.
        CommandFailed: The stack can run nothing, or the name is taken.
    """
    check_fit(deployment, config)
    put_target(deployment.store, config)
    run_id = name or _name(config)
    return run_id, execution.start(deployment, run_id, config.model_dump(mode="json"))


def check_fit(deployment: Deployment, config: RunConfig) -> None:
    """Refuse a run that a stack cannot hold, before anything is spent; raises as `start` does."""
    given = capacity(deployment)
    if given.problem:
        raise CommandFailed(given.problem)
    run_input.check_memory(config, given.memory_mib)
    check_target(deployment, config)


def stop(deployment: Deployment, run_id: str) -> RunRecord:
    """Stop a run, with its jobs, and return it as it was; raises CommandFailed if it is not running."""
    run = lookup.current(deployment, run_id)
    if run.status != Status.RUNNING:
        raise CommandFailed(f"run {run_id} is not running: it is {run.status.value}")
    execution.stop(deployment, run.execution_arn)
    return run


def resume(deployment: Deployment, run_id: str) -> tuple[RunRecord, str]:
    """Continue a run that ended early; return it as it was, and its new execution.

    Raises:
        CommandFailed: It is running, it has succeeded, or the new execution has failed at once.
    """
    run = lookup.wait_until_ended(deployment, run_id)
    if run.status in {Status.RUNNING, Status.SUCCEEDED}:
        raise CommandFailed(f"run {run_id} cannot be resumed: it is {run.status.value}")
    arn = execution.resume(deployment, run_id)
    lookup.wait_until_resumed(deployment, run, arn)
    return run, arn


def _name(config: RunConfig) -> str:
    return f"{naming.describe(config)}-{execution.moment()}"
