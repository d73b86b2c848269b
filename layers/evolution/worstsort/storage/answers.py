"""What an error of DynamoDB or S3 says about the call: that it has no effect, or that nothing is decided yet.

The codes are those that botocore lists for the operations, and those in the services' documentation.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.exceptions import ClientError


class Answer(Enum):
    """What to do about an error: each call is safe to repeat, because each write is conditional or the same again."""

    CONDITION_FAILED = "the condition does not hold, and nothing was written"
    MISSING = "there is no such object"
    UNDECIDED = "another call is in the way, and this one may succeed when asked again"
    OVERLOADED = "the service is throttling, in trouble or out of reach; the call is repeated during an outage"
    WRONG = "the call is wrong or not allowed, and would be so again"


_CONDITION_FAILED = {"ConditionalCheckFailedException", "PreconditionFailed"}

_MISSING = {"404", "NoSuchKey", "NotFound"}
"""HEAD has no body, so botocore makes a code of the status."""

_UNDECIDED = {
    # "If a conflicting operation occurs during the upload S3 returns a 409 ConditionalRequestConflict response. On a
    # 409 failure you should retry the upload": botocore on PutObjectRequest.IfNoneMatch.
    "ConditionalRequestConflict",
    # "A conflicting conditional operation is currently in progress against this resource. Try again": Amazon S3 API
    # Reference, "Error responses".
    "OperationAborted",
    # "Operation was rejected because there is an ongoing transaction for the item": botocore.
    "TransactionConflictException",
    # "The request was rejected because one or more items in the request are being modified by a request in another
    # Region": botocore.
    "ReplicatedWriteConflictException",
    # "The transaction with the given request token is already in progress": botocore.
    "TransactionInProgressException",
}

_OVERLOADED = {
    "BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
    "ProvisionedThroughputExceeded", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
    "RequestThrottled", "RequestThrottledException", "RequestTimeout", "RequestTimeoutException", "SlowDown",
    "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException",
}  # fmt: skip
"""Codes with a status below 500; any answer from 500 is one of a service in trouble."""

ASK_AGAIN = frozenset({Answer.UNDECIDED, Answer.OVERLOADED})


def judge(error: ClientError) -> Answer:
    """Return what an error says."""
    code = error_code(error)
    if code in _CONDITION_FAILED:
        return Answer.CONDITION_FAILED
    if code in _MISSING:
        return Answer.MISSING
    if code in _UNDECIDED:
        return Answer.UNDECIDED
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return Answer.OVERLOADED if status >= 500 or code in _OVERLOADED else Answer.WRONG


def error_code(error: ClientError) -> str:
    """Return the service's name for the error."""
    return str(error.response.get("Error", {}).get("Code", ""))
