"""What Numba compiles `blocks` to: LLVM's vectors of 16 items, which it adapts to any processor.

Items have 32 or 64 bits, as their array has; between two steps every number has 64.

Imported only where Numba is about to compile.
"""

# mypy: disable-error-code="no-untyped-call"
# Numba's extension interface has no types.

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, overload

from worstsort.gosort.operations import blocks
from worstsort.gosort.operations.blocks import BLOCK_ITEMS, MAX_SHORT_ITEMS

I1, I16, I32, I64 = ir.IntType(1), ir.IntType(16), ir.IntType(32), ir.IntType(64)
PLACES = ir.VectorType(I16, BLOCK_ITEMS)
MASK = ir.VectorType(I1, BLOCK_ITEMS)
LANES = range(BLOCK_ITEMS)


def constant(numbers: Any, kind: Any) -> Any:
    """Make a constant vector of numbers of a kind."""
    return ir.Constant(ir.VectorType(kind, BLOCK_ITEMS), list(numbers))


def splat(builder: Any, scalar: Any) -> Any:
    """Make a vector that holds one scalar in every lane."""
    vector = ir.VectorType(scalar.type, BLOCK_ITEMS)
    single = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, ir.Constant(I32, 0))
    return builder.shuffle_vector(single, single, constant([0] * BLOCK_ITEMS, I32))


def pointer(context: Any, builder: Any, kind: Any, array: Any, index: Any) -> Any:
    """Point at array[index] without wrapping a negative index around."""
    return builder.gep(context.make_array(kind)(context, builder, array).data, [index])


def load_items(builder: Any, at: Any) -> Any:
    """Read BLOCK_ITEMS items from an address."""
    kind = at.type.pointee
    return builder.load(builder.bitcast(at, ir.VectorType(kind, BLOCK_ITEMS).as_pointer()), align=kind.width // 8)


def narrowed(builder: Any, number: Any, kind: Any) -> Any:
    """Truncate a 64-bit number to a type."""
    return number if number.type == kind else builder.trunc(number, kind)


def widened(builder: Any, number: Any) -> Any:
    """Extend a signed number to 64 bits."""
    return number if number.type == I64 else builder.sext(number, I64)


def splat_like(builder: Any, items: Any, number: Any) -> Any:
    """Make a vector of one number to compare items with."""
    return splat(builder, narrowed(builder, number, items.type.element))


def largest_like(items: Any) -> Any:
    """Make a vector of the largest number that an item can have."""
    kind = items.type.element
    return constant([2 ** (kind.width - 1) - 1] * BLOCK_ITEMS, kind)


def live_lanes(builder: Any, count: Any) -> Any:
    """Mark the first `count` lanes."""
    return builder.icmp_signed("<", constant(LANES, I32), splat(builder, builder.trunc(count, I32)))


def count_bits(builder: Any, mask: Any) -> Any:
    """Count the marked lanes."""
    return builder.zext(builder.ctpop(builder.bitcast(mask, ir.IntType(BLOCK_ITEMS))), I64)


def call(builder: Any, name: str, result: Any, arguments: Any) -> Any:
    """Call an intrinsic function of LLVM."""
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)


@intrinsic
def get(_typing: Any, data: Any, _i: Any) -> Any:
    """Read data[i]."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        item = builder.load(pointer(context, builder, signature.args[0], *arguments))
        return widened(builder, item) if signature.args[0].dtype.signed else builder.zext(item, I64)

    return types.int64(data, types.int64), generate


@intrinsic
def put(_typing: Any, data: Any, _i: Any, _value: Any) -> Any:
    """Write data[i]."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        to = pointer(context, builder, signature.args[0], *arguments[:2])
        builder.store(narrowed(builder, arguments[2], to.type.pointee), to)
        return context.get_dummy_value()

    return types.void(data, types.int64, types.int64), generate


@intrinsic
def add(_typing: Any, number: Any, _more: Any) -> Any:
    """Add to number[0] atomically; return its former value."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        at = pointer(context, builder, signature.args[0], arguments[0], ir.Constant(I64, 0))
        return builder.atomic_rmw("add", at, arguments[1], "monotonic")

    return types.int64(number, types.int64), generate


@intrinsic
def choose(_typing: Any, _condition: Any, _one: Any, _other: Any) -> Any:
    """Select one of two numbers; "unpredictable" keeps LLVM from making a branch of it."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        chosen = builder.select(*arguments)
        chosen.set_metadata("unpredictable", builder.module.add_metadata([]))
        return chosen

    return types.int64(types.boolean, types.int64, types.int64), generate


@intrinsic
def compare_block(_typing: Any, data: Any, _start: Any, _stop: Any, _pivot: Any) -> Any:
    """Count the smaller and the equal items of a block."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, first, end, by = arguments
        items = load_items(builder, pointer(context, builder, signature.args[0], array, first))
        live = live_lanes(builder, builder.sub(end, first))
        by = splat_like(builder, items, by)
        counts = [
            count_bits(builder, builder.and_(live, builder.icmp_signed(relation, items, by)))
            for relation in ("<", "==")
        ]
        return cgutils.pack_array(builder, counts)

    return types.UniTuple(types.int64, 2)(data, types.int64, types.int64, types.int64), generate


def collector(relation: str) -> Any:
    """Build the intrinsic that appends the places of the items of a block that are in a relation to the pivot."""

    @intrinsic
    def collect(
        _typing: Any, places: Any, _found: Any, data: Any, _start: Any, _stop: Any, _pivot: Any, _equal_too: Any
    ) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            place_array, known, array, first, end, by, equal = arguments
            live = live_lanes(builder, builder.sub(end, first))
            items = load_items(builder, pointer(context, builder, signature.args[2], array, first))
            at = builder.add(splat(builder, builder.trunc(first, I16)), constant(LANES, I16))
            by = splat_like(builder, items, by)
            same = builder.and_(builder.icmp_signed("==", items, by), splat(builder, equal))
            wanted = builder.and_(live, builder.or_(same, builder.icmp_signed(relation, items, by)))
            nothing = ir.Constant(PLACES, ir.Undefined)
            packed = call(
                builder, f"llvm.experimental.vector.compress.v{BLOCK_ITEMS}i16", PLACES, [at, wanted, nothing]
            )
            to = pointer(context, builder, signature.args[0], place_array, known)
            builder.store(packed, builder.bitcast(to, PLACES.as_pointer()), align=2)
            return builder.add(known, count_bits(builder, wanted))

        numbers = [types.int64, types.int64, types.int64, types.boolean]
        return types.int64(places, types.int64, data, *numbers), generate

    return collect


collect_larger = collector(">")
collect_smaller = collector("<")


@intrinsic
def short_cost(_typing: Any, data: Any, _start: Any, _size: Any, _shell: Any) -> Any:
    """Count insertion sort's comparisons on a short segment."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, first, count, with_shell = arguments
        live = live_lanes(builder, count)
        items = load_items(builder, pointer(context, builder, signature.args[0], array, first))
        items = builder.select(live, items, largest_like(items))
        shelled = order_six_apart(builder, items)
        items = builder.select(splat(builder, with_shell), shelled, items)
        return count_marked(builder, [*larger_before(builder, items), not_new_minima(builder, items, live)])

    return types.int64(data, types.int64, types.int64, types.boolean), generate


@intrinsic
def descents_cost(_typing: Any, stops: Any, _node: Any, _size: Any, _emptying: Any) -> Any:
    """Count the comparisons of a block of descents in a heap."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        stop_array, node, size, emptying = arguments
        noted = load_items(builder, pointer(context, builder, signature.args[0], stop_array, node))
        stop = builder.zext(noted, ir.VectorType(I32, BLOCK_ITEMS))
        node, size = (splat(builder, builder.trunc(number, I32)) for number in (node, size))
        lanes, one, emptying = constant(LANES, I32), constant([1] * BLOCK_ITEMS, I32), splat(builder, emptying)
        start = builder.select(emptying, one, builder.add(node, lanes))
        items = builder.select(emptying, builder.sub(size, lanes), size)
        levels = builder.sub(leading_zeros(builder, start), leading_zeros(builder, stop))
        has_child = builder.icmp_signed("<=", builder.shl(stop, one), items)
        even = builder.icmp_signed("==", builder.and_(items, one), constant([0] * BLOCK_ITEMS, I32))
        at_last = builder.or_(
            builder.icmp_signed("==", stop, items), builder.icmp_signed("==", stop, builder.lshr(items, one))
        )
        cost = builder.shl(builder.sub(levels, builder.sext(has_child, levels.type)), one)
        cost = builder.add(cost, builder.sext(builder.and_(even, at_last), levels.type))
        counted = builder.icmp_signed("<=", builder.shl(start, one), items)
        cost = builder.select(counted, cost, constant([0] * BLOCK_ITEMS, I32))
        return widened(builder, call(builder, f"llvm.vector.reduce.add.v{BLOCK_ITEMS}i32", I32, [cost]))

    return types.int64(stops, types.int64, types.int64, types.boolean), generate


def leading_zeros(builder: Any, numbers: Any) -> Any:
    """Count the zeros before the highest bit of each number."""
    return call(builder, f"llvm.ctlz.v{BLOCK_ITEMS}i32", numbers.type, [numbers, ir.Constant(I1, 0)])


def shifted(builder: Any, items: Any, by: int) -> Any:
    """Move every item `by` lanes up; the largest number moves in."""
    # The lanes are consecutive across both vectors, so that this becomes a single align instruction.
    return builder.shuffle_vector(
        items, largest_like(items), constant([(lane - by) % (2 * BLOCK_ITEMS) for lane in LANES], I32)
    )


def smaller_of(builder: Any, one: Any, other: Any) -> Any:
    """Take the smaller item in each lane."""
    return builder.select(builder.icmp_signed("<", one, other), one, other)


def order_six_apart(builder: Any, items: Any) -> Any:
    """Put lanes 0..5 and 6..11 in order, pair by pair."""
    partners = [*range(6, 12), *range(6), *range(12, BLOCK_ITEMS)]
    other = builder.shuffle_vector(items, items, constant(partners, I32))
    low = smaller_of(builder, items, other)
    high = builder.select(builder.icmp_signed("<", items, other), other, items)
    return builder.shuffle_vector(low, high, constant([*range(6), *range(6 + BLOCK_ITEMS, 2 * BLOCK_ITEMS)], I32))


def larger_before(builder: Any, items: Any) -> list[Any]:
    """Mark every pair of the first MAX_SHORT_ITEMS items in which the earlier one is larger, in a lane of some mask.

    The mask for a distance d compares each item with the one d places later. The lanes that have no such item are not
    wasted: they compare the pairs at distance 12 - d, which would need a mask of their own otherwise. For d = 5:

        lane      0  1  2  3  4  5  6   7  8  9 10 11
        earlier   0  1  2  3  4  5  6   0  1  2  3  4   (lane - 7, where lane + 5 is beyond the end)
        later     5  6  7  8  9 10 11   7  8  9 10 11

    In lanes 7 to 11 the later item is on the left of the comparison, so both are complemented, which reverses their
    order. At d = 6 all pairs stand in lanes 0 to 5. So six masks hold all 66 pairs.
    """
    complements = builder.not_(items)
    masks = []
    for distance in range(1, MAX_SHORT_ITEMS // 2 + 1):
        lanes = [(lane, lane + distance) for lane in range(MAX_SHORT_ITEMS - distance)]
        if distance < MAX_SHORT_ITEMS // 2:
            wrapped = range(MAX_SHORT_ITEMS - distance, MAX_SHORT_ITEMS)
            lanes += [(BLOCK_ITEMS + lane, BLOCK_ITEMS + lane + distance - MAX_SHORT_ITEMS) for lane in wrapped]
        lanes += [(0, 0)] * (BLOCK_ITEMS - len(lanes))
        left, right = (
            builder.shuffle_vector(items, complements, constant(side, I32)) for side in zip(*lanes, strict=True)
        )
        masks.append(builder.icmp_signed(">", left, right))
    return masks


def count_marked(builder: Any, masks: list[Any]) -> Any:
    """Count the marked lanes of several masks, four at a time."""
    none, total = ir.Constant(MASK, [0] * BLOCK_ITEMS), ir.Constant(I64, 0)
    for k in range(0, len(masks), 4):
        one, two, three, four = (masks[k : k + 4] + [none] * 3)[:4]
        together = joined(builder, joined(builder, one, two), joined(builder, three, four))
        total = builder.add(total, builder.ctpop(builder.bitcast(together, I64)))
    return total


def joined(builder: Any, one: Any, other: Any) -> Any:
    """Concatenate two vectors."""
    lanes = ir.VectorType(I32, 2 * one.type.count)
    return builder.shuffle_vector(one, other, ir.Constant(lanes, list(range(lanes.count))))


def not_new_minima(builder: Any, items: Any, live: Any) -> Any:
    """Mark the live lanes after the first that have an item before them that is no larger."""
    before = shifted(builder, items, 1)
    for distance in (1, 2, 4, 8):
        before = smaller_of(builder, before, shifted(builder, before, distance))
    kept = builder.and_(live, builder.icmp_signed("<=", before, items))
    return builder.and_(kept, constant([0] + [1] * (BLOCK_ITEMS - 1), I1))


STEPS = {
    "get": get,
    "put": put,
    "add": add,
    "choose": choose,
    "compare_block": compare_block,
    "collect_larger": collect_larger,
    "collect_smaller": collect_smaller,
    "short_cost": short_cost,
    "descents_cost": descents_cost,
}


def register() -> None:
    """Let compiled code call these in place of the functions of the same names in `blocks`."""
    for name, instructions in STEPS.items():
        overload(getattr(blocks, name), strict=False)(forward_to(instructions))


def forward_to(instructions: Any) -> Any:
    """Build the function that Numba asks for the code of a call; it is the same for all types of arguments."""

    def code_for(*_types: Any) -> Any:
        def code(*arguments: Any) -> Any:
            return instructions(*arguments)

        return code

    return code_for
