"""A plan improved where it stands: pdqsort is played again from the segment whose gene is changed, not from the start.

Segments that a sort has split off never meet again. So what a segment costs depends on its own genes and on what was
known of its items when it was entered, which is kept for every segment on the way of the larger parts and for every
smaller part that is split off them. To change a gene of one of the latter costs far less than a play of the whole.

Changes that lose a little are taken too, less and less as the steps go on (threshold accepting: Dueck, Scheuer, 1990).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from worstsort.gosort.operations.segment_order import start_segment_order
from worstsort.gosort.sorts import pdq_steps
from worstsort.gosort.sorts.pdq_planned import (
    ENTRY_NUMBERS,
    Play,
    Segment,
    divide,
    is_short,
    play_from,
    push,
    sort_short,
    stored,
    whole,
)
from worstsort.gosort.sorts.plan_genes import BLOCK_GENES, VARIANTS, varied

if TYPE_CHECKING:
    from worstsort.gosort.operations.compare import Data, Work

SPENT, OFFSET = ENTRY_NUMBERS, ENTRY_NUMBERS + 1
NOTE_NUMBERS = ENTRY_NUMBERS + 2
"""Numbers of a note: the segment as on the stack, the comparisons before it, and where its items are kept."""

KEPT_PER_ITEM = 20
"""How many items can be kept per item of the input: the segments on the way have some eight in all."""

_RIGHT, _LEFT = 7, 17
"""Shifts of the xorshift that draws changes."""

CHANGED_FIRST, CHANGED_AGAIN = 32, 3
"""One in how many changes of the way is one of gene 0, and one in how many changes a second gene."""


class Notes(NamedTuple):
    """What was known when segments were entered.

    Attributes:
        numbers: A note for each segment on the way, followed by one for its smaller part, and one more for tuning;
            shape (2 * blocks + 1, NOTE_NUMBERS).
        items: The items of noted segments, each with the item before it; shape (kept,).
        tied: For each of them whether it equals the one before it, shape (kept,).
        below: Their bitsets, shape (kept, words).
        above: The same.
        state: Three numbers: how many items are kept, how many segments on the way are noted, the random number.
        best: Room for one plan's genes.
        tried: The same.
    """

    numbers: Any
    items: Any
    tied: Any
    below: Any
    above: Any
    state: Any
    best: Any
    tried: Any


NOTE_ALL = -1
"""Instead of a number of tries: the segments are noted, and their parts are not tuned."""

KEPT, NOTED, RANDOM = range(3)
STATE_NUMBERS = 3
"""Places in Notes.state, and how many there are."""


def refine(data: Data, work: Work, game: Play, notes: Notes, steps: int, tries: int, loss: int) -> int:
    """Improve the plan of a game in place, and return what it costs.

    Args:
        data: Room for the items.
        work: Room for the count and the stack.
        game: Its plan has genes that can be written to.
        notes: Room, with a random number in its state.
        steps: Changes on the way of the larger parts that are tried.
        tries: Changes that are tried in each smaller part after each of those.
        loss: How many comparisons the first step may lose.
    """
    genes = game.plan.genes
    total = begin(data, work, game, notes)
    most = total
    copy_genes(genes, notes.best)
    for step in range(steps):
        allowed = loss * (steps - step) // steps
        for _ in range(tries):
            total += change_smaller_part(data, work, game, notes, allowed)
        if total > most:
            most = total
            copy_genes(genes, notes.best)
        total = change_way(data, work, game, notes, total, allowed, tries)
        if total > most:
            most = total
            copy_genes(genes, notes.best)
    copy_genes(notes.best, genes)
    return most


def begin(data: Data, work: Work, game: Play, notes: Notes) -> int:
    """Play a whole plan, noting the segments; return what it costs."""
    start_segment_order(data, game.order)
    for item in range(len(data)):
        game.tied[item] = 0
    for block in range(len(game.seen)):
        game.seen[block] = 0
    notes.state[KEPT] = notes.state[NOTED] = 0
    work[0] = 0
    follow(data, work, game, notes, whole(data), NOTE_ALL)
    return int(work[0])


def change_way(data: Data, work: Work, game: Play, notes: Notes, total: int, allowed: int, tries: int) -> int:
    """Change a segment on the way, tune the smaller parts after it, and return the new total if that is kept."""
    genes, noted = game.plan.genes, notes.state[NOTED]
    copy_genes(genes, notes.tried)
    block = below(notes, noted)
    if below(notes, CHANGED_FIRST) == 0:
        block = 0
        genes[0] = below(notes, VARIANTS)
    else:
        change(genes, block, 0, notes)
        if below(notes, CHANGED_AGAIN) == 0:
            change(genes, block + below(notes, noted - block), 0, notes)
    follow(data, work, game, notes, restore(data, work, game, notes, 2 * block), tries)
    if work[0] < total - below(notes, allowed + 1):
        copy_genes(notes.tried, genes)
        return total
    segment = restore(data, work, game, notes, 2 * block)
    notes.state[KEPT], notes.state[NOTED] = notes.numbers[2 * block][OFFSET], block
    follow(data, work, game, notes, segment, NOTE_ALL)
    return int(work[0])


def follow(data: Data, work: Work, game: Play, notes: Notes, segment: Segment, tries: int) -> None:
    """Play a segment on the way to its end, and tune its smaller parts, or note all segments if `tries` is NOTE_ALL."""
    entered = -1
    while True:
        block = segment.place.block
        if tries == NOTE_ALL and block != entered:
            note_way(data, work, game, notes, segment)
        entered = block
        if is_short(segment):
            sort_short(data, work, game, segment)
            return
        top = divide(data, work, game, segment, 1)
        if top == 1:
            return
        left = stored(work, top - ENTRY_NUMBERS)
        if left.place.gene == 0:
            segment = left
            continue
        segment = stored(work, top - 2 * ENTRY_NUMBERS)
        if tries == NOTE_ALL and notes.state[NOTED] == block + 1:
            note(data, work, game, notes, left, 2 * block + 1)
            game.seen[block] = 0
        if tries > 0 and not is_short(left) and block < len(game.seen) - 1:
            tune(data, work, game, notes, left, tries)
        else:
            play_from(data, work, game, push(work, 1, left))


def note_way(data: Data, work: Work, game: Play, notes: Notes, segment: Segment) -> None:
    """Note a segment on the way, if it has genes of its own and there is room for its items."""
    block = segment.place.block
    has_room = notes.state[KEPT] + 3 * (len(data) + 1) <= len(notes.items)  # for it, its smaller part, and tuning
    if block == notes.state[NOTED] and block < len(game.seen) - 1 and has_room:
        note(data, work, game, notes, segment, 2 * block)
        notes.state[NOTED] += 1


def tune(data: Data, work: Work, game: Play, notes: Notes, segment: Segment, tries: int) -> None:
    """Play a smaller part, trying changes of its genes, of which those that lose nothing are kept."""
    genes, block = game.plan.genes, segment.place.block
    number, kept = len(notes.numbers) - 1, notes.state[KEPT]
    notes.state[KEPT] = len(notes.items) - len(data) - 1
    note(data, work, game, notes, segment, number)
    notes.state[KEPT] = kept
    game.seen[block] = 0
    play_from(data, work, game, push(work, 1, segment))
    most = work[0]
    for _ in range(tries):
        gene = 1 + block * BLOCK_GENES + seen_gene(game, notes, block)
        old = genes[gene]
        genes[gene] = varied(old, draw(notes))
        play_from(data, work, game, push(work, 1, restore(data, work, game, notes, number)))
        if work[0] >= most:
            most = work[0]
        else:
            genes[gene] = old
    work[0] = most


def change_smaller_part(data: Data, work: Work, game: Play, notes: Notes, allowed: int) -> int:
    """Change a gene of a smaller part, and return what was won if it is kept, or 0."""
    genes, noted = game.plan.genes, notes.state[NOTED]
    block = below(notes, noted)
    number = 2 * block + 1
    if block == noted - 1 or game.seen[block] <= 1:
        return 0
    gene = 1 + block * BLOCK_GENES + seen_gene(game, notes, block)
    old = genes[gene]
    genes[gene] = varied(old, draw(notes))
    play_from(data, work, game, push(work, 1, restore(data, work, game, notes, number)))
    won = int(work[0]) - int(notes.numbers[number + 1][SPENT])
    if won < -below(notes, allowed + 1):
        genes[gene] = old
        return 0
    for later in range(number + 1, 2 * noted):
        notes.numbers[later][SPENT] += won
    return won


def seen_gene(game: Play, notes: Notes, block: int) -> int:
    """Draw one of the genes of a block's smaller part that a play has looked at; the first if it has at none."""
    seen = game.seen[block] >> 1
    count, rest = 0, seen
    while rest != 0:
        count += 1
        rest &= rest - 1
    if count == 0:
        return 1
    skipped, gene = below(notes, count), 1
    while True:
        if seen & 1:
            if skipped == 0:
                return gene
            skipped -= 1
        seen >>= 1
        gene += 1


def note(data: Data, work: Work, game: Play, notes: Notes, segment: Segment, number: int) -> None:
    """Keep a segment, and all that is known of its items and of the item before it."""
    numbers, offset, start = notes.numbers[number], notes.state[KEPT], max(segment.start - 1, 0)
    push(numbers, 0, segment)
    numbers[SPENT], numbers[OFFSET] = work[0], offset
    for position in range(start, segment.end):
        item, place = data[position], offset + position - start
        notes.items[place], notes.tied[place] = item, game.tied[item]
        copy_words(game.order.below[item], notes.below[place], game.order.words)
        copy_words(game.order.above[item], notes.above[place], game.order.words)
    notes.state[KEPT] = offset + segment.end - start


def restore(data: Data, work: Work, game: Play, notes: Notes, number: int) -> Segment:
    """Return a noted segment, and put its items and the count back to what they were."""
    numbers = notes.numbers[number]
    segment, offset = stored(numbers, 0), numbers[OFFSET]
    start = max(segment.start - 1, 0)
    for position in range(start, segment.end):
        place = offset + position - start
        item = notes.items[place]
        data[position], game.tied[item] = item, notes.tied[place]
        copy_words(notes.below[place], game.order.below[item], game.order.words)
        copy_words(notes.above[place], game.order.above[item], game.order.words)
    work[0] = numbers[SPENT]
    return segment


def copy_words(source: Any, target: Any, words: int) -> None:
    """Copy a bitset."""
    for word in range(words):
        target[word] = source[word]


def copy_genes(source: Any, target: Any) -> None:
    """Copy a plan's genes."""
    for gene in range(len(source)):
        target[gene] = source[gene]


def change(genes: Any, block: int, gene: int, notes: Notes) -> None:
    """Vary a gene of a block."""
    place = 1 + block * BLOCK_GENES + gene
    genes[place] = varied(genes[place], draw(notes))


def draw(notes: Notes) -> int:
    """Return the next random number, of 48 bits."""
    notes.state[RANDOM] = pdq_steps.xorshift(notes.state[RANDOM], _RIGHT, _LEFT)
    return int((notes.state[RANDOM] >> 8) & ((1 << 48) - 1))


def below(notes: Notes, bound: int) -> int:
    """Draw a number from 0 to bound - 1."""
    return (draw(notes) >> 16) % bound
