"""Shapes and words of a picture, in the house style: light and dark, with a text alternative."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from worstsort.artefacts.pictures import GREY, STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence

INK = "var(--ink)"

_MORE_STYLE = (
    "svg{--ink:#24292f}.b{font-weight:600}.s{font-size:11px}.g{fill:var(--grey)}.m{text-anchor:middle}.e{text-anchor:end}"
    "@media (prefers-color-scheme:dark){svg{--ink:#e6edf3}}"
)

_HEAD = (
    '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    f'<path d="M0 0L8 4L0 8z" fill="{GREY}"/></marker>'
)
"""The head of an arrow."""


class Picture:
    """A picture that grows by one shape at a time; lengths are pixels at its natural size."""

    def __init__(self, width: float, height: float, title: str, described: str) -> None:
        """Begin with empty paper; `described` says in words what the picture shows."""
        self._width, self._height, self._title, self._described = width, height, title, described
        self._style, self._parts = "", list[str]()
        self.text(16, 24, title, "b")

    def text(self, x: float, y: float, content: str, kind: str = "") -> None:
        """Write at a place; `kind` are classes: b bold, s small, g grey, m centred, e ending there."""
        self._parts.append(f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(content)}</text>')

    def box(
        self, x: float, y: float, width: float, height: float, fill: str = "none", *, stroke: str = "", extra: str = ""
    ) -> None:
        """Draw a rectangle."""
        line = f' stroke="{stroke}" stroke-width="1.5"' if stroke else ""
        self._parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="2" fill="{fill}"{line}{extra}/>'
        )

    def line(self, points: Sequence[tuple[float, float]], colour: str = GREY, *, arrow: bool = False) -> None:
        """Draw a line through points, with a head at its end if it is an arrow."""
        head = ' marker-end="url(#head)"' if arrow else ""
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        self._parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{head}/>')

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        """Draw a disc."""
        self._parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}"/>')

    def bars(
        self, x: float, y: float, heights: Sequence[int], colours: Sequence[str], *, step: float = 14, unit: float = 3
    ) -> None:
        """Draw a list as bars that stand on a line; `unit` is the height of a bar of 1."""
        for place, (height, colour) in enumerate(zip(heights, colours, strict=True)):
            tall = unit * (height + 1)
            self.box(x + place * step, y - tall, step - 2, tall, colour)

    def restyle(self, style: str) -> None:
        """Add rules to the picture's style, such as those of an animation."""
        self._style += style

    def svg(self) -> str:
        """Return the whole picture."""
        title, described = escape(self._title), escape(self._described)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self._width:g} {self._height:g}" role="img"'
            f' aria-labelledby="title description"><title id="title">{title}</title>'
            f'<desc id="description">{described}</desc><style>{STYLE}{_MORE_STYLE}{self._style}</style>'
            f"<defs>{_HEAD}</defs>"
            f'<rect class="paper" width="{self._width:g}" height="{self._height:g}"/>'
            + "".join(self._parts)
            + "</svg>\n"
        )
