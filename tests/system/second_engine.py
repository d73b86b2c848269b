"""The state machine in an engine other than moto's, with the results that its tasks had in moto's."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "tests" / "engine"
WALL_CLOCK = ("started_at", "finished_at", "failed_at")


@dataclass
class Recording:
    """The course of an execution.

    Attributes:
        path: the states in the order in which they were entered.
        given: the parameters of each task, by the name of the state.
        results: what each task returned or raised, by the name of the state.
    """

    path: list[str] = field(default_factory=list)
    given: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    results: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


def is_installed() -> bool:
    """Return whether the engine can be started."""
    return shutil.which("node") is not None and (ENGINE / "node_modules").is_dir()


def record(history: Iterable[dict[str, Any]]) -> Recording:
    """Collect from an execution's history what another engine needs to repeat it.

    A task is identified by the state that was entered last: the iterations of a Map run the same state.
    """
    recording = Recording()
    for event in history:
        if "stateEnteredEventDetails" in event:
            recording.path.append(event["stateEnteredEventDetails"]["name"])
        elif event["type"] == "TaskScheduled":
            parameters = json.loads(event["taskScheduledEventDetails"]["parameters"])
            recording.given[recording.path[-1]].append(parameters)
        elif event["type"] == "TaskSucceeded":
            output = json.loads(event["taskSucceededEventDetails"]["output"])
            recording.results[recording.path[-1]].append({"output": output})
        elif event["type"] == "TaskFailed":
            failed = event["taskFailedEventDetails"]
            result = {"error": failed["error"], "cause": failed.get("cause", "")}
            recording.results[recording.path[-1]].append(result)
    return recording


def repeat(definition: str, description: dict[str, Any], recording: Recording) -> dict[str, Any]:
    """Repeat an execution in the second engine, and return its path, the tasks' parameters and its end."""
    execution_input = json.loads(description["input"])
    execution = {"Id": description["executionArn"], "Name": description["name"], "Input": execution_input}
    request = {
        "definition": json.loads(definition),
        "input": execution_input,
        "context": {
            "Execution": execution,
            "StateMachine": {"Id": description["stateMachineArn"]},
            "State": {"EnteredTime": "2026-01-01T00:00:00Z"},
        },
        "results": recording.results,
    }
    engine = subprocess.run(
        ["node", "--no-warnings", "execute.mjs"],
        cwd=ENGINE,
        input=json.dumps(request),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert engine.returncode == 0, engine.stderr
    return dict(json.loads(engine.stdout))


def comparable(given: dict[str, list[Any]]) -> dict[str, list[str]]:
    """Return the tasks' parameters, sorted, because a Map runs tasks at the same time."""
    return {name: sorted(json.dumps(_plain(task), sort_keys=True) for task in tasks) for name, tasks in given.items()}


def _plain(value: Any) -> Any:
    """Drop the times of day, and the variable that Step Functions adds to each job."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key not in WALL_CLOCK}
    if isinstance(value, list):
        return [_plain(item) for item in value if "MANAGED_BY_AWS" not in str(item)]
    return value
