"""The configuration of a run: what a user may ask for, and the clear refusal of everything else."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from worstsort.genetic import (
    CROSSOVERS,
    LOCAL_SEARCHES,
    MUTATIONS,
    POLISHES,
    PRESETS,
    REPRESENTATIONS,
    SEEDINGS,
    SELECTIONS,
    SURVIVALS,
    TOPOLOGIES,
    Settings,
    Tuning,
    UnfitOperator,
    check_operators,
)
from worstsort.gosort import ALIASES, TARGETS
from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.execution_history import MAX_EPOCHS_PER_EXECUTION
from worstsort.runs.fitted_presets import DEFAULT_SIZE, DEFAULT_TARGET, can_be_constructed, fitted

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class OneOf:
    """An annotation: the string must be one of the names of a registry."""

    names: Iterable[str]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate as a literal, which also describes what is allowed in the JSON schema."""
        return core_schema.literal_schema(sorted(self.names))


def _canonical(name: Any) -> Any:
    return ALIASES.get(name, name) if isinstance(name, str) else name


Target = Annotated[str, OneOf(TARGETS), BeforeValidator(_canonical)]
PresetName = Annotated[str, OneOf(PRESETS)]
RepresentationName = Annotated[str, OneOf(REPRESENTATIONS)]
SelectionName = Annotated[str, OneOf(SELECTIONS)]
CrossoverName = Annotated[str, OneOf(CROSSOVERS)]
MutationName = Annotated[str, OneOf(MUTATIONS)]
LocalSearchName = Annotated[str, OneOf(LOCAL_SEARCHES)]
PolishName = Annotated[str, OneOf(POLISHES)]
SurvivalName = Annotated[str, OneOf(SURVIVALS)]
TopologyName = Annotated[str, OneOf(TOPOLOGIES)]
SeedingName = Annotated[str, OneOf(SEEDINGS)]

RUN_ID_PATTERN = "^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$"


_TUNING = Tuning()


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True)


class StopConfig(_Strict):
    """When a run ends: the first condition that is met after an epoch. `None` means never."""

    max_epochs: int = Field(10, ge=1, le=100_000, description="epochs")
    stall_epochs: int | None = Field(None, ge=1, le=100_000, description="epochs without an improvement")
    target_comparisons: int | None = Field(None, ge=1, le=2**62, description="comparisons to reach")
    max_seconds: float | None = Field(None, gt=0, le=31_536_000, description="seconds of evolution")
    max_evaluations: int | None = Field(None, ge=1, le=2**62, description="fitness evaluations")


class TuningConfig(_Strict):
    """Finer parameters of single operators; see `worstsort.genetic.Tuning`."""

    tournament_probability: float = Field(_TUNING.tournament_probability, gt=0, le=1)
    selection_pressure: float = Field(_TUNING.selection_pressure, ge=1, le=2)
    selection_share: float = Field(_TUNING.selection_share, gt=0, le=1)
    crossover_rate: float = Field(_TUNING.crossover_rate, ge=0, le=1)
    search_steps: int = Field(_TUNING.search_steps, ge=1, le=10_000)
    search_heat: float = Field(_TUNING.search_heat, ge=0, le=1_000)
    restart_generations: int = Field(_TUNING.restart_generations, ge=1, le=1_000_000)
    polish_copies: int = Field(_TUNING.polish_copies, ge=1, le=10_000)
    elites: int = Field(_TUNING.elites, ge=0, le=100_000)
    age_limit: int = Field(_TUNING.age_limit, ge=1, le=1_000_000)


class RunConfig(_Strict):
    """A complete configuration: every field has a value once `parse` returned it."""

    target: Target = Field(DEFAULT_TARGET, description="the version of Go's sort")
    size: int = Field(DEFAULT_SIZE, ge=2, le=100_000, description="integers in a chromosome")
    seed: int = Field(1, ge=0, le=2**63 - 1, description="key of all random streams")
    islands: int = Field(2, ge=1, le=1_000, description="populations that evolve apart")
    generations_per_epoch: int = Field(20, ge=1, le=500, description="generations between two migrations")
    preset: PresetName = Field("strong", description="a named set of defaults for all that follows")
    representation: RepresentationName
    population: int = Field(ge=2, le=100_000, description="individuals an island")
    selection: SelectionName
    tournament_size: int = Field(ge=1, le=100_000, description="individuals a tournament compares")
    crossover: CrossoverName
    mutation: MutationName
    mutation_ratio: int = Field(ge=1, le=1_000_000, description="one in this many children is mutated")
    mutation_floor: int = Field(ge=1, le=1_000_000, description="where a falling mutation ratio stops")
    local_search: LocalSearchName
    survival: SurvivalName
    polish: PolishName
    stall_generations: int = Field(ge=0, le=1_000_000, description="an island stops after so many; 0 never")
    breed_best: bool
    topology: TopologyName
    migrants: int = Field(ge=0, le=100_000, description="elites an island takes in after an epoch")
    seeding: SeedingName
    tuning: TuningConfig = TuningConfig()
    epochs_per_execution: int = Field(
        900, ge=1, le=MAX_EPOCHS_PER_EXECUTION, description="epochs before the run goes on in a new execution"
    )
    stop: StopConfig = StopConfig()

    @classmethod
    def parse(cls, raw: Any) -> Self:
        """Fill in the defaults of the preset, validate, and say all that is wrong at once.

        Args:
            raw: the decoded JSON input of an execution, without `resume`.

        Raises:
            InputRefused: naming each field, what was given and what is allowed.
        """
        if not isinstance(raw, dict):
            raise InputRefused([Problem("input", raw, "a JSON object")])
        try:
            config = cls.model_validate(_preset_defaults(raw) | raw)
        except ValidationError as error:
            raise InputRefused([_problem(cls, detail, raw) for detail in error.errors()]) from error
        problems = config.contradictions()
        if problems:
            raise InputRefused(problems)
        return config

    def contradictions(self) -> list[Problem]:
        """Fields that are each allowed but not together."""
        problems = []
        if self.tournament_size > self.population:
            allowed = f"1 to {self.population}, the population"
            problems.append(Problem("tournament_size", self.tournament_size, allowed))
        if self.migrants >= self.population:
            allowed = f"0 to {self.population - 1}, fewer than the population of {self.population}"
            problems.append(Problem("migrants", self.migrants, allowed))
        if self.tuning.elites >= self.population:
            allowed = f"0 to {self.population - 1}, fewer than the population of {self.population}"
            problems.append(Problem("tuning.elites", self.tuning.elites, allowed))
        if self.seeding == "constructed" and not can_be_constructed(self.target, self.representation):
            allowed = f"random for {self.target} in {self.representation}: nothing is constructed that they can hold"
            problems.append(Problem("seeding", self.seeding, allowed))
        try:
            check_operators(self.settings())
        except UnfitOperator as unfit:
            problems.append(Problem(unfit.field, unfit.given, f"{', '.join(unfit.allowed)} for {self.representation}"))
        return problems

    def settings(self) -> Settings:
        """The plain parameters of the algorithm, without what concerns the run around it."""
        return Settings(**{field.name: getattr(self, field.name) for field in fields(Settings)})

    def tuning_values(self) -> Tuning:
        """The finer parameters of the algorithm's operators."""
        return Tuning(**self.tuning.model_dump())


def _preset_defaults(raw: dict[str, Any]) -> dict[str, Any]:
    name = raw.get("preset", RunConfig.model_fields["preset"].default)
    preset = PRESETS.get(name) if isinstance(name, str) else None
    # An unknown preset is reported by validation; any preset's defaults keep the other fields from being reported too.
    defaults = asdict(preset or next(iter(PRESETS.values())))
    return defaults | fitted(raw) if name == "strong" else defaults


def _problem(model: type[BaseModel], detail: Any, raw: dict[str, Any]) -> Problem:
    path = [str(part) for part in detail["loc"]]
    owner, given = model.model_json_schema(), raw
    definitions = owner.get("$defs", {})
    for part in path[:-1]:
        owner = _resolve(owner["properties"][part], definitions)
        given = given[part]
    if detail["type"] == "extra_forbidden":
        return Problem(".".join(path), detail["input"], "no such field; one of " + ", ".join(owner["properties"]))
    schema = _resolve(owner["properties"][path[-1]], definitions)
    return Problem(".".join(path), detail["input"], _allowed(schema))


def _resolve(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref") or next((one["$ref"] for one in schema.get("allOf", []) if "$ref" in one), None)
    resolved: dict[str, Any] = definitions[reference.rsplit("/", 1)[1]] if reference else schema
    return resolved


def _allowed(schema: dict[str, Any]) -> str:
    options = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    chosen = options[0]
    if "enum" in chosen or "const" in chosen:
        return "one of " + ", ".join(chosen.get("enum", [chosen.get("const")]))
    if chosen.get("type") == "object":
        return "an object with the fields " + ", ".join(chosen["properties"])
    if chosen.get("type") == "boolean":
        return "true or false"
    noun = {"integer": "an integer", "number": "a number"}[chosen["type"]]
    low, over = chosen.get("minimum"), chosen.get("exclusiveMinimum")
    high, under = chosen.get("maximum"), chosen.get("exclusiveMaximum")
    lower = f"from {low}" if low is not None else f"over {over}"
    upper = f"to {high}" if high is not None else f"to under {under}"
    return f"{noun} {lower} {upper}" + (", or null" if len(options) < len(schema.get("anyOf", [schema])) else "")
