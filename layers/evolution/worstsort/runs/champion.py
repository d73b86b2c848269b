"""The champion: a plain list of integers, recounted from scratch, and what is recorded about it."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from worstsort.genetic import OneOf
from worstsort.gosort import TARGETS, Assessment, assess, count_plain
from worstsort.gosort.ranks import dense_ranks
from worstsort.gosort.validation import MAX_INT64, as_integers
from worstsort.runs.baselines import Baselines, baselines
from worstsort.runs.composition import best_list
from worstsort.runs.config import MAX_ISLANDS, target_name
from worstsort.runs.errors import InputRefused, Problem, RecountMismatch
from worstsort.runs.records import ChampionRecord, GenerationRecord, RunRecord
from worstsort.runs.refusals import problems_of
from worstsort.runs.run_id import checked_run_id

if TYPE_CHECKING:
    from worstsort.genetic import IslandState
    from worstsort.runs.records import EpochRecord

HISTORY_COLUMNS = ("generation", "comparisons", "island", "mean", "evaluations")
"""The fields of a record in `history.csv`, as they are stored."""

MAX_ASSESSED_SIZE = 10_000
"""The largest size whose upper bound takes seconds, not minutes."""


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,79}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,79}")
_MAX_NAME_CHARACTERS = 80
_MARKUP = frozenset("<>&\"'`\\*/")
"""What no operator's name has, and what begins or ends something in a page or a source file."""


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError("letters, digits, '.', '_', '+' and '-', at most 80")
    return text


def _plain(config: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration that may be of another version, or name operators that are not installed here."""
    if not _is_plain(config):
        raise ValueError("numbers, true, false, null and names, as in a run's input")
    return config


def _is_plain(value: Any, nesting: int = 1) -> bool:
    if isinstance(value, dict):
        return nesting >= 0 and all(_FIELD.fullmatch(name) and _is_plain(value[name], nesting - 1) for name in value)
    if isinstance(value, str):
        return value.isprintable() and len(value) <= _MAX_NAME_CHARACTERS and not set(value) & _MARKUP
    if isinstance(value, int):
        return abs(value) <= MAX_INT64
    return value is None or (isinstance(value, float) and math.isfinite(value))


Name = Annotated[str, AfterValidator(_name)]
Count = Annotated[int, Field(ge=0, le=MAX_INT64)]


class Champion(BaseModel):
    """The content of `champion.json`; nothing but numbers and names is in it, and they fit together."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    run_id: Annotated[str, AfterValidator(checked_run_id)]
    target: Annotated[str, AfterValidator(target_name), OneOf(TARGETS)]
    size: int
    comparisons: Count
    values: Annotated[list[int], BeforeValidator(as_integers)]
    seed: Count
    preset: Name
    representation: Name
    generations: Count
    evaluations: Count
    baselines: Baselines
    config: Annotated[dict[str, Any], AfterValidator(_plain)]
    code_version: Name

    @classmethod
    def parse(cls, content: dict[str, Any]) -> Self:
        """Return the champion in a decoded `champion.json`.

        Raises:
            InputRefused: It is not as a run leaves it; names each field, what was given and what is allowed.
        """
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            raise InputRefused(problems_of(cls, error)) from error

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.size != len(self.values):
            raise InputRefused([Problem("size", self.size, f"{len(self.values)}, as there are values")])
        for field in ("size", "seed", "preset", "representation"):
            if self.config.get(field) != getattr(self, field):
                allowed = f"{getattr(self, field)!r}, as the champion says"
                raise InputRefused([Problem(f"config.{field}", self.config.get(field), allowed)])
        islands = self.config.get("islands")
        if type(islands) is not int or not 1 <= islands <= MAX_ISLANDS:  # a bool is an int too
            raise InputRefused([Problem("config.islands", islands, f"an integer from 1 to {MAX_ISLANDS}")])
        return self

    @property
    def islands(self) -> int:
        """How many islands the run had."""
        return int(self.config["islands"])

    def assessment(self) -> Assessment | None:
        """Return how close it is to what no input can exceed, or None where that is unknown or slow to compute."""
        if self.size > MAX_ASSESSED_SIZE:
            return None
        distinct = len(set(self.values)) == self.size
        found = assess(self.comparisons, self.size, self.target, distinct=distinct)
        return found if found.bound is not None else None


def crown(run: RunRecord, closed: EpochRecord, state: IslandState) -> Champion:
    """Return the champion of a run, from its last epoch and the state in which the island that found it ended.

    Raises:
        RecountMismatch: The plain counter does not find the comparisons that the run recorded.
    """
    config = run.config
    values = best_list(config, state)
    recounted = count_plain(values, config.target)
    if recounted != closed.best:
        raise RecountMismatch(run.run_id, closed.best, recounted)
    return Champion(
        run_id=run.run_id,
        target=config.target,
        size=config.size,
        comparisons=recounted,
        values=values,
        seed=config.seed,
        preset=config.preset,
        representation=config.representation,
        generations=closed.generations,
        evaluations=closed.evaluations,
        baselines=baselines(config),
        config=config.model_dump(mode="json"),
        code_version=run.code_version,
    )


def leaderboard_entry(champion: Champion, artefact: str, found_at: str) -> ChampionRecord:
    """Return the champion's record on the leaderboard.

    Args:
        champion: Of a finished run.
        artefact: Where its champion.json is.
        found_at: When the run finished, in ISO 8601.
    """
    family = family_of(champion.target, champion.size)
    return ChampionRecord(
        run_id=champion.run_id,
        key=f"{family}:{ranks_digest(champion.values)}",
        family=family,
        fitness=champion.comparisons,
        target=champion.target,
        size=champion.size,
        preset=champion.preset,
        seed=champion.seed,
        random_mean=champion.baselines.random_mean,
        antiquicksort=champion.baselines.antiquicksort,
        artefact=artefact,
        found_at=found_at,
    )


def family_of(target: str, size: int) -> str:
    """Return the leaderboard on which champions of one target and size compete."""
    return f"{target}:{size}"


def ranks_digest(values: list[int]) -> str:
    """Return the SHA-256 of the dense ranks (little-endian int64): equal for inputs that every sort treats alike."""
    return hashlib.sha256(dense_ranks(values).astype("<i8").tobytes()).hexdigest()


def history_csv(generations: list[GenerationRecord]) -> str:
    """Return the per-generation bests as CSV, one row per generation under a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HISTORY_COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(record.model_dump() for record in generations)
    return text.getvalue()
