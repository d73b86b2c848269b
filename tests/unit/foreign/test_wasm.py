"""Sorts in WebAssembly: played as libraries are, and held in their sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support import foreign_sorts
from worstsort.foreign import sources
from worstsort.foreign.errors import TargetMisbehaved, TargetRefused
from worstsort.foreign.limits import Limits
from worstsort.foreign.player import LibraryPlayer
from worstsort.foreign.playing.child import Code
from worstsort.foreign.playing.judging import judge
from worstsort.foreign.probe import probe
from worstsort.foreign.targets import open_target, player_of
from worstsort.gosort import count_plain, count_population, freeze, play_answers, play_population

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Make = Callable[[str], LibraryPlayer]

wasmtime = pytest.importorskip("wasmtime")

SIZE = 400

LIMITS = Limits(silent_cpu_seconds=1.0, silent_seconds=20.0, memory_bytes=128 * 2**20)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Assemble the module."""
    path: Path = tmp_path_factory.mktemp("wasm") / "sorts.wasm"
    path.write_bytes(wasmtime.wat2wasm(foreign_sorts.MODULE))
    return path


@pytest.fixture(autouse=True)
def nothing_stays(leaves_nothing: None) -> None:
    """Hold every test to leaving nothing, whatever the module does."""


@pytest.fixture
def player(module: Path) -> Iterator[Make]:
    """Make players of functions of the module, and end them with the test."""
    made = []

    def make(function: str) -> LibraryPlayer:
        given = f"{module}:{function}"
        made.append(LibraryPlayer(Code(*sources.find(given), given), LIMITS))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("size", [2, 3, 13, 100, 333])
def test_a_module_counts_as_the_transcription_does(player: Make, size: int) -> None:
    """Heapsort in WebAssembly and heapsort transcribed from Go make the same comparisons, on values and in games."""
    random, sort = np.random.default_rng(size), player("worstsort_sort")
    values = random.integers(-(2**40), 2**40, (20, size)) // random.integers(1, 2**39, (20, 1))
    choices = random.integers(0, 4, (20, size - 1), np.uint8)
    answers = random.integers(0, 2, (3, 7 * size), np.uint8)
    assert sort.count(values).tolist() == count_population(values, "heapsort").tolist()
    assert sort.play(choices, size).tolist() == play_population(choices, size, "heapsort").tolist()
    assert sort.answer(answers, size).tolist() == play_answers(answers, size, "heapsort").tolist()
    assert sort.freeze(choices[0].tolist(), size)[0] == freeze(choices[0], size, "heapsort")


@pytest.mark.parametrize("function", ["insertion", "worstsort_nth@nth"])
def test_a_frozen_input_costs_what_the_game_did(player: Make, function: str) -> None:
    """However a function takes its items; one in C is given a function of its own table to call."""
    sort = player(function)
    choices = np.random.default_rng(1).integers(0, 4, (8, 99), np.uint8)
    played = sort.play(choices, 100).tolist()
    frozen = [sort.freeze(row, 100)[0] for row in choices.tolist()]
    assert sort.count(np.array(frozen)).tolist() == played
    assert [sort.recount(values) for values in frozen] == played


def test_a_population_of_many_batches_is_counted_row_by_row(player: Make) -> None:
    """Children and batches share the rows, and keep their order."""
    values = np.random.default_rng(1).integers(0, 1000, (300, 700))
    assert player("worstsort_sort").count(values, threads=3).tolist() == count_population(values, "heapsort").tolist()


@pytest.mark.long
@pytest.mark.parametrize(
    ("function", "kind", "words"),
    [
        ("hangs", "hang", "neither compared nor ended"),
        ("asks_for_ever", "comparisons", "more than 10,000,000"),
        ("aborts", "crash", "it aborted"),
        ("reaches_out", "crash", "memory that is not its own"),
        ("recurses_for_ever", "crash", "too deep for its stack"),
        ("recurses_deeply", "stack", "more than 8 MiB"),
    ],
)
def test_a_module_that_fails_is_found_out(player: Make, function: str, kind: str, words: str) -> None:
    """What happened is named, with the input."""
    sort = player(function)
    with pytest.raises(TargetMisbehaved) as caught:
        sort.play(np.zeros((2, SIZE - 1), np.uint8), SIZE)
    finding = caught.value.finding
    assert (finding.kind, words in finding.words) == (kind, True)
    assert len(finding.values) == SIZE


def test_the_input_on_which_a_module_fails_is_the_one_that_it_had(player: Make) -> None:
    """The state of a game outlives the trap: all items have the values that they were given, and the count is right."""
    with pytest.raises(TargetMisbehaved) as caught:
        player("aborts").play(np.zeros((1, SIZE - 1), np.uint8), SIZE)
    assert caught.value.finding.values == freeze([0] * (SIZE - 1), SIZE, "heapsort")
    assert caught.value.finding.comparisons == count_plain(caught.value.finding.values, "heapsort")


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("leaves_unsorted", "uncompared|out of order"),
        ("loses_an_item", "lost an item"),
        ("asks_out_of_range", "not there"),
        ("keeps_state", "played again"),
        ("no_such_sort", "a function no_such_sort; it exports memory"),
        ("takes_one", "takes 1 numbers"),
        ("worstsort_sort@qsort", "allowed for WebAssembly: @sort, @nth"),
    ],
)
def test_what_is_no_sort_is_refused(module: Path, function: str, words: str) -> None:
    """Before anything is spent, and the message says what was expected."""
    with pytest.raises(TargetRefused, match=words):
        open_target(f"{module}:{function}")


def test_a_module_that_is_damaged_is_refused(module: Path, tmp_path: Path) -> None:
    """Wasmtime says where."""
    (tmp_path / "cut.wasm").write_bytes(module.read_bytes()[:200])
    with pytest.raises(TargetRefused, match="cannot be loaded"):
        open_target(str(tmp_path / "cut.wasm"))


def test_a_module_is_known_by_its_bytes(module: Path) -> None:
    """And passes its first games."""
    target = open_target(str(module))
    assert target.name.startswith("wasm-")
    assert target.name.endswith(":worstsort_sort")
    assert count_plain([3, 1, 2], target.name) == count_plain([3, 1, 2], "heapsort")
    playing = player_of(target.name)
    assert playing is not None
    playing.close()  # else the child lives as long as this process


def test_where_wasmtime_is_missing_it_is_asked_for(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message has the command that installs it."""
    monkeypatch.setattr("worstsort.foreign.library.find_spec", lambda _: None)
    with pytest.raises(TargetRefused, match=r"pip install 'worstsort\[wasm\]'"):
        open_target(str(module))


def test_rows_are_judged_each_by_itself() -> None:
    """One that lost an item says nothing about the others."""
    values = np.array([[0, 1, 2], [0, 1, 2], [2, 1, 0], [0, -1, -1]])
    items = np.array([[0, 1, 2], [0, 0, 9], [0, 1, 2], [0, 1, 2]])
    assert judge(values, items, np.array([0, 0, 0, 1])).tolist() == [0, 2, 4, 8]
    assert judge(values[:1], items[:1], None, is_selection=True).tolist() == [0]
    assert judge(np.array([[9, 0, 1]]), np.array([[0, 1, 2]]), None, is_selection=True).tolist() == [4]


def test_the_first_games_of_a_module_are_played(player: Make) -> None:
    """At the size of a run, too."""
    probe(player("worstsort_sort"), "sorts.wasm", SIZE)
