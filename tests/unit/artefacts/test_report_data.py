"""The figures of the report, from a run that is made up."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tests.support.hostile import TEXTS
from worstsort.artefacts.fragments import duration, share, times
from worstsort.artefacts.pictures import MAX_DOTS, champion_svg, ticks
from worstsort.artefacts.report import Report, of_records
from worstsort.artefacts.report_data import MAX_FILE_CHARACTERS, MAX_POINTS, History, Recorded, files, phases, sample
from worstsort.artefacts.report_pictures import convergence_svg
from worstsort.artefacts.scaling import measure
from worstsort.gosort import proven_maximum
from worstsort.plain_text import visible
from worstsort.runs.baselines import Baselines
from worstsort.runs.config import RunConfig
from worstsort.runs.records import GenerationRecord, IslandSeries, RunRecord
from worstsort.runs.results.champion import Champion
from worstsort.runs.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

BEST = [100, 110, 105, 150, 199, 200, 200, 200]


def a_run(reason: str = "enough") -> RunRecord:
    """Return a run of two islands."""
    config = RunConfig.parse({"preset": "classic", "size": 6, "population": 10})
    return RunRecord(
        run_id="r", config=config, execution_arn="arn", started_at="2026-01-01T00:00:00Z", code_version="1",
        status=Status.SUCCEEDED, reason=reason, epoch=2, best=200, best_island=1, best_generation=5,
    )  # fmt: skip


def generations(best: list[int]) -> list[GenerationRecord]:
    """Return one record per generation, with ten evaluations each."""
    return [
        GenerationRecord(
            run_id="r", generation=i, comparisons=comparisons, island=1, mean=50.0 + i, generation_evaluations=10
        )
        for i, comparisons in enumerate(best)
    ]


def series(island: int, epoch: int, first: int, best: list[int]) -> IslandSeries:
    """Return what an island recorded."""
    return IslandSeries(
        run_id="r", island=island, epoch=epoch, first_generation=first, best=best, mean=[0.0] * len(best),
        generation_evaluations=[5] * len(best),
        best_fitness=max(best), best_generation=first, seconds=1.0, cpu_seconds=1.0,
        digest="", pid=1,
    )  # fmt: skip


def a_champion() -> Champion:
    """Return a champion of six integers."""
    config = a_run().config
    return Champion(
        run_id="r", target="go1.12", size=6, comparisons=200, values=[6, 4, 3, 5, 10, 1], seed=1, preset="classic",
        representation="values", generations=7, evaluations=80,
        baselines=Baselines(random_mean=10.5, antiquicksort=14), code_version="1",
        config=config.model_dump(mode="json"),
    )  # fmt: skip


def report_of(run: RunRecord, best: Sequence[int] = BEST, islands: Sequence[IslandSeries] = ()) -> Report:
    """Return the report of a run."""
    return of_records(Recorded(run, a_champion(), generations(list(best)), islands))


def made_up() -> Report:
    """Return the report of a run of two islands."""
    islands = [series(0, 1, 0, [90, 95, 94, 99]), series(0, 2, 4, [101, 102, 103, 104]), series(1, 2, 4, BEST[4:])]
    return report_of(a_run(), islands=islands)


class Elements(HTMLParser):
    """The elements and attributes of a page, and the text of each script and title."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.texts: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.names += [tag, *(name for name, _ in attrs)]

    def handle_data(self, data: str) -> None:
        """Note its text."""
        self.texts.setdefault(self.get_starttag_text() or "", data)


@pytest.mark.parametrize("text", [text for text in TEXTS if text.strip()])
def test_what_a_run_quotes_adds_nothing_to_its_page(text: str) -> None:
    """Neither an element nor an attribute, nor anything that cannot be seen."""
    plain, hostile = Elements(), Elements()
    for parser, reason in ((plain, "x"), (hostile, text)):
        run = a_run(reason).model_copy(update={"run_id": reason})
        report = report_of(run)
        html = report.page()
        assert visible(html.replace("\n", "")) == html.replace("\n", "")
        parser.feed(html)
        assert json.loads(parser.texts['<script type="application/json" id="data">'])["run"] == report.data["run"]
    assert hostile.names == plain.names


def test_convergence_never_falls_and_islands_are_unknown_where_nothing_was_read() -> None:
    """Best so far, although a generation may be worse than the one before."""
    curves = made_up().data["convergence"]
    assert curves["best"] == [100, 110, 110, 150, 199, 200, 200, 200]
    assert curves["islands"]["0"] == [90, 95, 95, 99, 101, 102, 103, 104]
    assert curves["islands"]["1"] == [None] * 4 + [199, 200, 200, 200]
    assert curves["evaluations"][-1] == 80


def test_processor_time_is_estimated_for_the_epochs_that_were_not_read() -> None:
    """Three of the four that two islands took two epochs for are read, and took a second each."""
    run = made_up().data["run"]
    assert (run["cpu_seconds"], run["cpu_is_estimated"]) == (4.0, True)
    both = [series(island, epoch, 0, [1]) for island in (0, 1) for epoch in (1, 2)]
    run = report_of(a_run(), islands=both).data["run"]
    assert (run["cpu_seconds"], run["cpu_is_estimated"]) == (4.0, False)


def test_phases_share_out_all_evaluations() -> None:
    """Half of the improvement, most of it, all of it, and what came after."""
    rows = phases(History.of(generations(BEST)))
    assert [row["evaluations"] for row in rows] == [40, 10, 0, 10, 20]
    assert sum(row["evaluations"] for row in rows) == 80
    assert [row["until_generation"] for row in rows] == [3, 4, 4, 5, 7]


def test_phases_of_a_run_without_improvement_are_all_after_the_first_generation() -> None:
    """Nothing is divided by nothing."""
    assert [row["evaluations"] for row in phases(History.of(generations([5, 5])))] == [10, 0, 0, 0, 10]


@pytest.mark.long
def test_a_long_run_is_thinned_but_keeps_its_ends_and_its_improvements() -> None:
    """The page of any run stays small."""
    best = [0] * 50_000 + [7] * 12_345 + [9] * 37_655
    long = report_of(a_run(), best).data["convergence"]
    assert len(long["generation"]) <= 1.5 * MAX_POINTS
    assert (long["generation"][0], long["generation"][-1]) == (0, 99_999)
    assert {50_000, 62_345} <= set(long["generation"])


@pytest.mark.parametrize(
    ("count", "most", "expected"), [(3, 5, [0, 1, 2]), (5, 3, [0, 2, 4]), (1, 9, [0]), (9, 1, [0])]
)
def test_a_sample_is_even_and_has_both_ends(count: int, most: int, expected: list[int]) -> None:
    """All where there are few."""
    assert sample(count, most) == expected


def test_a_sample_has_what_must_be_there() -> None:
    """And nothing out of range."""
    assert sample(100, 2, [41, 100]) == [0, 41, 99]


def test_scaling_ends_at_the_champion() -> None:
    """With its baselines; smaller sizes are counted."""
    scaling = measure(a_champion())
    assert (scaling.sizes, scaling.antiquicksort[-1], scaling.random[-1]) == ([5, 6], 14, 10.5)


def test_a_page_cannot_be_broken_out_of() -> None:
    """What a run says is data in it, never markup."""
    evil = "</script><img src=x onerror=alert(1)>"
    text = report_of(a_run(evil)).page()
    assert "<img" not in text
    assert text.count("</script>") == 3


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    """No address in it is fetched; the policy in it forbids that too."""
    text = made_up().page()
    assert "default-src 'none'" in text
    for word in ('src="http', 'href="http', "@import", "url("):
        assert word not in text
    assert "The MIT License" in text


def test_pictures_are_well_formed_and_say_what_they_show() -> None:
    """To readers of the picture and of its title alike."""
    for svg in (champion_svg([6, 4, 3, 5, 10, 1], "go1.12", 11), convergence_svg(made_up().data)):
        root = ET.fromstring(svg)  # noqa: S314 - it is our own
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-label"]
    assert "sort.Sort of Go 1.12 to 1.18 makes 11 comparisons" in champion_svg([1, 2], "go1.12", 11)


@pytest.mark.parametrize("size", [0, 1, 2, 50_000])
def test_a_champion_of_any_size_can_be_drawn(size: int) -> None:
    """A large one by an even share of its dots."""
    assert champion_svg(list(range(size)), "stable", 1).count("<circle") == min(
        size, size and -(-size // -(-size // MAX_DOTS))
    )


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 100), (641, 1332), (5, 5), (0, 54_297)])
def test_ticks_are_few_and_round(low: float, high: float) -> None:
    """Three to eleven of them, within the range."""
    made = ticks(low, high)
    assert 1 <= len(made) <= 11
    assert all(low <= tick <= high for tick in made)


def test_the_page_hands_out_the_files_that_a_run_leaves() -> None:
    """Byte for byte, but for the large ones."""
    found = files(a_champion(), generations(BEST))
    assert json.loads(found["champion.json"])["values"] == [6, 4, 3, 5, 10, 1]
    assert found["history.csv"].count("\n") == 1 + len(BEST)
    assert "want 200" in found["champion_test.go"]
    many = MAX_FILE_CHARACTERS // 10
    assert "history.csv" not in files(a_champion(), generations([100] * many))


def test_the_duration_is_from_the_start_to_the_end() -> None:
    """By what the record says."""
    run = a_run().model_copy(update={"finished_at": "2026-01-01T02:03:04Z"})
    assert "<dt>duration</dt><dd>2 h 3 min</dd>" in report_of(run).page()
    assert "<dt>duration</dt><dd>not ended</dd>" in report_of(a_run()).page()


def test_a_share_below_the_whole_is_never_said_to_be_the_whole() -> None:
    """All of the page's figures are rounded down."""
    assert (share(99_999, 100_000), share(1, 1), share(0, 0), times(1999, 2000)) == (
        "99.9 %",
        "100.0 %",
        "0.0 %",
        "0.99 \N{MULTIPLICATION SIGN}",
    )


@pytest.mark.parametrize(
    ("seconds", "said"), [(3.25, "3.2 s"), (59, "59 s"), (61, "1 min 1 s"), (3660, "1 h 1 min"), (90_000, "1 d 1 h")]
)
def test_a_duration_has_the_two_units_that_matter(seconds: float, said: str) -> None:
    """Below a minute there is only one."""
    assert duration(seconds) == said


def test_a_proven_optimum_is_the_headline() -> None:
    """In the lead, and as a figure."""
    champion = a_champion().model_copy(update={"comparisons": proven_maximum(6, "go1.12")})
    page = of_records(Recorded(a_run(), champion, generations([10, 14]), [])).page()
    assert "No 6 integers take more: this input is proven optimal." in page
    assert "<dd class=optimal>proven optimal</dd>" in page
    assert "proven optimal" not in made_up().page()


def test_every_section_can_be_linked_to() -> None:
    """The contents lead to the headings that are there, and to no others."""
    elements = made_up().page()
    linked = re.findall(r'<li><a href="#([a-z-]+)">', elements)
    assert linked == re.findall(r'<h2 id="([a-z-]+)">', elements)
    assert len(linked) > 4
