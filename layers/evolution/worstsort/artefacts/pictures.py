"""Pictures as SVG, for documents and for readers of the page who have no scripts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from worstsort.gosort.ranks import dense_ranks
from worstsort.plain_text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 16, 36, 44
_TICKS = 5
"""About how many an axis has."""

MAX_DOTS = 4000
"""Items of an input that are drawn; of a longer input an even share is."""

_LABEL_HEIGHT = 15

BLUE, ORANGE, GREEN, GREY = "var(--blue)", "var(--orange)", "var(--green)", "var(--grey)"
"""The colours of Okabe and Ito, which colour-blind people can tell apart, on white and on black."""

_STYLE = (
    "svg{--blue:#0072b2;--orange:#d55e00;--green:#00805e;--grey:#8c959f}"
    "text{font:13px system-ui,sans-serif;fill:#24292f}.axis{stroke:#8c959f;stroke-width:1}"
    ".grid{stroke:#8c959f;stroke-opacity:.25}.paper{fill:#fff}"
    "@media (prefers-color-scheme:dark){"
    "svg{--blue:#56b4e9;--orange:#e69f00;--green:#2fbf93;--grey:#6e7681}"
    "text{fill:#e6edf3}.paper{fill:#0d1117}}"
)


@dataclass(frozen=True)
class Line:
    """A line through points. A dashed line is a level to compare with."""

    name: str
    colour: str
    xs: Sequence[float]
    ys: Sequence[float]
    dashed: bool = False
    thin: bool = False


@dataclass(frozen=True)
class _Frame:
    """Maps data to pixels of the picture."""

    x0: float
    x1: float
    y0: float
    y1: float
    log: bool = False

    def x(self, value: float) -> float:
        low, high, at = (math.log(x + 1) if self.log else x for x in (self.x0, self.x1, value))
        return round(_LEFT + (at - low) / ((high - low) or 1) * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - _BOTTOM - (value - self.y0) / ((self.y1 - self.y0) or 1) * (HEIGHT - _TOP - _BOTTOM), 1)


def champion_svg(values: Sequence[int], target: str, comparisons: int) -> str:
    """Draw rank over position, one dot per integer."""
    ranks = dense_ranks(values)
    frame = _Frame(0, max(1, len(values) - 1), 0, max(1, int(ranks.max(initial=0))))
    radius = max(1.3, min(4.0, 700 / max(1, len(values))))
    shown = range(0, len(values), math.ceil(len(values) / MAX_DOTS) or 1)
    dots = "".join(f'<circle cx="{frame.x(i)}" cy="{frame.y(int(ranks[i]))}" r="{radius:.1f}"/>' for i in shown)
    title = f"{len(values):,} integers that take {target} {comparisons:,} comparisons"
    return _picture(title, "position in the input", "rank of the value", frame, f'<g fill="{BLUE}">{dots}</g>')


def lines_svg(title: str, x_name: str, y_name: str, lines: Sequence[Line], *, log: bool = False) -> str:
    """Draw lines over a common axis, each labelled at its right end; with `log` the axis shows log(x + 1)."""
    xs, ys = [x for line in lines for x in line.xs], [y for line in lines for y in line.ys]
    margin = (max(ys) - min(ys)) / 15 or 1.0
    frame = _Frame(min(xs), max(xs), min(ys) - margin, max(ys) + margin, log)
    drawn = "".join(_draw(line, frame) for line in lines)
    return _picture(title, x_name, y_name, frame, drawn + _labels(lines, frame))


def ticks(low: float, high: float) -> list[float]:
    """Return about five round numbers from `low` to `high`."""
    span = (high - low) or 1.0
    rough = span / _TICKS
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= rough)
    first = math.ceil(low / step)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


def _powers(high: float) -> list[float]:
    """Return 0, 1, 10, 100 and so on, up to `high`."""
    return [0, *(10.0**k for k in range(math.floor(math.log10(max(1.0, high))) + 1))]


def _draw(line: Line, frame: _Frame) -> str:
    points = " ".join(f"{frame.x(x)},{frame.y(y)}" for x, y in zip(line.xs, line.ys, strict=True))
    dash = ' stroke-dasharray="6 4"' if line.dashed else ""
    width = 0.8 if line.thin else 2
    return f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="{width}"{dash}/>'


def _labels(lines: Sequence[Line], frame: _Frame) -> str:
    """Label the lines above their right ends; a label that would cover another moves below its line."""
    labels: list[str] = []
    previous = -math.inf
    for line in sorted((line for line in lines if line.name), key=lambda line: frame.y(line.ys[-1])):
        y = frame.y(line.ys[-1]) - 6
        y = y if y - previous >= _LABEL_HEIGHT else max(y + 20, previous + _LABEL_HEIGHT)
        previous = y
        labels.append(_text(line.name, WIDTH - _RIGHT - 4, y, "end"))
    return "".join(labels)


def _picture(title: str, x_name: str, y_name: str, frame: _Frame, content: str) -> str:
    """Put content into its frame: title, grid, axes and their names."""
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    middle = (_TOP + bottom) / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{_escaped(title)}"><title>{_escaped(title)}</title><style>{_STYLE}</style>'
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>'
        + _text(title, _LEFT, 20, "start", ' font-weight="bold"')
        + _rows(frame)
        + _columns(frame)
        + f'<path class="axis" fill="none" d="M{_LEFT} {_TOP}V{bottom}H{right}"/>'
        + _text(x_name, (_LEFT + right) / 2, HEIGHT - 8, "middle")
        + _text(y_name, 14, middle, "middle", f' transform="rotate(-90 14 {middle})"')
        + f"{content}</svg>\n"
    )


def _rows(frame: _Frame) -> str:
    """Draw a grid line and its number at each tick of the y axis."""
    return "".join(
        f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{frame.y(tick)}" y2="{frame.y(tick)}"/>'
        + _text(f"{tick:,.0f}", _LEFT - 6, frame.y(tick) + 4, "end")
        for tick in ticks(frame.y0, frame.y1)
    )


def _columns(frame: _Frame) -> str:
    """Write a number at each tick of the x axis."""
    numbers = _powers(frame.x1) if frame.log else ticks(frame.x0, frame.x1)
    return "".join(_text(f"{tick:,.0f}", frame.x(tick), HEIGHT - _BOTTOM + 18, "middle") for tick in numbers)


def _text(text: str, x: float, y: float, anchor: str, attributes: str = "") -> str:
    return f'<text x="{x:g}" y="{y:.5g}" text-anchor="{anchor}"{attributes}>{_escaped(text)}</text>'


def _escaped(text: str) -> str:
    """Return text as XML takes it, in which there are no control characters, not even escaped."""
    return escape(visible(text))
