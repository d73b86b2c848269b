"""How a sort goes about one input: its segments, what it did with each, and what that cost."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from worstsort.gosort.operations.compare import WORK_SIZE
from worstsort.gosort.registry import find_target
from worstsort.gosort.sorts import pdq, quick, quick_steps, stable
from worstsort.gosort.sorts.heap import heap_sort
from worstsort.gosort.sorts.insertion import insertion_sort
from worstsort.gosort.sorts.pdq_steps import bit_length, break_patterns
from worstsort.gosort.validation import as_integers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

BALANCED: Final = "balanced"
LOPSIDED: Final = "lopsided"
COPIES: Final = "copies"
IN_ORDER: Final = "in order"
INSERTION: Final = "insertion"
HEAPSORT: Final = "heapsort"
MERGE: Final = "merge"

KINDS = (BALANCED, LOPSIDED, COPIES, IN_ORDER, INSERTION, HEAPSORT, MERGE)
"""What is done with a segment: a partition whose smaller part has at least an eighth of it, or less; copies of the item
before it set aside; found or put in order by a few shifts; insertion sort; heapsort; a merge of two sorted blocks."""

MIN_BALANCED_SHARE = 8
"""A partition is balanced if its smaller part has one in so many of the segment's items, as pdqsort has it."""


@dataclass(frozen=True)
class Segment:
    """A segment of the data, and what the sort did with it, its parts left out.

    Attributes:
        start: The first position.
        end: The position after its last one.
        depth: How many segments it is part of.
        kind: What was done, one of KINDS.
        comparisons: What that cost.
        smaller: Items of the smaller part of a partition; the pivot counts with the right part, as in pdqsort.
    """

    start: int
    end: int
    depth: int
    kind: str
    comparisons: int
    smaller: int = 0

    @property
    def size(self) -> int:
        """Its items."""
        return self.end - self.start


@dataclass(frozen=True)
class Recursion:
    """All segments of one sort.

    Attributes:
        segments: In the order in which they were done; their comparisons add up to those of the sort.
        roles: For each position of the input, the segment in which the item that began there found its place, as the
            pivot or as one of the items that were finished there.
    """

    segments: list[Segment]
    roles: list[Segment]

    @property
    def comparisons(self) -> int:
        """What the whole sort costs."""
        return sum(segment.comparisons for segment in self.segments)

    @property
    def depth(self) -> int:
        """How many levels there are."""
        return 1 + max((segment.depth for segment in self.segments), default=-1)


class _Item(int):
    """A value that knows at which position of the input it began."""

    origin: int


class _Watch:
    """The data of a sort under way, the comparisons so far, and the segments that are done with."""

    def __init__(self, values: Sequence[int]) -> None:
        self.data: list[int] = []
        for origin, value in enumerate(values):
            item = _Item(value)
            item.origin = origin
            self.data.append(item)
        self.work = [0] * WORK_SIZE
        self.segments: list[Segment] = []
        self._counted = 0

    def note(self, start: int, end: int, depth: int, kind: str, smaller: int = 0) -> None:
        """Note what was done since the last note."""
        self.segments.append(Segment(start, end, depth, kind, self.work[0] - self._counted, smaller))
        self._counted = self.work[0]

    def note_partition(self, start: int, middle: int, end: int, depth: int) -> str:
        """Note a partition, and return whether it is balanced; the pivot counts with the right part, as in pdqsort."""
        smaller = min(middle - start, end - middle)
        kind = BALANCED if smaller >= (end - start) // MIN_BALANCED_SHARE else LOPSIDED
        self.note(start, end, depth, kind, smaller)
        return kind

    def roles(self) -> list[Segment]:
        """Return the deepest segment of each item, by its position in the input."""
        last = list(self.segments[:1]) * len(self.data)
        for segment in sorted(self.segments, key=lambda segment: segment.depth):
            last[segment.start : segment.end] = [segment] * segment.size
        found = last.copy()
        for item, segment in zip(self.data, last, strict=True):
            # A sort exchanges items, and makes none.
            found[cast("_Item", item).origin] = segment
        return found


def recursion(values: Any, target: str) -> Recursion | None:
    """Watch a target sort one input, in plain Python; None for a target whose segments are not known.

    The sorts of Go are watched through the steps that count their comparisons; heapsort, which divides nothing, is not.
    The loops around these steps stand here again, since compiled ones can note nothing.
    tests/unit/gosort/test_recursion.py holds them together: the segments cost exactly what the sort costs, on inputs of
    all shapes and on the constructions.

    Raises:
        InvalidInput: `values` is not a sequence of signed 64-bit integers.
        UnknownTarget: There is no such target.
    """
    watched = _WATCHED.get(find_target(target).name)
    if watched is None:
        return None
    watch = _Watch(as_integers(values))
    watched(watch)
    return Recursion(watch.segments, watch.roles())


def _quick(watch: _Watch) -> None:
    """Sort as Go 1.12 does, in the loop of `quick.sort` with notes."""
    data, work, limit = watch.data, watch.work, quick.depth_limit(len(watch.data))
    waiting = [(0, len(data), 0)]
    while waiting:
        start, end, depth = waiting.pop()
        if end - start <= quick.MAX_INSERTION_ITEMS:
            quick_steps.shell_insertion(data, work, None, start, end)
            watch.note(start, end, depth, INSERTION)
        elif depth == limit:
            heap_sort(data, work, None, None, start, end)
            watch.note(start, end, depth, HEAPSORT)
        else:
            middle, rest = quick_steps.partition(data, work, None, start, end)
            watch.note_partition(start, middle, end, depth)
            waiting += [(rest, end, depth + 1), (start, middle, depth + 1)]


class _Waiting(NamedTuple):
    """A segment that pdqsort has still to sort."""

    start: int
    end: int
    depth: int
    limit: int
    balanced: bool = True
    partitioned: bool = True


def _pdq(watch: _Watch, right: int, left: int) -> None:
    """Sort in the loop of `pdq.pdq_sort` with notes, given the last two shifts of the xorshift."""
    data, work = watch.data, watch.work
    waiting = [_Waiting(0, len(data), 0, bit_length(len(data)))]
    while waiting:
        start, end, depth, limit, balanced, partitioned = segment = waiting.pop()
        if end - start <= pdq.MAX_INSERTION_ITEMS:
            insertion_sort(data, work, None, start, end)
            watch.note(start, end, depth, INSERTION)
            continue
        if limit == 0:
            heap_sort(data, work, None, None, start, end)
            watch.note(start, end, depth, HEAPSORT)
            continue
        if not balanced:
            break_patterns(data, start, end, right, left)
            limit -= 1
        step = pdq.divide(data, work, None, None, start, end, balanced and partitioned)
        if step.is_sorted:
            watch.note(start, end, depth, IN_ORDER)
        elif step.middle == step.rest:
            watch.note(start, end, depth, COPIES)
            waiting.append(segment._replace(start=step.rest, depth=depth + 1, limit=limit))
        else:
            kind = watch.note_partition(start, step.middle, end, depth)
            waiting += _parts(step, segment._replace(depth=depth + 1, limit=limit), balanced=kind == BALANCED)


def _parts(step: pdq.Step, parent: _Waiting, *, balanced: bool) -> list[_Waiting]:
    """Return the parts of a segment, the larger first: it waits, and alone knows how the step went."""
    left, right = parent._replace(end=step.middle), parent._replace(start=step.rest)
    larger, smaller = (right, left) if left.end - left.start < parent.end - step.middle else (left, right)
    return [
        larger._replace(balanced=balanced, partitioned=step.was_partitioned),
        smaller._replace(balanced=True, partitioned=True),
    ]


def _stable(watch: _Watch) -> None:
    """Sort in the loop of `stable.sort` with notes: the last merge, of everything, is the top."""
    data, work, size = watch.data, watch.work, len(watch.data)
    blocks = [stable.INSERTION_BLOCK_ITEMS]
    while blocks[-1] < size:
        blocks.append(2 * blocks[-1])
    for start in range(0, size, blocks[0]):
        end = min(start + blocks[0], size)
        insertion_sort(data, work, None, start, end)
        watch.note(start, end, len(blocks) - 1, INSERTION)
    for depth, block in zip(range(len(blocks) - 2, -1, -1), blocks, strict=False):
        for start in range(0, size - block, 2 * block):
            end = min(start + 2 * block, size)
            stable.merge(data, work, None, start, start + block, end)
            watch.note(start, end, depth, MERGE)


_WATCHED: Mapping[str, Callable[[_Watch], None]] = MappingProxyType(
    {
        "go1.12": _quick,
        "go1.19": lambda watch: _pdq(watch, *pdq.XORSHIFT_GO119),
        "go1.24": lambda watch: _pdq(watch, *pdq.XORSHIFT_GO124),
        "stable": _stable,
    }
)
