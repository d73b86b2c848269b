"""Why an input is bad: how the target divides it, beside how it divides a random one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worstsort.artefacts import fragments
from worstsort.artefacts.fragments import Bar
from worstsort.gosort.recursion import (
    BALANCED,
    COPIES,
    HEAPSORT,
    IN_ORDER,
    INSERTION,
    KINDS,
    LOPSIDED,
    MERGE,
    recursion,
)
from worstsort.runs.baselines import random_input
from worstsort.runs.wording import counted

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from worstsort.gosort.recursion import Recursion, Segment
    from worstsort.runs.results.champion import Champion

MAX_WATCHED_SIZE = 10_000
"""The largest champion whose sort is watched: plain Python takes a second or two, as for its recount."""

MAX_DRAWN = 1_200
"""Segments of one sort that are drawn, the largest ones; more are too narrow to see."""

_ROW_PIXELS, _MAX_PIXELS = 15, 300
"""The height of a level of the recursion, and that of all levels together."""

_WORDS = {
    BALANCED: "balanced partition",
    LOPSIDED: "lopsided partition (smaller part below an eighth)",
    COPIES: "copies set aside",
    IN_ORDER: "found in order",
    INSERTION: "insertion sort",
    HEAPSORT: "heapsort",
    MERGE: "merge",
}

_PLURALS = {
    BALANCED: "balanced partitions",
    LOPSIDED: "lopsided partitions",
    COPIES: "setting copies aside",
    IN_ORDER: "finding segments in order",
    INSERTION: "insertion sort",
    HEAPSORT: "heapsort",
    MERGE: "merges",
}

_ROLES = {
    BALANCED: "pivot of a balanced partition",
    LOPSIDED: "pivot of a lopsided partition",
    COPIES: "copy of a pivot",
    IN_ORDER: "found in order",
    INSERTION: "placed by insertion sort",
    HEAPSORT: "placed by heapsort",
    MERGE: "placed by a merge",
}

_COLOURS = {
    BALANCED: "blue",
    LOPSIDED: "orange",
    COPIES: "grey",
    IN_ORDER: "soft",
    INSERTION: "green",
    HEAPSORT: "purple",
    MERGE: "blue",
}


@dataclass(frozen=True)
class Why:
    """The sort of a champion, and that of a random input of its size."""

    champion: Recursion
    random: Recursion

    @classmethod
    def of(cls, champion: Champion) -> Why | None:
        """Watch both sorts; None where the target cannot be watched, or that would take long."""
        if not 2 <= champion.size <= MAX_WATCHED_SIZE:
            return None
        bad = recursion(champion.values, champion.target)
        usual = recursion(random_input(champion.size, champion.seed, champion.islands), champion.target)
        return cls(bad, usual) if bad and usual else None

    def roles(self) -> dict[str, Any]:
        """Return what was done with each item of the champion, as the page reads it; kinds are places in KINDS."""
        return {
            "kind": [KINDS.index(segment.kind) for segment in self.champion.roles],
            "depth": [segment.depth for segment in self.champion.roles],
            "words": [_ROLES[kind] for kind in KINDS],
            "colours": [_COLOURS[kind] for kind in KINDS],
        }

    def sentence(self) -> str:
        """Say in words where the comparisons go."""
        bad, usual = costs(self.champion), costs(self.random)
        all_bad, all_usual = self.champion.comparisons or 1, self.random.comparisons or 1
        dearest = max(KINDS, key=lambda kind: (bad[kind] / all_bad - usual[kind] / all_usual, bad[kind]))
        if self.champion.depth == self.random.depth == 1:
            return (
                f"So few integers are not divided. All comparisons are made by {_PLURALS[dearest]}: "
                f"{self.champion.comparisons:,} on the champion, {self.random.comparisons:,} on a random input."
            )
        here = fragments.share(bad[dearest], self.champion.comparisons)
        there = fragments.share(usual[dearest], self.random.comparisons)
        deep = f"{_levels(self.champion)} deep, on a random input {self.random.depth}"
        smaller = smaller_share(self.champion), smaller_share(self.random)
        if all(smaller):
            deep = (
                f"A partition is meant to split a segment in half. On the champion the smaller part has {smaller[0]} "
                f"of the items on average, on a random input {smaller[1]}; so the recursion is {deep}, and each level "
                "compares most of what is left once more."
            )
        else:
            deep = f"The recursion is {deep}."
        return (
            f"{deep} {here} of the champion's comparisons are made by {_PLURALS[dearest]}, on a random input {there}. "
            "Each block is a segment of the data: as wide as it has items, and below the one that it is a part of."
        )

    def legend(self) -> str:
        """Return the colours of what occurs in either sort."""
        return _legend({segment.kind for tree in (self.champion, self.random) for segment in tree.segments}, _WORDS)

    def roles_legend(self) -> str:
        """Return the colours of what was done with the champion's items."""
        return _legend({segment.kind for segment in self.champion.roles}, _ROLES)

    def trees(self) -> str:
        """Draw both recursions, to the same scale."""
        levels = max(self.champion.depth, self.random.depth)
        pair = ((self.champion, "the champion"), (self.random, "a random input"))
        return f'<div class="trees">{"".join(_figure(tree, name, levels) for tree, name in pair)}</div>'

    def bars(self) -> str:
        """Compare what each kind of step costs on both inputs."""
        bad, usual = costs(self.champion), costs(self.random)
        most = max([*bad.values(), *usual.values()])
        rows: list[Bar] = []
        for kind in sorted(KINDS, key=lambda kind: -bad[kind]):
            if not bad[kind] and not usual[kind]:
                continue
            rows += [
                Bar(name, found[kind] / most, f"{found[kind]:,}", _segments(tree, kind), f"{_class(kind)} {shade}")
                for name, found, tree, shade in (
                    (_WORDS[kind], bad, self.champion, ""), ("… on random input", usual, self.random, "pale"),
                )
            ]  # fmt: skip
        return fragments.bars(rows)


def smaller_share(tree: Recursion) -> str:
    """Return the share of the items in the smaller parts of all partitions; empty where nothing is partitioned."""
    parted = [segment for segment in tree.segments if segment.kind in {BALANCED, LOPSIDED}]
    return fragments.share(sum(one.smaller for one in parted), sum(one.size for one in parted)) if parted else ""


def costs(tree: Recursion) -> Counter[str]:
    """Return the comparisons of each kind of step; they add up to those of the sort."""
    found: Counter[str] = Counter()
    for segment in tree.segments:
        found[segment.kind] += segment.comparisons
    return found


def tree_svg(tree: Recursion, name: str, levels: int) -> str:
    """Draw a recursion: a block for each segment, in units of items and levels, so that a page may stretch it.

    Args:
        tree: What to draw.
        name: Of the input, for readers who do not see the picture.
        levels: The depth of the deepest tree that is shown beside it, to the same scale.
    """
    size = max((segment.end for segment in tree.segments), default=1) or 1
    drawn = sorted(tree.segments, key=lambda segment: -segment.size)[:MAX_DRAWN]
    height = min(_ROW_PIXELS, _MAX_PIXELS / levels) * tree.depth
    kinds = ";".join(_WORDS[kind] for kind in KINDS)
    segments = counted(len(tree.segments), "segment")
    label = f"Recursion on {name}: {segments}, {_levels(tree)}, {tree.comparisons:,} comparisons"
    return (
        f'<svg viewBox="0 0 {size} {max(1, tree.depth)}" height="{height:.0f}" preserveAspectRatio="none" role="img"'
        f' aria-label="{label}" data-kinds="{kinds}">{"".join(map(_block, drawn))}</svg>'
    )


def _block(segment: Segment) -> str:
    place = f'x="{segment.start}" y="{segment.depth}" width="{segment.size}" height="1"'
    return (
        f'<rect class="{_class(segment.kind)}" {place}'
        f' data-k="{KINDS.index(segment.kind)}" data-c="{segment.comparisons}" data-s="{segment.smaller}"/>'
    )


def _figure(tree: Recursion, name: str, levels: int) -> str:
    left_out = max(0, len(tree.segments) - MAX_DRAWN)
    note = f"; the {left_out:,} smallest segments are not drawn" if left_out else ""
    return (
        f"<figure><figcaption><strong>{fragments.text(name.capitalize())}</strong>: {tree.comparisons:,} comparisons,"
        f" {_levels(tree)}{note}</figcaption>{tree_svg(tree, name, levels)}</figure>"
    )


def _segments(tree: Recursion, kind: str) -> str:
    return counted(sum(segment.kind == kind for segment in tree.segments), "segment")


def _levels(tree: Recursion) -> str:
    return counted(tree.depth, "level")


def _legend(present: AbstractSet[str], words: dict[str, str]) -> str:
    kinds = [kind for kind in KINDS if kind in present]
    entries = (f'<span><i class="{_class(kind)}"></i>{fragments.text(words[kind])}</span>' for kind in kinds)
    return f'<p class="legend">{"".join(entries)}</p>'


def _class(kind: str) -> str:
    return kind.replace(" ", "-")
