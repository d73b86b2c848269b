"""What every function's handler does besides its own work."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from aws_lambda_powertools import Logger
from pydantic import BaseModel, ValidationError

from worstsort.runtime import observability
from worstsort.runtime.observability import lambda_handler, logger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_lambda_powertools.utilities.typing import LambdaContext

CONTEXT = cast(
    "LambdaContext",
    SimpleNamespace(
        function_name="close", memory_limit_in_mb=128, invoked_function_arn="arn:close", aws_request_id="request"
    ),
)


class Event(BaseModel):
    """An event that concerns a run."""

    run_id: str
    epoch: int


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Return what a logger of the test's own has written."""
    text = io.StringIO()
    own = Logger(service="a-test", stream=text)
    monkeypatch.setattr(observability, "logger", lambda: own)
    yield text
    logger.cache_clear()


def test_a_handler_gets_its_event_validated_and_logs_the_run_and_the_request(lines: io.StringIO) -> None:
    """Its own answer is returned unchanged."""

    @lambda_handler(Event)
    def handler(event: Event) -> dict[str, Any]:
        observability.logger().info("handled")
        return {"next": event.epoch + 1}

    assert handler({"run_id": "r", "epoch": 3}, CONTEXT) == {"next": 4}
    line = json.loads(lines.getvalue().splitlines()[-1])
    assert (line["message"], line["run_id"], line["function_request_id"]) == ("handled", "r", "request")


def test_an_event_of_another_shape_does_not_reach_the_handler(lines: io.StringIO) -> None:  # noqa: ARG001 - logs apart
    """The error names the field."""

    @lambda_handler(Event)
    def handler(event: Event) -> dict[str, Any]:
        raise AssertionError(event)

    with pytest.raises(ValidationError, match="epoch"):
        handler({"run_id": "r"}, CONTEXT)
