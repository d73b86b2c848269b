"""How often each operator does what its docstring says: counted over many draws, against the exact probabilities."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.support.frequencies import assert_frequencies, law_of
from worstsort.genetic import CROSSOVERS, MUTATIONS, REPRESENTATIONS, TOPOLOGIES, Streams, initial_genomes
from worstsort.genetic.migration import senders
from worstsort.genetic.operators import crossover, local_search, selection, structured_mutation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from worstsort.genetic.arrays import Fitnesses, Genomes
    from worstsort.genetic.operators.mutation import Mutation
    from worstsort.genetic.representation import Representation

DRAWS = 30_000
STREAMS = Streams(seed=20, island=3, generation=4)
FITNESSES = np.array([14, 10, 13, 11, 12, 19], dtype=np.int64)
RISING = np.argsort(FITNESSES)
"""Rows of FITNESSES, least fit first."""

MARK = 99
MARKING: Representation = replace(REPRESENTATIONS["values"], draw=lambda words: np.full(words.shape, MARK, np.int32))
"""A representation whose fresh genes can be told from all others."""


def rows_of(genomes: Genomes) -> Iterator[tuple[int, ...]]:
    return (tuple(row) for row in genomes.tolist())


def mutated(name: str, genes: int, representation: Representation = MARKING) -> Iterator[tuple[int, ...]]:
    """Return what a mutation makes of 0, 1, 2, ... in many rows."""
    children = np.tile(np.arange(genes, dtype=np.int32), (DRAWS, 1))
    mutate: Mutation = MUTATIONS[name]
    mutate(children, np.arange(DRAWS), representation, STREAMS)
    return rows_of(children)


def crossed(operator: crossover.Crossover, genomes: Genomes) -> Iterator[tuple[int, ...]]:
    """Return many children of rows 0 and 1."""
    return rows_of(operator(genomes, np.zeros(DRAWS, np.int64), np.ones(DRAWS, np.int64), STREAMS))


def two_cuts(places: int) -> Iterator[tuple[int, int]]:
    """Return every pair of cuts that two independent draws may give, in rising order."""
    return ((min(pair), max(pair)) for pair in product(range(places), repeat=2))


# --- selection


def picked(select: selection.Selection, fitnesses: Fitnesses = FITNESSES) -> list[int]:
    rows: list[int] = select(fitnesses, DRAWS, STREAMS, "picked").tolist()
    return rows


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("probability", [1.0, 0.7, 0.5])
def test_a_tournament_picks_each_rank_as_often_as_its_law_says(size: int, probability: float) -> None:
    """Entrants come with replacement; the j-th fittest of them wins with P(1 - P)^j, the last with what is left."""

    def winners() -> Iterator[tuple[int, float]]:
        chances = [probability * (1 - probability) ** place for place in range(size - 1)]
        chances.append(1 - sum(chances))
        for entrants in product(range(len(FITNESSES)), repeat=size):
            by_fitness = sorted(entrants, key=lambda row: -int(FITNESSES[row]))
            yield from ((row, chance / len(FITNESSES) ** size) for row, chance in zip(by_fitness, chances, strict=True))

    assert_frequencies(picked(selection.tournament(size, probability)), law_of(winners()))


def test_a_tournament_of_equals_is_won_by_the_first_drawn() -> None:
    """Two of three are equally fit: a tournament that holds both is won by either as often."""
    fitnesses = np.array([5, 5, 1], dtype=np.int64)
    entrants = STREAMS.below(3, "picked", DRAWS, 2)
    picks = np.array(picked(selection.tournament(2), fitnesses))
    expected = np.where(entrants[:, 0] == 2, entrants[:, 1], entrants[:, 0])
    assert np.array_equal(picks, expected)
    assert_frequencies(picks.tolist(), {0: 4 / 9, 1: 4 / 9, 2: 1 / 9})


@pytest.mark.parametrize("pressure", [1.0, 1.5, 2.0])
def test_rank_selection_gives_each_rank_its_linear_weight(pressure: float) -> None:
    """From 2 - pressure times the average for the least fit to pressure times for the fittest, in equal steps."""
    last = len(FITNESSES) - 1
    weights = [(2 - pressure) + 2 * (pressure - 1) * rank / last for rank in range(last + 1)]
    law = {int(row): weight / len(FITNESSES) for row, weight in zip(RISING, weights, strict=True)}
    assert_frequencies(picked(selection.rank(pressure)), law)


def test_roulette_is_proportional_to_the_lead_over_the_least_fit() -> None:
    """The least fit counts as half a point, and each other as its lead and half a point."""
    weights = FITNESSES - FITNESSES.min() + 0.5
    assert_frequencies(picked(selection.roulette), dict(enumerate((weights / weights.sum()).tolist())))


@pytest.mark.parametrize(("share", "kept"), [(0.01, 1), (0.5, 3), (0.7, 4), (1.0, 6)])
def test_truncation_picks_uniformly_among_the_share(share: float, kept: int) -> None:
    """The share is rounded down, to one individual at least."""
    law = {int(row): 1 / kept for row in RISING[::-1][:kept]}
    assert_frequencies(picked(selection.truncation(share)), law)


def test_truncation_among_equals_keeps_the_first() -> None:
    """Which of equally fit individuals breed does not depend on the sort."""
    assert set(picked(selection.truncation(0.5), np.array([7, 3, 7, 7], dtype=np.int64))) == {0, 2}


# --- crossover

PARENTS = np.array([[0] * 6, [1] * 6], dtype=np.int32)


def test_one_point_cuts_everywhere_equally_often_and_takes_either_head() -> None:
    """Places 0 to genes - 1, and a coin for the parent that gives the head."""
    genes = PARENTS.shape[1]
    cases = (((head,) * cut + (1 - head,) * (genes - cut), 1 / (2 * genes)) for cut in range(genes) for head in (0, 1))
    assert_frequencies(crossed(crossover.one_point, PARENTS), law_of(cases))


def test_two_point_takes_every_stretch_as_often_as_two_cuts_fall_there() -> None:
    """Both cuts are places 0 to genes; equal cuts copy the first parent."""
    genes = PARENTS.shape[1]
    cases = (
        ((0,) * start + (1,) * (end - start) + (0,) * (genes - end), 1 / (genes + 1) ** 2)
        for start, end in two_cuts(genes + 1)
    )
    assert_frequencies(crossed(crossover.two_point, PARENTS), law_of(cases))


def test_uniform_crossover_tosses_a_coin_for_each_gene() -> None:
    """All children of two parents are equally likely."""
    law = dict.fromkeys(product((0, 1), repeat=6), 1 / 2**6)
    assert_frequencies(crossed(crossover.uniform, PARENTS), law)


def test_uniform_crossover_has_a_coin_of_its_own_for_the_genes_beyond_the_first_word() -> None:
    """Genes 64 places apart are as independent as any others."""
    parents = np.array([[0] * 130, [1] * 130], dtype=np.int32)
    children = crossover.uniform(parents, np.zeros(DRAWS, np.int64), np.ones(DRAWS, np.int64), STREAMS)
    for left, right in ((0, 64), (63, 64), (1, 129)):
        assert_frequencies(rows_of(children[:, [left, right]]), dict.fromkeys(product((0, 1), repeat=2), 1 / 4))


@pytest.mark.parametrize("rate", [0.0, 0.5, 0.9, 1.0])
def test_the_rate_is_the_share_of_children_with_two_parents(rate: float) -> None:
    """The others are copies of their first parent."""

    def second(genomes: Genomes, _first: Any, mates: NDArray[np.int64], _streams: Streams) -> Genomes:
        return genomes[mates]

    children = crossed(crossover.at_rate(second, rate), PARENTS)
    assert_frequencies((child[0] for child in children), {0: 1 - rate, 1: rate})


ORDERS = np.array([[0, 1, 2, 3, 4], [3, 0, 4, 2, 1]], dtype=np.int32)


def order_by_the_book(first: list[int], second: list[int], start: int, end: int) -> list[int]:
    """Cross as Davis describes it: the rest is filled from behind the stretch, in the order of the second parent."""
    child = dict(zip(range(start, end), first[start:end], strict=True))
    size = len(first)
    places = [(end + step) % size for step in range(size)]
    rest = [second[place] for place in places if second[place] not in first[start:end]]
    child.update(zip((place for place in places if place not in child), rest, strict=True))
    return [child[place] for place in range(size)]


def partially_mapped_by_the_book(first: list[int], second: list[int], start: int, end: int) -> list[int]:
    """Cross as Goldberg and Lingle describe it: exchange genes until the second parent's stretch is the first's."""
    child = list(second)
    for place in range(start, end):
        there = child.index(first[place])
        child[place], child[there] = child[there], child[place]
    return child


@pytest.mark.parametrize(
    ("name", "by_the_book"), [("order", order_by_the_book), ("partially_mapped", partially_mapped_by_the_book)]
)
def test_a_crossover_of_permutations_keeps_every_stretch_equally_often(name: str, by_the_book: Any) -> None:
    """Both cuts are places 0 to genes, and each child is what the operator's authors make of the stretch."""
    first, second = ORDERS.tolist()
    places = len(first) + 1
    cases = ((tuple(by_the_book(first, second, start, end)), 1 / places**2) for start, end in two_cuts(places))
    assert_frequencies(crossed(CROSSOVERS[name], ORDERS), law_of(cases))


# --- mutation


def with_marks(genes: int, places: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(MARK if gene in places else gene for gene in range(genes))


def test_index_replaces_each_gene_equally_often() -> None:
    """One place of all."""
    assert_frequencies(mutated("index", 5), {with_marks(5, (place,)): 1 / 5 for place in range(5)})


def test_flips_replace_one_two_or_three_places_equally_often() -> None:
    """The places of the flips come with replacement, so that three flips may change fewer genes."""
    cases = (
        (with_marks(5, places), 1 / (3 * 5**flips)) for flips in (1, 2, 3) for places in product(range(5), repeat=flips)
    )
    assert_frequencies(mutated("flips", 5), law_of(cases))


@pytest.mark.parametrize("name", ["index", "flips"])
def test_fresh_genes_are_uniform(name: str) -> None:
    """A decision is replaced by each of the four equally often."""
    children = np.full((DRAWS, 1), 7, dtype=np.uint8)
    MUTATIONS[name](children, np.arange(DRAWS), REPRESENTATIONS["decisions"], STREAMS)
    assert_frequencies((child[0] for child in rows_of(children)), dict.fromkeys(range(4), 1 / 4))


def exchanged(left: int, right: int) -> tuple[int, ...]:
    genes = list(range(5))
    genes[left], genes[right] = genes[right], genes[left]
    return tuple(genes)


def moved(source: int, target: int) -> tuple[int, ...]:
    genes = list(range(5))
    genes.insert(target, genes.pop(source))
    return tuple(genes)


def turned(start: int, last: int) -> tuple[int, ...]:
    genes = list(range(5))
    genes[start : last + 1] = genes[start : last + 1][::-1]
    return tuple(genes)


def test_swap_exchanges_every_pair_of_places_equally_often() -> None:
    """Both places are drawn from all, so that one in `genes` swaps exchanges a gene with itself."""
    assert_frequencies(mutated("swap", 5), law_of((exchanged(*pair), 1 / 25) for pair in product(range(5), repeat=2)))


def test_insert_moves_every_gene_to_every_place_equally_often() -> None:
    """Source and target are drawn from all places."""
    assert_frequencies(mutated("insert", 5), law_of((moved(*pair), 1 / 25) for pair in product(range(5), repeat=2)))


def test_reverse_turns_every_stretch_as_often_as_two_ends_fall_there() -> None:
    """The first and the last gene of the stretch are two places drawn from all."""
    assert_frequencies(mutated("reverse", 5), law_of((turned(*pair), 1 / 25) for pair in two_cuts(5)))


def test_scramble_shuffles_a_stretch_into_every_order_equally_often() -> None:
    """The first and the last gene of the stretch are two places drawn from all, and no order is preferred."""

    def cases() -> Iterator[tuple[tuple[int, ...], float]]:
        for start, last in two_cuts(4):
            orders = list(permutations(range(start, last + 1)))
            for shuffled in orders:
                yield (*range(start), *shuffled, *range(last + 1, 4)), 1 / (16 * len(orders))

    assert_frequencies(mutated("scramble", 4), law_of(cases()))


# --- structured mutation


@pytest.fixture
def edits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, int, int]]:
    """Note every edit that is made: its name, place, length and other place."""
    made: list[tuple[str, int, int, int]] = []

    def noting(name: str) -> structured_mutation.Edit:
        def note(_genome: Any, place: int, length: int, other: int, _fresh: Any) -> None:
            made.append((name, place, length, other))

        return note

    monkeypatch.setattr(
        structured_mutation,
        "EDITS",
        tuple((noting(edit.__name__), probability) for edit, probability in structured_mutation.EDITS),
    )
    children = np.zeros((DRAWS, 16), dtype=np.uint8)
    structured_mutation.structured(children, np.arange(DRAWS), REPRESENTATIONS["decisions"], STREAMS)
    return made


def test_each_edit_is_made_as_often_as_it_says(edits: list[tuple[str, int, int, int]]) -> None:
    """The documented probabilities, which the module's table must agree with."""
    law = {"flip": 0.35, "fill": 0.30, "tile": 0.15, "copy": 0.08, "push_in": 0.06, "cut_out": 0.06}
    assert_frequencies((edit[0] for edit in edits), law)


@pytest.mark.parametrize("field", [1, 3])
def test_edits_prefer_the_beginning(edits: list[tuple[str, int, int, int]], field: int) -> None:
    """A place is the square of a uniform number, so that half of all places are in the first quarter."""
    law = {place: sqrt((place + 1) / 16) - sqrt(place / 16) for place in range(16)}
    assert_frequencies((int(edit[field]) for edit in edits), law)


def test_the_lengths_of_edits_are_log_uniform(edits: list[tuple[str, int, int, int]]) -> None:
    """From 1 to half of the genes; each doubling of the length is as likely as any other."""
    whole = log(16 / 2 + 1)
    law = {length: (log(length + 1) - log(length)) / whole for length in range(1, 9)}
    assert_frequencies((edit[2] for edit in edits), law)


GENOME = list(range(10, 18))
FRESH = np.array([1, 2, 3, 4, 5, 6])


@pytest.mark.parametrize(
    ("edit", "place", "length", "other", "edited"),
    [
        ("fill", 2, 3, 0, [10, 11, 1, 1, 1, 15, 16, 17]),
        ("fill", 6, 5, 0, [10, 11, 12, 13, 14, 15, 1, 1]),
        ("tile", 1, 5, 1, [10, 1, 2, 1, 2, 1, 16, 17]),
        ("tile", 1, 5, 6, [10, 1, 1, 1, 1, 1, 16, 17]),
        ("tile", 0, 8, 5, [1, 2, 3, 4, 5, 6, 1, 2]),
        ("copy", 1, 3, 4, [10, 14, 15, 16, 14, 15, 16, 17]),
        ("copy", 5, 4, 0, [10, 11, 12, 13, 14, 10, 11, 12]),
        ("copy", 0, 4, 6, [16, 17, 12, 13, 14, 15, 16, 17]),
        ("push_in", 2, 2, 0, [10, 11, 1, 1, 12, 13, 14, 15]),
        ("push_in", 6, 5, 0, [10, 11, 12, 13, 14, 15, 1, 1]),
        ("cut_out", 2, 2, 0, [10, 11, 14, 15, 16, 17, 1, 1]),
        ("cut_out", 6, 5, 0, [10, 11, 12, 13, 14, 15, 1, 1]),
    ],
)
def test_an_edit_does_what_it_says(edit: str, place: int, length: int, other: int, edited: list[int]) -> None:
    """Inside the genome and at its end, where a stretch is shortened."""
    genome = np.array(GENOME)
    getattr(structured_mutation, edit)(genome, place, length, other, FRESH)
    assert genome.tolist() == edited


@pytest.mark.parametrize(
    ("coins", "edited"),
    [
        ((4, 4), [10, 1, 12, 13, 14, 15, 16, 17]),
        ((4, 5), [10, 1, 12, 13, 14, 15, 16, 17]),
        ((5, 4), [10, 1, 12, 13, 14, 15, 2, 17]),
        ((5, 5), [10, 1, 12, 13, 3, 15, 2, 17]),
    ],
)
def test_a_flip_changes_one_to_three_genes(coins: tuple[int, int], edited: list[int]) -> None:
    """The second place is changed on an odd coin, and the third on two of them."""
    genome = np.array(GENOME)
    structured_mutation.flip(genome, 1, 3, 6, np.array([1, 2, 3, *coins, 6]))
    assert genome.tolist() == edited


def test_the_third_place_of_a_flip_stays_inside_the_genome() -> None:
    """Beyond the end it is the last gene."""
    genome = np.array(GENOME)
    structured_mutation.flip(genome, 5, 9, 0, np.array([1, 2, 3, 5, 5, 6]))
    assert genome.tolist() == [2, 11, 12, 13, 14, 1, 16, 3]


# --- local search


def test_annealing_accepts_a_loss_with_the_probability_of_its_temperature() -> None:
    """Exp(-loss / temperature), where the temperature falls linearly from heat * sqrt(genes) to 0."""
    steps, heat, genes, loss = 4, 0.5, 9, 2
    taken_before: list[list[int]] = []

    def lose(children: Genomes, rows: Any, _representation: Any, _streams: Any) -> None:
        children[rows, 0] += 1

    def score(genomes: Genomes) -> Fitnesses:
        taken_before.append((genomes[:, 0] - 1).tolist())
        scores: Fitnesses = 1_000 - loss * genomes[:, 0].astype(np.int64)
        return scores

    genomes = np.zeros((DRAWS, genes), dtype=np.int32)
    search = local_search.annealing(lose, REPRESENTATIONS["values"], steps, heat)
    found = search(genomes, np.full(DRAWS, 1_000), score, STREAMS)
    assert (found.genomes == 0).all()
    assert (found.fitnesses == 1_000).all()
    before, after = np.array(taken_before[:-1]), np.array(taken_before[1:])
    for step in range(steps - 1):
        accepted = exp(-loss / (heat * sqrt(genes) * (1 - step / steps)))
        assert_frequencies((after[step] - before[step]).tolist(), {1: accepted, 0: 1 - accepted})


def test_annealing_drifts_among_equals() -> None:
    """A step that loses nothing is always taken, even without heat."""
    seen: list[int] = []

    def step(children: Genomes, rows: Any, _representation: Any, _streams: Any) -> None:
        children[rows, 0] += 1

    def score(genomes: Genomes) -> Fitnesses:
        seen.append(int(genomes[0, 0]))
        return np.zeros(len(genomes), dtype=np.int64)

    local_search.annealing(step, REPRESENTATIONS["values"], 5, 0.0)(
        np.zeros((1, 3), dtype=np.int32), np.zeros(1, dtype=np.int64), score, STREAMS
    )
    assert seen == [1, 2, 3, 4, 5]


# --- first populations and neighbours


@pytest.mark.parametrize(("representation", "kinds"), [("decisions", 4), ("answers", 2)])
def test_first_genes_are_uniform(representation: str, kinds: int) -> None:
    """Every gene of a first population is each of its kinds equally often."""
    genomes = initial_genomes(representation, DRAWS, 2, STREAMS)
    for gene in range(min(genomes.shape[1], 3)):
        assert_frequencies(genomes[:, gene].tolist(), dict.fromkeys(range(kinds), 1 / kinds))


def test_first_permutations_are_uniform() -> None:
    """Every order of four is equally likely."""
    law = dict.fromkeys(permutations(range(4)), 1 / 24)
    assert_frequencies(rows_of(initial_genomes("permutation", DRAWS, 4, STREAMS)), law)


def test_first_values_fill_their_31_bits() -> None:
    """Each bit is set in half of all values, and no value is negative."""
    genomes = initial_genomes("values", DRAWS, 1, STREAMS)[:, 0]
    assert genomes.min() >= 0
    for bit in range(31):
        assert_frequencies(((genomes >> bit) & 1).tolist(), {0: 0.5, 1: 0.5})


def test_a_random_neighbour_is_each_other_island_equally_often() -> None:
    """Never the island itself; drawn anew for every epoch."""
    drawn = [senders("random", 2, 5, seed=8, epoch=epoch)[0] for epoch in range(1, 5_001)]
    assert_frequencies(drawn, dict.fromkeys((0, 1, 3, 4), 1 / 4))


@pytest.mark.parametrize(
    ("topology", "received"),
    [
        ("ring", [(3,), (0,), (1,), (2,)]),
        ("full", [(1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2)]),
        ("none", [(), (), (), ()]),
    ],
)
def test_a_topology_says_who_sends_to_whom(topology: str, received: list[tuple[int, ...]]) -> None:
    """In every epoch alike."""
    assert topology in TOPOLOGIES
    assert [senders(topology, island, 4, seed=1, epoch=3) for island in range(4)] == received


def test_coins_and_bounds_are_as_likely_as_they_say() -> None:
    """Uniform integers below a bound that is no power of two, and pairs of draws that do not depend on each other."""
    draws = STREAMS.below(3, "law", DRAWS, 2)
    assert_frequencies(rows_of(draws), dict.fromkeys(product(range(3), repeat=2), 1 / 9))
    tossed: list[bool] = STREAMS.chance(0.3, "law", DRAWS).tolist()
    assert_frequencies(tossed, {True: 0.3, False: 0.7})


@pytest.mark.parametrize(
    "other",
    [
        replace(STREAMS, seed=21),
        replace(STREAMS, island=4),
        replace(STREAMS, generation=5),
        STREAMS.at(1),
        STREAMS.branch("part"),
    ],
)
def test_streams_at_different_addresses_are_independent(other: Streams) -> None:
    """Whichever part of the address differs, the draws agree as often as chance has it."""
    pairs = zip(STREAMS.below(3, "law", DRAWS)[:, 0].tolist(), other.below(3, "law", DRAWS)[:, 0].tolist(), strict=True)
    assert_frequencies(pairs, dict.fromkeys(product(range(3), repeat=2), 1 / 9))
