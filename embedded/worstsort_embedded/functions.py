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
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moto.awslambda.models import LambdaFunction

from worstsort_embedded.logs import LogStream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worstsort_embedded.patches import Patches
    from worstsort_embedded.processes import ChildProcesses

_RUNTIME = Path(__file__).with_name("function_runtime.py")
_INIT_SECONDS = 60.0


@dataclass(frozen=True)
class FunctionSource:
    """Where a function's code and its layers' Python packages are on this machine, and the name of its log group."""

    code: Path
    layers: tuple[Path, ...]
    log_group: str


class ExecutionEnvironment:
    """One process of one function, warm after its first answer; it answers one invocation at a time."""

    def __init__(self, processes: ChildProcesses, folder: Path, environment: Mapping[str, str], log: LogStream) -> None:
        self.log, self._warm = log, False
        self._socket, theirs = socket.socketpair()
        self._lines = self._socket.makefile("rwb")
        output, self._copying = log.open()
        try:
            command = [sys.executable, str(_RUNTIME)]
            self.child = processes.spawn(command, environment, folder, (theirs.fileno(), output))
        finally:
            theirs.close()
            os.close(output)

    def ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer to one message; raises TimeoutError, or ConnectionError with how the process ended."""
        with suppress(ConnectionError):  # reading tells more
            self._lines.write(json.dumps(message).encode() + b"\n")
            self._lines.flush()
        if not self._warm:
            self._read(_INIT_SECONDS)
            self._warm = True
        return self._read(seconds)

    def _read(self, seconds: float) -> dict[str, Any]:
        self._socket.settimeout(seconds)
        line = b""
        with suppress(ConnectionError):
            line = self._lines.readline()
        if not line:
            code = self.child.stop(grace=1)
            raise ConnectionError(f"exit status {code}" if code >= 0 else f"signal {-code}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process and read the rest of its log."""
        self.child.stop(grace=0)
        self._copying.join(1)
        self._socket.close()


class Functions:
    """The warm environments of all functions."""

    def __init__(self, processes: ChildProcesses, environment: Mapping[str, str], concurrency: int) -> None:
        self.sources: dict[str, FunctionSource] = {}
        self._processes, self._environment = processes, environment
        self._idle: dict[str, list[ExecutionEnvironment]] = defaultdict(list)
        self._slots: dict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(concurrency))
        self._turn = threading.Lock()

    def install(self, patches: Patches) -> None:
        """Invoke functions here instead of in Docker."""
        patches.wrap(LambdaFunction, "_invoke_lambda", lambda _original, function, event: self.invoke(function, event))

    def invoke(self, function: LambdaFunction, event: Any) -> tuple[str, bool, str]:
        """The JSON result of a function, whether it is an error, and no log (it is in the function's log group)."""
        event = {} if event == "{}" else event  # moto's way to say that there was no body
        source = self.sources[function.function_name]
        variables = _variables(function, source)
        with self._turn:
            slots = self._slots[function.function_name]
            idle = self._idle[json.dumps([function.function_name, variables])]
        with slots:
            warm = idle.pop() if idle else None
            if not warm or warm.child.exit_code is not None:
                warm = self._start(function, source, variables)
            payload, failed, healthy = _invoke(warm, function, event)
            if healthy:
                idle.append(warm)
            else:
                warm.close()
        return payload, failed, ""

    def _start(
        self, function: LambdaFunction, source: FunctionSource, variables: Mapping[str, str]
    ) -> ExecutionEnvironment:
        name = f"{time.strftime('%Y/%m/%d')}/[$LATEST]{uuid.uuid4().hex}"
        log = LogStream(function.account_id, function.region, source.log_group, name)
        environment = {**self._environment, **variables, "AWS_LAMBDA_LOG_STREAM_NAME": name}
        return ExecutionEnvironment(self._processes, source.code, environment, log)


def _variables(function: LambdaFunction, source: FunctionSource) -> dict[str, str]:
    """What Lambda sets, and the function's own."""
    return {
        "PYTHONPATH": os.pathsep.join(map(str, (source.code, *source.layers))),
        "LAMBDA_TASK_ROOT": str(source.code),
        "_HANDLER": str(function.handler),
        "AWS_ACCESS_KEY_ID": str(function.role).rpartition("/")[2],  # so that a request says whose it is
        "AWS_SAM_LOCAL": "true",  # the convention by which libraries know that there is no X-Ray daemon
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_GROUP_NAME": source.log_group,
        **{name: str(value) for name, value in function.environment_vars.items()},
    }


def _invoke(warm: ExecutionEnvironment, function: LambdaFunction, event: Any) -> tuple[str, bool, bool]:
    """The JSON payload of an invocation, whether it failed, and whether the environment can be used again."""
    request, started, limit = str(uuid.uuid4()), time.monotonic(), float(function.timeout)
    context = {
        "aws_request_id": request,
        "invoked_function_arn": function.function_arn,
        "function_name": function.function_name,
        "function_version": "$LATEST",
        "memory_limit_in_mb": str(function.memory_size),
        "log_group_name": warm.log.group,
        "log_stream_name": warm.log.name,
    }
    warm.log.write([f"START RequestId: {request} Version: $LATEST"])
    try:
        answer = warm.ask({"event": event, "context": context, "seconds": limit}, limit)
        outcome = answer["payload"], answer["failed"], True
    except TimeoutError:
        outcome = _broken(warm, "Sandbox.Timedout", request, f"Task timed out after {limit:.2f} seconds")
    except ConnectionError as error:
        outcome = _broken(warm, "Runtime.ExitError", request, f"Runtime exited with error: {error}")
    took = (time.monotonic() - started) * 1000
    warm.log.write([f"END RequestId: {request}", f"REPORT RequestId: {request} Duration: {took:.2f} ms"])
    return outcome


def _broken(warm: ExecutionEnvironment, kind: str, request: str, what: str) -> tuple[str, bool, bool]:
    message = f"RequestId: {request} Error: {what}"
    warm.log.write([message])
    return json.dumps({"errorType": kind, "errorMessage": message}), True, False
