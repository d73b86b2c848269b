"""Failures are explained in plain words."""

from __future__ import annotations

import json

import botocore.session
import pytest

from tests.unit.template.system import System
from worstsort.control.diagnosis import diagnose
from worstsort_embedded.events import message

HOSTILE = ('given "x"', "C:\\temp", "the last \\", "two\nlines\tand \x1b[31m red", "\u2028", "\ud800", "x" * 100_000)
"""Texts that the last line of a log, or an input, may hold."""


def test_a_functions_exception_is_quoted_without_its_traceback() -> None:
    """The error is the exception's class, the cause its message."""
    cause = json.dumps({"errorType": "InputRefused", "errorMessage": "size: given 0", "stackTrace": ["..."]})
    failure = diagnose("InputRefused", cause, "/jobs")
    assert (failure.error, failure.cause) == ("InputRefused", "size: given 0")


def test_a_reserved_error_name_is_not_passed_on() -> None:
    """Step Functions refuses to fail with a name that begins with States."""
    assert diagnose("States.Timeout", "", "/jobs").error == "Timeout"
    assert diagnose("States.Timeout", "", "/jobs").cause == "States.Timeout without a cause"


def test_a_name_that_is_taken_is_explained_and_keeps_its_error_name() -> None:
    """The state machine looks at the error name; a person wants to know what to do."""
    failure = diagnose("StepFunctions.ExecutionAlreadyExistsException", "Execution Already Exists: 'arn:r-2'", "/jobs")
    assert failure.error == "StepFunctions.ExecutionAlreadyExistsException"
    assert failure.cause.startswith("Another execution has taken the name")
    assert failure.cause.endswith("Resume the run. Execution Already Exists: 'arn:r-2'")


@pytest.mark.parametrize("cause", HOSTILE)
def test_a_cause_reaches_whoever_is_to_read_it(cause: str) -> None:
    """The mail's text stays JSON, as EventBridge escapes nothing, and Step Functions takes error and cause."""
    failure = diagnose(f"Error{cause}", json.dumps({"errorType": cause, "errorMessage": cause}), "/jobs")
    shapes = botocore.session.get_session().get_service_model("stepfunctions")
    assert len(failure.error) <= shapes.shape_for("SensitiveError").metadata["max"]
    assert len(failure.cause) <= shapes.shape_for("SensitiveCause").metadata["max"]
    event = {"detail": {"name": "run", "status": "FAILED", "cause": failure.cause}}
    (mail,) = (
        target
        for target in System.load({}).of("Events::Rule")["RunEndedRule"]["Targets"]
        if "InputTransformer" in target
    )
    template = mail["InputTransformer"]["InputTemplate"]["Fn::Sub"]
    transformer = mail["InputTransformer"] | {"InputTemplate": template}
    assert json.loads(message({"InputTransformer": transformer}, event)).endswith(failure.cause)
