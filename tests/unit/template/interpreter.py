"""The state machine in moto's interpreter: its tasks answer or fail as a test has it, and retries wait for nothing."""
# ruff: noqa: SLF001 - this module works on the inside of moto's interpreter

from __future__ import annotations

import copy
import json
import logging
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from moto import mock_aws
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

from tests.unit.template.system import MACHINE, Json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moto.stepfunctions.parser.asl.eval.environment import Environment
    from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

    Script = Callable[[str, Any, int], Any]

_MAX_SECONDS = 60


@dataclass(frozen=True)
class Fault:
    """An error that a task ends with."""

    error: str
    cause: str = "a cause"


@dataclass
class Course:
    """How an execution went.

    Attributes:
        path: The states in the order in which they were entered.
        given: What each task was given, each time, by the name of the state.
        waits: Seconds waited before each retry, in order.
        end: The execution as Step Functions describes it.
    """

    path: list[str] = field(default_factory=list)
    given: list[tuple[str, Any]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    end: Json = field(default_factory=dict)

    @property
    def output(self) -> Any:
        """The output of an execution that succeeded."""
        return json.loads(self.end["output"])

    def tasks(self, name: str) -> list[Any]:
        """Return what a task was given, each time."""
        return [given for state, given in self.given if state == name]


class Interpreter:
    """Runs the project's own definition, in which every substitution stands for its name."""

    def __init__(self) -> None:
        definition = re.sub(r"\$\{(\w+)\}", r"\1", MACHINE.read_text()).replace("arn:Partition:", "arn:aws:")
        self._client = boto3.client("stepfunctions", region_name="us-east-1")
        self._machine = self._client.create_state_machine(
            name="evolve", definition=definition, roleArn="arn:aws:iam::123456789012:role/any"
        )["stateMachineArn"]
        self._script: Script = lambda _name, _given, _retries: None
        self._course = Course()

    def run(self, name: str, given: Any, script: Script) -> Course:
        """Run an execution.

        Args:
            name: Its name.
            given: Its input.
            script: Returns the result of a task or a `Fault`, given the state's name, what the task was given, and how
                often it was retried before.
        """
        self._script, self._course = script, Course()
        arn = self._client.start_execution(stateMachineArn=self._machine, name=name, input=json.dumps(given))[
            "executionArn"
        ]
        deadline = time.monotonic() + _MAX_SECONDS
        while (described := self._client.describe_execution(executionArn=arn))["status"] == "RUNNING":
            assert time.monotonic() < deadline, "the execution did not end"
            time.sleep(0.002)
        pages = self._client.get_paginator("get_execution_history").paginate(executionArn=arn)
        events = [event for page in pages for event in page["events"]]
        self._course.path = [
            event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event
        ]
        self._course.end = described
        return self._course

    def perform(self, task: StateTaskService, env: Environment) -> None:
        """Answer for a task."""
        given = json.loads(json.dumps(task._eval_parameters(env=env), default=datetime.isoformat))
        state = env.states.context_object.context_object_data["State"]
        assert state is not None
        self._course.given.append((str(env.next_state_name), given))
        result = self._script(str(env.next_state_name), given, state["RetryCount"])
        if isinstance(result, Fault):
            raise FailureEventException(
                FailureEvent(
                    env=env,
                    error_name=_error_name(result.error),
                    event_type=HistoryEventType.TaskFailed,
                    event_details=cast(
                        "EventDetails",
                        {"taskFailedEventDetails": TaskFailedEventDetails(error=result.error, cause=result.cause)},
                    ),
                )
            )
        env.stack.append(copy.deepcopy(result))

    def wait(self, seconds: float) -> None:
        """Note a wait instead of waiting."""
        self._course.waits.append(seconds)


def _error_name(name: str) -> Any:
    if name.startswith("States."):
        return StatesErrorName(StatesErrorNameType.from_name(name))
    return CustomErrorName(name)


@contextmanager
def interpreting() -> Iterator[Interpreter]:
    """Open an interpreter."""
    with pytest.MonkeyPatch.context() as patch, mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        logging.getLogger("moto.stepfunctions.parser").setLevel(logging.CRITICAL)  # it writes out all of itself
        interpreter = Interpreter()
        patch.setattr(StateTaskService, "_eval_execution", lambda task, env: interpreter.perform(task, env))  # noqa: PLW0108 - a function, which becomes a method
        # The definition is always the same, and parsing it takes longer than running it.
        patch.setattr(AmazonStateLanguageParser, "parse", cache(AmazonStateLanguageParser.parse))
        patch.setattr(retrier_decl, "time", SimpleNamespace(sleep=interpreter.wait))
        yield interpreter
