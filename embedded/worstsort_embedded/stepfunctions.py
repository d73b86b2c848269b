"""State machines that CloudFormation deploys and moto's interpreter runs, with the replacements that this takes."""
# ruff: noqa: SLF001 - this module works on the inside of moto's interpreter

from __future__ import annotations

import copy
import logging
import threading
import time
import uuid
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast

import botocore.session
from botocore import xform_name
from moto.core.config import default_user_config
from moto.stepfunctions import models
from moto.stepfunctions.parser import models as parser_models
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.component.common.path import result_path
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_callback
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_batch import (
    StateTaskServiceBatch,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_lambda import (
    StateTaskServiceLambda,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped, ProgramTimedOut
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils import boto_client, json_path
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from worstsort_embedded.errors import EmbeddedCloudError
from worstsort_embedded.serving.clients import isolated_session
from worstsort_embedded.strict.history import limit_histories

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.config import Config
    from botocore.model import OperationModel

    from worstsort_embedded.jobs import Jobs
    from worstsort_embedded.patches import Patches

LOG = logging.getLogger(__name__)
_POLL_SECONDS = 0.05
_TURN_POLL_SECONDS = 0.2
"""How soon a state that waits for its turn notices that its execution has ended; hundreds may wait at once."""

_MAX_STOP_SECONDS = 5.0
_MAX_PARSED = 16
"""How many definitions are kept parsed: a state machine's in use, and those of updates."""

_MACHINE_KEY = "ak"
"""The access key id of the state machine's own calls, by which tests tell them from others."""

_ABANDONED = "The Step Functions state that waited for the job has ended"


class StepFunctions:
    """Executions in moto's interpreter.

    Args:
        jobs: What they wait for.
        announce: Called when the status of an execution changes.
        progressed: Called when a function has done its part for an execution.
        secret: The secret access key for their own calls.
        invocations: How many functions may work for them at once.
    """

    def __init__(
        self,
        jobs: Jobs,
        announce: Callable[[Execution], None],
        progressed: Callable[[], None],
        secret: str,
        invocations: int,
    ) -> None:
        self._jobs, self._announce, self._progressed, self._secret = jobs, announce, progressed, secret
        self._turns = threading.Semaphore(invocations)

    def install(self, patches: Patches) -> None:
        """Switch moto's interpreter on, and replace what it does differently from AWS."""
        settings: Any = default_user_config["stepfunctions"]
        patches.callback(settings.update, dict(settings))
        settings["execute_state_machine"] = True
        interpreter = logging.getLogger("moto.stepfunctions.parser")
        patches.callback(interpreter.setLevel, interpreter.level)
        interpreter.setLevel(logging.CRITICAL)  # it logs states' failures as errors, and the history has those
        # CloudFormation creates machines in the backend that does not execute them
        patches.replace(models, "stepfunctions_backends", parser_models.stepfunctions_parser_backends)
        patches.replace(StateTaskService, "_normalise_parameters", _normalise_parameters)
        patches.replace(StateTaskService, "_normalise_response", _normalise_response)
        patches.replace(state_task_service_callback, "_DELAY_SECONDS_SYNC_CONDITION_CHECK", _POLL_SECONDS)
        patches.wrap(StateTaskServiceBatch, "_build_sync_resolver", self._wait_for_job)
        patches.wrap(StateTaskServiceLambda, "_evaluate_with_timeout", self._wait_for_turn)
        patches.wrap(StateTaskServiceBatch, "_wait_for_task_token_timeout", _wait_for_token)
        patches.replace(boto_client, "boto3", _ClientCache(self._secret))
        for module in (json_path, result_path):  # each would make a whole parser anew for every path that it reads
            patches.replace(module, "parse", cache(module.parse))
        parse = _parsing_once(AmazonStateLanguageParser.parse)
        patches.replace(AmazonStateLanguageParser, "parse", staticmethod(parse))
        limit_histories(patches)
        patches.wrap(Environment, "__init__", _keep_end_signal)
        patches.wrap(Environment, "set_error", _keep_first_end)
        patches.wrap(parser_models.StepFunctionsParserBackend, "start_execution", _start_named)
        patches.wrap(ExecutionWorker, "_execution_logic", self._run)
        patches.wrap(BaseExecutionWorkerCommunication, "terminated", self._end)
        patches.wrap(Execution, "start", self._start)
        patches.wrap(Execution, "stop", self._stop)

    def _wait_for_turn(self, original: Callable[..., None], task: StateTaskServiceLambda, env: Environment) -> None:
        """Let a state invoke its function once it is its turn; its time-out begins only then.

        On AWS all of many executions would invoke at once. Here they would share a few processes, and a state's time
        would be over before its function has begun.
        """
        if task.resource.condition is not None:  # such a state waits for a callback, not for its function
            original(task, env)
            return
        while not self._turns.acquire(timeout=_TURN_POLL_SECONDS):
            if not env.is_running():
                raise EmbeddedCloudError("the execution ended before the state could invoke its function")
        try:
            original(task, env)
        finally:
            self._turns.release()
            self._progressed()

    def _wait_for_job(self, original: Callable[..., Any], task: Any, env: Environment, **kwargs: Any) -> Any:
        """Wait for a job's end instead of polling for it; terminate the job if its state ends first."""
        job_id = env.stack[-1]["JobId"]
        describe = original(task, env, **kwargs)

        def resolve() -> Any:
            while env.is_running():
                if self._jobs.wait(job_id, _POLL_SECONDS):
                    return describe()
            self._jobs.terminate(job_id, _ABANDONED)
            raise EmbeddedCloudError(f"the state ended before its job {job_id}, which has been terminated")

        if not env.is_running():  # the state ended while the job was submitted, and nobody will call `resolve`
            self._jobs.terminate(job_id, _ABANDONED)
        return resolve

    def _start(self, original: Callable[[Execution], None], execution: Execution) -> None:
        original(execution)
        self._announce(execution)

    def _end(self, original: Callable[[Any], None], communication: BaseExecutionWorkerCommunication) -> None:
        execution = communication.execution
        status_before = execution.exec_status
        original(communication)
        if execution.exec_status != status_before:
            self._announce(execution)

    def _stop(self, original: Callable[..., None], execution: Execution, *args: Any, **kwargs: Any) -> None:
        """Abort an execution at once, whatever its current state is still doing."""
        deadline = time.monotonic() + _MAX_STOP_SECONDS
        while execution.status == "RUNNING" and time.monotonic() < deadline:
            env = execution.exec_worker and execution.exec_worker.env
            if env and env.is_running() and len(env.event_manager.get_event_history()) > 1:
                original(execution, *args, **kwargs)
                self._close(execution, ExecutionStatus.ABORTED)
            else:
                time.sleep(0.01)  # before the first state is entered, the history would not record the end

    def _run(self, original: Callable[[ExecutionWorker], None], worker: ExecutionWorker) -> None:
        """Run an execution, and fail it if the interpreter itself fails, instead of leaving it RUNNING for ever."""
        try:
            original(worker)
        except Exception as error:
            LOG.error("an execution could not be run: %s: %s", type(error).__name__, error)  # noqa: TRY400 - one line
            LOG.debug("where", exc_info=True)
            execution = cast("BaseExecutionWorkerCommunication", worker._execution_communication).execution
            if execution.status == "RUNNING":
                execution.error, execution.cause = "States.Runtime", f"{type(error).__name__}: {error}"
                self._close(execution, ExecutionStatus.FAILED)

    def _close(self, execution: Execution, status: ExecutionStatus) -> None:
        execution.stop_date, execution.exec_status = datetime.now(UTC), status
        self._announce(execution)


def _parsing_once(parse: Callable[[str], tuple[Any, Any]]) -> Callable[[str], tuple[Any, Any]]:
    """Return a parser that parses a definition once, not for each execution: it takes as long as half an epoch.

    Each execution gets a program of its own, as if it had been parsed for it.
    """
    kept = lru_cache(_MAX_PARSED)(parse)

    def parsed(definition: str) -> tuple[Any, Any]:
        program, tree = kept(definition)
        return copy.deepcopy(program), tree

    return parsed


def _wait_for_token(original: Callable[..., Any], task: Any, timeout_seconds: Any, callback_endpoint: Any) -> Any:
    """Wait for a task token, without a time-out if what moto passes is not one, as when a stop overtakes the state.

    Such a wait ends when moto interrupts it, as it does at the end of every state.
    """
    timeout = timeout_seconds if isinstance(timeout_seconds, int | float) else None
    return original(task, timeout_seconds=timeout, callback_endpoint=callback_endpoint)


class _ClientCache:
    """A stand-in for boto3 where moto creates a client for every task: one client per service is enough."""

    def __init__(self, secret: str) -> None:
        self._session = isolated_session(secret, _MACHINE_KEY)
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def client(self, *, service_name: str, endpoint_url: str, config: Config, **_credentials: Any) -> Any:
        """Return the client of a service; the credentials that moto makes up are not those of this cloud."""
        with self._lock:
            if service_name not in self._clients:
                self._clients[service_name] = self._session.client(
                    service_name, endpoint_url=endpoint_url, config=config
                )
            return self._clients[service_name]


def _start_named(
    original: Callable[..., Execution], backend: Any, arn: str, name: str | None = None, *args: Any, **kwargs: Any
) -> Execution:
    """Start an execution with a name as on AWS: a random one if none is given; refuse one that is not allowed."""
    if name:
        backend._validate_name(name)
    return original(backend, arn, name or str(uuid.uuid4()), *args, **kwargs)


def _keep_end_signal(original: Callable[..., None], env: Environment, *args: Any, **kwargs: Any) -> None:
    """Keep an execution's end signalled: moto clears the event, and a state that then begins to wait misses the end."""
    original(env, *args, **kwargs)
    env.program_state_event.clear = lambda: None


def _keep_first_end(original: Callable[..., None], env: Environment, error: Any) -> None:
    """Ignore a state's failure after its execution was stopped or timed out: how an execution ended first counts."""
    if not isinstance(env._program_state, ProgramStopped | ProgramTimedOut):
        original(env, error)


@cache
def _operations(service: str) -> dict[str, OperationModel]:
    """Return the operations of a service by their names in Python."""
    model = botocore.session.Session().get_service_model(service)
    return {xform_name(name): model.operation_model(name) for name in model.operation_names}


def _operation(task: StateTaskService, service: str | None, action: str | None) -> OperationModel:
    return _operations(task._get_boto_service_name(service))[task._get_boto_service_action(action)]


def _normalise_parameters(
    task: StateTaskService,
    parameters: dict[str, Any],
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    """Convert the keys of parameters from the state language's case (JobName) to the service's (jobName)."""
    task._to_boto_request(parameters, _operation(task, boto_service_name, service_action_name).input_shape)


def _normalise_response(
    task: StateTaskService,
    response: Any,
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    """Convert the keys of a response from the service's case to the state language's, and times to text."""
    shape = _operation(task, boto_service_name, service_action_name).output_shape
    if shape and isinstance(response, dict):
        task._from_boto_response(response, shape)
        response.update({name: value.isoformat() for name, value in response.items() if isinstance(value, datetime)})
