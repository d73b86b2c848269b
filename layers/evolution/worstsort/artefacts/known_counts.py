"""What constructions and the best known inputs cost at the sizes that reports compare, counted once and for all.

Building them takes plain Python seconds; tests/unit/artefacts/test_known_counts.py builds and counts them again.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CONSTRUCTED: Mapping[str, Mapping[int, int]] = MappingProxyType(
    {
        "go1.12": {5: 10, 10: 37, 20: 151, 50: 803, 100: 2378, 200: 6816, 500: 23040, 1000: 54291},
        "go1.19": {5: 10, 10: 45, 20: 100, 50: 644, 100: 2970, 200: 6421, 500: 22591, 1000: 60385},
        "go1.24": {5: 10, 10: 45, 20: 100, 50: 669, 100: 3009, 200: 6363, 500: 22666, 1000: 60512},
        "stable": {5: 10, 10: 45, 20: 190, 50: 535, 100: 1308, 200: 2955, 500: 8512, 1000: 18761},
        "heapsort": {5: 12, 10: 44, 20: 129, 50: 462, 100: 1131, 200: 2672, 500: 7953, 1000: 17926},
    }
)
"""Comparisons of `constructed(size, target)`, by target and size; its items are distinct."""

FOUND: Mapping[tuple[str, str], Mapping[int, int]] = MappingProxyType(
    {
        ("go1.19", "distinct"): {100: 3100, 200: 7822, 500: 26030, 1000: 64103},
        ("go1.19", "any"): {100: 3100, 200: 8099, 500: 32683, 1000: 80145},
        ("go1.24", "distinct"): {100: 3132, 200: 8092, 500: 26075, 1000: 64441},
        ("go1.24", "any"): {100: 3132, 200: 8170, 500: 33556, 1000: 82946},
    }
)
"""Comparisons of the best inputs that long searches have found, by target and kind of values, where no construction has
as many."""


def best_known(size: int, target: str, values: str) -> int | None:
    """Return the comparisons of the worst input that is known, built or found; None at sizes that are not listed.

    Args:
        size: Integers in the input.
        target: A target's name.
        values: "distinct", or "any" for inputs of either kind.
    """
    listed = [CONSTRUCTED.get(target, {}), FOUND.get((target, values), {}), FOUND.get((target, "distinct"), {})]
    return max((counts[size] for counts in listed if size in counts), default=None)
