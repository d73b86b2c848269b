"""What processes read of their environment: names, defaults, and what is refused before anything is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from functions.prepare_run.app import JobEnvironment
from functions.record_failure.app import JobsEnvironment
from functions.sweep_runs.app import SweepEnvironment
from pydantic import ValidationError

from worstsort.control.jobs import JobQueues
from worstsort.runtime.environment import StoreEnvironment, run_store
from worstsort.storage.retry import OUTAGE_SECONDS
from worstsort.worker.evolve_epoch import Job

if TYPE_CHECKING:
    from worstsort.runtime.environment import Environment

COMPLETE: dict[type[Environment], dict[str, str]] = {
    Job: {
        "RUN_ID": "r",
        "EPOCH": "3",
        "ISLAND": "2",
        "THREADS": "4",
        "SAVE_SECONDS": "7.5",
        "AWS_BATCH_JOB_ATTEMPT": "6",
    },
    StoreEnvironment: {"GENERATIONS_TABLE": "g", "CHAMPIONS_TABLE": "c", "BUCKET": "b", "CHECKPOINT_DAYS": "30"},
    JobEnvironment: {"JOB_MEMORY": "2048"},
    JobsEnvironment: {"JOB_LOG_GROUP": "/jobs"},
    JobQueues: {"JOB_QUEUES": "a,b"},
    SweepEnvironment: {"JOB_QUEUES": "a", "STATE_MACHINE": "arn"},
}

READ: dict[type[Environment], dict[str, Any]] = {
    Job: {"run_id": "r", "epoch": 3, "island": 2, "threads": 4, "save_seconds": 7.5, "attempt": 6},
    StoreEnvironment: {"generations_table": "g", "champions_table": "c", "bucket": "b", "checkpoint_days": 30},
    JobEnvironment: {"memory_mib": 2048},
    JobsEnvironment: {"log_group": "/jobs"},
    JobQueues: {"queues": "a,b"},
    SweepEnvironment: {"queues": "a", "state_machine": "arn"},
}

DEFAULTS: dict[type[Environment], dict[str, Any]] = {
    Job: {"island": 0, "threads": 1, "save_seconds": 15.0, "attempt": 1},
    StoreEnvironment: {"champions_table": "", "checkpoint_days": 90},
}

OUT_OF_BOUNDS = {
    "RUN_ID": "", "EPOCH": "0", "ISLAND": "-1", "THREADS": "0", "SAVE_SECONDS": "0", "GENERATIONS_TABLE": "",
    "BUCKET": "", "CHECKPOINT_DAYS": "0", "JOB_MEMORY": "0", "JOB_LOG_GROUP": "", "JOB_QUEUES": "",
    "STATE_MACHINE": "", "AWS_BATCH_JOB_ATTEMPT": "0",
}  # fmt: skip
"""For each variable with bounds, a value just outside."""

LEAST = {
    "EPOCH": "1", "ISLAND": "0", "THREADS": "1", "SAVE_SECONDS": "0.01", "CHECKPOINT_DAYS": "1", "JOB_MEMORY": "1",
    "AWS_BATCH_JOB_ATTEMPT": "1",
}  # fmt: skip
"""The smallest numbers that are taken."""

VARIABLES = [(model, name) for model, variables in COMPLETE.items() for name in variables]


@pytest.mark.parametrize("model", COMPLETE)
def test_each_variable_is_read_under_its_name(model: type[Environment]) -> None:
    """Numbers as numbers; what else is in the environment does not matter."""
    assert model.model_validate(COMPLETE[model] | {"PATH": "/bin"}).model_dump() == READ[model]


@pytest.mark.parametrize("model", COMPLETE)
def test_a_variable_that_is_missing_has_its_default_or_is_named(model: type[Environment]) -> None:
    """So a deployment that forgets one fails with its name."""
    for name, field in model.model_fields.items():
        rest = {variable: value for variable, value in COMPLETE[model].items() if variable != _variable(field)}
        if field.is_required():
            with pytest.raises(ValidationError, match=_variable(field)):
                model.model_validate(rest)
        else:
            assert getattr(model.model_validate(rest), name) == DEFAULTS[model][name]


@pytest.mark.parametrize(("model", "name"), [(model, name) for model, name in VARIABLES if name in OUT_OF_BOUNDS])
def test_a_value_out_of_bounds_is_refused(model: type[Environment], name: str) -> None:
    """Empty text, and numbers that nothing can be done with; the least one that is allowed is taken."""
    with pytest.raises(ValidationError, match=name):
        model.model_validate(COMPLETE[model] | {name: OUT_OF_BOUNDS[name]})
    if name in LEAST:
        model.model_validate(COMPLETE[model] | {name: LEAST[name]})


def test_an_island_is_known_by_its_own_variable_or_its_place_in_the_array() -> None:
    """Batch gives the latter."""
    given = {"RUN_ID": "r", "EPOCH": "1"}
    assert Job.model_validate(given | {"AWS_BATCH_JOB_ARRAY_INDEX": "5"}).island == 5
    assert Job.model_validate(given | {"AWS_BATCH_JOB_ARRAY_INDEX": "5", "ISLAND": "2"}).island == 2


def test_a_process_has_one_store_which_waits_an_outage_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the tables and the bucket that are named; later invocations reuse its connections."""
    made: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    monkeypatch.setattr("worstsort.runtime.environment.RunStore", lambda *given, **named: made.append((given, named)))
    for name, value in COMPLETE[StoreEnvironment].items():
        monkeypatch.setenv(name, value)
    run_store.cache_clear()
    run_store()
    run_store()
    run_store.cache_clear()
    assert made == [(("g", "b", "c"), {"outage_seconds": OUTAGE_SECONDS, "checkpoint_days": 30})]


def test_queues_are_separated_by_commas() -> None:
    """One or several."""
    assert JobQueues.model_validate({"JOB_QUEUES": "a,b"}).arns == ["a", "b"]
    assert JobQueues.model_validate({"JOB_QUEUES": "a"}).arns == ["a"]


def _variable(field: Any) -> str:
    """Return the name of a field's variable."""
    return str(field.alias or field.validation_alias.choices[0])
