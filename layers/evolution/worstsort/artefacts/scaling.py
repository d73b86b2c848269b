"""How a sort's comparisons grow with the size of the input, compared with n log2 n."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from worstsort.gosort import antiquicksort, count_plain
from worstsort.runs.baselines import random_sample

if TYPE_CHECKING:
    from worstsort.runs.champion import Champion

_SIZES = (5, 10, 20, 50, 100, 200, 500, 1000)
_MAX_INPUTS = 5
"""Random inputs counted at each size; at the champion's own size its baselines took more."""

_MAX_SIZE = 1000
"""The largest size counted here; it takes plain Python half a second."""


@dataclass(frozen=True)
class Scaling:
    """Comparisons at several sizes; the last size is the champion's."""

    sizes: list[int]
    random: list[float]
    antiquicksort: list[int]
    n_log_n: list[float]

    def as_json(self) -> dict[str, Any]:
        """Return it as the page reads it."""
        return asdict(self)


def measure(champion: Champion) -> Scaling:
    """Count random inputs and antiquicksort below the champion's size; at its own size its baselines are known."""
    sizes = [size for size in _SIZES if size < min(champion.size, _MAX_SIZE + 1)]
    samples = [
        random_sample(size, champion.target, champion.seed, champion.islands, max_inputs=_MAX_INPUTS) for size in sizes
    ]
    adversary = [count_plain(antiquicksort(size, champion.target), champion.target) for size in sizes]
    return Scaling(
        sizes=[*sizes, champion.size],
        random=[*(sample.mean for sample in samples), champion.baselines.random_mean],
        antiquicksort=[*adversary, champion.baselines.antiquicksort],
        n_log_n=[round(size * math.log2(size), 1) for size in [*sizes, champion.size]],
    )
