"""Failures are explained in plain words."""

from __future__ import annotations

import json

from worstsort.control.diagnosis import diagnose


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
