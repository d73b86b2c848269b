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

from worstsort_embedded.logs import LogStream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worstsort_embedded.patches import Patches
    from worstsort_embedded.processes import ChildProcesses

_RUNTIME = Path(__file__).with_name("function_runtime.py")
_MAX_IMPORT_SECONDS = 60.0
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
            ConnectionError: The process ended; the message says how.
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
            code = self.child.stop(grace_seconds=1)
            raise ConnectionError(f"exit status {code}" if code >= 0 else f"signal {-code}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process and read the rest of its log."""
        self.child.stop(grace_seconds=0)
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
        patches.wrap(LambdaFunction, "_invoke_lambda", lambda _original, function, event: self.invoke(function, event))

    def invoke(self, function: LambdaFunction, event: Any) -> tuple[str, bool, str]:
        """Invoke a function.

        Returns:
            The JSON result, whether it is an error, and an empty log: the output is in the function's log group.
        """
        event = {} if event == "{}" else event  # moto's form of a missing body
        deployed = self.deployed.get(function.function_name)
        if deployed is None:
            return _refusal(f"function {function.function_name} is not in the template, and nothing else is run")
        variables = _variables(function, deployed)
        with self._lock:
            slots = self._slots[function.function_name]
            idle = self._idle[json.dumps([function.function_name, variables])]
        with slots:
            warm = idle.pop() if idle else None
            if not warm or warm.child.exit_code is not None:
                warm = self._start(function, deployed, variables)
            payload, failed, healthy = _invoke(warm, function, deployed, event)
            if healthy:
                idle.append(warm)
            else:
                warm.close()
        return payload, failed, ""

    def _start(
        self, function: LambdaFunction, deployed: DeployedFunction, variables: Mapping[str, str]
    ) -> ExecutionEnvironment:
        name = f"{time.strftime('%Y/%m/%d')}/[$LATEST]{uuid.uuid4().hex}"
        log = LogStream(function.account_id, function.region, deployed.log_group, name)
        environment = {**self._environment, **variables, "AWS_LAMBDA_LOG_STREAM_NAME": name}
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


def _refusal(message: str) -> tuple[str, bool, str]:
    """Return the outcome of an invocation that is not made."""
    return json.dumps({"errorType": "Runtime.NotDeployed", "errorMessage": message}), True, ""


def _invoke(
    warm: ExecutionEnvironment, function: LambdaFunction, deployed: DeployedFunction, event: Any
) -> tuple[str, bool, bool]:
    """Invoke a function; return its JSON payload, whether it failed, and whether its process can be used again."""
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
        outcome = answer["payload"], answer["failed"], True
    except TimeoutError:
        cause = f"Task timed out after {timeout_seconds:.2f} seconds"
        outcome = _broken(warm, "Sandbox.Timedout", request, cause)
    except ConnectionError as error:
        outcome = _broken(warm, "Runtime.ExitError", request, f"Runtime exited with error: {error}")
    duration_ms = (time.monotonic() - started) * 1000
    warm.log.write([f"END RequestId: {request}", f"REPORT RequestId: {request} Duration: {duration_ms:.2f} ms"])
    return outcome


def _broken(warm: ExecutionEnvironment, kind: str, request: str, cause: str) -> tuple[str, bool, bool]:
    """Log why a process did not answer, and return the failed outcome of its invocation."""
    message = f"RequestId: {request} Error: {cause}"
    warm.log.write([message])
    return json.dumps({"errorType": kind, "errorMessage": message}), True, False
