"""What the report shows, as plain data: a pure function of what a run recorded."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from worstsort.artefacts.scaling import Scaling
    from worstsort.runs.champion import Champion
    from worstsort.runs.records import GenerationRecord, IslandSeries, RunRecord

MOST_POINTS = 800
"""Points of a curve at most: a screen shows no more."""

MOST_ISLANDS, MOST_EPOCHS = 12, 200
"""Islands that get a curve of their own, and epochs that are read of each, so that any run's page stays small."""

_SHARES = (0.5, 0.9, 0.99, 1.0)


def report_data(
    run: RunRecord,
    champion: Champion,
    generations: Sequence[GenerationRecord],
    series: Sequence[IslandSeries],
    scaling: Scaling,
) -> dict[str, Any]:
    """All figures of the page.

    Args:
        run: The run's record.
        champion: Its best input so far.
        generations: Bests of all generations, in order.
        series: Of the islands and epochs in `sample`, in any order.
        scaling: Counts at other sizes.
    """
    n, base = champion.size, champion.baselines
    first = max(generations, key=lambda one: (one.comparisons, -one.generation))
    return {
        "run": {"id": run.run_id, "status": run.status.value, "started_at": run.started_at, "reason": run.reason or "",
                "finished_at": run.finished_at or "", "epoch": run.epoch, "islands": run.config.islands,
                "code_version": run.code_version},
        "champion": {"target": champion.target, "size": n, "comparisons": champion.comparisons,
                     "generations": champion.generations, "evaluations": champion.evaluations,
                     "random_mean": base.random_mean, "antiquicksort": base.antiquicksort,
                     "n_log_n": n * math.log2(n), "upper_bound": bound(champion),
                     "standing": in_words(champion),
                     "found_by": first.island, "found_in": first.generation},
        "ranks": ranks(champion.values),
        "convergence": convergence(generations, series),
        "steep": steep(generations),
        "phases": phases(generations),
        "scaling": scaling.as_json(),
        "config": champion.config,
    }  # fmt: skip


def bound(champion: Champion) -> int | None:
    """Comparisons that no input of this size can exceed, where that is known and soon told."""
    assessment = champion.assessment()
    return assessment.bound if assessment else None


def in_words(champion: Champion) -> str | None:
    """What part of that bound the champion reaches, if the bound is known; never rounded up."""
    assessment = champion.assessment()
    if assessment is None:
        return None
    return "proven optimal" if assessment.optimal else assessment.percent


def sample(count: int, most: int, always: Iterable[int] = ()) -> list[int]:
    """At most `most` of 0..count-1, evenly spread, the first and the last among them, and `always` besides."""
    spread = {round(i * (count - 1) / max(1, min(count, most) - 1)) for i in range(min(count, most))}
    return sorted(spread | {one for one in always if 0 <= one < count})


def ranks(values: Sequence[int]) -> list[int]:
    """Dense ranks: what every sort sees of the values."""
    _, dense = np.unique(np.asarray(values, dtype=np.int64), return_inverse=True)
    return [int(rank) for rank in dense]


def convergence(generations: Sequence[GenerationRecord], series: Sequence[IslandSeries]) -> dict[str, Any]:
    """Best so far and mean by generation, over all islands and for each of those in `series`; None where unknown."""
    best = list(accumulate((one.comparisons for one in generations), max))
    evaluations = list(accumulate(one.evaluations for one in generations))
    # Improvements are kept beside the even grid, so that a rare late one is where it happened.
    rises = [i for i in range(1, len(best)) if best[i] > best[i - 1]][-MOST_POINTS // 2 :]
    kept = sample(len(best), MOST_POINTS, rises)
    at = [generations[i].generation for i in kept]
    return {
        "generation": at,
        "best": [best[i] for i in kept],
        "mean": [generations[i].mean for i in kept],
        "evaluations": [evaluations[i] for i in kept],
        "islands": {str(island): curve for island, curve in sorted(_curves(series, at).items())},
    }


def steep(generations: Sequence[GenerationRecord]) -> bool:
    """Whether most of the improvement came in the first tenth of the run, so that only a logarithm shows it."""
    first, last = generations[0].comparisons, max(one.comparisons for one in generations)
    goal = first + 0.8 * (last - first)
    reached = next(i for i, one in enumerate(generations) if one.comparisons >= goal)
    return reached < len(generations) / 10


def _curves(series: Sequence[IslandSeries], at: Sequence[int]) -> dict[int, list[int | None]]:
    known: dict[int, dict[int, int]] = {}
    for one in sorted(series, key=lambda each: (each.island, each.epoch)):
        mine, so_far = known.setdefault(one.island, {}), max(known[one.island].values(), default=0)
        for generation, best in enumerate(one.best, start=one.first_generation):
            so_far = max(so_far, best)
            mine[generation] = so_far
    return {island: [mine.get(generation) for generation in at] for island, mine in known.items()}


def phases(generations: Sequence[GenerationRecord]) -> list[dict[str, Any]]:
    """Where the evaluations went: those until 50, 90, 99 and 100 percent of the improvement, and those after it."""
    best = list(accumulate((one.comparisons for one in generations), max))
    spent = list(accumulate(one.evaluations for one in generations))
    first, last = best[0], best[-1]
    rows, before = [], 0
    for share in _SHARES:
        goal = first + share * (last - first)
        reached = next(i for i, value in enumerate(best) if value >= goal)
        name = f"to {share:.0%} of the improvement" if share < 1 else "to the best"
        rows.append(_phase(name, spent[reached] - before, generations[reached].generation, best[reached]))
        before = spent[reached]
    return [*rows, _phase("after the best was found", spent[-1] - before, generations[-1].generation, last)]


def _phase(name: str, evaluations: int, generation: int, best: int) -> dict[str, Any]:
    return {"name": name, "evaluations": evaluations, "until_generation": generation, "best": best}
