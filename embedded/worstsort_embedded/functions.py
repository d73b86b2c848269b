"""Lambda invocations in warm child processes, in place of moto's Docker containers."""

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

from worstsort_embedded.errors import EmbeddedCloudError
from worstsort_embedded.logs import LogStream
from worstsort_embedded.zygote import TITLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worstsort_embedded.patches import Patches
    from worstsort_embedded.processes import ChildProcesses

_RUNTIME = Path(__file__).with_name("function_runtime.py")
_MAX_IMPORT_SECONDS = 60.0
_MAX_INVOCATIONS = 3
"""How often an event is delivered whose function is killed; Lambda, too, may deliver an event more than once."""

_LOG_SECONDS = 1.0
"""How long an ended process's log is awaited: a process that it started may hold the pipe open for ever."""


@dataclass(frozen=True)
class DeployedFunction:
    """A function as the template has it, whatever clients have asked moto to change since.

    Attributes:
        code: The folder of its code.
        layers: Its layers' folders of Python packages.
        log_group: The name of its log group.
        handler: Its handler, as `module.function`.
        role: The name of its role.
        memory_mb: Its memory.
        timeout_seconds: How long an invocation may take.
        variables: Its own environment variables.
    """

    code: Path
    layers: tuple[Path, ...]
    log_group: str
    handler: str
    role: str
    memory_mb: int
    timeout_seconds: float
    variables: Mapping[str, str]

    @classmethod
    def of(
        cls, function: LambdaFunction, code: Path, layers: tuple[Path, ...], log_group: str, handler: str
    ) -> DeployedFunction:
        """Return a function that CloudFormation has just made in moto."""
        return cls(
            code, layers, log_group, handler, str(function.role).rpartition("/")[2],
            int(function.memory_size), float(function.timeout),
            {name: str(value) for name, value in function.environment_vars.items()},
        )  # fmt: skip


class RuntimeEnded(Exception):
    """The process of a function ended instead of answering.

    Attributes:
        killed: Whether a signal ended it, which says nothing about the function.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"exit status {code}" if code >= 0 else f"signal {-code}")
        self.killed = code < 0


class ExecutionEnvironment:
    """A process that answers one function's invocations, one at a time; warm after the first answer."""

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

    def ask(self, message: dict[str, Any], timeout_seconds: float) -> dict[str, Any]:
        """Send a message to the process and return its answer.

        Raises:
            TimeoutError: There is no answer in time.
            RuntimeEnded: The process ended.
        """
        with suppress(ConnectionError):  # reading tells more
            self._lines.write(json.dumps(message).encode() + b"\n")
            self._lines.flush()
        if not self._warm:
            self._read(_MAX_IMPORT_SECONDS)
            self._warm = True
        return self._read(timeout_seconds)

    def _read(self, timeout_seconds: float) -> dict[str, Any]:
        self._socket.settimeout(timeout_seconds)
        line = b""
        with suppress(ConnectionError):
            line = self._lines.readline()
        if not line:
            raise RuntimeEnded(self.child.stop(grace_seconds=1))
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process and read the rest of its log."""
        self.child.stop(grace_seconds=1)
        self._copying.join(_LOG_SECONDS)
        self._socket.close()


class Functions:
    """The deployed functions, each with up to `concurrency` execution environments at work."""

    def __init__(self, processes: ChildProcesses, environment: Mapping[str, str], concurrency: int) -> None:
        self.deployed: dict[str, DeployedFunction] = {}
        self._processes, self._environment = processes, environment
        self._idle: dict[str, list[ExecutionEnvironment]] = defaultdict(list)
        self._slots: dict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(concurrency))
        self._lock = threading.Lock()

    def deploy(self, name: str, function: DeployedFunction) -> None:
        """Take a function of the template, from its next invocation on."""
        self.deployed[name] = function
        with self._lock:
            former = [key for key in self._idle if json.loads(key)[0] == name]
            idle = [warm for key in former for warm in self._idle.pop(key)]
        for warm in idle:
            warm.close()

    def install(self, patches: Patches) -> None:
        """Make moto invoke functions here instead of in Docker."""
        patches.wrap(LambdaFunction, "_invoke_lambda", self._answer)

    def _answer(self, _original: Callable[..., Any], function: LambdaFunction, event: Any) -> tuple[str, bool, str]:
        """Invoke a function for moto; a failure here is the service's own, which Lambda's callers try again."""
        try:
            return self.invoke(function, event)
        except Exception as error:
            name = type(error).__name__
            raise EmbeddedCloudError(f"{function.function_name} was not invoked: {name}: {error}") from error

    def invoke(self, function: LambdaFunction, event: Any) -> tuple[str, bool, str]:
        """Invoke a function.

        Returns:
            The JSON result, whether it is an error, and an empty log: the output is in the function's log group.
        """
        event = {} if event == "{}" else event  # moto's form of a missing body
        deployed = self.deployed.get(function.function_name)
        if deployed is None:
            message = f"function {function.function_name} is not in the template, and nothing else is run"
            return _failure("Runtime.NotDeployed", message)
        variables = _variables(function, deployed)
        with self._lock:
            slots = self._slots[function.function_name]
            idle = self._idle[json.dumps([function.function_name, variables])]
        with slots:
            for attempt in range(1, _MAX_INVOCATIONS + 1):
                try:
                    warm = self._take(idle) or self._start(function, deployed, variables)
                    payload, failed = _invoke(warm, function, deployed, event)
                except EmbeddedCloudError as error:  # there is no process, and there will be none
                    return _failure("Runtime.ExitError", str(error))
                except _Broken as broken:
                    warm.close()
                    if not broken.killed or attempt == _MAX_INVOCATIONS:
                        return _failure(broken.kind, str(broken))
                else:
                    idle.append(warm)
                    break
        return payload, failed, ""

    def _take(self, idle: list[ExecutionEnvironment]) -> ExecutionEnvironment | None:
        """Take a warm process that is still alive."""
        while idle:
            if (warm := idle.pop()).child.exit_code is None:
                return warm
            warm.close()
        return None

    def _start(
        self, function: LambdaFunction, deployed: DeployedFunction, variables: Mapping[str, str]
    ) -> ExecutionEnvironment:
        name = f"{time.strftime('%Y/%m/%d')}/[$LATEST]{uuid.uuid4().hex}"
        log = LogStream(function.account_id, function.region, deployed.log_group, name)
        title = {TITLE: f"worstsort: function {function.function_name}"}
        environment = {**self._environment, **variables, **title, "AWS_LAMBDA_LOG_STREAM_NAME": name}
        return ExecutionEnvironment(self._processes, deployed.code, environment, log)


def _variables(function: LambdaFunction, deployed: DeployedFunction) -> dict[str, str]:
    """Return the environment variables that Lambda sets, and the function's own."""
    return {
        **deployed.variables,
        "PYTHONPATH": os.pathsep.join(map(str, (deployed.code, *deployed.layers))),
        "LAMBDA_TASK_ROOT": str(deployed.code),
        "_HANDLER": deployed.handler,
        "AWS_ACCESS_KEY_ID": deployed.role,  # names the caller's role in every request
        "AWS_SAM_LOCAL": "true",  # tells libraries, by convention, that there is no X-Ray daemon
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(deployed.memory_mb),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_GROUP_NAME": deployed.log_group,
    }


def _failure(kind: str, message: str) -> tuple[str, bool, str]:
    """Return the outcome of an invocation that has no answer."""
    return json.dumps({"errorType": kind, "errorMessage": message}), True, ""


class _Broken(Exception):
    """An invocation that its process did not answer.

    Attributes:
        kind: Lambda's name for what happened.
        killed: Whether a signal ended the process.
    """

    def __init__(self, kind: str, message: str, *, killed: bool = False) -> None:
        super().__init__(message)
        self.kind, self.killed = kind, killed


def _invoke(
    warm: ExecutionEnvironment, function: LambdaFunction, deployed: DeployedFunction, event: Any
) -> tuple[str, bool]:
    """Invoke a function; return its JSON payload and whether it failed; raises _Broken if its process is of no use."""
    request, started, timeout_seconds = str(uuid.uuid4()), time.monotonic(), deployed.timeout_seconds
    context = {
        "aws_request_id": request,
        "invoked_function_arn": function.function_arn,
        "function_name": function.function_name,
        "function_version": "$LATEST",
        "memory_limit_in_mb": str(deployed.memory_mb),
        "log_group_name": warm.log.group,
        "log_stream_name": warm.log.name,
    }
    warm.log.write([f"START RequestId: {request} Version: $LATEST"])
    try:
        message = {"event": event, "context": context, "timeout_seconds": timeout_seconds}
        answer = warm.ask(message, timeout_seconds)
    except TimeoutError as error:
        raise _broken(
            warm, "Sandbox.Timedout", request, f"Task timed out after {timeout_seconds:.2f} seconds"
        ) from error
    except RuntimeEnded as ended:
        cause = f"Runtime exited with error: {ended}"
        raise _broken(warm, "Runtime.ExitError", request, cause, killed=ended.killed) from ended
    finally:
        duration_ms = (time.monotonic() - started) * 1000
        warm.log.write([f"END RequestId: {request}", f"REPORT RequestId: {request} Duration: {duration_ms:.2f} ms"])
    return answer["payload"], answer["failed"]


def _broken(warm: ExecutionEnvironment, kind: str, request: str, cause: str, *, killed: bool = False) -> _Broken:
    """Log why a process did not answer, and return the error that says so."""
    message = f"RequestId: {request} Error: {cause}"
    warm.log.write([message])
    return _Broken(kind, message, killed=killed)
