"""The report: one self-contained page that any browser opens offline."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worstsort.artefacts import project_pages, scaling
from worstsort.artefacts import report_words as words
from worstsort.artefacts.fragments import bars, contents, figures, heading, table, text, text_lines
from worstsort.artefacts.pictures import champion_svg
from worstsort.artefacts.report_data import MAX_CURVES, MAX_EPOCHS_READ, Recorded, report_data, sample
from worstsort.artefacts.report_pictures import convergence_svg
from worstsort.artefacts.self_contained import render
from worstsort.artefacts.timeline import Timeline
from worstsort.artefacts.why import Why
from worstsort.runs.errors import EpochIncomplete
from worstsort.runs.results.crowning import crown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort.runs.records import GenerationRecord, RunRecord
    from worstsort.runs.results.champion import Champion
    from worstsort.storage.run_store import RunStore


@dataclass(frozen=True)
class Report:
    """A run's figures, as a page and as a picture.

    Attributes:
        data: The figures, as `report_data` returns them.
        values: The champion.
        why: How the target sorts it, if that is known.
        timeline: When the islands evolved, if that was recorded.
    """

    data: dict[str, Any]
    values: Sequence[int]
    why: Why | None = None
    timeline: Timeline | None = None

    def page(self) -> str:
        """Return the whole page as HTML."""
        return page(self)

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
    return of_records(Recorded(run, champion, generations, series))


def of_records(recorded: Recorded) -> Report:
    """Make the report from what is recorded: equal records, equal pages."""
    champion, why = recorded.champion, Why.of(recorded.champion)
    data = report_data(recorded, scaling.measure(champion), why)
    return Report(data, champion.values, why, Timeline.of(recorded.series, recorded.run.epoch))


def page(report: Report) -> str:
    """Render the page; it holds everything in words and tables, and static pictures for readers without scripts."""
    data, champion = report.data, report.data["champion"]
    sections = _sections(report)
    headings = {f"{name}_h": heading(name, words) for name, words in sections}
    parts = dict(
        headings,
        title=text(f"{champion['comparisons']:,} comparisons: {champion['size']:,} integers on {champion['sort']}"),
        run_id=text(data["run"]["id"]),
        headline=text(words.headline(data)),
        lead=text(words.lead(data)),
        facts=figures(words.facts(data), "facts", "proven optimal"),
        scale=bars(words.scale(data)),
        tiles=figures(words.tiles(data), "tiles"),
        contents=contents(sections),
        convergence_text=text(words.convergence(data)),
        convergence=convergence_svg(data),
        convergence_table=table(["generation", "best so far", "mean", "evaluations"], words.convergence_rows(data)),
        why=_why(report),
        champion_text=text(words.champion(data)),
        roles=report.why.roles_legend() if report.why else "",
        picture=champion_svg(report.values, champion["target"], champion["comparisons"]),
        ranks=", ".join(map(str, data["ranks"])),
        scaling_text=text(words.scaling(data)),
        scaling_table=words.scaling_table(data),
        effort=_effort(report),
        timeline=_timeline(report),
        config=text_lines(json.dumps(data["config"], indent=2)),
        version=text(words.version(data)),
        pages=project_pages.listed(project_pages.documentation()),
    )
    return render("report", data, parts)


def _sections(report: Report) -> list[tuple[str, str]]:
    """Return the name and the heading of each section that this page has."""
    wanted = (
        ("convergence", "Convergence", True),
        ("why", "Why it is bad", report.why),
        ("champion", "The champion", True),
        ("scaling", "Compared with n log\N{SUBSCRIPT TWO} n", True),
        ("effort", "Where the evaluations went", _has_improved(report)),
        ("timeline", "Epochs and islands", report.timeline),
        ("again", "How to reproduce it", True),
    )
    return [(name, words) for name, words, is_there in wanted if is_there]


def _why(report: Report) -> str:
    if not (why := report.why):
        return ""
    return (
        f'<section aria-labelledby="why-h">{heading("why", "Why it is bad")}<p>{text(why.sentence())}</p>{why.legend()}'
        f"{why.trees()}<h3>Comparisons by what they are made for</h3>{why.bars()}</section>"
    )


def _has_improved(report: Report) -> bool:
    """Return whether evolution found more than the first population had; if not, no evaluation brought anything."""
    bests = report.data["convergence"]["best"]
    return bool(bests[0] < bests[-1])


def _effort(report: Report) -> str:
    if not _has_improved(report):
        return ""
    return (
        f'<section aria-labelledby="effort-h">{heading("effort", "Where the evaluations went")}'
        f"<p>{text(words.effort(report.data))}</p>{bars(words.effort_bars(report.data))}<h3>Best by evaluations</h3>"
        '<figure><div id="effort" class="chart scripted"></div></figure>'
        '<p id="effort-values" class="unseen" role="status"></p></section>'
    )


def _timeline(report: Report) -> str:
    if not (timeline := report.timeline):
        return ""
    return (
        f'<section aria-labelledby="timeline-h">{heading("timeline", "Epochs and islands")}'
        f"<p>{text(timeline.sentence())}</p>{timeline.picture()}"
        '<details><summary>Show as a table</summary><div class="scroll" tabindex="0" role="region" '
        f'aria-label="Epochs as a table">{timeline.table()}</div></details></section>'
    )
