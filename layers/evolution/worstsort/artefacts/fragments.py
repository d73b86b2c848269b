"""Pieces of a page: figures in tiles, bars and tables. All text is escaped here, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from worstsort.gosort.assessment import percent
from worstsort.plain_text import visible, visible_lines
from worstsort.runs.wording import ratio

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_FINE = 1_000
"""Parts of one second that shares of time are computed in."""


@dataclass(frozen=True)
class Bar:
    """One of several bars to compare.

    Attributes:
        name: What it stands for.
        share: Its length, as a share of the longest possible.
        figure: What stands at its end.
        note: More about it, in smaller print.
        kind: The class that gives its colour; blue without.
    """

    name: str
    share: float
    figure: str
    note: str = ""
    kind: str = ""


def text(words: str) -> str:
    """Return words as HTML."""
    return escape(visible(words))


def text_lines(words: str) -> str:
    """Return lines as HTML; their breaks stay."""
    return escape(visible_lines(words))


def heading(name: str, words: str) -> str:
    """Return the heading of a section, which can be linked to."""
    link = f'<a class="anchor" href="#{name}-h" aria-label="Link to: {text(words)}">#</a>'
    return f'<h2 id="{name}-h">{text(words)}{link}</h2>'


def contents(sections: Iterable[tuple[str, str]]) -> str:
    """Return links to sections, given the name and the heading of each."""
    return "".join(f'<li><a href="#{name}-h">{text(words)}</a></li>' for name, words in sections)


def figures(pairs: Iterable[tuple[str, str]], kind: str, mark: str = "") -> str:
    """Return names and their figures as a list of a kind, `tiles` or `facts`; the figure `mark` is set off."""
    rows = (
        f"<div><dt>{text(name)}</dt><dd{' class=optimal' if mark and figure == mark else ''}>{text(figure)}</dd></div>"
        for name, figure in pairs
    )
    return f'<dl class="{kind}">{"".join(rows)}</dl>'


def bars(rows: Iterable[Bar]) -> str:
    """Return bars, whose lengths compare at any width."""
    return f'<ul class="bars">{"".join(map(_bar, rows))}</ul>'


def _bar(bar: Bar) -> str:
    note = f'<span class="note">{text(bar.note)}</span>' if bar.note else ""
    length = f"width:{100 * min(1.0, bar.share):.2f}%" if bar.share > 0 else "display:none"
    drawn = f'<span class="room"><span class="bar {text(bar.kind)}" style="{length}"></span></span>'
    track = f'<span class="track">{drawn}<span>{text(bar.figure)}</span></span>'
    return f'<li><span class="name">{text(bar.name)}</span>{track}{note}</li>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, whose first column names the rows."""
    top = "".join(f'<th scope="col">{text(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{text(first)}</th>{"".join(f"<td>{text(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def share(part: float, whole: float) -> str:
    """Return a part in percent, rounded down, so that less than all never reads 100 %."""
    return percent(round(_FINE * part), round(_FINE * whole)) if whole else "0.0 %"


def times(count: float, of: float) -> str:
    """Return how many times as many, rounded down to two decimals."""
    return f"{ratio(count, of)} \N{MULTIPLICATION SIGN}"


def duration(seconds: float) -> str:
    """Return a length of time in the two units that matter."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    for unit, length, part, name in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if seconds >= unit:
            return f"{int(seconds // unit)} {length} {int(seconds % unit // part)} {name}"
    raise AssertionError
