"""How a long history is read: page by page, and on from the last page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from botocore.session import get_session

from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.console.readings.executions import Execution

PAGE = 2


class PagedHistory:
    """Step Functions with a history that grows, in pages as AWS has them; the embedded cloud knows no pages."""

    exceptions = get_session().create_client("stepfunctions", "us-east-1").exceptions

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.asked: list[str | None] = []

    def add(self, *kinds: str) -> None:
        """Let something happen."""
        for kind in kinds:
            number = len(self.events) + 1
            details = {"stateEnteredEventDetails": {"name": f"S{number}"}} if kind.endswith("Entered") else {}
            at = datetime(2026, 1, 1, tzinfo=UTC)
            self.events.append({"id": number, "type": kind, "previousEventId": 0, "timestamp": at, **details})

    def get_execution_history(self, nextToken: str | None = None, **_given: Any) -> dict[str, Any]:  # noqa: N803 - of AWS
        """Return a page, and the token of the next one if there is more."""
        self.asked.append(nextToken)
        start = int(nextToken or 0)
        more = {"nextToken": str(start + PAGE)} if start + PAGE < len(self.events) else {}
        return {"events": self.events[start : start + PAGE], **more}


def test_a_long_history_is_read_once_and_then_on_from_its_last_page() -> None:
    """The first page is waited for, others come beside the answers; then what is new costs one call."""
    service, execution = PagedHistory(), Execution("arn")
    deployment = Deployment({}, lambda _name: service)
    service.add(*["PassStateEntered"] * 5)
    first = execution.read(deployment)
    assert (len(first.events), first.whole, service.asked) == (2, False, [None])
    second = execution.read(deployment)
    assert (len(second.events), second.whole, service.asked[1:]) == (5, True, ["2", "4"])
    service.add("PassStateEntered")
    assert len(execution.read(deployment).events) == 6
    assert service.asked[3:] == ["4"]


def test_an_execution_that_has_ended_is_not_asked_about_again() -> None:
    """Nothing can follow."""
    service, execution = PagedHistory(), Execution("arn")
    deployment = Deployment({}, lambda _name: service)
    service.add("PassStateEntered", "ExecutionSucceeded")
    assert [len(execution.read(deployment).events) for _ in range(3)] == [2, 2, 2]
    assert service.asked == [None]
