"""Pictures as SVG, for documents and for readers of the page who have no scripts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from html import escape
from typing import TYPE_CHECKING

from worstsort.gosort.ranks import dense_ranks
from worstsort.gosort.registry import find_target
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
_BESIDE = 192
"""The room for labels beside the lines."""

BLUE, ORANGE, GREEN, PURPLE, GREY = (f"var(--{name})" for name in ("blue", "orange", "green", "purple", "grey"))
"""The colours of Okabe and Ito, which colour-blind people can tell apart, on white and on black."""

STYLE = (
    "svg{--blue:#0072b2;--orange:#d55e00;--green:#00805e;--purple:#a3517f;--grey:#8c959f}"
    "text{font:13px system-ui,sans-serif;fill:#24292f}.axis{stroke:#8c959f;stroke-width:1}"
    ".grid{stroke:#8c959f;stroke-opacity:.25}.paper{fill:#fff}"
    "@media (prefers-color-scheme:dark){"
    "svg{--blue:#56b4e9;--orange:#e69f00;--green:#2fbf93;--purple:#d68cb5;--grey:#6e7681}"
    "text{fill:#e6edf3}.paper{fill:#0d1117}}"
)


@dataclass(frozen=True)
class Line:
    """A line through points. A dashed line is a level to compare with; a band around it, (low, high), is shaded."""

    name: str
    colour: str
    xs: Sequence[float]
    ys: Sequence[float]
    dashed: bool = False
    thin: bool = False
    band: tuple[Sequence[float], Sequence[float]] | None = None


class Axis(Enum):
    """How a value becomes a place on an axis."""

    LINEAR = "linear"
    LOG = "log"
    LOG_FROM_ZERO = "log from zero"
    """The logarithm of value + 1, which has a place for 0."""

    def place(self, value: float) -> float:
        """Return the place, up to a factor and a constant."""
        if self is Axis.LINEAR:
            return value
        return math.log(value + (self is Axis.LOG_FROM_ZERO))

    def ticks(self, low: float, high: float) -> list[float]:
        """Return the values that have a number."""
        if self is Axis.LINEAR:
            return ticks(low, high)
        return [0, *powers(1, high)] if self is Axis.LOG_FROM_ZERO else powers(low, high)


@dataclass(frozen=True)
class _Frame:
    """Maps data to pixels of the picture."""

    x0: float
    x1: float
    y0: float
    y1: float
    x_axis: Axis = Axis.LINEAR
    y_axis: Axis = Axis.LINEAR
    right: int = WIDTH - _RIGHT

    def x(self, value: float) -> float:
        low, high, at = map(self.x_axis.place, (self.x0, self.x1, value))
        return round(_LEFT + (at - low) / ((high - low) or 1) * (self.right - _LEFT), 1)

    def y(self, value: float) -> float:
        low, high, at = map(self.y_axis.place, (self.y0, self.y1, value))
        return round(HEIGHT - _BOTTOM - (at - low) / ((high - low) or 1) * (HEIGHT - _TOP - _BOTTOM), 1)


def champion_svg(values: Sequence[int], target: str, comparisons: int) -> str:
    """Draw rank over position, one dot per integer."""
    ranks = dense_ranks(values)
    frame = _Frame(0, max(1, len(values) - 1), 0, max(1, int(ranks.max(initial=0))))
    radius = max(1.3, min(4.0, 700 / max(1, len(values))))
    shown = range(0, len(values), math.ceil(len(values) / MAX_DOTS) or 1)
    dots = "".join(f'<circle cx="{frame.x(i)}" cy="{frame.y(int(ranks[i]))}" r="{radius:.1f}"/>' for i in shown)
    sort = find_target(target).title
    title = f"{len(values):,} integers on which {sort} makes {comparisons:,} comparisons"
    return _picture(title, "position in the input", "rank of the value", frame, f'<g fill="{BLUE}">{dots}</g>')


def lines_svg(
    title: str,
    x_name: str,
    y_name: str,
    lines: Sequence[Line],
    *,
    x_axis: Axis = Axis.LINEAR,
    y_axis: Axis = Axis.LINEAR,
    beside: bool = False,
) -> str:
    """Draw lines over a common axis, each labelled above its right end, or `beside` it if many lie close together."""
    xs, ys = [x for line in lines for x in line.xs], [y for line in lines for y in line.ys]
    ys += [y for line in lines if line.band for side in line.band for y in side]
    low, high = min(ys), max(ys)
    if y_axis is Axis.LINEAR:
        margin = (high - low) / 15 or 1.0
        low, high = low - margin, high + margin
    else:
        low, high = low / 1.15, high * 1.15
    right = WIDTH - (_BESIDE if beside else _RIGHT)
    frame = _Frame(min(xs), max(xs), low, high, x_axis, y_axis, right)
    drawn = "".join(_draw(line, frame) for line in lines)
    labels = _labels_beside(lines, frame) if beside else _labels(lines, frame)
    return _picture(title, x_name, y_name, frame, drawn + labels)


def ticks(low: float, high: float) -> list[float]:
    """Return about five round numbers from `low` to `high`; integers between integers."""
    span = (high - low) or 1.0
    rough = span / _TICKS
    if isinstance(low, int) and isinstance(high, int):
        rough = max(1.0, rough)
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= rough)
    first = math.ceil(low / step)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


def powers(low: float, high: float) -> list[float]:
    """Return the powers of ten from `low` to `high`; where there are fewer than two, twice and five times them, too."""
    exponents = range(math.floor(math.log10(low)), math.floor(math.log10(max(low, high))) + 1)
    tens = [10.0**k for k in exponents]
    within = [ten for ten in tens if low <= ten <= high]
    return within if len(within) > 1 else [f * ten for ten in tens for f in (1, 2, 5) if low <= f * ten <= high]


def _draw(line: Line, frame: _Frame) -> str:
    points = " ".join(f"{frame.x(x)},{frame.y(y)}" for x, y in zip(line.xs, line.ys, strict=True))
    dash = ' stroke-dasharray="6 4"' if line.dashed else ""
    width = 0.8 if line.thin else 2
    return (
        _band(line, frame)
        + f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="{width}"{dash}/>'
    )


def _band(line: Line, frame: _Frame) -> str:
    if not line.band:
        return ""
    low, high = line.band
    edge = [*zip(line.xs, high, strict=True), *reversed([*zip(line.xs, low, strict=True)])]
    points = " ".join(f"{frame.x(x)},{frame.y(y)}" for x, y in edge)
    return f'<polygon points="{points}" fill="{line.colour}" fill-opacity=".2"/>'


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


def _labels_beside(lines: Sequence[Line], frame: _Frame) -> str:
    """Label the lines to the right of their ends, as close to them as the labels leave each other room."""
    named = sorted((line for line in lines if line.name), key=lambda line: frame.y(line.ys[-1]))
    places: list[float] = []
    for line in named:
        places.append(max(frame.y(line.ys[-1]) + 4, places[-1] + _LABEL_HEIGHT if places else 0))
    for i in range(len(places) - 1, -1, -1):
        lowest = HEIGHT - _BOTTOM if i == len(places) - 1 else places[i + 1] - _LABEL_HEIGHT
        places[i] = min(places[i], lowest)
    return "".join(_label_beside(line, y, frame) for line, y in zip(named, places, strict=True))


def _label_beside(line: Line, y: float, frame: _Frame) -> str:
    """Label a line beside the frame, at a height to which a short line leads."""
    end = f"M{frame.x(line.xs[-1])} {frame.y(line.ys[-1])}"
    leader = f'<path d="{end}L{frame.right + 10} {y - 4:.1f}" stroke="{line.colour}"/>'
    return leader + _text(line.name, frame.right + 14, y, "start")


def _picture(title: str, x_name: str, y_name: str, frame: _Frame, content: str) -> str:
    """Put content into its frame: title, grid, axes and their names."""
    bottom, right = HEIGHT - _BOTTOM, frame.right
    middle = (_TOP + bottom) / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{_escaped(title)}"><title>{_escaped(title)}</title><style>{STYLE}</style>'
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
        f'<line class="grid" x1="{_LEFT}" x2="{frame.right}" y1="{frame.y(tick)}" y2="{frame.y(tick)}"/>'
        + _text(_number(tick), _LEFT - 6, frame.y(tick) + 4, "end")
        for tick in frame.y_axis.ticks(frame.y0, frame.y1)
    )


def _columns(frame: _Frame) -> str:
    """Write a number at each tick of the x axis."""
    numbers = frame.x_axis.ticks(frame.x0, frame.x1)
    return "".join(_text(_number(tick), frame.x(tick), HEIGHT - _BOTTOM + 18, "middle") for tick in numbers)


def _number(tick: float) -> str:
    return f"{tick:,.0f}" if round(float(tick), 9).is_integer() else f"{tick:g}"


def _text(text: str, x: float, y: float, anchor: str, attributes: str = "") -> str:
    return f'<text x="{x:g}" y="{y:.5g}" text-anchor="{anchor}"{attributes}>{_escaped(text)}</text>'


def _escaped(text: str) -> str:
    """Return text as XML takes it, in which there are no control characters, not even escaped."""
    return escape(visible(text))
