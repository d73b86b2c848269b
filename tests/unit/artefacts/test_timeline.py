"""When islands evolved, and when they waited."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from tests.unit.artefacts.test_report_data import a_run, report_of, series
from worstsort.artefacts.timeline import MAX_DRAWN, Timeline

if TYPE_CHECKING:
    from worstsort.runs.records import IslandSeries


def stretch(island: int, epoch: int, start: float, end: float, **more: int) -> IslandSeries:
    """Return the record of an island that evolved from one time to another."""
    return series(island, epoch, 0, [1]).model_copy(update={"started_at": start, "ended_at": end, "attempt": 1} | more)


TWO_EPOCHS = [
    stretch(0, 1, 100, 110),
    stretch(1, 1, 101, 107),
    stretch(1, 2, 111, 121, attempt=2, picked_up=7),
    stretch(0, 2, 111, 120),
]


def timeline(records: list[IslandSeries], epochs: int = 2) -> Timeline:
    """Return a timeline that there is."""
    found = Timeline.of(records, epochs)
    assert found
    return found


def test_an_epoch_lasts_from_the_first_start_to_the_last_end() -> None:
    """Whatever the order of the records."""
    assert timeline(TWO_EPOCHS).sections() == [(100, 110), (111, 121)]


def test_work_done_again_is_told() -> None:
    """By its attempt, and by where that began."""
    found = timeline(TWO_EPOCHS)
    assert [(one.island, one.epoch) for one in found.again()] == [(1, 2)]
    assert found.again()[0].sentence().endswith("attempt 2, from the saved generation 7")
    assert "In 1 of 4 stretches a job was interrupted, and work was done again." in found.sentence()


def test_a_long_pause_is_drawn_short_and_said() -> None:
    """A resumed run may have rested for days."""
    found = timeline([stretch(0, 1, 0, 10), stretch(0, 2, 100_000, 100_010)])
    assert found.pauses() == [(2, 99_990)]
    assert found.offsets() == [0, 99_990 - 3]
    assert "Before epoch 2 the run paused for 1 d 3 h, drawn shorter." in found.sentence()
    assert "86." in found.sentence() or "100.0 %" in found.sentence()


@pytest.mark.parametrize(
    "records",
    [
        [],
        [series(0, 1, 0, [1])],
        [stretch(0, 1, 0, 10)],
        [*TWO_EPOCHS, series(2, 2, 0, [1])],
    ],
)
def test_there_is_no_timeline_of_what_was_not_recorded(records: list[IslandSeries]) -> None:
    """Of records without times, or of a sample of the epochs."""
    assert Timeline.of(records, 2) is None


def test_every_entry_of_a_pages_contents_leads_to_its_heading() -> None:
    """Those of sections that not every page has, too."""
    page = report_of(a_run(), islands=TWO_EPOCHS).page()
    linked = re.findall(r'href="#([^"]+)"', page)
    assert {"convergence-h", "timeline-h"} < set(linked)
    assert set(linked) <= set(re.findall(r' id="([^"]+)"', page))


def test_the_picture_is_well_formed_and_has_a_lane_per_island() -> None:
    """A block for each stretch, and a border between epochs."""
    picture = ET.fromstring(timeline(TWO_EPOCHS).picture())  # noqa: S314 - it is our own
    lanes = picture.findall("div[@class='lane']")
    assert [lane.findtext("span") for lane in lanes] == ["island 0", "island 1"]
    assert [len(lane.findall("svg/rect[@data-say]")) for lane in lanes] == [2, 2]
    assert [len(lane.findall("svg/line")) for lane in lanes] == [1, 1]


def test_a_long_run_is_drawn_with_fewer_islands() -> None:
    """So that its page stays small."""
    records = [stretch(island, epoch, 10 * epoch, 10 * epoch + 9) for island in range(12) for epoch in range(1, 201)]
    assert timeline(records, 200).picture().count("data-say") <= MAX_DRAWN


def test_the_table_has_a_row_per_epoch() -> None:
    """With the island that the others waited for."""
    assert timeline(TWO_EPOCHS).table().count("<tr>") == 3
    assert "<td>island 1</td><td>1</td>" in timeline(TWO_EPOCHS).table()
