"""Worstsort: evolves the inputs on which Go's sort makes the most comparisons, and counts those exactly.

    import worstsort

    worstsort.count([1, 6, 3, 4, 5, 2], target="go1.12")
    worstsort.evolve(target="go1.24", size=100).values

A name is imported when it is first used, so that a function in the cloud pays for nothing that it does not need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from worstsort.genetic import PRESETS, InvalidFitness
    from worstsort.genetic import register as register_operator
    from worstsort.gosort import (
        TARGETS,
        Assessment,
        InvalidInput,
        Target,
        UnknownTarget,
        assess,
        constructed,
        find_target,
        freeze,
        proven_maximum,
        upper_bound,
    )
    from worstsort.library.counting import antiquicksort, count, count_population
    from worstsort.library.evolving import Evolved, evolve
    from worstsort.runs.errors import InputRefused

__version__ = "0.1.0"

__all__ = [
    "PRESETS",
    "TARGETS",
    "Assessment",
    "Evolved",
    "InputRefused",
    "InvalidFitness",
    "InvalidInput",
    "Target",
    "UnknownTarget",
    "__version__",
    "antiquicksort",
    "assess",
    "constructed",
    "count",
    "count_population",
    "evolve",
    "find_target",
    "freeze",
    "proven_maximum",
    "register_operator",
    "upper_bound",
]

_HOMES = {
    **dict.fromkeys(("antiquicksort", "count", "count_population"), "worstsort.library.counting"),
    **dict.fromkeys(("Evolved", "evolve"), "worstsort.library.evolving"),
    **dict.fromkeys(("PRESETS", "InvalidFitness", "register_operator"), "worstsort.genetic"),
    "InputRefused": "worstsort.runs.errors",
}
"""Where the names come from; all others from gosort."""

_ORIGINALS = {"register_operator": "register"}
"""What names are called there, where that is not the same."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(_HOMES.get(name, "worstsort.gosort"))
    return getattr(home, _ORIGINALS.get(name, name))


def __dir__() -> list[str]:
    return sorted(__all__)
