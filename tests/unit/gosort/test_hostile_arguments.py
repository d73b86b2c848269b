"""Whatever a caller passes to the public functions, they answer rightly or refuse it in a short message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from worstsort import gosort
from worstsort.gosort import InvalidInput, UnknownTarget

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET = "go1.12"

HOSTILE: dict[str, Callable[[], Any]] = {
    "none": lambda: None,
    "text": lambda: "123",
    "bytes": lambda: b"123",
    "mapping": lambda: {1: 2},
    "set": lambda: {1, 2},
    "number": lambda: 7,
    "float": lambda: 1.5,
    "bool": lambda: True,
    "object": object,
    "class": lambda: np.int64,
    "list of none": lambda: [None],
    "list of floats": lambda: [1.0, 2.0],
    "list of nan": lambda: [float("nan")],
    "list of infinity": lambda: [float("inf")],
    "list of bool": lambda: [True],
    "list of complex": lambda: [1j],
    "huge integer": lambda: [10**5000],
    "rows of huge integers": lambda: [[10**5000]],
    "ragged rows": lambda: [[1, 2], [3]],
    "rows of text": lambda: ["12", "34"],
    "timedelta in a list": lambda: [np.timedelta64(5, "ns")],
    "datetime in a list": lambda: [np.datetime64(5, "ns")],
    "array in a list": lambda: [np.array([5])],
    "float array": lambda: np.array([[1.5, 2.5]]),
    "complex array": lambda: np.array([1j, 2j]),
    "timedelta array": lambda: np.array([1, 2], "m8[s]"),
    "datetime array": lambda: np.array([[1, 2]], "M8[s]"),
    "bool array": lambda: np.array([[True, False]]),
    "text array": lambda: np.array(["1", "2"]),
    "object array": lambda: np.array([[1, None]], dtype=object),
    "record array": lambda: np.zeros(2, dtype=[("a", int)]),
    "scalar array": lambda: np.array(3),
    "numpy scalar": lambda: np.int64(3),
    "three dimensions": lambda: np.zeros((2, 2, 2), int),
    "huge number": lambda: 10**5000,
    "larger than any list": lambda: 2**40,
    "not a number": lambda: float("nan"),
    "two-dimensional memory": lambda: memoryview(bytes(32)).cast("q", (2, 2)),
    "masked rows in a list": lambda: [np.ma.masked_array([1, 0, 1], mask=[False, True, False])],
    "masked": lambda: np.ma.masked_array([1, 2, 3], mask=[False, True, False]),
    "masked rows": lambda: np.ma.masked_array([[1, 2]], mask=[[False, True]]),
    "too large": lambda: np.array([[1, 2**63]], dtype=np.uint64),
    "many values": lambda: np.zeros((300, 300)),
    "unprintable": lambda: [Unprintable()],
}

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "count_comparisons": gosort.count_comparisons,
    "count_plain": lambda given: gosort.count_plain(given, TARGET),
    "count_population": gosort.count_population,
    "target of a count": lambda given: gosort.count_plain([1], given),
    "target of a population": lambda given: gosort.count_population([[1]], given),
    "swapped arguments": lambda given: gosort.count_population(TARGET, given),
    "threads": lambda given: gosort.count_population([[1, 2]], threads=given),
    "antiquicksort": gosort.antiquicksort,
    "freeze": lambda given: gosort.freeze(given, 4, TARGET),
    "size of freeze": lambda given: gosort.freeze([0], given, TARGET),
    "play_population": lambda given: gosort.play_population(given, 4, TARGET),
    "freeze_answers": lambda given: gosort.freeze_answers(given, 4, TARGET),
    "play_answers": lambda given: gosort.play_answers(given, 4, TARGET),
    "read_answers": lambda given: gosort.read_answers(given, TARGET),
    "size of play_population": lambda given: gosort.play_population([[0]], given, TARGET),
    "size of freeze_answers": lambda given: gosort.freeze_answers([0], given, TARGET),
    "size of play_answers": lambda given: gosort.play_answers([[0]], given, TARGET),
    "upper_bound": lambda given: gosort.upper_bound(given, TARGET),
    "values of upper_bound": lambda given: gosort.upper_bound(20, TARGET, given),
    "comparisons of assess": lambda given: gosort.assess(given, 20, TARGET),
    "size of assess": lambda given: gosort.assess(1, given, TARGET),
    "values of assess": lambda given: gosort.assess(1, 20, TARGET, given),
    "target of assess": lambda given: gosort.assess(1, 20, given),
    "proven_maximum": lambda given: gosort.proven_maximum(given, TARGET),
    "values of proven_maximum": lambda given: gosort.proven_maximum(20, TARGET, given),
    "constructed": lambda given: gosort.constructed(given, "stable"),
    "size of a construction that is searched for": lambda given: gosort.constructed(given, TARGET),
    "find_target": gosort.find_target,
}


class Unprintable:
    """An object that cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_but_a_short_refusal_escapes(name: str, kind: str) -> None:
    """No other exception, no page of numbers."""
    message = ""
    try:
        FUNCTIONS[name](HOSTILE[kind]())
    except (InvalidInput, UnknownTarget) as refusal:
        message = str(refusal)
    assert len(message) < 300
    assert "\n" not in message


@pytest.mark.parametrize("kind", sorted(HOSTILE.keys() - {"numpy scalar", "array in a list", "scalar array"}))
def test_what_holds_no_integers_is_never_counted(kind: str) -> None:
    """Neither as a list nor as a population."""
    for count in (gosort.count_comparisons, gosort.count_population):
        with pytest.raises(InvalidInput):
            count(HOSTILE[kind]())


def test_a_refusal_names_row_and_position() -> None:
    """In lists of lists, in lists of arrays and in arrays alike."""
    for population in ([[1, 2], [3, 4.5]], [[1, 2], np.array([3, 2**63], np.uint64)]):
        with pytest.raises(InvalidInput, match=r"in row 1 at position 1"):
            gosort.count_population(population)
    with pytest.raises(InvalidInput, match=r"got 9223372036854775809 in row 1 at position 0"):
        gosort.count_population(np.array([[1, 2], [2**63 + 1, 2**63 + 5]], np.uint64))


@pytest.mark.parametrize("integer", [np.int64, np.uint8, np.int16])
def test_integers_of_numpy_are_sizes_threads_and_values(integer: Any) -> None:
    """As Python's own are."""
    assert gosort.antiquicksort(integer(6)) == gosort.antiquicksort(6)
    assert gosort.count_population([[2, 1]], threads=integer(2)).tolist() == [1]
    assert gosort.count_comparisons([integer(3), integer(1)]) == 1
    assert gosort.freeze([0] * 5, integer(6), TARGET) == gosort.freeze([0] * 5, 6, TARGET)


@pytest.mark.parametrize("rows", [np.zeros((0, 3), np.uint8), np.zeros((0, 0), np.uint8)])
def test_no_individuals_have_no_counts(rows: Any) -> None:
    """Each of the three functions on populations returns an empty array of int64."""
    counts = [
        gosort.count_population(rows.astype(np.int64)),
        gosort.play_population(np.zeros((0, 3), np.uint8), 4, TARGET),
        gosort.play_answers(rows, 4, TARGET),
    ]
    assert [(array.shape, array.dtype) for array in counts] == [((0,), np.dtype(np.int64))] * 3
