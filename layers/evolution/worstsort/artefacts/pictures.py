"""Pictures as SVG: for documents, and for a page whose reader has no scripts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 16, 36, 44
_TICKS = 5
MOST_DOTS = 4000
_NAME_HEIGHT = 15

# Okabe and Ito's colours, told apart by people who see fewer; on white and on black.
BLUE, ORANGE, GREEN, GREY = "var(--blue)", "var(--orange)", "var(--green)", "var(--grey)"

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
    """A line through points; a dashed one is a level to compare with."""

    name: str
    colour: str
    xs: Sequence[float]
    ys: Sequence[float]
    dashed: bool = False
    thin: bool = False


@dataclass(frozen=True)
class _Frame:
    """Maps data to the picture."""

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
    """Rank over position, one dot an integer; of more than `MOST_DOTS` integers an even share is drawn."""
    _, ranks = np.unique(np.asarray(values, dtype=np.int64), return_inverse=True)
    frame = _Frame(0, max(1, len(values) - 1), 0, max(1, int(ranks.max(initial=0))))
    radius = max(1.3, min(4.0, 700 / max(1, len(values))))
    shown = range(0, len(values), math.ceil(len(values) / MOST_DOTS) or 1)
    dots = "".join(f'<circle cx="{frame.x(i)}" cy="{frame.y(int(ranks[i]))}" r="{radius:.1f}"/>' for i in shown)
    title = f"{len(values):,} integers that take {target} {comparisons:,} comparisons"
    return _picture(title, "position in the input", "rank of the value", frame, f'<g fill="{BLUE}">{dots}</g>')


def lines_svg(title: str, x_name: str, y_name: str, lines: Sequence[Line], *, log: bool = False) -> str:
    """Lines over a common axis, each named at its right end; with `log` the axis grows with the logarithm of x + 1."""
    xs, ys = [x for line in lines for x in line.xs], [y for line in lines for y in line.ys]
    margin = (max(ys) - min(ys)) / 15 or 1.0
    frame = _Frame(min(xs), max(xs), min(ys) - margin, max(ys) + margin, log)
    drawn = "".join(_draw(line, frame) for line in lines)
    return _picture(title, x_name, y_name, frame, drawn + _names(lines, frame))


def ticks(low: float, high: float) -> list[float]:
    """About five round numbers from `low` to `high`."""
    span = (high - low) or 1.0
    rough = span / _TICKS
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= rough)
    first = math.ceil(low / step)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


def _powers(high: float) -> list[float]:
    """0, 1, 10, 100 and so on."""
    return [0, *(10.0**k for k in range(math.floor(math.log10(max(1.0, high))) + 1))]


def _draw(line: Line, frame: _Frame) -> str:
    points = " ".join(f"{frame.x(x)},{frame.y(y)}" for x, y in zip(line.xs, line.ys, strict=True))
    dash = ' stroke-dasharray="6 4"' if line.dashed else ""
    width = 0.8 if line.thin else 2
    return f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="{width}"{dash}/>'


def _names(lines: Sequence[Line], frame: _Frame) -> str:
    """The lines' names above their right ends; one that would cover another moves below its line."""
    written: list[str] = []
    above = -math.inf
    for line in sorted((one for one in lines if one.name), key=lambda one: frame.y(one.ys[-1])):
        at = frame.y(line.ys[-1]) - 6
        at = at if at - above >= _NAME_HEIGHT else max(at + 20, above + _NAME_HEIGHT)
        above = at
        written.append(f'<text x="{WIDTH - _RIGHT - 4}" y="{at:.1f}" text-anchor="end">{escape(line.name)}</text>')
    return "".join(written)


def _picture(title: str, x_name: str, y_name: str, frame: _Frame, content: str) -> str:
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    grid = "".join(
        f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{frame.y(tick)}" y2="{frame.y(tick)}"/>'
        f'<text x="{_LEFT - 6}" y="{frame.y(tick) + 4}" text-anchor="end">{tick:,.0f}</text>'
        for tick in ticks(frame.y0, frame.y1)
    ) + "".join(
        f'<text x="{frame.x(tick)}" y="{bottom + 18}" text-anchor="middle">{tick:,.0f}</text>'
        for tick in (_powers(frame.x1) if frame.log else ticks(frame.x0, frame.x1))
    )
    middle = (_TOP + bottom) / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>'
        f'<text x="{_LEFT}" y="20" font-weight="bold">{escape(title)}</text>{grid}'
        f'<path class="axis" fill="none" d="M{_LEFT} {_TOP}V{bottom}H{right}"/>'
        f'<text x="{(_LEFT + right) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x_name)}</text>'
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">{escape(y_name)}</text>'
        f"{content}</svg>\n"
    )
