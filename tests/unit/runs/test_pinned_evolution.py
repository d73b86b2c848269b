"""What evolution finds is pinned for every preset, operator, representation and topology."""

from __future__ import annotations

import pytest

from tests.support.pinned_evolution import digest, inputs, pinned


@pytest.mark.parametrize("name", pinned())
def test_an_evolution_ends_as_it_always_did(name: str) -> None:
    """Three islands evolve three epochs, with migration between them, to the states of the version before."""
    assert digest(name) == pinned()[name]


def test_everything_that_an_input_can_name_is_pinned() -> None:
    """No preset, operator, representation, topology or seeding comes or goes without its digest."""
    assert set(inputs()) == set(pinned())


def test_each_parameter_makes_a_difference() -> None:
    """An altered parameter gives another evolution than its default, or its pin would guard nothing."""
    defaults = {"selection_pressure": "selection rank", "selection_share": "selection truncation"}
    defaults |= {"elites": "survival generational", "age_limit": "survival age"}
    defaults |= {"search_heat": "local_search annealing", "breed_best": "representation permutation"}
    altered = [name.removeprefix("tuned ") for name in pinned() if name.startswith("tuned ")]
    assert all(pinned()[f"tuned {name}"] != pinned()[defaults.get(name, "representation values")] for name in altered)
