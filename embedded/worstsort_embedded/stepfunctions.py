"""State machines that really run, deployed by CloudFormation: the seam to moto's Step Functions."""
# ruff: noqa: SLF001 - this module is about the inside of moto's interpreter

from __future__ import annotations

import logging
import threading
import time
import uuid
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import boto3
import botocore.session
from botocore import xform_name
from moto.core.config import default_user_config
from moto.stepfunctions import models
from moto.stepfunctions.parser import models as parser_models
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_callback
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_batch import (
    StateTaskServiceBatch,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped, ProgramTimedOut
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from worstsort_embedded.errors import EmbeddedCloudError

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.model import OperationModel

    from worstsort_embedded.jobs import Jobs
    from worstsort_embedded.patches import Patches

LOG = logging.getLogger(__name__)
_POLL_SECONDS = 0.05
_ABANDONED = "The Step Functions state that waited for the job has ended"


class StepFunctions:
    """Makes moto's interpreter run what the template deploys, and tells of every execution's changes."""

    def __init__(self, jobs: Jobs, announce: Callable[[Execution], None]) -> None:
        self._jobs, self._announce = jobs, announce

    def install(self, patches: Patches) -> None:
        """Take hold of moto's interpreter."""
        settings: Any = default_user_config["stepfunctions"]
        patches.callback(settings.update, dict(settings))
        settings["execute_state_machine"] = True
        interpreter = logging.getLogger("moto.stepfunctions.parser")
        patches.callback(interpreter.setLevel, interpreter.level)
        interpreter.setLevel(logging.CRITICAL)  # what it logs as errors are failures of states, which the history has
        # where CloudFormation creates machines
        patches.replace(models, "stepfunctions_backends", parser_models.stepfunctions_parser_backends)
        patches.replace(StateTaskService, "_normalise_parameters", _normalise_parameters)
        patches.replace(StateTaskService, "_normalise_response", _normalise_response)
        patches.replace(state_task_service_callback, "_DELAY_SECONDS_SYNC_CONDITION_CHECK", _POLL_SECONDS)
        patches.wrap(StateTaskServiceBatch, "_build_sync_resolver", self._wait_for_job)
        patches.wrap(StateTaskServiceBatch, "_wait_for_task_token_timeout", _wait_for_token)
        patches.replace(boto_client, "boto3", _Clients())
        patches.wrap(Environment, "__init__", _remember_the_end)
        patches.wrap(Environment, "set_error", _keep_the_first_end)
        patches.wrap(parser_models.StepFunctionsParserBackend, "start_execution", _name)
        patches.wrap(ExecutionWorker, "_execution_logic", self._surface_faults)
        patches.wrap(BaseExecutionWorkerCommunication, "terminated", self._end)
        patches.wrap(Execution, "start", self._start)
        patches.wrap(Execution, "stop", self._stop)

    def _wait_for_job(self, original: Callable[..., Any], task: Any, env: Environment, **kwargs: Any) -> Any:
        """Wait for the end of a job instead of asking for it, and terminate the job if its state ends before it."""
        job_id = env.stack[-1]["JobId"]
        describe = original(task, env, **kwargs)

        def resolve() -> Any:
            while env.is_running():
                if self._jobs.wait(job_id, _POLL_SECONDS):
                    return describe()
            self._jobs.terminate(job_id, _ABANDONED)
            raise EmbeddedCloudError(f"the state ended before its job {job_id}, which is terminated")

        if not env.is_running():  # it ended while the job was submitted, and nobody will call `resolve`
            self._jobs.terminate(job_id, _ABANDONED)
        return resolve

    def _start(self, original: Callable[[Execution], None], execution: Execution) -> None:
        original(execution)
        self._announce(execution)

    def _end(self, original: Callable[[Any], None], communication: BaseExecutionWorkerCommunication) -> None:
        execution = communication.execution
        was = execution.exec_status
        original(communication)
        if execution.exec_status != was:
            self._announce(execution)

    def _stop(self, original: Callable[..., None], execution: Execution, *args: Any, **kwargs: Any) -> None:
        """An execution is ABORTED at once, whatever its state is still doing."""
        deadline = time.monotonic() + 5
        while execution.status == "RUNNING" and time.monotonic() < deadline:
            env = execution.exec_worker and execution.exec_worker.env
            if env and env.is_running() and len(env.event_manager.get_event_history()) > 1:
                original(execution, *args, **kwargs)
                self._close(execution, ExecutionStatus.ABORTED)
            else:
                time.sleep(0.01)  # it is not in its first state yet: its history would not tell of the end

    def _surface_faults(self, original: Callable[[ExecutionWorker], None], worker: ExecutionWorker) -> None:
        """Whatever goes wrong in the interpreter itself fails the execution, instead of leaving it RUNNING for ever."""
        try:
            original(worker)
        except Exception as error:
            LOG.exception("the interpreter failed")
            execution = cast("BaseExecutionWorkerCommunication", worker._execution_communication).execution
            if execution.status == "RUNNING":
                execution.error, execution.cause = "States.Runtime", f"{type(error).__name__}: {error}"
                self._close(execution, ExecutionStatus.FAILED)

    def _close(self, execution: Execution, status: ExecutionStatus) -> None:
        execution.stop_date, execution.exec_status = datetime.now(UTC), status
        self._announce(execution)


def _wait_for_token(original: Callable[..., Any], task: Any, timeout_seconds: Any, callback_endpoint: Any) -> Any:
    """Where a stop overtakes a state, moto may find something else in the place of its time-out.

    Then the wait has none, and ends when moto interrupts it, as it does at the end of every state.
    """
    timeout = timeout_seconds if isinstance(timeout_seconds, int | float) else None
    return original(task, timeout_seconds=timeout, callback_endpoint=callback_endpoint)


class _Clients:
    """Stands in for boto3 where moto makes a client for every task: one of each service is enough."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._turn = threading.Lock()

    def client(self, *, service_name: str, **settings: Any) -> Any:
        """The client of a service."""
        with self._turn:
            if service_name not in self._made:
                self._made[service_name] = boto3.Session().client(service_name, **settings)
            return self._made[service_name]


def _name(
    original: Callable[..., Execution], backend: Any, arn: str, name: str | None = None, *args: Any, **kwargs: Any
) -> Execution:
    """Name executions as AWS does: with a random name if none is given, and no name that is not allowed."""
    if name:
        backend._validate_name(name)
    return original(backend, arn, name or str(uuid.uuid4()), *args, **kwargs)


def _remember_the_end(original: Callable[..., None], env: Environment, *args: Any, **kwargs: Any) -> None:
    """A state that only begins to wait when its execution is stopped does not wait: moto clears its event at once."""
    original(env, *args, **kwargs)
    env.program_state_event.clear = lambda: None


def _keep_the_first_end(original: Callable[..., None], env: Environment, error: Any) -> None:
    """A state that fails because its execution was stopped or timed out does not make that a failure."""
    if not isinstance(env._program_state, ProgramStopped | ProgramTimedOut):
        original(env, error)


@cache
def _operations(service: str) -> dict[str, OperationModel]:
    """The operations of a service by their names in Python."""
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
    """Rename parameters from the state language's case (JobName) to the service's (jobName)."""
    task._to_boto_request(parameters, _operation(task, boto_service_name, service_action_name).input_shape)


def _normalise_response(
    task: StateTaskService,
    response: Any,
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    """Rename a response from the service's case to the state language's; times become text, as in JSON."""
    shape = _operation(task, boto_service_name, service_action_name).output_shape
    if shape and isinstance(response, dict):
        task._from_boto_response(response, shape)
        response.update({name: value.isoformat() for name, value in response.items() if isinstance(value, datetime)})
