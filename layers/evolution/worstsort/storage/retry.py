"""Calls of AWS services, repeated during an outage; one error for every way in which a service is out of reach.

The clients' own retries are quick: a throttled call is repeated for seconds, but any other failure only for two or
three tenths of a second, and both draw on an allowance that an outage uses up. Here an outage of some seconds is waited
out whatever it looks like.
"""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore import exceptions
from botocore.exceptions import ClientError

from worstsort.runs.errors import StoreUnavailable
from worstsort.storage.answers import ASK_AGAIN, Answer, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STORE_CLIENT_ATTEMPTS = 5
"""Attempts that the clients of the store make by themselves: throttled, they give up after at most 15 s."""

OUTAGE_SECONDS = 30.0
"""How long the store repeats a call during an outage, besides the client's own retries."""

UNDECIDED_SECONDS = 10.0
"""How long a call is repeated at least that another one is in the way of: much longer than any write takes."""

_FIRST_WAIT_SECONDS, _MAX_WAIT_SECONDS = 0.25, 4.0

CONNECTION_FAILED = (
    exceptions.ConnectionError,
    exceptions.HTTPClientError,
    exceptions.IncompleteReadError,
    exceptions.ResponseStreamingError,
)
"""Exceptions for a connection that failed before the answer or in the middle of it."""

CHECKSUM_FAILED = (exceptions.FlexibleChecksumError,)
"""Exceptions for an answer that does not match the service's own checksum."""


def call_with_retries(service: str, outage_seconds: float, call: Callable[..., Any], **request: Any) -> Any:
    """Call a service, and repeat the call while the service is unavailable or has not decided.

    Args:
        service: The service's name, for the message.
        outage_seconds: How long the call is repeated; an undecided answer is asked again for some seconds in any case.
        call: A client's method.
        request: Its arguments.

    Raises:
        StoreUnavailable: the service is still unavailable or undecided after that.
    """
    start, failures = time.monotonic(), 0
    while True:
        try:
            with unavailable_named(service):
                return call(**request)
        except StoreUnavailable as unavailable:
            failures += 1
            wait = backoff_seconds(failures)
            patience = max(outage_seconds, _patience_seconds(unavailable.__cause__))
            if time.monotonic() + wait > start + patience:
                raise
            time.sleep(wait)


def _patience_seconds(cause: BaseException | None) -> float:
    """Return how long a failed call is repeated even if no outage is waited out, as no client repeats it by itself."""
    undecided = isinstance(cause, ClientError) and judge(cause) is Answer.UNDECIDED
    return UNDECIDED_SECONDS if undecided else 0.0


def backoff_seconds(failures: int) -> float:
    """Draw the wait after a number of failures in a row, from 1: exponential, at most 4 s, its second half random."""
    longest = min(_FIRST_WAIT_SECONDS * 2**failures, _MAX_WAIT_SECONDS)
    return random.uniform(longest / 2, longest)  # noqa: S311 - nothing secret


@contextmanager
def unavailable_named(service: str) -> Iterator[None]:
    """Raise StoreUnavailable for failures that are the service's; the caller's own errors pass unchanged."""
    try:
        yield
    except ClientError as error:
        if judge(error) not in ASK_AGAIN:
            raise
        raise StoreUnavailable(service, str(error)) from error
    except CONNECTION_FAILED as error:
        raise StoreUnavailable(service, str(error)) from error
