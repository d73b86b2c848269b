"""Lambda invocations in warm child processes: the seam to moto's Lambda."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moto.awslambda.models import LambdaFunction

from worstsort_embedded.logs import LogStream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worstsort_embedded.processes import Nursery
    from worstsort_embedded.seams import Seams

_RUNTIME = Path(__file__).with_name("function_runtime.py")


@dataclass(frozen=True)
class FunctionSource:
    """Where a function's code and the Python packages of its layers are on this machine."""

    code: Path
    layers: tuple[Path, ...]


class ExecutionEnvironment:
    """One warm process of one function; it answers one invocation at a time."""

    def __init__(
        self, nursery: Nursery, source: FunctionSource, environment: Mapping[str, str], log: LogStream
    ) -> None:
        self.log = log
        ours, theirs = socket.socketpair()
        output, self._copying = log.open()
        try:
            command = [sys.executable, str(_RUNTIME)]
            self._child = nursery.spawn(command, environment, source.code, (theirs.fileno(), output))
        finally:
            theirs.close()
            os.close(output)
        self._socket, self._lines = ours, ours.makefile("rwb")
        log.write([f"INIT_START process {self._child.pid}"])

    def ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer to one message; raises TimeoutError, or ConnectionError with how the process ended."""
        self._socket.settimeout(seconds)
        try:
            self._lines.write(json.dumps(message).encode() + b"\n")
            self._lines.flush()
            line = self._lines.readline()
        except ConnectionError:
            line = b""
        if not line:
            code = self._child.wait(seconds)
            raise ConnectionError(f"exit status {code}" if code is None or code >= 0 else f"signal {-code}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process and read the rest of its log."""
        self._child.stop(grace=0)
        self._copying.join(1)
        self._socket.close()


class Functions:
    """The warm environments of all functions."""

    def __init__(self, nursery: Nursery, environment: Mapping[str, str], concurrency: int) -> None:
        self._sources: dict[str, FunctionSource] = {}
        self._log_groups: dict[str, str] = {}
        self._nursery, self._environment = nursery, environment
        self._idle: dict[str, list[ExecutionEnvironment]] = defaultdict(list)
        self._slots: dict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(concurrency))
        self._turn = threading.Lock()

    def install(self, seams: Seams) -> None:
        """Invoke functions here instead of in Docker."""
        seams.replace(
            LambdaFunction, "_invoke_lambda", lambda _: lambda function, event=None: self.invoke(function, event)
        )

    def place(self, name: str, source: FunctionSource, log_group: str | None) -> None:
        """Say where a deployed function's code is, and where its log goes if not to the usual group."""
        self._sources[name] = source
        self._log_groups[name] = log_group or f"/aws/lambda/{name}"

    def invoke(self, function: LambdaFunction, event: Any) -> tuple[str, bool, str]:
        """The JSON result of a function, whether it is an error, and no log (it is in the function's log group)."""
        event = {} if event in (None, "{}") else event  # moto's way to say that there was no body
        variables = self._variables(function)
        key = json.dumps([function.function_name, variables], sort_keys=True)
        with self._turn:
            slots, idle = self._slots[function.function_name], self._idle[key]
        with slots:
            warm = idle.pop() if idle else self._start(function, variables)
            succeeded, payload, healthy = _invoke(warm, function, event)
            if healthy:
                idle.append(warm)
            else:
                warm.close()
        return payload, not succeeded, ""

    def _start(self, function: LambdaFunction, variables: Mapping[str, str]) -> ExecutionEnvironment:
        name = f"{time.strftime('%Y/%m/%d')}/[$LATEST]{uuid.uuid4().hex}"
        log = LogStream(function.account_id, function.region, self._log_groups[function.function_name], name)
        environment = {**variables, "AWS_LAMBDA_LOG_STREAM_NAME": name}
        return ExecutionEnvironment(self._nursery, self._sources[function.function_name], environment, log)

    def _variables(self, function: LambdaFunction) -> dict[str, str]:
        source = self._sources[function.function_name]
        return {
            **self._environment,
            "PYTHONPATH": os.pathsep.join(map(str, (source.code, *source.layers))),
            "LAMBDA_TASK_ROOT": str(source.code),
            "_HANDLER": str(function.handler),
            "AWS_SAM_LOCAL": "true",  # the convention by which libraries know that there is no X-Ray daemon
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_GROUP_NAME": self._log_groups[function.function_name],
            **{name: str(value) for name, value in function.environment_vars.items()},
        }


def _invoke(warm: ExecutionEnvironment, function: LambdaFunction, event: Any) -> tuple[bool, str, bool]:
    """Whether the invocation succeeded, its JSON payload, and whether the environment can be used again."""
    request, started, limit = str(uuid.uuid4()), time.monotonic(), float(function.timeout)
    context = {
        "aws_request_id": request,
        "invoked_function_arn": function.function_arn,
        "function_name": function.function_name,
        "memory_limit_in_mb": str(function.memory_size),
    }
    warm.log.write([f"START RequestId: {request} Version: $LATEST"])
    try:
        answer = warm.ask({"event": event, "context": context, "seconds": limit}, limit)
        outcome = answer["succeeded"], answer["payload"], True
    except TimeoutError:
        message = f"RequestId: {request} Error: Task timed out after {limit:.2f} seconds"
        outcome = False, json.dumps({"errorType": "Sandbox.Timedout", "errorMessage": message}), False
        warm.log.write([message])
    except ConnectionError as error:
        message = f"RequestId: {request} Error: Runtime exited with error: {error}"
        outcome = False, json.dumps({"errorType": "Runtime.ExitError", "errorMessage": message}), False
        warm.log.write([message])
    took = (time.monotonic() - started) * 1000
    warm.log.write([f"END RequestId: {request}", f"REPORT RequestId: {request} Duration: {took:.2f} ms"])
    return outcome
