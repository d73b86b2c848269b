"""The first games of a foreign sort, before anything is spent on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from worstsort.foreign.errors import Finding, TargetMisbehaved, TargetRefused
from worstsort.foreign.limits import MAX_ASKED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.foreign.player import LibraryPlayer

PROBED_SIZES = (2, 3, 10, 65, 300)
"""Below, at and above the sizes at which sorts change their ways."""

PROBED_ROWS = 16
"""Games of each size: a sort that keeps state gave other counts in 14 of 16 when they came in reverse order."""

MAX_PROBED_SIZE = 20_000
"""The largest size of a run at which its sort is probed too."""

ASKED_ROWS = 2
"""Games of each size in which a program is asked question by question."""

_SEED = 18

CHEATING = frozenset({"range", "lost", "unsorted", "undecided", "state", "random", "adapter"})
"""Findings that say that a function is no sort, or none that can be counted; all others are results."""


def probe(player: LibraryPlayer, given: str, size: int | None = None) -> None:
    """Play a sort a few times, and hold it to the contract.

    Args:
        player: Plays it.
        given: What the user calls it.
        size: Items; without it some sizes up to 300.

    Raises:
        TargetRefused: It does not sort, keeps state, draws random numbers, or cannot be loaded.
        TargetMisbehaved: It crashed, hung, or went beyond its limits, which is worth a look.
    """
    try:
        for items in PROBED_SIZES if size is None else (min(size, MAX_PROBED_SIZE),):
            _probe_size(player, items)
    except TargetMisbehaved as error:
        if error.finding.kind in CHEATING:
            raise TargetRefused(given, str(error.finding)) from error
        raise


def _probe_size(player: LibraryPlayer, size: int) -> None:
    choices = np.random.default_rng(_SEED).integers(0, 4, (PROBED_ROWS, size - 1), np.uint8)
    choices[0] = 0
    counts = player.play(choices, size)
    again = player.play(choices[::-1], size)[::-1]
    for row in np.flatnonzero(counts != again):
        words = (
            f"it made {counts[row]:,} comparisons, and {again[row]:,} in the same game played again: it keeps state, "
            "draws random numbers or uses several threads"
        )
        raise _caught(player, "state", words, size, choices[row].tolist())
    frozen = [player.freeze(row, size)[0] for row in choices.tolist()]
    by_value = player.count(np.array(frozen, np.int64))
    for row in np.flatnonzero(counts != by_value):
        words = (
            f"it made {counts[row]:,} comparisons in a game, and {by_value[row]:,} on the input that the game led to: "
            "it draws random numbers or looks at more than comparisons tell"
        )
        raise _caught(player, "random", words, size, choices[row].tolist(), frozen[row])
    # In a game items that are not compared stay alike, and so in any order: what compares too little is seen here.
    player.count(np.array([np.random.default_rng([_SEED, row]).permutation(size) for row in range(PROBED_ROWS)]))
    if player.code.is_program:
        _probe_adapter(player, choices, counts)


def _probe_adapter(player: LibraryPlayer, choices: NDArray[np.uint8], counts: NDArray[np.int64]) -> None:
    """Have a program ask question by question, and count here what it says that it makes."""
    asked = np.flatnonzero(counts <= MAX_ASKED)[:ASKED_ROWS]
    found, size = player.ask(choices[asked], choices.shape[1] + 1), choices.shape[1] + 1
    for row, count in zip(asked, found, strict=True):
        if count != counts[row]:
            words = (
                f"its adapter says that it makes {counts[row]:,} comparisons in a game in which it asked "
                f"{count:,} questions"
            )
            raise _caught(player, "adapter", words, size, choices[row].tolist())


def _caught(
    player: LibraryPlayer, kind: str, words: str, size: int, genes: list[int], values: list[int] | None = None
) -> TargetMisbehaved:
    finding = Finding(kind, words, size, "decisions", genes, values or player.freeze(genes, size)[0])
    return player.caught(finding)
