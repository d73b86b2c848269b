"""AWS services out of reach: what their clients raise once their own retries are used up, under one name."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore import exceptions
from botocore.exceptions import ClientError

from worstsort.runs.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

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
