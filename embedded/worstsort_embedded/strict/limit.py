"""One limit or form of one field, with AWS's sentence for it and where that stands."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sized

Kind = Literal["at most", "at least", "longest", "shortest", "form", "one of", "type"]


@dataclass(frozen=True)
class Limit:
    """A limit or form of a field.

    Attributes:
        kind: what is limited: a number ("at most", "at least"), a length in characters or items ("longest",
            "shortest"), the text ("form", a regular expression, and "one of"), or that a number is whole ("type").
        value: the number, the expression, the accepted texts, or the name of the type.
        sentence: AWS's words for it, or the constraint as it stands in the service description.
        source: where that stands.
    """

    kind: Kind
    value: float | str | tuple[str, ...]
    sentence: str
    source: str

    def accepts(self, given: Any) -> bool:
        """Return whether a value keeps the limit; one of another type is not its business."""
        if isinstance(self.value, int | float):
            return self._accepts_size(given, self.value)
        if isinstance(self.value, tuple):
            return not isinstance(given, str | int | float) or str(given) in self.value
        if self.kind == "type":
            return isinstance(given, int) or (isinstance(given, float) and given.is_integer())
        if not isinstance(given, str):
            return True
        form = _form(self.value)
        return form is None or form.fullmatch(given) is not None

    def _accepts_size(self, given: Any, bound: float) -> bool:
        if self.kind in {"at most", "at least"}:
            if isinstance(given, bool) or not isinstance(given, int | float):
                return True
            return given <= bound if self.kind == "at most" else given >= bound
        sized: Sized | None = given if isinstance(given, str | bytes | list | tuple | dict) else None
        if sized is None:
            return True
        return len(sized) <= bound if self.kind == "longest" else len(sized) >= bound

    def __str__(self) -> str:
        """Return the limit in the words in which AWS's services refuse what breaks it."""
        if isinstance(self.value, tuple):
            return f"Member must satisfy enum value set: [{', '.join(self.value)}]"
        if self.kind == "type":
            return f"Member must be a whole number, of type {self.value}"
        if isinstance(self.value, str):
            return f"Member must satisfy regular expression pattern: {self.value}"
        what = "value" if self.kind in {"at most", "at least"} else "length"
        comparison = "less" if self.kind in {"at most", "longest"} else "greater"
        return f"Member must have {what} {comparison} than or equal to {self.value}"


_CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\d", r"\p{Z}": r"\s", r"\p{IsDigit}": r"\d", r"\p{ASCII}": r"\x00-\x7f"}
"""Java's classes of characters, and what comes nearest in Python; none is narrower."""


@cache
def _form(expression: str) -> re.Pattern[str] | None:
    """Compile an expression of a service description, which is Java's; None where it cannot be read."""
    for theirs, ours in _CLASSES.items():
        expression = expression.replace(theirs, ours)
    try:
        with warnings.catch_warnings(action="ignore"):
            return re.compile(expression)
    except re.error:
        return None
