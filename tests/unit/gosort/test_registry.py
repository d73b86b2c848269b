"""Sorts from outside: registered by a program, or brought by an installed package."""

from __future__ import annotations

import inspect
import sys
import warnings
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from worstsort import plugins
from worstsort.gosort import (
    TARGETS,
    InvalidTarget,
    Target,
    UnknownTarget,
    count_plain,
    count_population,
    find_target,
    play_population,
    register,
)
from worstsort.gosort.operations.compare import less, swap
from worstsort.gosort.registry import ENTRY_POINT_GROUP, Targets

if TYPE_CHECKING:
    from collections.abc import Iterator


def selection_sort(data: Any, work: Any, game: Any, _scratch: Any) -> None:
    """Sort by selection: n(n-1)/2 comparisons, whatever the input."""
    for start in range(len(data) - 1):
        smallest = start
        for position in range(start + 1, len(data)):
            if less(data, work, game, position, smallest):
                smallest = position
        swap(data, start, smallest)


SELECTION = Target(name="selection-of-a-test", sort=selection_sort)


@pytest.fixture
def registered() -> Iterator[str]:
    """Register a sort for the time of a test; returns its name."""
    register(SELECTION)
    yield SELECTION.name
    del TARGETS._targets[SELECTION.name]  # noqa: SLF001 - only tests take a sort away again


def test_a_registered_sort_is_counted_and_played_in_both_forms(registered: str) -> None:
    """Plain and compiled code agree."""
    population = np.random.default_rng(7).permuted(np.tile(np.arange(20), (300, 1)), axis=1)
    assert find_target(registered) is TARGETS[registered] is SELECTION
    assert count_plain(population[0], registered) == 190
    assert count_population(population, registered).tolist() == [190] * 300
    assert play_population(np.zeros((2, 19), np.uint8), 20, registered).tolist() == [190] * 2


def test_a_sort_without_a_module_is_compiled_too() -> None:
    """As one typed into a document's test, whose function belongs to no module."""
    scope: dict[str, Any] = {"less": less, "swap": swap}
    source = inspect.getsource(selection_sort).replace("selection_sort", "typed_sort")
    exec("from __future__ import annotations\n" + source, scope)  # noqa: S102 - that is what is tested
    register(Target(name="typed", sort=scope["typed_sort"]))
    try:
        assert count_population([[3, 1, 2], [1, 2, 3]], "typed").tolist() == [3, 3]
    finally:
        del TARGETS._targets["typed"]  # noqa: SLF001 - only tests take a sort away again


def test_registering_again_changes_nothing(registered: str) -> None:
    """A module may be imported twice."""
    assert register(SELECTION) is SELECTION
    assert list(TARGETS).count(registered) == 1


@pytest.mark.parametrize("name", ["go1.12", "pdqsort", "stable"])
def test_a_name_or_alias_that_is_taken_is_refused(name: str) -> None:
    """Nobody can put another sort in the place of Go's."""
    with pytest.raises(InvalidTarget, match=f"{name!r} is taken; targets are go1.12"):
        register(Target(name=name, sort=selection_sort))
    assert "selection" not in find_target(name).source


@pytest.mark.parametrize("target", [None, selection_sort, "go1.12", np.zeros(3)])
def test_what_is_no_target_is_refused(target: Any) -> None:
    """The message says what was given."""
    with pytest.raises(InvalidTarget, match="expected a Target, got"):
        register(target)


@pytest.mark.parametrize("name", ["", "A", "a b", "ä", "-a", "a" * 41, "a/b", None, 5])
def test_a_target_has_a_name_that_fits_everywhere(name: Any) -> None:
    """It stands in run ids, keys and file names."""
    with pytest.raises(InvalidTarget, match="allowed are a-z"):
        Target(name=name, sort=selection_sort)


def test_a_target_has_a_sort_that_can_be_called() -> None:
    """It is asked for at once, not at the first count."""
    with pytest.raises(InvalidTarget, match="cannot be called"):
        Target(name="nothing", sort=None)  # type: ignore[arg-type]


def test_the_view_is_read_only() -> None:
    """The message says what to call instead."""
    with pytest.raises(TypeError, match=r"worstsort\.gosort\.register"):
        TARGETS["selection"] = SELECTION


def test_installed_packages_bring_targets_and_broken_ones_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point that cannot be loaded, or names no target, is left out with a warning that names it."""
    broken = EntryPoint("broken", "no_such_module_anywhere:TARGET", ENTRY_POINT_GROUP)
    wrong = EntryPoint("wrong", "math:pi", ENTRY_POINT_GROUP)
    good = EntryPoint("good", f"{__name__}:SELECTION", ENTRY_POINT_GROUP)
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or type(sys)(__name__))
    monkeypatch.setattr(sys.modules[__name__], "SELECTION", SELECTION, raising=False)
    monkeypatch.setattr(plugins, "entry_points", lambda **_group: [broken, wrong, good])
    plugins.load.cache_clear()
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            targets = Targets(TARGETS)
            assert targets[SELECTION.name] is SELECTION
        messages = sorted(str(warning.message) for warning in caught)
        assert ["'broken'" in messages[0], "'wrong'" in messages[1], len(messages)] == [True, True, 2]
    finally:
        plugins.load.cache_clear()


def test_an_unknown_target_is_refused_in_a_short_message() -> None:
    """It lists the names that there are."""
    with pytest.raises(UnknownTarget, match=r"unknown target 'go1\.99': it must be one of go1\.12"):
        find_target("go1.99")
