"""Sorts that break the rules are found out, each for what it does, and nothing of them stays.

`leaves_nothing` holds every test here to leaving no process, descriptor, shared memory or temporary file.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import psutil
import pytest

from tests.support.foreign_sorts import needs_cc
from tests.support.remains import no_process_left
from worstsort.foreign.errors import TargetMisbehaved, TargetRefused
from worstsort.foreign.probe import probe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from worstsort.foreign.player import LibraryPlayer

    Make = Callable[[str], LibraryPlayer]

pytestmark = [needs_cc, pytest.mark.usefixtures("leaves_nothing")]

SIZE = 400
"""More than the sorts in bad.c are harmless for."""

FOUND_OUT = {
    "crashes": ("crash", "SIGSEGV"),
    "aborts": ("crash", "SIGABRT"),
    "exits": ("exit", "exit code 0"),
    "hangs": ("hang", "neither compared nor ended"),
    "sleeps": ("hang", "neither compared nor ended"),
    "asks_for_ever": ("comparisons", "more than 10,000,000"),
    "recurses_deeply": ("stack", "more than 8 MiB"),
    "recurses_for_ever": ("crash", "SIGSEGV"),
    "writes_behind_the_items": ("crash", "SIGSEGV"),
    "takes_all_memory": ("memory", "MiB of memory"),
    "forks": ("crash", "SIGSEGV"),
}

REFUSED = {
    "leaves_unsorted": "out of order",
    "loses_an_item": "lost an item",
    "asks_out_of_range": "not there",
    "keeps_state": "played again",
    "draws_random_numbers": "on the input that the game led to",
    "selects_nothing@nth": "out of order",
}


@pytest.mark.parametrize("symbol", FOUND_OUT)
def test_a_sort_that_fails_is_found_out(bad: Path, player: Make, symbol: str) -> None:
    """What happened is named, with the input on which it happens again, and no process waits for the end."""
    kind, words = FOUND_OUT[symbol]
    sort = player(f"{bad}:{symbol}")
    with no_process_left(), pytest.raises(TargetMisbehaved) as caught:
        sort.play(np.zeros((2, SIZE - 1), np.uint8), SIZE)
    finding = caught.value.finding
    assert finding.kind == kind
    assert words in finding.words
    assert len(finding.values) == SIZE
    with pytest.raises(TargetMisbehaved) as again:
        sort.count(np.array([finding.values]))
    assert again.value.finding.kind == kind


@pytest.mark.parametrize("symbol", REFUSED)
def test_what_is_no_sort_is_refused(bad: Path, player: Make, symbol: str) -> None:
    """The first games tell a function that cheats from a sort, and say how."""
    with pytest.raises(TargetRefused, match=REFUSED[symbol]):
        probe(player(f"{bad}:{symbol}"), symbol)


@pytest.mark.parametrize("symbol", ["good", "compares_with_itself", "prints", "crashes"])
def test_what_sorts_passes_its_first_games(bad: Path, player: Make, symbol: str) -> None:
    """Comparing an item with itself and printing are no faults, and neither is what shows only beyond 300 items."""
    probe(player(f"{bad}:{symbol}"), symbol)


def test_threads_are_found_out_or_counted_right(bad: Path, player: Make) -> None:
    """A sort of two threads, whose questions race, is refused, or its counts hold when they are made again."""
    sort = player(f"{bad}:uses_two_threads")
    try:
        probe(sort, "uses_two_threads", 2_000)
    except TargetRefused as refused:
        assert "threads" in str(refused)  # noqa: PT017 - either is right
    except TargetMisbehaved as found:
        assert found.finding.kind == "crash"  # noqa: PT017 - two threads at once may leave any state
    else:
        values = np.random.default_rng(1).permutation(2_000)
        assert sort.recount(values.tolist()) == int(sort.count(values[np.newaxis])[0])


def test_what_a_sort_printed_is_in_the_finding(bad: Path, player: Make) -> None:
    """The message of an assertion reaches the user, and not the terminal."""
    with pytest.raises(TargetMisbehaved) as caught:
        player(f"{bad}:aborts").count(np.arange(SIZE)[np.newaxis])
    assert caught.value.finding.output == "assertion failed: a < b"


def test_the_row_that_a_sort_fails_on_is_named(bad: Path, player: Make) -> None:
    """Of a batch of values, the counterexample holds the row that was being sorted."""
    rows = np.random.default_rng(1).permuted(np.tile(np.arange(SIZE), (5, 1)), axis=1)
    with pytest.raises(TargetMisbehaved) as caught:
        player(f"{bad}:crashes").count(rows)
    assert caught.value.finding.values == rows[0].tolist()
    assert caught.value.finding.comparisons > 0


def test_a_counterexample_says_how_to_see_it_again(bad: Path, player: Make) -> None:
    """It is JSON with the values, the genes, and a command."""
    with pytest.raises(TargetMisbehaved) as caught:
        player(f"{bad}:crashes").play(np.ones((1, SIZE - 1), np.uint8), SIZE)
    written = json.loads(json.dumps(caught.value.counterexample()))
    assert written["found_out"]["command"] == f"worstsort count --target {bad}:crashes counterexample.json"
    assert written["found_out"]["genes"] == [1] * (SIZE - 1)
    assert len(written["values"]) == SIZE


def test_nothing_that_a_sort_opens_stays(bad: Path, player: Make) -> None:
    """After a sort was found out, this process has the descriptors that it had before."""
    sort = player(f"{bad}:crashes")
    with pytest.raises(TargetMisbehaved):
        sort.count(np.arange(SIZE)[np.newaxis])
    before = psutil.Process().num_fds()
    with pytest.raises(TargetMisbehaved):
        sort.count(np.arange(SIZE)[np.newaxis])
    assert psutil.Process().num_fds() == before
