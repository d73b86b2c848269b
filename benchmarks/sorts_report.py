"""Writes docs/sorts.md and docs/images/sorts.svg from the results of benchmarks/sorts.py.

A result is what is known of one sort of one version: its library, name and version, whether it selects, the mean of
random inputs at 1,000 items, the worst found by size, and the growth.
"""

from __future__ import annotations

import json
import math
from html import escape
from typing import TYPE_CHECKING, Any

from worstsort.artefacts.pictures import BLUE, ORANGE, STYLE
from worstsort.foreign.elf import version_key
from worstsort.foreign.growth import MAX_GROWTH, n_log_n

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Result = dict[str, Any]

BEGIN, END = "<!-- results: benchmarks/sorts.py -->", "<!-- end of results -->"

HEADER = (
    "| sort | version | random mean | worst found | of n log2 n | of n log2 n at 16,000 | growth | verdict |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |",
)

WIDTH = 720
_ROW, _TOP, _BOTTOM, _LEFT, _RIGHT = 17, 40, 44, 316, 24
"""Pixels of the picture: a row, and what is around the rows."""

_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Times n log2 n; the picture ends with the first beyond the worst."""


def write(results: Sequence[Result], docs: Path) -> None:
    """Replace the results in docs/sorts.md, and draw them."""
    page = docs / "sorts.md"
    page.write_text(replaced(page.read_text(encoding="utf-8"), results), encoding="utf-8")
    (docs / "images" / "sorts.svg").write_text(picture(results), encoding="utf-8")


def replaced(text: str, results: Sequence[Result]) -> str:
    """Return the page with these results between its marks."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + "\n\n" + table(results) + "\n\n" + END + rest.partition(END)[2]


def table(results: Sequence[Result]) -> str:
    """Lay the results out, those that grow fastest first."""
    return "\n".join([*HEADER, *map(_line, ordered(results))])


def ordered(results: Sequence[Result]) -> list[Result]:
    """Return a result for each sort, the quadratic ones first, then all by their worst at the largest size.

    Versions that take the same comparisons are one result.
    """
    merged: dict[str, Result] = {}
    for found in sorted(results, key=lambda found: version_key(found["version"])):
        same = merged.setdefault(json.dumps(found | {"version": ""}), found | {"version": ""})
        same["version"] = ", ".join(filter(None, (same["version"], found["version"])))
    return sorted(merged.values(), key=lambda found: (not is_quadratic(found), -_last_ratio(found), title(found)))


def is_quadratic(found: Result) -> bool:
    """Return whether a sort's worst grows as much as `worstsort check` refuses."""
    return bool(found["growth"] > MAX_GROWTH)


def verdict(found: Result) -> str:
    """Return in words how a sort's worst grows."""
    return "**quadratic**" if is_quadratic(found) else "n log n"


def title(found: Result) -> str:
    """Return what a sort is called, with the library that it is of."""
    return f"{found['library']}: {found['name']}"


def picture(results: Sequence[Result]) -> str:
    """Draw for each sort from where to where its worst goes, as a multiple of n log2 n, from 1,000 to 16,000 items."""
    lines = ordered(results)
    bottom = _TOP + _ROW * len(lines)
    height = bottom + _BOTTOM
    most = max(max(_first_ratio(found), _last_ratio(found)) for found in lines)
    high = next((tick for tick in _TICKS if tick >= most), most)
    low = min(0.5, *(min(_first_ratio(found), _last_ratio(found)) for found in lines))
    heading = "The worst found of the world's sorts, as multiples of n log2 n"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{heading}">',
        f'<title>{heading}</title><style>{STYLE}</style><rect class="paper" width="{WIDTH}" height="{height}"/>',
        _text(heading, 16, 20, "start", ' font-weight="bold"'),
    ]
    for tick in (tick for tick in _TICKS if tick <= high):
        x = _x(tick, low, high)
        parts.append(f'<line class="grid" x1="{x}" x2="{x}" y1="{_TOP - 8}" y2="{bottom}"/>')
        parts.append(_text(f"{tick}", x, bottom + 18, "middle"))
    for number, found in enumerate(lines):
        y = _TOP + _ROW * number + _ROW / 2
        first, last = (_x(ratio, low, high) for ratio in (_first_ratio(found), _last_ratio(found)))
        colour = ORANGE if is_quadratic(found) else BLUE
        label = ", ".join(filter(None, (title(found), found["version"])))
        parts.append(_text(label, _LEFT - 12, y + 4, "end", ' style="font-size:11px"'))
        parts.append(f'<line x1="{first}" x2="{last}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<circle cx="{first}" cy="{y}" r="3" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<circle cx="{last}" cy="{y}" r="4" fill="{colour}"/>')
    axis = "times n log2 n: a ring at 1,000 items, a dot at 16,000; orange is quadratic"
    parts.append(_text(axis, WIDTH - _RIGHT, height - 8, "end"))
    return "".join(parts) + "</svg>\n"


def _line(found: Result) -> str:
    first, last = _first_ratio(found), _last_ratio(found)
    growth = f"{found['growth']:.2f}"
    numbers = (f"{found['random']:,.0f}", f"{found['worst']['1000']:,}", f"{first:.2f}", f"{last:.2f}", growth)
    return "| " + " | ".join((title(found), found["version"], *numbers, verdict(found))) + " |"


def _first_ratio(found: Result) -> float:
    return float(found["worst"]["1000"] / n_log_n(1_000))


def _last_ratio(found: Result) -> float:
    return float(found["worst"]["16000"] / n_log_n(16_000))


def _x(ratio: float, low: float, high: float) -> float:
    """Return where a multiple of n log2 n is, on a logarithmic axis."""
    share = math.log(ratio / low) / math.log(high / low)
    return round(_LEFT + share * (WIDTH - _RIGHT - _LEFT), 1)


def _text(text: str, x: float, y: float, anchor: str, attributes: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{attributes}>{escape(text)}</text>'
