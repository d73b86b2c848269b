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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STORE_CLIENT_ATTEMPTS = 5
"""Attempts that the clients of the store make by themselves: throttled, they give up after at most 15 s."""

OUTAGE_SECONDS = 30.0
"""How long the store repeats a call during an outage, besides the client's own retries."""

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

_THROTTLED = {
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "SlowDown", "Throttling", "ThrottlingException",
    "TooManyRequestsException", "TransactionInProgressException",
}  # fmt: skip


def call_with_retries(service: str, outage_seconds: float, call: Callable[..., Any], **request: Any) -> Any:
    """Call a service, and repeat the call while the service is unavailable.

    Args:
        service: The service's name, for the message.
        outage_seconds: How long the call is repeated.
        call: A client's method.
        request: Its arguments.

    Raises:
        StoreUnavailable: the service is still unavailable after `outage_seconds`.
    """
    end, failures = time.monotonic() + outage_seconds, 0
    while True:
        try:
            with unavailable_named(service):
                return call(**request)
        except StoreUnavailable:
            failures += 1
            wait = backoff_seconds(failures)
            if time.monotonic() + wait > end:
                raise
            time.sleep(wait)


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
        if not _is_transient(error):
            raise
        raise StoreUnavailable(service, str(error)) from error
    except CONNECTION_FAILED as error:
        raise StoreUnavailable(service, str(error)) from error


def error_code(error: ClientError) -> str:
    """Return the service's name for the error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _is_transient(error: ClientError) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or error_code(error) in _THROTTLED
