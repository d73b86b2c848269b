"""How a sort's comparisons grow with the size of the input, compared with n log2 n."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from worstsort.artefacts.known_counts import CONSTRUCTED, best_known
from worstsort.gosort import upper_bound
from worstsort.runs.baselines import adversary_count, random_sample

if TYPE_CHECKING:
    from worstsort.runs.results.champion import Champion

_SIZES = (5, 10, 20, 50, 100, 200, 500, 1000)
_MAX_INPUTS = 5
"""Random inputs counted at each size; at the champion's own size its baselines took more."""

_MAX_SIZE = 1000
"""The largest size counted here; it takes plain Python half a second."""


@dataclass(frozen=True)
class Scaling:
    """Comparisons at several sizes; the last size is the champion's. None where nothing is known.

    Attributes:
        sizes: Of the inputs.
        random: The mean of random inputs.
        antiquicksort: McIlroy's adversary, or the worst of some fixed games for a foreign sort.
        constructed: The construction for the target.
        known: The worst input that is known, built or found.
        bound: What no input exceeds.
        n_log_n: What a good sort needs, up to a constant.
    """

    sizes: list[int]
    random: list[float]
    antiquicksort: list[int]
    constructed: list[int | None]
    known: list[int | None]
    bound: list[int | None]
    n_log_n: list[float]

    def as_json(self) -> dict[str, Any]:
        """Return it as the page reads it."""
        return asdict(self)


def measure(champion: Champion) -> Scaling:
    """Count random inputs and antiquicksort below the champion's size; at its own size its baselines are known."""
    target, found = champion.target, champion.assessment()
    kind = found.values if found else champion.kind_of_values
    smaller = [size for size in _SIZES if size < min(champion.size, _MAX_SIZE + 1)]
    samples = [random_sample(size, target, champion.seed, champion.islands, max_inputs=_MAX_INPUTS) for size in smaller]
    adversary = [adversary_count(size, target) for size in smaller]
    sizes = [*smaller, champion.size]
    return Scaling(
        sizes=sizes,
        random=[*(sample.mean for sample in samples), champion.baselines.random_mean],
        antiquicksort=[*adversary, champion.baselines.antiquicksort],
        constructed=[CONSTRUCTED.get(target, {}).get(size) for size in sizes],
        known=[best_known(size, target, kind) for size in sizes],
        bound=[*(upper_bound(size, target, kind) for size in smaller), found.bound if found else None],
        n_log_n=[round(size * math.log2(size), 1) for size in sizes],
    )
