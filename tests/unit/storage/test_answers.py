"""What the store does about each error that DynamoDB and S3 may answer with."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.retries import standard

from worstsort.runs.errors import StoreUnavailable
from worstsort.storage import retry
from worstsort.storage.answers import Answer, judge
from worstsort.storage.bucket import Bucket
from worstsort.storage.retry import UNDECIDED_SECONDS, call_with_retries
from worstsort.storage.table import Table

READ = {
    "ProvisionedThroughputExceededException": (400, Answer.OVERLOADED),
    "RequestLimitExceeded": (400, Answer.OVERLOADED),
    "ThrottlingException": (400, Answer.OVERLOADED),
    "InternalServerError": (500, Answer.OVERLOADED),
    "ServiceUnavailable": (503, Answer.OVERLOADED),
    "ResourceNotFoundException": (400, Answer.WRONG),
    "AccessDeniedException": (400, Answer.WRONG),
    "ValidationException": (400, Answer.WRONG),
}
BATCH_WRITE = READ | {
    "ItemCollectionSizeLimitExceededException": (400, Answer.WRONG),
    "ReplicatedWriteConflictException": (400, Answer.UNDECIDED),
}
WRITE = BATCH_WRITE | {
    "ConditionalCheckFailedException": (400, Answer.CONDITION_FAILED),
    "TransactionConflictException": (400, Answer.UNDECIDED),
}
OBJECT = {
    "InternalError": (500, Answer.OVERLOADED),
    "ServiceUnavailable": (503, Answer.OVERLOADED),
    "SlowDown": (503, Answer.OVERLOADED),
    "503 Slow Down": (503, Answer.OVERLOADED),
    "RequestTimeout": (400, Answer.OVERLOADED),
    "OperationAborted": (409, Answer.UNDECIDED),
    "AccessDenied": (403, Answer.WRONG),
    "NoSuchBucket": (404, Answer.WRONG),
}
FOUND = OBJECT | {"NoSuchKey": (404, Answer.MISSING), "404": (404, Answer.MISSING)}
ANSWERS: dict[tuple[str, str], dict[str, tuple[int, Answer]]] = {
    ("dynamodb", "GetItem"): READ,
    ("dynamodb", "BatchGetItem"): READ,
    ("dynamodb", "Query"): READ,
    ("dynamodb", "Scan"): READ,
    ("dynamodb", "BatchWriteItem"): BATCH_WRITE,
    ("dynamodb", "PutItem"): WRITE,
    ("dynamodb", "UpdateItem"): WRITE,
    ("s3", "HeadObject"): FOUND,
    ("s3", "GetObject"): FOUND | {"InvalidObjectState": (403, Answer.WRONG)},
    ("s3", "DeleteObject"): OBJECT,
    ("s3", "ListObjectsV2"): OBJECT,
    ("s3", "PutObject"): FOUND | {
        "PreconditionFailed": (412, Answer.CONDITION_FAILED),
        "ConditionalRequestConflict": (409, Answer.UNDECIDED),
        "InvalidRequest": (400, Answer.WRONG),
        "InvalidWriteOffset": (400, Answer.WRONG),
        "TooManyParts": (400, Answer.WRONG),
        "EncryptionTypeMismatch": (400, Answer.WRONG),
    },
}  # fmt: skip
"""By operation: each error code, its status, and what it says."""

CASES = [
    pytest.param(operation, code, status, answer, id=f"{operation[1]} {code}")
    for operation, answers in ANSWERS.items()
    for code, (status, answer) in answers.items()
]


def refusal(code: str, status: int, operation: str = "PutItem") -> ClientError:
    """Return the exception that botocore raises."""
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, operation)


@pytest.mark.parametrize(("operation", "code", "status", "answer"), CASES)
def test_each_answer_is_judged_as_the_service_means_it(
    operation: tuple[str, str], code: str, status: int, answer: Answer
) -> None:
    """Only an answer that is final counts as one."""
    assert judge(refusal(code, status, operation[1])) is answer


@pytest.mark.parametrize("operation", ANSWERS, ids=lambda operation: operation[1])
def test_no_error_that_botocore_lists_is_left_out(operation: tuple[str, str]) -> None:
    """A new version of botocore that lists a new one is noticed."""
    service, name = operation
    shapes = botocore.session.get_session().get_service_model(service).operation_model(name).error_shapes
    assert {shape.name for shape in shapes} - set(ANSWERS[operation]) == set()


def test_the_store_calls_no_operation_that_is_left_out() -> None:
    """Each method of a client that the store uses is in the table."""
    folder = Path(retry.__file__).parent
    source = "".join((folder / name).read_text() for name in ("table.py", "bucket.py"))
    session = botocore.session.get_session()
    operations = {xform_name(name) for service in ("dynamodb", "s3")
                  for name in session.get_service_model(service).operation_names}  # fmt: skip
    called = {word for word in re.findall(r"\w+", source) if word in operations}
    assert called == {xform_name(name) for _, name in ANSWERS}


def test_whatever_the_clients_repeat_is_repeated_during_an_outage() -> None:
    """The codes that botocore knows as throttling or transient."""
    known = {
        *standard.ThrottledRetryableChecker._THROTTLED_ERROR_CODES,  # noqa: SLF001
        *standard.TransientRetryableChecker._TRANSIENT_ERROR_CODES,  # noqa: SLF001
    }
    final = {code for code in known if judge(refusal(code, 400)) in {Answer.WRONG, Answer.CONDITION_FAILED}}
    assert final == set()


class Flaky:
    """A call that is refused a number of times before it succeeds."""

    def __init__(self, error: ClientError, times: int) -> None:
        self.error, self.left, self.calls = error, times, 0

    def __call__(self, **_request: Any) -> dict[str, str]:
        """Fail, or answer like PutObject."""
        self.calls += 1
        self.left -= 1
        if self.left >= 0:
            raise self.error
        return {"ETag": "new"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let waiting take no time, but be noted."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    return now


UNDECIDED = sorted({(code, status) for answers in ANSWERS.values() for code, (status, answer) in answers.items()
                    if answer is Answer.UNDECIDED})  # fmt: skip


@pytest.mark.parametrize(("code", "status"), UNDECIDED)
def test_an_undecided_answer_is_asked_again_even_where_no_outage_is_waited_out(
    clock: list[float], code: str, status: int
) -> None:
    """No client repeats it by itself."""
    call = Flaky(refusal(code, status), times=3)
    assert call_with_retries("S3", 0.0, call) == {"ETag": "new"}
    assert call.calls == 4
    assert 0 < clock[0] < UNDECIDED_SECONDS


def test_an_answer_that_stays_undecided_is_an_error_and_no_decision(clock: list[float]) -> None:
    """It ends after some seconds, or with the outage."""
    with pytest.raises(StoreUnavailable):
        call_with_retries("S3", 0.0, Flaky(refusal("ConditionalRequestConflict", 409), times=10**6))
    assert UNDECIDED_SECONDS - 4 < clock[0] <= UNDECIDED_SECONDS
    with pytest.raises(StoreUnavailable):
        call_with_retries("S3", 30.0, Flaky(refusal("ConditionalRequestConflict", 409), times=10**6))
    assert clock[0] > 30


class Client:
    """A client of S3 or DynamoDB, whose writes a test decides about."""

    def __init__(self, write: Flaky) -> None:
        self.put_object = self.put_item = write


@pytest.mark.usefixtures("clock")
def test_a_conflict_while_an_object_is_written_does_not_mean_that_it_is_there() -> None:
    """It is written by the next attempt; only a failed precondition means that another one was first."""
    conflict, taken = refusal("ConditionalRequestConflict", 409), refusal("PreconditionFailed", 412)
    assert Bucket("b", Client(Flaky(conflict, times=2))).put_over(None, "k", b"", "checkpoint") == "new"
    assert Bucket("b", Client(Flaky(taken, times=1))).put_over(None, "k", b"", "checkpoint") is None


@pytest.mark.usefixtures("clock")
def test_a_conflict_with_a_transaction_does_not_mean_that_a_key_is_taken() -> None:
    """The item is written by the next attempt; only a failed condition means that another one was first."""
    conflict, taken = refusal("TransactionConflictException", 400), refusal("ConditionalCheckFailedException", 400)
    assert Table("t", Client(Flaky(conflict, times=2))).put_new({}) is True
    assert Table("t", Client(Flaky(taken, times=1))).put_new({}) is False
