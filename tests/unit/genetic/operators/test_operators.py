"""Properties of every operator by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from worstsort.genetic import (
    CROSSOVERS,
    MUTATIONS,
    PRESETS,
    REPRESENTATIONS,
    SELECTIONS,
    SURVIVALS,
    Settings,
    Streams,
    Tuning,
    UnfitOperator,
    build_algorithm,
    fresh_state,
    initial_genomes,
    termination,
)
from worstsort.genetic.checks import InvalidFitness, trusted
from worstsort.genetic.operators import local_search, selection, survival
from worstsort.genetic.operators.survival import Candidates

STREAMS = Streams(seed=3, island=1, generation=9)
FITNESSES = np.arange(100, 120, dtype=np.int64)
SETTINGS = Settings(representation="values", population=20)
ORDERINGS = ("order", "partially_mapped", "cycle")
REARRANGING = ("swap", "insert", "reverse", "scramble")
PAIRS = (np.array([0, 1, 2, 3, 4, 5]), np.array([5, 4, 3, 2, 1, 0]))


def parents(representation: str, size: int = 40) -> np.ndarray:
    return initial_genomes(representation, 6, size, STREAMS)


def candidates() -> Candidates:
    """Return six parents of fitness 10..15 and six children of fitness 8, 20, 12, 12, 3 and 16."""
    return Candidates(
        parents=np.arange(6)[:, None],
        parent_fitnesses=np.arange(10, 16),
        ages=np.array([0, 9, 1, 9, 2, 9]),
        children=np.arange(6, 12)[:, None],
        child_fitnesses=np.array([8, 20, 12, 12, 3, 16]),
        first=PAIRS[0],
        second=PAIRS[1],
    )


@pytest.mark.parametrize("name", SELECTIONS)
def test_selection_prefers_the_fitter(name: str) -> None:
    """Every scheme picks valid rows, the fitter half clearly more often, and repeats itself for the same streams."""
    select = SELECTIONS[name](SETTINGS, Tuning())
    picks = select(FITNESSES, 4000, STREAMS, "x")
    assert picks.shape == (4000,)
    assert 0 <= picks.min() <= picks.max() < 20
    assert (picks >= 10).mean() > 0.6
    assert np.array_equal(picks, select(FITNESSES, 4000, STREAMS, "x"))


@pytest.mark.parametrize("name", SELECTIONS)
def test_selection_among_equals_and_of_one_works(name: str) -> None:
    """Equal fitnesses and a population of one are no special cases."""
    select = SELECTIONS[name](SETTINGS, Tuning())
    assert set(select(np.array([7]), 5, STREAMS, "x").tolist()) == {0}
    assert len(set(select(np.zeros(20, dtype=np.int64), 500, STREAMS, "x").tolist())) >= 10


def test_a_tournament_of_k_picks_the_best_with_its_known_chance() -> None:
    """The fittest of N wins a plain tournament of K with probability 1 - (1 - 1/N)^K."""
    picks = selection.tournament(3)(FITNESSES, 20_000, STREAMS, "x")
    assert abs((picks == 19).mean() - (1 - 0.95**3)) < 0.01


def test_an_upset_lets_weaker_entrants_win() -> None:
    """With P = 0.7 the fitter of two wins seven times in ten; with P = 0 the last of them always does."""
    two = np.array([1, 2])
    fitter = selection.tournament(2, 0.7)(two, 20_000, STREAMS, "x").mean()
    assert abs(fitter - (0.25 + 0.5 * 0.7)) < 0.02
    assert abs(selection.tournament(2, 0.0)(two, 20_000, STREAMS, "x").mean() - 0.25) < 0.02


def test_rank_selection_is_linear() -> None:
    """At pressure 2 the fittest is picked about twice as often as the average, the least fit never."""
    picks = selection.rank(2.0)(FITNESSES, 40_000, STREAMS, "x")
    assert abs((picks == 19).mean() - 2 / 20) < 0.01
    assert not (picks == 0).any()


def test_truncation_never_picks_below_its_share() -> None:
    """A share of a quarter picks from the five fittest of twenty alone."""
    assert set(selection.truncation(0.25)(FITNESSES, 500, STREAMS, "x").tolist()) == set(range(15, 20))


@pytest.mark.parametrize("name", ["one_point", "two_point", "uniform", "none"])
def test_each_gene_comes_from_a_parent_in_its_place(name: str) -> None:
    """Children are new arrays of genes that stood at the same place in one of their parents."""
    genomes = parents("values")
    before = genomes.copy()
    children = CROSSOVERS[name](genomes, *PAIRS, STREAMS)
    assert ((children == genomes[PAIRS[0]]) | (children == genomes[PAIRS[1]])).all()
    assert not np.shares_memory(children, genomes)
    assert np.array_equal(genomes, before)


@pytest.mark.parametrize(("name", "most"), [("one_point", 1), ("two_point", 2)])
def test_a_cut_crossover_changes_parents_at_its_cuts_only(name: str, most: int) -> None:
    """Along a child the parent changes at most as often as there are cuts."""
    genomes = parents("values")
    children = CROSSOVERS[name](genomes, *PAIRS, STREAMS)
    from_first = (children == genomes[PAIRS[0]]).astype(int)
    assert (np.abs(np.diff(from_first, axis=1)).sum(axis=1) <= most).all()


@pytest.mark.parametrize("name", ORDERINGS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 40])
def test_crossover_of_permutations_makes_permutations(name: str, size: int) -> None:
    """Every child holds each of 0..size-1 once."""
    children = CROSSOVERS[name](parents("permutation", size), *PAIRS, STREAMS)
    assert np.array_equal(np.sort(children, axis=1), np.tile(np.arange(size), (6, 1)))


def test_cycle_crossover_keeps_every_gene_where_a_parent_had_it() -> None:
    """A published example: cycles are taken from the parents in turn."""
    genomes = np.array([[0, 1, 2, 3, 4, 5, 6, 7, 8], [8, 2, 6, 7, 1, 5, 4, 0, 3]])
    child = CROSSOVERS["cycle"](genomes, np.array([0]), np.array([1]), STREAMS)[0]
    assert child.tolist() == [0, 2, 6, 3, 1, 5, 4, 7, 8]


@pytest.mark.parametrize("name", CROSSOVERS)
def test_a_parent_crossed_with_itself_is_copied(name: str) -> None:
    """Crossover invents nothing."""
    genomes = parents("permutation")
    assert np.array_equal(CROSSOVERS[name](genomes, PAIRS[0], PAIRS[0], STREAMS), genomes)


@pytest.mark.parametrize("name", MUTATIONS)
@pytest.mark.parametrize("size", [2, 3, 40])
def test_mutation_changes_the_given_rows_only(name: str, size: int) -> None:
    """Other rows stay as they are, genes stay in their range, and over many draws something does change."""
    genomes = parents("decisions", size)
    changed = False
    for step in range(40):
        children = genomes.copy()
        MUTATIONS[name](children, np.array([1, 4]), REPRESENTATIONS["decisions"], STREAMS.at(step))
        assert np.array_equal(np.delete(children, [1, 4], axis=0), np.delete(genomes, [1, 4], axis=0))
        assert children.max() <= 3
        changed |= not np.array_equal(children, genomes)
    assert changed or size == 2


@pytest.mark.parametrize("name", REARRANGING)
@pytest.mark.parametrize("size", [1, 2, 40])
def test_rearranging_mutations_keep_permutations(name: str, size: int) -> None:
    """Genes change places and nothing else."""
    children = parents("permutation", size)
    MUTATIONS[name](children, np.arange(6), REPRESENTATIONS["permutation"], STREAMS)
    assert np.array_equal(np.sort(children, axis=1), np.tile(np.arange(size), (6, 1)))


def test_index_changes_one_gene_and_flips_at_most_three() -> None:
    """Point mutations stay small."""
    for name, most in (("index", 1), ("flips", 3), ("swap", 2)):
        genomes = parents("values")
        children = genomes.copy()
        MUTATIONS[name](children, np.arange(6), REPRESENTATIONS["values"], STREAMS)
        assert ((children != genomes).sum(axis=1) <= most).all()


@pytest.mark.parametrize("name", SURVIVALS)
def test_as_many_survive_as_there_were_parents(name: str) -> None:
    """Survivors are valid candidates, and the fittest candidate is among them."""
    survivors = SURVIVALS[name](replace(SETTINGS, tournament_size=60), Tuning())(candidates(), STREAMS)
    assert survivors.shape == (6,)
    assert 0 <= survivors.min() <= survivors.max() < 12
    assert 7 in survivors


def test_plus_keeps_the_fittest_of_all() -> None:
    """Mu + lambda takes the six best of twelve."""
    fitnesses = candidates().fitnesses[survival.plus(candidates(), STREAMS)]
    assert sorted(fitnesses.tolist()) == [12, 13, 14, 15, 16, 20]


def test_generational_keeps_its_elites_and_no_other_parent() -> None:
    """Two elites leave room for the four best children."""
    assert set(survival.generational(2)(candidates(), STREAMS).tolist()) == {5, 4, 7, 11, 8, 9}


def test_age_lets_old_parents_go_before_weak_children() -> None:
    """Parents that reach the limit are displaced even by less fit young ones."""
    survivors = survival.by_age(10)(candidates(), STREAMS)
    assert set(survivors.tolist()) == {7, 11, 4, 2, 8, 9}


def test_crowding_sets_each_child_against_its_own_parent() -> None:
    """A child takes its first parent's place if it is at least as fit, whatever the others are."""
    assert survival.crowding(candidates(), STREAMS).tolist() == [0, 7, 8, 3, 4, 11]


def test_crowding_keeps_the_fittest_of_several_children() -> None:
    """Where two children have the same first parent, the fitter one takes its place."""
    siblings = replace(candidates(), first=np.array([0, 0, 0, 1, 1, 1]))
    assert survival.crowding(siblings, STREAMS).tolist() == [7, 11, 2, 3, 4, 5]


def test_annealing_without_heat_never_loses() -> None:
    """A cold search returns children at least as fit, with their true fitness, and counts its evaluations."""

    def score(genomes: np.ndarray) -> np.ndarray:
        counts: np.ndarray = np.count_nonzero(genomes == 2, axis=1)
        return counts

    for heat in (0.0, 1.0):
        search = local_search.annealing(MUTATIONS["flips"], REPRESENTATIONS["decisions"], 50, heat)
        genomes = parents("decisions")
        before = genomes.copy()
        found = search(genomes, score(genomes), score, STREAMS)
        assert (found.fitnesses >= score(genomes)).all()
        assert found.fitnesses.mean() > score(genomes).mean() + 3
        assert np.array_equal(found.fitnesses, score(found.genomes))
        assert np.array_equal(genomes, before)
        assert found.evaluations == 300


def test_refining_is_left_to_the_fitness() -> None:
    """Which is given a word for each child and the steps; what it returns is scored. One that cannot is refused."""

    def raise_all(genomes: np.ndarray, words: np.ndarray, steps: int) -> np.ndarray:
        assert len(set(words.tolist())) == len(genomes)
        return genomes + steps

    search, genomes = local_search.refining(7), parents("values")
    found = search(genomes, genomes[:, 0], trusted(lambda rows: rows[:, 0], raise_all), STREAMS)
    assert np.array_equal(found.genomes, genomes + 7)
    assert np.array_equal(found.fitnesses, genomes[:, 0] + 7)
    with pytest.raises(InvalidFitness, match="cannot refine genomes"):
        search(genomes, genomes[:, 0], lambda rows: rows[:, 0], STREAMS)


def test_an_island_stops_after_its_stalled_generations_and_not_before() -> None:
    """Counted from the last improvement, of the population or of the polished list."""
    state = replace(fresh_state(0, parents("values"), 30), generation=5, best_generation=2, best_fitness=70)
    assert termination.stalled(3)(state) == "no improvement in 3 generations"
    assert termination.stalled(4)(state) is None
    assert termination.stalled(3)(replace(state, polished_fitness=71, polished_generation=4)) is None


@pytest.mark.parametrize(
    ("preset", "override", "field"),
    [
        ("permutation", {"crossover": "one_point"}, "crossover"),
        ("permutation", {"mutation": "index"}, "mutation"),
        ("classic", {"crossover": "order"}, "crossover"),
        ("classic", {"local_search": "refining"}, "local_search"),
    ],
)
def test_operators_that_cannot_work_are_refused(preset: str, override: dict[str, Any], field: str) -> None:
    """The refusal names the field, what was given and what fits."""
    with pytest.raises(UnfitOperator, match=override[field]) as refusal:
        build_algorithm(replace(PRESETS[preset], **override), seed=1)
    assert refusal.value.field == field
    assert override[field] not in refusal.value.allowed


@pytest.mark.parametrize("representation", REPRESENTATIONS)
def test_initial_genomes_depend_on_their_row_alone(representation: str) -> None:
    """A larger population starts with the same individuals as a smaller one; all differ."""
    few = initial_genomes(representation, 5, 30, STREAMS)
    many = initial_genomes(representation, 50, 30, STREAMS)
    assert np.array_equal(many[:5], few)
    assert len(np.unique(many, axis=0)) == 50


def test_decisions_have_one_gene_less_than_items_and_four_values() -> None:
    """Genes 0..3, size - 1 of them, one at least."""
    assert initial_genomes("decisions", 3, 1, STREAMS).shape == (3, 1)
    genomes = initial_genomes("decisions", 20, 100, STREAMS)
    assert genomes.shape == (20, 99)
    assert genomes.dtype == np.uint8
    assert set(np.unique(genomes).tolist()) == {0, 1, 2, 3}


@pytest.mark.parametrize("survivors", [[0, 2, 2, 7, 11], [9, 0, 8, 3, 0], [6, 7], [0, 1], []])
def test_survivors_are_gathered_in_their_order(survivors: list[int]) -> None:
    """Whatever the order and however often each, row i is the genome of survivor i."""
    gathered = survival.gather(candidates(), np.array(survivors, dtype=np.int64))
    assert gathered[:, 0].tolist() == survivors
