"""Rules of Step Functions and Lambda."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from worstsort_embedded.strict.rule import Rules, as_dict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from worstsort_embedded.strict.rule import World

RULES = Rules()
_STEP_QUOTAS = "AWS Step Functions Developer Guide, limits-overview.md"
_LAMBDA_QUOTAS = "AWS Lambda Developer Guide, gettingstarted-limits.md"
MAX_EXECUTION_INPUT_BYTES = 262_144
MAX_INVOCATION_BYTES = 6 * 1024 * 1024
MAX_EVENT_BYTES = 1024 * 1024
MAX_FUNCTION_LAYERS = 5
MAX_FUNCTION_ENVIRONMENT_BYTES = 4096


@RULES.add(
    "stepfunctions StartExecution", "stepfunctions CreateStateMachine",
    sentence='A name must not contain: white space brackets < > { } [ ] wildcard characters ? * special characters'
    ' " # % \\ ^ | ~ ` $ & , ; : / control characters (U+0000-001F, U+007F-009F, U+FFFE-FFFF)',
    source="botocore: stepfunctions StartExecutionInput.name, CreateStateMachineInput.name",
    error="InvalidName",
)  # fmt: skip
def names_have_no_special_characters(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a name with a character that a name must not contain."""
    name = given.get("name")
    if isinstance(name, str) and (
        len(name) > 80 or re.search(r"[\s?*<>{}\[\]\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ufffe\uffff]", name)
    ):
        yield f"Invalid Name: '{name}'"


@RULES.add(
    "stepfunctions StartExecution", "stepfunctions SendTaskSuccess",
    sentence="Maximum input or output size for a task, state, or execution: 262,144 bytes of data as a UTF-8 encoded"
    " string.",
    source=_STEP_QUOTAS,
)  # fmt: skip
def an_input_is_at_most_256_kib(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse an input or output that is too large."""
    for field in ("input", "output"):
        if len(str(given.get(field, "")).encode()) > MAX_EXECUTION_INPUT_BYTES:
            yield f"{field} has more than {MAX_EXECUTION_INPUT_BYTES:,} bytes"


@RULES.add(
    "stepfunctions StartExecution", "stepfunctions StartSyncExecution",
    sentence="The string that contains the JSON input data for the execution",
    source="botocore: stepfunctions StartExecutionInput.input",
    error="InvalidExecutionInput",
)  # fmt: skip
def an_input_is_json(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse an input of an execution that is not JSON."""
    try:
        json.loads(given.get("input", "{}"))
    except (ValueError, RecursionError) as error:
        yield f"Invalid State Machine Execution Input: '{error}'"
    except TypeError:
        yield "Invalid State Machine Execution Input: not a text"


@RULES.add(
    "lambda Invoke",
    sentence="The maximum payload size is 6 MB for synchronous invocations and 1 MB for asynchronous invocations.",
    source="botocore: lambda InvocationRequest.Payload",
    error="RequestEntityTooLargeException",
)
def a_payload_is_at_most_6_mb(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a payload that is too large for its invocation type."""
    payload = given.get("Payload")
    size = len(payload.encode() if isinstance(payload, str) else payload) if isinstance(payload, str | bytes) else 0
    most = MAX_EVENT_BYTES if given.get("InvocationType") == "Event" else MAX_INVOCATION_BYTES
    if size > most:
        kind = given.get("InvocationType", "RequestResponse")
        yield f"{size} byte payload is too large for the {kind} invocation type (limit {most} bytes)"


@RULES.add(
    "lambda Invoke",
    sentence="The JSON that you want to provide to your Lambda function as input.",
    source="botocore: lambda InvocationRequest.Payload",
    error="InvalidRequestContentException",
)
def a_payload_is_json(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a payload that is not JSON."""
    try:
        json.loads(given.get("Payload") or b"{}")
    except (ValueError, RecursionError) as error:
        yield f"Could not parse request body into json: {error}"
    except TypeError:  # known only at run time
        return


@RULES.add(
    "lambda CreateFunction", "lambda UpdateFunctionConfiguration",
    sentence="Function environment variables: 4 KB, for all environment variables associated with the function, in"
    " aggregate. Function layers: five layers.",
    source=_LAMBDA_QUOTAS,
    error="InvalidParameterValueException",
)  # fmt: skip
def a_function_keeps_lambdas_quotas(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse too many layers and too large an environment."""
    variables = as_dict(as_dict(given.get("Environment")).get("Variables"))
    if len(json.dumps(variables, default=str).encode()) > MAX_FUNCTION_ENVIRONMENT_BYTES:
        yield "Lambda was unable to configure your environment variables because they exceeded the 4KB limit"
    if len(given.get("Layers") or ()) > MAX_FUNCTION_LAYERS:
        yield f"cannot reference more than {MAX_FUNCTION_LAYERS} layers"
