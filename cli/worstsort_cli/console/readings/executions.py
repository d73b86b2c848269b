"""A run's executions in Step Functions: which they are, their machine, their history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from worstsort.control.executions import run_of
from worstsort.plain_text import visible
from worstsort.runs.run_id import KEPT_CHARACTERS
from worstsort_cli.console.readings import machine
from worstsort_cli.console.readings.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from worstsort.runs.records import RunRecord
    from worstsort_cli.clouds.deployment import Deployment

_PAGE_EVENTS = 1000
"""Events that GetExecutionHistory returns at most."""

_MAX_PARTS = 50
"""Executions of a run that are looked for, from the last one back."""

_MAX_LISTED, _PAGE_EXECUTIONS = 5_000, 1_000
"""Executions among which those of a run are looked for, and how many ListExecutions returns at most."""

_MAX_REASON = 1_000
"""Characters of a cause that are shown."""

_FIRST_PAGES, _LATER_PAGES = 1, 8
"""Pages of a history that the first reading takes, which somebody waits for, and each of those beside the answers."""

_ENDED_PREFIXES = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")


def first_arn(deployment: Deployment, run_id: str) -> str:
    """Return the execution that a run was started as."""
    return f"{deployment.outputs['StateMachineArn'].replace(':stateMachine:', ':execution:')}:{run_id}"


def first(deployment: Deployment, run_id: str) -> dict[str, str] | None:
    """Return how the execution is that has the name of a run: its status, and why it has ended; None if none has."""
    stepfunctions = deployment.client("stepfunctions")
    try:
        found = stepfunctions.describe_execution(executionArn=first_arn(deployment, run_id))
    except stepfunctions.exceptions.ExecutionDoesNotExist:
        return None
    said = ": ".join(filter(None, [found.get("error"), found.get("cause")]))
    return {"status": found["status"], "reason": visible(said[:_MAX_REASON])}


def of_run(deployment: Deployment, run_id: str, run: RunRecord | None) -> list[str]:
    """Return the executions of a run, the last one first.

    An execution that continues a run says in its input which one it follows. One that resumes a run does not; if the
    record counts more parts than are found so, the machine's executions are listed for those that are named after it.
    """
    found = _chain(deployment, run_id, run.execution_arn if run else first_arn(deployment, run_id))
    if run is None or len(found) >= min(run.part, _MAX_PARTS):
        return found
    return list(dict.fromkeys([*found[:1], *_named_after(deployment, run_id, found)]))


def _chain(deployment: Deployment, run_id: str, arn: str) -> list[str]:
    """Return an execution of a run and those before it, as far as their inputs lead, and the first."""
    stepfunctions, start = deployment.client("stepfunctions"), first_arn(deployment, run_id)
    found: list[str] = []
    while arn and arn not in found and len(found) < _MAX_PARTS:
        try:
            described = stepfunctions.describe_execution(executionArn=arn)
        except stepfunctions.exceptions.ExecutionDoesNotExist:  # deleted 90 days after its end
            break
        found.append(arn)
        given = json.loads(described.get("input") or "{}")
        arn = given.get("after", "") or (start if "resume" in given else "")
    return found


def _named_after(deployment: Deployment, run_id: str, known: Sequence[str]) -> Iterator[str]:
    """Yield the executions of a run by their names and inputs, the last one first."""
    stepfunctions, machine = deployment.client("stepfunctions"), deployment.outputs["StateMachineArn"]
    pages = stepfunctions.get_paginator("list_executions").paginate(
        stateMachineArn=machine, PaginationConfig={"MaxItems": _MAX_LISTED, "PageSize": _PAGE_EXECUTIONS}
    )
    for listed in (execution for page in pages for execution in page["executions"]):
        arn, name = listed["executionArn"], listed["name"]
        if arn in known:
            yield arn
        elif name.startswith(run_id[:KEPT_CHARACTERS]):
            given = stepfunctions.describe_execution(executionArn=arn).get("input") or "{}"
            if run_of(name, given) == run_id:
                yield arn
        if name == run_id:
            return


def graph_of(deployment: Deployment, arn: str) -> dict[str, Any]:
    """Return the graph of the machine as an execution runs it, whatever has been deployed since."""
    answer = deployment.client("stepfunctions").describe_state_machine_for_execution(executionArn=arn)
    return machine.graph(json.loads(answer["definition"]))


class Execution:
    """One execution, whose history is read on from where the last reading ended.

    Args:
        arn: The execution.

    Attributes:
        history: What has been read.
    """

    def __init__(self, arn: str) -> None:
        self.arn, self.history = arn, History()
        self._token: str | None = None
        self._ended = self._begun = False

    def read(self, deployment: Deployment) -> History:
        """Take in what has happened since the last call, or the next pages of it: one call of AWS for each.

        The token of the last page stays good for a day, so that page is read again, and no page before it.
        """
        stepfunctions = deployment.client("stepfunctions")
        for _ in range(0 if self._ended else _LATER_PAGES if self._begun else _FIRST_PAGES):
            page = self._page(stepfunctions, {"nextToken": self._token} if self._token else {})
            self.history.take(page["events"])
            self.history.whole = "nextToken" not in page
            if self.history.whole:
                break
            self._token = page["nextToken"]
        self._begun = True
        self._ended = bool(self.history.events) and self.history.events[-1]["type"] in _ENDED_PREFIXES
        return self.history

    def _page(self, stepfunctions: Any, token: dict[str, str]) -> dict[str, Any]:
        given = {"executionArn": self.arn, "maxResults": _PAGE_EVENTS, "includeExecutionData": True}
        try:
            answer: dict[str, Any] = stepfunctions.get_execution_history(**given, **token)
        except stepfunctions.exceptions.InvalidToken:  # a laptop has slept for more than a day
            self._token = None
            answer = stepfunctions.get_execution_history(**given)
        return answer
