"""Logging and tracing, alike in every function and in the worker."""

from __future__ import annotations

from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from aws_lambda_powertools import Logger, Tracer

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]


class RunEvent(Protocol):
    """A Pydantic model of an event that concerns one run."""

    @property
    def run_id(self) -> str:
        """The run."""

    @classmethod
    def model_validate(cls, obj: Any) -> Self:
        """Validate an event; raise pydantic.ValidationError."""


Event = TypeVar("Event", bound=RunEvent)


@cache
def logger() -> Logger:
    """Return the process's logger, made at first use: the environment may not be set when this module is imported."""
    return Logger()


def lambda_handler(model: type[Event]) -> Callable[[Callable[[Event], dict[str, Any]]], Handler]:
    """Return a decorator that makes a Lambda handler of a function of one validated event.

    The handler is traced by X-Ray. Every line that it logs has the Lambda context and the run's id, and nothing of an
    earlier invocation.

    Args:
        model: What the event is validated as.
    """

    def decorate(handle: Callable[[Event], dict[str, Any]]) -> Handler:
        @logger().inject_lambda_context(clear_state=True)
        @Tracer().capture_lambda_handler
        @wraps(handle)
        def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
            validated = model.model_validate(event)
            logger().append_keys(run_id=validated.run_id)
            return handle(validated)

        return handler

    return decorate
