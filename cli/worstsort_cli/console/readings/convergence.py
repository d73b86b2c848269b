"""A run's convergence: bests by generation, over all islands and for some of them, beside baselines and bound."""

from __future__ import annotations

import csv
import io
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from worstsort.analysis import cells
from worstsort.artefacts.report_data import MAX_CURVES, History, convergence, sample
from worstsort.runs.baselines import adversary_name, baselines
from worstsort.runs.records import GenerationRecord
from worstsort_cli.console.readings.computed import Computed
from worstsort_cli.console.readings.portions import FIRST, Portions, coarse_first, thinned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from worstsort.runs.baselines import Baselines
    from worstsort.runs.config import RunConfig
    from worstsort.runs.records import IslandSeries, RunRecord
    from worstsort_cli.clouds.deployment import Deployment

_MAX_GENERATIONS, _MAX_EPOCHS = 1600, 128
"""Generations that are drawn, twice as many as the page has points for, and epochs of each island's curve."""

NO_CURVES: dict[str, Any] = {
    "generation": [], "best": [], "mean": [], "evaluations": [], "islands": {}, "whole": True, "every": 1,
}  # fmt: skip
"""The curves of a run before its first epoch has closed."""

_FIELDS: Mapping[str, Callable[[str], float]] = {
    "generation": cells.count, "comparisons": cells.count, "island": cells.count, "mean": cells.measure,
    "evaluations": cells.count,
}  # fmt: skip
"""What reads a cell of each column of history.csv."""


class Convergence:
    """The generations and series of one run in a cloud, read in portions, and on from where the last reading ended."""

    def __init__(self) -> None:
        self._portions = Portions()
        self._generations: dict[int, GenerationRecord] = {}
        self._series: dict[tuple[int, int], IslandSeries] = {}
        self._asked: set[int | tuple[int, int]] = set()

    def read(self, deployment: Deployment, run: RunRecord) -> dict[str, Any]:
        """Take the next portion, and return the curves by all that has been read so far."""
        store, most = deployment.store, self._portions.next()
        numbers, pairs = _drawn_generations(run), drawn_series(run)
        generations = [number for number in numbers if number not in self._asked][:most]
        series = [pair for pair in pairs if pair not in self._asked][: max(FIRST, most - len(generations))]
        self._generations |= {found.generation: found for found in store.some_generations(run.run_id, generations)}
        self._series |= {(found.island, found.epoch): found for found in store.some_series(run.run_id, series)}
        self._asked |= {*generations, *series}  # one that was not there has expired, and will not come
        drawn = [self._generations[number] for number in sorted(numbers) if number in self._generations]
        shown = [self._series[pair] for pair in pairs if pair in self._series]
        whole = self._asked.issuperset([*numbers, *pairs])
        found = convergence(_history(drawn, run), shown) if drawn else NO_CURVES
        return found | {"whole": whole, "every": _thinned(run).step}


def drawn_series(run: RunRecord) -> list[tuple[int, int]]:
    """Return the islands and epochs whose series are drawn of a run, in the order in which they are read."""
    spread = [run.generations, *coarse_first(thinned(run.generations, _MAX_EPOCHS))]
    epochs = dict.fromkeys(min(run.epoch, -(-number // run.config.generations_per_epoch)) for number in spread)
    islands = sample(run.config.islands, MAX_CURVES, [run.best_island or 0])
    return [(island, epoch) for epoch in epochs if epoch for island in islands]


def _drawn_generations(run: RunRecord) -> list[int]:
    return list(dict.fromkeys([run.generations, *coarse_first(_thinned(run))])) if run.epoch else []


def _thinned(run: RunRecord) -> range:
    return thinned(run.generations, _MAX_GENERATIONS)


def _history(drawn: Sequence[GenerationRecord], run: RunRecord) -> History:
    """Return a run's curves by those of its generations that were read, each of which stands for those before it."""
    numbers = [record.generation for record in drawn]
    gaps = [1, *(after - before for before, after in pairwise(numbers))]
    counted = list(accumulate(gap * record.generation_evaluations for gap, record in zip(gaps, drawn, strict=True)))
    scale = run.evaluations / counted[-1] if max(gaps) > 1 and counted[-1] else 1
    best = list(accumulate((record.comparisons for record in drawn), max))
    best[-1] = max(best[-1], run.best or 0)
    return History(numbers, best, [record.mean for record in drawn], [round(scale * count) for count in counted])


def of_csv(run_id: str, text: str) -> dict[str, Any]:
    """Return the curves that a finished run's history.csv holds; raises ValueError if it is damaged."""
    try:
        records = [
            GenerationRecord.model_validate(
                {name: read(row[name]) for name, read in _FIELDS.items()} | {"run_id": run_id}
            )
            for row in csv.DictReader(io.StringIO(text))
        ]
    except (LookupError, TypeError, csv.Error) as error:  # a column or a cell is missing, or it is no table
        raise ValueError(f"it is not the history of a run: {error}") from error
    return convergence(History.of(records), []) | {"whole": True, "every": 1} if records else NO_CURVES


class AllBaselines:
    """Random inputs, and what the adversary leads to, for the runs that are shown."""

    def __init__(self) -> None:
        self._configs: dict[str, RunConfig] = {}
        self._counted: Computed[str, Baselines] = Computed(lambda key: baselines(self._configs[key]))

    def of(self, config: RunConfig) -> dict[str, Any]:
        """Return the baselines of a configuration, None as long as they are not counted."""
        key = f"{config.target} {config.size} {config.seed} {config.islands}"
        self._configs.setdefault(key, config)
        found = self._counted.get(key)
        return {
            "random_mean": found.random_mean if found else None,
            "antiquicksort": found.antiquicksort if found else None,
            "adversary": adversary_name(config.target),
        }
