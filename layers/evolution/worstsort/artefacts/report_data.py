"""The report's figures as plain data: a pure function of what a run recorded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from worstsort.artefacts.go_test_file import champion_test
from worstsort.gosort.go_releases import NOT_IN_GO
from worstsort.gosort.ranks import dense_ranks
from worstsort.gosort.registry import find_target
from worstsort.plain_text import visible
from worstsort.runs.baselines import adversary_name
from worstsort.runs.results.history import history_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from worstsort.artefacts.scaling import Scaling
    from worstsort.artefacts.why import Why
    from worstsort.gosort import Assessment
    from worstsort.runs.records import GenerationRecord, IslandSeries, RunRecord
    from worstsort.runs.results.champion import Champion

MAX_POINTS = 800
"""Points of a curve: a screen shows no more."""

MAX_CURVES, MAX_EPOCHS_READ = 12, 200
"""Islands that get a curve of their own, and epochs read for each, so that the page of any run stays small."""

MAX_FILE_CHARACTERS = 500_000
"""The longest file that a page hands out; it holds the Go test for 100,000 integers."""

_SHARES = (0.5, 0.9, 0.99, 1.0)
"""Parts of the whole improvement at which a phase of the run ends."""

_STEEP_SHARE = 0.8
"""If this part of the improvement comes in the first tenth of the run, only a logarithmic axis shows it."""


_MAX_DRAWN_BOUND = 1.5
"""Upper bounds up to this multiple of the highest curve are drawn; one further up would flatten the curves."""


@dataclass(frozen=True)
class History:
    """A run's generations as curves, one entry per generation.

    Attributes:
        numbers: The generations' numbers.
        best: The best found so far.
        mean: The mean of the generation alone.
        evaluations: Evaluations so far.
    """

    numbers: list[int]
    best: list[int]
    mean: list[float]
    evaluations: list[int]

    @classmethod
    def of(cls, generations: Sequence[GenerationRecord]) -> History:
        """Make the curves of a run from the records of its generations, in order."""
        return cls(
            numbers=[record.generation for record in generations],
            best=list(accumulate((record.comparisons for record in generations), max)),
            mean=[record.mean for record in generations],
            evaluations=list(accumulate(record.generation_evaluations for record in generations)),
        )

    def reached(self, share: float) -> int:
        """Return the first entry at which this share of the whole improvement was reached."""
        goal = self.best[0] + share * (self.best[-1] - self.best[0])
        return next(i for i, best in enumerate(self.best) if best >= goal)

    def improvements(self) -> list[int]:
        """Return the entries that are better than the one before."""
        return [i for i in range(1, len(self.best)) if self.best[i] > self.best[i - 1]]


@dataclass(frozen=True)
class Recorded:
    """What a report is made from: all that is recorded of a run, or a sample where that would be much.

    Attributes:
        run: The run's record.
        champion: Its best input so far.
        generations: Bests of all generations, in order.
        series: Of a sample of islands and epochs, in any order.
    """

    run: RunRecord
    champion: Champion
    generations: Sequence[GenerationRecord]
    series: Sequence[IslandSeries]


def report_data(recorded: Recorded, scaling: Scaling, why: Why | None) -> dict[str, Any]:
    """Compute all figures of the page.

    Args:
        recorded: What they are computed from.
        scaling: Counts at other sizes.
        why: How the target sorts the champion, if that is known.
    """
    champion, history = recorded.champion, History.of(recorded.generations)
    found = recorded.generations[history.reached(1.0)]
    return {
        "run": _run(recorded),
        "champion": _champion(champion) | {"found_by": found.island, "found_in": found.generation},
        "ranks": dense_ranks(champion.values).tolist(),
        "roles": why.roles() if why else None,
        "convergence": convergence(history, recorded.series),
        "steep": history.reached(_STEEP_SHARE) < len(recorded.generations) / 10,
        "phases": phases(history),
        "scaling": scaling.as_json(),
        "config": champion.config,
        "files": files(champion, recorded.generations),
    }


def files(champion: Champion, generations: Sequence[GenerationRecord]) -> dict[str, str]:
    """Return the files that the page hands out, as a finished run leaves them, without those that are large."""
    made = {"champion.json": champion.model_dump_json(), "history.csv": history_csv(list(generations))}
    if find_target(champion.target).versions != NOT_IN_GO:
        made["champion_test.go"] = champion_test(champion)
    return {name: text for name, text in made.items() if len(text) <= MAX_FILE_CHARACTERS}


def _run(recorded: Recorded) -> dict[str, Any]:
    run, series = recorded.run, recorded.series
    machines = sorted({one.machine for one in series if one.machine})
    all_stretches = run.config.islands * run.epoch
    cpu_seconds = sum(one.cpu_seconds for one in series) * (all_stretches / len(series) if series else 0)
    return {
        "id": visible(run.run_id),
        "status": run.status.value,
        "started_at": run.started_at,
        "reason": visible(" ".join((run.reason or "").split())),  # it may quote an error
        "finished_at": run.finished_at or "",
        "epoch": run.epoch,
        "islands": run.config.islands,
        "seed": run.config.seed,
        "code_version": run.code_version,
        "machines": [visible(machine) for machine in machines],
        "cpu_seconds": round(cpu_seconds, 1),
        "cpu_is_estimated": all_stretches > len(series),
    }


def _champion(champion: Champion) -> dict[str, Any]:
    assessment = champion.assessment()
    bound = assessment.bound if assessment else None
    highest = max(champion.comparisons, champion.baselines.antiquicksort)
    return {
        "target": champion.target,
        "sort": find_target(champion.target).title,
        "size": champion.size,
        "kind": assessment.values if assessment else champion.kind_of_values,
        "comparisons": champion.comparisons,
        "generations": champion.generations,
        "evaluations": champion.evaluations,
        "random_mean": champion.baselines.random_mean,
        "antiquicksort": champion.baselines.antiquicksort,
        "adversary": adversary_name(champion.target),
        "n_log_n": champion.size * math.log2(champion.size),
        "upper_bound": bound,
        "upper_bound_drawn": bound is not None and bound < _MAX_DRAWN_BOUND * highest,
        "assessment": _in_words(assessment),
        "optimal": assessment is not None and assessment.optimal,
    }


def _in_words(assessment: Assessment | None) -> str | None:
    if assessment is None:
        return None
    return "proven optimal" if assessment.optimal else assessment.percent


def sample(count: int, most: int, always: Iterable[int] = ()) -> list[int]:
    """Pick at most `most` of 0..count-1, evenly spread, including the first and the last, and all of `always`."""
    spread = {round(i * (count - 1) / max(1, min(count, most) - 1)) for i in range(min(count, most))}
    return sorted(spread | {index for index in always if 0 <= index < count})


def convergence(history: History, series: Sequence[IslandSeries]) -> dict[str, Any]:
    """Return best so far and mean by generation, over all islands and for each in `series`; None where unknown."""
    # Improvements are kept besides the even grid, so that a rare late one stays where it happened.
    kept = sample(len(history.best), MAX_POINTS, history.improvements()[-MAX_POINTS // 2 :])
    numbers = [history.numbers[i] for i in kept]
    return {
        "generation": numbers,
        "best": [history.best[i] for i in kept],
        "mean": [history.mean[i] for i in kept],
        "evaluations": [history.evaluations[i] for i in kept],
        "islands": {str(island): curve for island, curve in sorted(_curves(series, numbers).items())},
    }


def _curves(series: Sequence[IslandSeries], numbers: Sequence[int]) -> dict[int, list[int | None]]:
    curves: dict[int, dict[int, int]] = {}
    for epoch in sorted(series, key=lambda epoch: (epoch.island, epoch.epoch)):
        curve = curves.setdefault(epoch.island, {})
        best_so_far = max(curve.values(), default=0)
        for generation, best in enumerate(epoch.best, start=epoch.first_generation):
            best_so_far = max(best_so_far, best)
            curve[generation] = best_so_far
    return {island: [curve.get(number) for number in numbers] for island, curve in curves.items()}


def phases(history: History) -> list[dict[str, Any]]:
    """Split the evaluations into those up to 50, 90, 99 and 100 percent of the improvement, and those after it."""
    rows, before = [], 0
    for share in _SHARES:
        index = history.reached(share)
        name = f"to {100 * share:.0f} % of the improvement" if share < 1 else "to the best"
        rows.append(_phase(name, history, index, before))
        before = history.evaluations[index]
    return [*rows, _phase("after the best was found", history, -1, before)]


def _phase(name: str, history: History, index: int, evaluations_before: int) -> dict[str, Any]:
    return {
        "name": name,
        "evaluations": history.evaluations[index] - evaluations_before,
        "until_generation": history.numbers[index],
        "best": history.best[index],
    }
