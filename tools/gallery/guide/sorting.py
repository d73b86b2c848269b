"""Pictures of a sort at work: the questions that it asks, and the adversary that answers them."""

from __future__ import annotations

import random

from tools.gallery.guide.drawing import INK, Picture
from tools.gallery.guide.tracing import Trace, freezing, watch
from worstsort.artefacts.pictures import BLUE, GREY, ORANGE
from worstsort.gosort import constructed, count_plain

TARGET = "go1.12"

_SMALL = [1, 6, 3, 4, 5, 2]
_GAS_SIZE = 24

MEETING_SIZE = 24
"""Items of the two lists that are sorted side by side."""

_SECONDS_PER_COMPARISON = 0.12
_PAUSE_SECONDS = 4.0


def questions() -> Picture:
    """Draw every comparison of a small list, one column each."""
    trace = watch(_SMALL, TARGET)
    count = len(trace.comparisons)
    said = f"Six rows, one for each of {_SMALL}, and {count} upright lines, each joining two that are compared."
    picture = Picture(560, 260, f"Fitness: {count} questions until six integers are sorted", said)
    for place, value in enumerate(_SMALL):
        y = 60 + 32 * place
        picture.text(24, y + 4, str(value), "b")
        picture.line([(48, y), (60 + 38 * count, y)])
    for number, pair in enumerate(trace.comparisons):
        x = 70 + 38 * number
        low, high = sorted(60 + 32 * place for place in pair)
        picture.line([(x, low), (x, high)], INK)
        smaller = min(pair, key=lambda place: _SMALL[place])
        for place in pair:
            picture.dot(x, 60 + 32 * place, 6, ORANGE if place == smaller else BLUE)
        picture.text(x, 246, str(number + 1), "s m")
    return picture


def gas() -> Picture:
    """Draw what is frozen, comparison by comparison."""
    steps, values = freezing(_GAS_SIZE, TARGET)
    count = count_plain(values, TARGET)
    others = [count_plain(random.Random(seed).sample(range(_GAS_SIZE), _GAS_SIZE), TARGET) for seed in range(101)]
    said = (
        f"A table with a column for each of {_GAS_SIZE} items and a row for each that is frozen. All begin grey; "
        f"in each row one more gets a number. The finished list is {values}: {count} comparisons."
    )
    picture = Picture(560, 74 + 17 * (len(steps) + 1), "The adversary freezes gas, one item at a time", said)
    before: tuple[int | None, ...] = (None,) * _GAS_SIZE
    for row, now in enumerate((before, *steps)):
        y = 40 + 17 * row
        picture.text(16, y + 12, "all gas" if row == 0 else f"step {row}", "s")
        for item, value in enumerate(now):
            x, fresh = 68 + 20 * item, value is not None and before[item] is None
            faint = ' fill-opacity="0.3"' if value is None else ' fill-opacity="0.75"'
            picture.box(x, y, 18, 15, ORANGE if fresh else GREY if value is None else BLUE, extra=faint)
            if value is not None:
                picture.text(x + 9, y + 12, str(value), "s m")
        before = now
    y = 40 + 17 * (len(steps) + 1) + 18
    middle = sorted(others)[50]
    picture.text(76, y, f"{count} comparisons; the median of 101 random lists takes {middle}", "s")
    return picture


def meeting() -> Picture:
    """Draw an animation: the same sort on a random list and on the worst that is known, a comparison at a time."""
    lists = [random.Random(1).sample(range(MEETING_SIZE), MEETING_SIZE), constructed(MEETING_SIZE, TARGET) or []]
    traces = [watch(values, TARGET) for values in lists]
    longest = max(len(trace.comparisons) for trace in traces)
    seconds = longest * _SECONDS_PER_COMPARISON + _PAUSE_SECONDS
    counts = [len(trace.comparisons) for trace in traces]
    said = (
        f"Two lists of {MEETING_SIZE} bars are sorted at the same pace. The random one is in order after {counts[0]} "
        f"comparisons; the champion takes {counts[1]}. Without motion, both lists are shown as they begin."
    )
    style = [".run{animation-iteration-count:infinite;animation-timing-function:step-end}"]
    picture = Picture(560, 330, f"A sort meets its champion: {counts[0]} comparisons, and {counts[1]}", said)
    for row, (name, values, trace) in enumerate(zip(("random list", "champion"), lists, traces, strict=True)):
        bottom = 160 + 145 * row
        picture.text(16, bottom - 90, name, "b")
        picture.text(16, bottom - 72, f"{counts[row]} comparisons", "s")
        _animate(picture, style, (row, bottom), values, trace, seconds)
    style.append("@media (prefers-reduced-motion:reduce){.run{animation:none}}")
    picture.restyle("".join(style))
    return picture


def _animate(
    picture: Picture, style: list[str], at: tuple[int, int], values: list[int], trace: Trace, seconds: float
) -> None:
    """Draw a list whose bars move whenever the sort moves them, and turn orange while they are compared."""
    row, bottom = at
    share = 100 * _SECONDS_PER_COMPARISON / seconds
    for item, value in enumerate(values):
        moves, last = [f"0%{{transform:translateX({17 * item}px);fill:{BLUE}}}"], (item, False)
        for step, (pair, places) in enumerate(zip(trace.comparisons, trace.places, strict=True), start=1):
            now = (places.index(item), item in pair)
            if now != last:
                colour = ORANGE if now[1] else BLUE
                moves.append(f"{step * share:.2f}%{{transform:translateX({17 * now[0]}px);fill:{colour}}}")
            last = now
        end = (len(trace.comparisons) + 1) * share
        moves.append(
            f"{min(end, 100):.2f}%,100%{{transform:translateX({17 * trace.places[-1].index(item)}px);fill:{BLUE}}}"
        )
        style.append(f"@keyframes k{row}i{item}{{{''.join(moves)}}}")
        tall = 4 * (value + 1)
        look = f"transform:translateX({17 * item}px);animation-name:k{row}i{item};animation-duration:{seconds:.1f}s"
        picture.box(130, bottom - tall, 14, tall, BLUE, extra=f' class="run" style="{look}"')
