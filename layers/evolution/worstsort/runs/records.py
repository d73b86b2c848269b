"""What is recorded of a run, as values; `storage` reads and writes them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from worstsort.runs.config import RunConfig
from worstsort.runs.status import Status


class Record(BaseModel):
    """A frozen value with exactly the named fields; a field whose alias differs is stored and written under that."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    run_id: str


class RunRecord(Record):
    """The run itself: what was asked for, and how far it has come.

    `execution_arn` is the execution that owns the run now, the `part`-th of those that have continued it; `evaluations`
    are those of all islands since the run began.
    """

    status: Status = Status.RUNNING
    config: RunConfig
    execution_arn: str
    part: int = 1
    started_at: str
    code_version: str
    epoch: int = 0
    generations: int = 0
    evaluations: int = 0
    best: int | None = None
    best_island: int | None = None
    best_generation: int | None = None
    reason: str | None = None
    finished_at: str | None = None
    digest: str | None = None


class IslandSeries(Record):
    """What one island did in one epoch; lists have one entry per generation.

    `generation_evaluations` are those of each generation alone. `finished` says why the island
    stopped evolving, if it did. `started_at` and `ended_at`, in Unix seconds, are of the attempt that wrote this, the
    `attempt`-th of its job; it began with the generation `picked_up`, if an earlier one had saved that. Records of
    earlier versions lack these and `machine`, what it ran on.
    """

    island: int
    epoch: int
    first_generation: int
    best: list[int]
    mean: list[float]
    generation_evaluations: list[int] = Field(alias="evaluations")
    best_fitness: int
    best_generation: int
    finished: str | None = None
    seconds: float
    cpu_seconds: float
    digest: str
    pid: int
    started_at: float | None = None
    ended_at: float | None = None
    attempt: int | None = None
    picked_up: int | None = None
    machine: str | None = None


class GenerationRecord(Record):
    """The best of all islands in one generation; `generation_evaluations` are those of that generation alone."""

    generation: int
    comparisons: int
    island: int
    mean: float
    generation_evaluations: int = Field(alias="evaluations")


class EpochRecord(Record):
    """How an epoch closed; `evaluations` and `seconds` are totals since the run began."""

    epoch: int
    best: int
    best_island: int
    best_generation: int
    generations: int
    evaluations: int
    seconds: float
    stall_epochs: int
    decision: Literal["continue", "stop"]
    reason: str


class ChampionRecord(Record):
    """A finished run's champion on the leaderboard of its family."""

    key: str
    family: str
    fitness: int
    target: str
    size: int
    values: str = "any"
    distinct: bool = False
    preset: str
    seed: int
    random_mean: float
    antiquicksort: int
    artefact: str
    found_at: str
