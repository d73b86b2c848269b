"""Worstsort: evolves the inputs on which Go's sort makes the most comparisons, and counts those exactly.

    import worstsort

    worstsort.count([1, 6, 3, 4, 5, 2], target="go1.12")
    worstsort.evolve(target="go1.24", size=100).values

A name is imported when it is first used, so that a function in the cloud pays for nothing that it does not need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort import lazy

if TYPE_CHECKING:
    from worstsort.genetic import PRESETS, InvalidFitness
    from worstsort.genetic import register as register_operator
    from worstsort.gosort import (
        TARGETS,
        Assessment,
        InvalidInput,
        InvalidTarget,
        Target,
        UnknownTarget,
        assess,
        constructed,
        find_target,
        freeze,
        proven_maximum,
        upper_bound,
    )
    from worstsort.gosort import register as register_target
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
    "InvalidTarget",
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
    "register_target",
    "upper_bound",
]

__getattr__, __dir__ = lazy.names(
    __name__,
    {
        "worstsort.library.counting": ("antiquicksort", "count", "count_population"),
        "worstsort.library.evolving": ("Evolved", "evolve"),
        "worstsort.genetic": ("PRESETS", "InvalidFitness", "register_operator=register"),
        "worstsort.runs.errors": ("InputRefused",),
        "worstsort.gosort": (
            "TARGETS", "Assessment", "InvalidInput", "InvalidTarget", "Target", "UnknownTarget", "assess",
            "constructed", "find_target", "freeze", "proven_maximum", "register_target=register", "upper_bound",
        ),
    },
    always=["__version__"],
)  # fmt: skip
