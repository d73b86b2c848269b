"""AWS services out of reach: asked again for a while, then what their clients raise has one name.

The clients' own retries are quick: a throttled call is repeated for seconds, but one that fails in any other way for
two or three tenths of a second only, and both out of an allowance that an outage uses up. An outage of some seconds is
to be waited out whatever it looks like.
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

ATTEMPTS = 5
"""Of the clients that are asked again here: throttled, they give up after 15 seconds at most."""

PATIENCE_SECONDS = 30.0
"""After which a call is not begun again: with the client's own retries 45 s, and functions have 60."""

_LONGEST_WAIT = 4.0

CUT_SHORT = (
    exceptions.ConnectionError,
    exceptions.HTTPClientError,
    exceptions.IncompleteReadError,
    exceptions.ResponseStreamingError,
)
"""The connection failed, before the answer or within it."""

CHANGED = (exceptions.FlexibleChecksumError,)
"""The service's own checksum does not match what arrived."""

_THROTTLED = {
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "SlowDown", "Throttling", "ThrottlingException",
    "TooManyRequestsException", "TransactionInProgressException",
}  # fmt: skip


def ask(service: str, patience: float, call: Callable[..., Any], **request: Any) -> Any:
    """Call a service, and again with jitter while it is out of reach, for so many seconds.

    Raises:
        StoreUnavailable: it still is when patience ends.
    """
    end, wait = time.monotonic() + patience, 0.25
    while True:
        try:
            with reaching(service):
                return call(**request)
        except StoreUnavailable:
            wait = min(2 * wait, _LONGEST_WAIT)
            pause = random.uniform(wait / 2, wait)  # noqa: S311 - nothing secret
            if time.monotonic() + pause > end:
                raise
            time.sleep(pause)


@contextmanager
def reaching(service: str) -> Iterator[None]:
    """Raise StoreUnavailable for failures that are not the caller's; all others pass."""
    try:
        yield
    except ClientError as error:
        if not _is_transient(error):
            raise
        raise StoreUnavailable(service, str(error)) from error
    except CUT_SHORT as error:
        raise StoreUnavailable(service, str(error)) from error


def error_code(error: ClientError) -> str:
    """The service's name for the error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _is_transient(error: ClientError) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or error_code(error) in _THROTTLED
