"""The content of `champion.json`: a plain list of integers, and what is recorded about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, ValidationError, model_validator

from worstsort.foreign.library import Library, OmitsForeign
from worstsort.gosort.foreign_names import is_foreign
from worstsort.gosort.validation import as_integers
from worstsort.runs.baselines import Baselines
from worstsort.runs.config import MAX_ISLANDS, target_name
from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.refusals import problems_of
from worstsort.runs.results.plain_content import Count, Name, plain_config
from worstsort.runs.results.standing import standing
from worstsort.runs.run_id import checked_run_id

if TYPE_CHECKING:
    from worstsort.gosort import Assessment


class Champion(OmitsForeign):
    """A champion as it is recorded: nothing but numbers and names, and they fit together."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    run_id: Annotated[str, AfterValidator(checked_run_id)]
    target: Annotated[str, AfterValidator(target_name)]
    size: int
    comparisons: Count
    values: Annotated[list[int], BeforeValidator(as_integers)]
    seed: Count
    preset: Name
    representation: Name
    generations: Count
    evaluations: Count
    baselines: Baselines
    config: Annotated[dict[str, Any], AfterValidator(plain_config)]
    code_version: Name
    foreign: Library | None = None

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
        if is_foreign(self.target) != (self.foreign is not None and self.foreign.name == self.target):
            raise InputRefused([Problem("foreign", self.foreign and self.foreign.name, f"what {self.target} is")])
        islands = self.config.get("islands")
        if type(islands) is not int or not 1 <= islands <= MAX_ISLANDS:  # a bool is an int too
            raise InputRefused([Problem("config.islands", islands, f"an integer from 1 to {MAX_ISLANDS}")])
        return self

    @property
    def islands(self) -> int:
        """How many islands the run had."""
        return int(self.config["islands"])

    @property
    def kind_of_values(self) -> str:
        """Whether the run allowed "any" values or only "distinct" ones: the bounds differ."""
        return str(self.config.get("values", "any"))

    @property
    def distinct(self) -> bool:
        """Whether no two of its items are equal."""
        return len(set(self.values)) == self.size

    def assessment(self) -> Assessment | None:
        """Return how close it is to what no input of its run can exceed, None where that is unknown or slow to tell."""
        return standing(self.comparisons, self.size, self.target, self.kind_of_values, distinct=self.distinct)
