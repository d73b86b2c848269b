"""When the islands of a run were evolved, and when they waited, from what they recorded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from worstsort.artefacts import fragments
from worstsort.artefacts.fragments import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worstsort.runs.records import IslandSeries

MAX_DRAWN = 1_500
"""Epochs of islands that are drawn; of more, fewer islands are."""

_MAX_PAUSE_SHARE = 0.15
"""A longer pause between two epochs, as a share of all the time in which islands ran, is drawn this long."""


@dataclass(frozen=True)
class Stretch:
    """An island evolving for an epoch; times in Unix seconds, of the attempt that ended it.

    Attributes:
        island: Its number.
        epoch: The epoch.
        start: When the attempt began.
        end: When it ended.
        attempt: Its number; after the first one, work is done again.
        picked_up: The saved generation that this attempt began with; None if it began with the epoch.
        cpu_seconds: The processor time of all attempts.
    """

    island: int
    epoch: int
    start: float
    end: float
    attempt: int
    picked_up: int | None
    cpu_seconds: float

    def sentence(self) -> str:
        """Say what happened."""
        said = (
            f"island {self.island}, epoch {self.epoch}: {duration(self.end - self.start)}, "
            f"{duration(self.cpu_seconds)} of processor time"
        )
        if self.attempt == 1 and self.picked_up is None:
            return said
        where = "the epoch's beginning" if self.picked_up is None else f"the saved generation {self.picked_up}"
        return f"{said}; attempt {self.attempt}, from {where}"


@dataclass(frozen=True)
class Timeline:
    """All stretches of a run that were read, by epoch and island."""

    stretches: list[Stretch]

    @classmethod
    def of(cls, series: Sequence[IslandSeries], epochs: int) -> Timeline | None:
        """Return the timeline; None unless every epoch was read, and recorded with its times."""
        stretches = [
            Stretch(
                one.island, one.epoch, one.started_at, one.ended_at, one.attempt or 1, one.picked_up, one.cpu_seconds
            )
            for one in sorted(series, key=lambda one: (one.epoch, one.island))
            if one.started_at is not None and one.ended_at is not None
        ]
        if (
            not stretches
            or len(stretches) < len(series)
            or {one.epoch for one in stretches} != set(range(1, epochs + 1))
        ):
            return None
        return cls(stretches)

    def sections(self) -> list[tuple[float, float]]:
        """Return when the first island of each epoch began, and when the last one ended."""
        epochs = sorted({one.epoch for one in self.stretches})
        of_epoch = [[one for one in self.stretches if one.epoch == epoch] for epoch in epochs]
        return [(min(one.start for one in ones), max(one.end for one in ones)) for ones in of_epoch]

    def pauses(self) -> list[tuple[int, float]]:
        """Return the epochs that a long pause comes before, and how long that is, in seconds."""
        spans = self.sections()
        longest = _MAX_PAUSE_SHARE * sum(end - start for start, end in spans)
        gaps = [(number, after[0] - before[1]) for number, (before, after) in enumerate(pairwise(spans), start=2)]
        return [(epoch, gap) for epoch, gap in gaps if gap > longest]

    def offsets(self) -> list[float]:
        """Return what to subtract from the times of each epoch, so that the first begins at 0 and no pause is long."""
        spans, pauses = self.sections(), dict(self.pauses())
        kept = _MAX_PAUSE_SHARE * sum(end - start for start, end in spans)
        offset, found = spans[0][0], []
        for epoch in range(1, len(spans) + 1):
            offset += max(0.0, pauses.get(epoch, kept) - kept)
            found.append(offset)
        return found

    def again(self) -> list[Stretch]:
        """Return the stretches in which work was done again."""
        return [one for one in self.stretches if one.attempt > 1 or one.picked_up is not None]

    def sentence(self) -> str:
        """Say how much of the time was used."""
        spans = self.sections()
        islands = len({one.island for one in self.stretches})
        length = spans[-1][1] - spans[0][0] - sum(gap for _, gap in self.pauses())
        ran = fragments.share(sum(one.end - one.start for one in self.stretches), islands * length)
        whole = f"From the first island's start to the last one's end it took {duration(length)}."
        rest = "the rest went into starting jobs, closing epochs and waiting for the slowest island"
        said = [whole, f"The islands evolved for {ran} of that; {rest}."]
        if again := len(self.again()):
            said.append(
                f"In {again} of {len(self.stretches)} stretches a job was interrupted, and work was done again."
            )
        said += [
            f"Before epoch {epoch} the run paused for {duration(gap)}, drawn shorter." for epoch, gap in self.pauses()
        ]
        return " ".join(said)

    def picture(self) -> str:
        """Draw a lane per island: evolving, doing work again, waiting."""
        spans, offsets = self.sections(), self.offsets()
        length = max(spans[-1][1] - offsets[-1], 0.001)
        borders = [end - offset for (_, end), offset in zip(spans[:-1], offsets, strict=False)]
        islands = sorted({one.island for one in self.stretches})
        shown = islands[: max(1, MAX_DRAWN // len(spans))]
        lanes = []
        for island in shown:
            blocks = "".join(_block(one, offsets[one.epoch - 1]) for one in self.stretches if one.island == island)
            marks = "".join(f'<line class="border" x1="{at:.3f}" x2="{at:.3f}" y1="0" y2="1"/>' for at in borders)
            lanes.append(
                f'<div class="lane"><span>island {island}</span><svg viewBox="0 0 {length:.3f} 1" height="22"'
                f' preserveAspectRatio="none" aria-hidden="true"><rect class="waited" width="{length:.3f}" height="1"/>'
                f"{blocks}{marks}</svg></div>"
            )
        return (
            f'<div class="timeline">{"".join(lanes)}'
            f'<div class="ends"><span>0</span><span>{duration(length / 2)}</span><span>{duration(length)}</span></div>'
            '<p class="legend"><span><i class="ran"></i>evolving</span><span><i class="again"></i>after an interruption'
            '</span><span><i class="waited"></i>waiting</span></p></div>'
        )

    def table(self) -> str:
        """Return the epochs as a table."""
        rows = []
        begun = self.stretches[0].start
        for epoch, (start, end) in enumerate(self.sections(), start=1):
            ones = [one for one in self.stretches if one.epoch == epoch]
            slowest = max(ones, key=lambda one: one.end)
            again = sum(one in self.again() for one in ones)
            rows.append(
                [str(epoch), duration(start - begun), duration(end - start), f"island {slowest.island}", str(again)]
            )
        return fragments.table(["epoch", "began after", "took", "last to end", "interrupted"], rows)


def _block(one: Stretch, offset: float) -> str:
    kind = "ran" if one.attempt == 1 and one.picked_up is None else "again"
    place = f'x="{one.start - offset:.3f}" width="{max(one.end - one.start, 0.001):.3f}" y="0" height="1"'
    return f'<rect class="{kind}" {place} data-say="{fragments.text(one.sentence())}"/>'
