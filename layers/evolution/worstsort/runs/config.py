"""The configuration of a run: what a user may ask for; everything else is refused field by field."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from worstsort.foreign.library import Library, OmitsForeign
from worstsort.genetic import PRESETS, OneOf, Settings, Tuning, UnfitOperator, check_operators
from worstsort.gosort import DEFAULT_TARGET, UnknownTarget, find_target
from worstsort.gosort.constructions.plans import MAX_PLANNED_SIZE, SHUFFLES
from worstsort.gosort.foreign_names import is_foreign
from worstsort.gosort.validation import VALUES
from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.fitted_presets import (
    DEFAULT_SIZE,
    MAX_SIZE,
    can_be_constructed,
    can_be_planned,
    default_target,
    fitted,
)
from worstsort.runs.refusals import problems_of

MAX_ISLANDS = 10_000
"""The children of an AWS Batch array job: "The array size can be between 2 and 10,000" (API reference, SubmitJob)."""

MAX_HISTORY_EVENTS = 20_000
"""History events that an execution may take: Step Functions ends it at 25,000."""

EVENTS_PER_EPOCH = 20
"""Measured 17 (submit and wait 6, close 5, two choices 4, on to the next 2); the rest is room for retries."""

EVENTS_OUTSIDE_EPOCHS = 400
"""Preparing, seeding in 40 chunks, finishing."""

MAX_EPOCHS_PER_EXECUTION = (MAX_HISTORY_EVENTS - EVENTS_OUTSIDE_EPOCHS) // EVENTS_PER_EPOCH
"""Epochs that fit into an execution's history."""


def target_name(name: str) -> str:
    """Return the name that a target is recorded under, whatever it was asked for as."""
    try:
        return find_target(name).name
    except UnknownTarget as error:
        raise ValueError(error.allowed) from error


class _Strict(BaseModel):
    """Takes exactly the named fields, and nothing of another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True)

    @field_validator("*")
    @classmethod
    def _is_registered(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse a name that is in no registry; operators may be registered until the moment of validation."""
        for choice in cls.model_fields[info.field_name or ""].metadata:
            if isinstance(choice, OneOf) and value not in choice.names:
                raise ValueError(f"one of {', '.join(sorted(choice.names))}")
        return value


class StopConfig(_Strict):
    """When a run ends: the first condition that is met after an epoch. `None` means never.

    Attributes:
        max_epochs: Epochs.
        stall_epochs: Epochs without an improvement.
        target_comparisons: Comparisons to reach.
        max_seconds: Seconds of evolution.
        max_evaluations: Fitness evaluations of all islands.
    """

    max_epochs: int = Field(10, ge=1, le=100_000)
    stall_epochs: int | None = Field(None, ge=1, le=100_000)
    target_comparisons: int | None = Field(None, ge=1, le=2**62)
    max_seconds: float | None = Field(None, gt=0, le=31_536_000)
    max_evaluations: int | None = Field(None, ge=1, le=2**62)


class TuningConfig(_Strict, Tuning):
    """The parameters of single operators, validated; all fields are those of `Tuning`."""


class _Search:
    """What is searched for and how far, before the `Settings` in everything that is written of a configuration.

    Ids of local runs are a hash of the fields in this order.
    """

    target: Annotated[str, AfterValidator(target_name)] = DEFAULT_TARGET
    size: int = Field(DEFAULT_SIZE, ge=2, le=MAX_SIZE)
    values: Annotated[str, OneOf(VALUES)] = "any"
    seed: int = Field(1, ge=0, le=2**63 - 1)
    islands: int = Field(2, ge=1, le=MAX_ISLANDS)
    generations_per_epoch: int = Field(20, ge=1, le=500)
    preset: Annotated[str, OneOf(PRESETS)] = "strong"


class RunConfig(OmitsForeign, _Strict, Settings, _Search):
    """A complete configuration: the `Settings` of the algorithm, and what concerns the run around it.

    Attributes:
        target: The sort whose comparisons are counted.
        size: Integers in the input that is evolved.
        values: Whether some of them may be equal.
        seed: Key of all random streams.
        islands: Populations that evolve apart.
        generations_per_epoch: Generations between two migrations.
        preset: Where the fields of `Settings` that were not given came from.
        tuning: Finer parameters of single operators.
        epochs_per_execution: Epochs before the run continues in a new execution.
        stop: When the run ends.
        foreign: What the target is if it is none of Go's: the bytes and the function in them.
    """

    tuning: TuningConfig = TuningConfig()
    epochs_per_execution: int = Field(900, ge=1, le=MAX_EPOCHS_PER_EXECUTION)
    stop: StopConfig = StopConfig()
    foreign: Library | None = None

    @property
    def unsaid(self) -> set[str]:
        """The fields that say what went without saying when ids and digests of runs were first taken."""
        return {"values"} if self.values == "any" else set()

    @classmethod
    def parse(cls, raw: Any) -> Self:
        """Fill in the defaults of the preset, validate, and report everything that is wrong at once.

        Args:
            raw: The decoded JSON input of an execution, without `resume`.

        Raises:
            InputRefused: The input is not allowed; it names each field, what was given and what is allowed.
        """
        if not isinstance(raw, dict):
            raise InputRefused([Problem("input", raw, "a JSON object")])
        try:
            config = cls.model_validate(_preset_defaults(raw) | raw)
        except ValidationError as error:
            raise InputRefused(problems_of(cls, error)) from error
        problems = config.contradictions()
        if problems:
            raise InputRefused(problems)
        return config

    def contradictions(self) -> list[Problem]:
        """Return the fields that are each allowed, but not together."""
        problems = []
        if self.tournament_size > self.population:
            allowed = f"1 to {self.population}, the population"
            problems.append(Problem("tournament_size", self.tournament_size, allowed))
        for field, given in (("migrants", self.migrants), ("tuning.elites", self.tuning.elites)):
            if given >= self.population:
                allowed = f"0 to {self.population - 1}, fewer than the population of {self.population}"
                problems.append(Problem(field, given, allowed))
        if self.seeding == "constructed" and not can_be_constructed(self.target, self.representation):
            allowed = f"random for {self.target} as {self.representation}, which can hold no constructed input"
            problems.append(Problem("seeding", self.seeding, allowed))
        return [*problems, *self._unfit_target(), *self._unfit_representation(), *self._unfit_operators()]

    def _unfit_target(self) -> list[Problem]:
        """Refuse a foreign target without its description, or with another's, and chromosomes that need Go's steps."""
        named, described = is_foreign(self.target), self.foreign.name if self.foreign else None
        problems = []
        if described != (self.target if named else None):
            allowed = f"the description of {self.target}" if named else f"nothing, as {self.target} is Go's"
            problems.append(Problem("foreign", described, allowed))
        if named and self.representation == "answers":
            problems.append(Problem("representation", "answers", "decisions, permutation or values for a foreign sort"))
        return problems

    def _unfit_representation(self) -> list[Problem]:
        """Refuse chromosomes that cannot stand for the lists that are asked for."""
        problems = []
        if self.values == "distinct" and self.representation == "values":
            problems.append(Problem("values", self.values, "any for chromosomes of values, which may repeat"))
        if self.representation == "plan" and not can_be_planned(self.target, self.size):
            allowed = f"all but plan, which is for {' and '.join(SHUFFLES)} of up to {MAX_PLANNED_SIZE:,} items"
            problems.append(Problem("representation", self.representation, allowed))
        return problems

    def _unfit_operators(self) -> list[Problem]:
        try:
            check_operators(self)
        except UnfitOperator as unfit:
            return [Problem(unfit.field, unfit.given, f"{', '.join(unfit.allowed)} for {self.representation}")]
        return []


def _preset_defaults(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of the preset that an input asks for."""
    name = raw.get("preset", RunConfig.model_fields["preset"].default)
    preset = PRESETS.get(name) if isinstance(name, str) else None
    # Validation reports an unknown preset; with the defaults of any other it reports nothing else.
    defaults = {"target": default_target(name), **asdict(preset or next(iter(PRESETS.values())))}
    return defaults | fitted(name, raw) if preset else defaults
