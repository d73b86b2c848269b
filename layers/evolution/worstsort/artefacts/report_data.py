"""The report's figures as plain data: a pure function of what a run recorded."""

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

MAX_POINTS = 800
"""Points of a curve: a screen shows no more."""

MAX_CURVES, MAX_EPOCHS_READ = 12, 200
"""Islands that get a curve of their own, and epochs read for each, so that the page of any run stays small."""

_SHARES = (0.5, 0.9, 0.99, 1.0)


def report_data(
    run: RunRecord,
    champion: Champion,
    generations: Sequence[GenerationRecord],
    series: Sequence[IslandSeries],
    scaling: Scaling,
) -> dict[str, Any]:
    """Compute all figures of the page.

    Args:
        run: The run's record.
        champion: Its best input so far.
        generations: Bests of all generations, in order.
        series: Of a sample of islands and epochs, in any order.
        scaling: Counts at other sizes.
    """
    n, base = champion.size, champion.baselines
    first = max(generations, key=lambda record: (record.comparisons, -record.generation))
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
    """Return the upper bound for the champion's size, or None where it is unknown or slow to compute."""
    assessment = champion.assessment()
    return assessment.bound if assessment else None


def in_words(champion: Champion) -> str | None:
    """Say what share of the bound the champion reaches, never rounded up; None where no bound is known."""
    assessment = champion.assessment()
    if assessment is None:
        return None
    return "proven optimal" if assessment.optimal else assessment.percent


def sample(count: int, most: int, always: Iterable[int] = ()) -> list[int]:
    """Pick at most `most` of 0..count-1, evenly spread, including the first and the last, and all of `always`."""
    spread = {round(i * (count - 1) / max(1, min(count, most) - 1)) for i in range(min(count, most))}
    return sorted(spread | {index for index in always if 0 <= index < count})


def ranks(values: Sequence[int]) -> list[int]:
    """Return dense ranks, which are all that a sort sees of the values."""
    _, dense = np.unique(np.asarray(values, dtype=np.int64), return_inverse=True)
    return [int(rank) for rank in dense]


def convergence(generations: Sequence[GenerationRecord], series: Sequence[IslandSeries]) -> dict[str, Any]:
    """Return best so far and mean by generation, over all islands and for each in `series`; None where unknown."""
    best = list(accumulate((record.comparisons for record in generations), max))
    evaluations = list(accumulate(record.generation_evaluations for record in generations))
    # Improvements are kept besides the even grid, so that a rare late one stays where it happened.
    rises = [i for i in range(1, len(best)) if best[i] > best[i - 1]][-MAX_POINTS // 2 :]
    kept = sample(len(best), MAX_POINTS, rises)
    at = [generations[i].generation for i in kept]
    return {
        "generation": at,
        "best": [best[i] for i in kept],
        "mean": [generations[i].mean for i in kept],
        "evaluations": [evaluations[i] for i in kept],
        "islands": {str(island): curve for island, curve in sorted(_curves(series, at).items())},
    }


def steep(generations: Sequence[GenerationRecord]) -> bool:
    """Tell whether most of the improvement came in the first tenth of the run, so that only a log axis shows it."""
    first, last = generations[0].comparisons, max(record.comparisons for record in generations)
    goal = first + 0.8 * (last - first)
    reached = next(i for i, record in enumerate(generations) if record.comparisons >= goal)
    return reached < len(generations) / 10


def _curves(series: Sequence[IslandSeries], at: Sequence[int]) -> dict[int, list[int | None]]:
    curves: dict[int, dict[int, int]] = {}
    for epoch in sorted(series, key=lambda epoch: (epoch.island, epoch.epoch)):
        curve = curves.setdefault(epoch.island, {})
        best_so_far = max(curve.values(), default=0)
        for generation, best in enumerate(epoch.best, start=epoch.first_generation):
            best_so_far = max(best_so_far, best)
            curve[generation] = best_so_far
    return {island: [curve.get(generation) for generation in at] for island, curve in curves.items()}


def phases(generations: Sequence[GenerationRecord]) -> list[dict[str, Any]]:
    """Split the evaluations into those up to 50, 90, 99 and 100 percent of the improvement, and those after it."""
    best = list(accumulate((record.comparisons for record in generations), max))
    spent = list(accumulate(record.generation_evaluations for record in generations))
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
