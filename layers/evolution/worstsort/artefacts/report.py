"""The report: one self-contained page that any browser opens offline."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, Any

from worstsort.artefacts import scaling
from worstsort.artefacts.pictures import champion_svg
from worstsort.artefacts.report_data import MAX_CURVES, MAX_EPOCHS_READ, report_data, sample
from worstsort.artefacts.report_pictures import convergence_svg
from worstsort.runs.champion import crown
from worstsort.runs.errors import EpochIncomplete

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort.runs.champion import Champion
    from worstsort.runs.records import GenerationRecord, RunRecord
    from worstsort.storage.run_store import RunStore


@dataclass(frozen=True)
class Report:
    """A run's figures, as a page and as a picture."""

    data: dict[str, Any]
    values: Sequence[int]

    def page(self) -> str:
        """Return the whole page as HTML."""
        return page(self.data, self.values)

    def picture(self) -> str:
        """Return its convergence as SVG."""
        return convergence_svg(self.data)


def of_run(store: RunStore, run_id: str) -> Report:
    """Make the report of a recorded run, finished or not.

    Raises:
        RunNotFound: There is no such run.
        EpochIncomplete: None of its epochs is closed yet.
    """
    run = store.run(run_id)
    closed = store.last_epoch(run)
    if closed is None:
        raise EpochIncomplete(run_id, 1, list(range(run.config.islands)))
    champion = crown(run, closed, store.populations.checkpoint(run_id, closed.best_island, closed.epoch).state)
    return of_champion(store, run, champion, store.generations(run_id))


def of_champion(store: RunStore, run: RunRecord, champion: Champion, generations: Sequence[GenerationRecord]) -> Report:
    """Make the report of a champion and its run's records; reads a sample of what the islands recorded."""
    islands = sample(run.config.islands, MAX_CURVES, [run.best_island or 0])
    epochs = [index + 1 for index in sample(run.epoch, MAX_EPOCHS_READ)]
    series = store.some_series(run.run_id, [(island, epoch) for island in islands for epoch in epochs])
    data = report_data(run, champion, generations, series, scaling.measure(champion))
    return Report(data, champion.values)


def page(data: dict[str, Any], values: Sequence[int]) -> str:
    """Render the page; `values` are the champion's, for readers without scripts."""
    champion = data["champion"]
    config = json.dumps(data["config"], indent=2)
    return Template(_asset("report.html")).substitute(
        title=escape(f"{data['run']['id']}: {champion['comparisons']:,} comparisons"),
        css=_asset("uPlot.min.css") + _asset("report.css"),
        license=_asset("uPlot.LICENSE").replace("--", "- -"),
        uplot=_asset("uPlot.iife.min.js"),
        js=_asset("report.js"),
        # Escaped, "<" cannot end the script element early; to JSON it means the same.
        data=json.dumps(data, separators=(",", ":")).replace("<", "\\u003c"),
        run_id=escape(data["run"]["id"]),
        config=escape(config),
        convergence=convergence_svg(data),
        picture=champion_svg(values, champion["target"], champion["comparisons"]),
    )


def _asset(name: str) -> str:
    return (resources.files("worstsort.artefacts") / "assets" / name).read_text(encoding="utf-8")
