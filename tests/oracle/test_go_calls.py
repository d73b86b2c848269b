"""Each name that a target can be called by, held to real Go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.oracle.go import library
from tests.oracle.inputs import KINDS
from worstsort.gosort import antiquicksort, constructed, count_population, find_target
from worstsort.gosort.go_calls import FUNCTIONS, GoFunction

if TYPE_CHECKING:
    from tests.oracle.go import Counter

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(900)]

COUNTABLE = [function for function in FUNCTIONS.values() if "source: it calls" not in function.evidence]
READ = [function for function in FUNCTIONS.values() if function not in COUNTABLE]

ROWS = 8
"""Arrays of each kind and size: more than a thousand in all."""

SIZES = [12, 13, 20, 21, 40, 41, 49, 50, 51, 64, 128, 200, 700]


def having(function: GoFunction, counters: list[Counter]) -> list[Counter]:
    """Return the counting programs whose Go has a function; skip where there is none."""
    found = [counter for counter in counters if counter.toolchain.minor >= function.since]
    return found or pytest.skip(f"no Go that has {function.name}")


def named(function: GoFunction, counter: Counter) -> str:
    """Return the target that a function of that Go is taken for."""
    return find_target(f"go1.{counter.toolchain.minor}:{function.name}").name


@pytest.mark.parametrize("function", COUNTABLE, ids=lambda function: function.name)
def test_a_function_makes_the_comparisons_of_the_target_it_is_taken_for(
    function: GoFunction, counters: list[Counter]
) -> None:
    """On arrays of every kind and size, in every release that is here."""
    for counter in having(function, counters):
        target = named(function, counter)
        for kind in KINDS:
            for size in SIZES:
                arrays = KINDS[kind](np.random.default_rng(size), ROWS, size, target)
                counted = counter.count_with(function.name, arrays)[0]
                assert np.array_equal(counted, count_population(arrays, target)), (counter.name, kind, size)


@pytest.mark.parametrize("function", COUNTABLE, ids=lambda function: function.name)
def test_bad_inputs_are_as_bad_for_every_function_that_is_taken_for_their_target(
    function: GoFunction, counters: list[Counter]
) -> None:
    """Ten of McIlroy's adversary and ten that were constructed."""
    sizes = [13, 50, 51, 64, 100, 129, 250, 500, 777, 1000]
    for counter in having(function, counters):
        target = named(function, counter)
        bad = [build(size, target) for build in (antiquicksort, constructed) for size in sizes]
        for values in filter(None, bad):
            array = np.array([values])
            assert counter.count_with(function.name, array)[0] == count_population(array, target), len(values)


@pytest.mark.parametrize("function", READ, ids=lambda function: function.name)
def test_a_function_without_a_hook_calls_one_that_is_counted(function: GoFunction, counters: list[Counter]) -> None:
    """Its source says so: slices.Sort from Go 1.22 on, before that sort.Sort."""
    with_source = [counter for counter in counters if not counter.toolchain.is_gccgo]
    name = function.name.removeprefix("sort.")
    for counter in with_source or pytest.skip("no Go with its source"):
        called = _body(counter, name)
        implementation = re.fullmatch(r"(\w+Impl)\(x\)", called)
        if implementation:
            called = _body(counter, implementation[1])
        slice_type = {"Ints": "IntSlice", "Strings": "StringSlice", "Float64s": "Float64Slice"}[name]
        assert called == ("slices.Sort(x)" if counter.toolchain.minor >= 22 else f"Sort({slice_type}(x))")


def _body(counter: Counter, name: str) -> str:
    """Return the one line of a function of package sort, as this release builds it."""
    pattern = re.compile(rf"^func {name}\(\w+ \[\]\w+\) *\{{ *(.*?) *\}}$", re.MULTILINE)
    texts = [path.read_text() for path in (library(counter.toolchain) / "sort").glob("*.go")]
    found = [match[1] for text in texts if "//go:build !go1.21" not in text for match in pattern.finditer(text)]
    assert len(found) == 1, (counter.name, name)
    return found[0].replace("(a)", "(x)")
