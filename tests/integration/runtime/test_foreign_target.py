"""A run of a foreign sort, from the bucket to its champion, in the functions' and the worker's own code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support import foreign_sorts
from tests.support.foreign_sorts import needs_cc
from worstsort.foreign.growth import fixed_games
from worstsort.foreign.library import Library
from worstsort.foreign.targets import open_target, player_of
from worstsort.gosort import TARGETS, TargetAbsent, count_population, play_population
from worstsort.runs.composition import fair_start, first_state
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused, TargetMissing
from worstsort.runtime.foreign_target import bring_target
from worstsort_cli.files import foreign_input

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort.foreign.player import LibraryPlayer
    from worstsort.storage.run_store import RunStore

pytestmark = needs_cc

SIZE = 60


@pytest.fixture
def player(tmp_path: Path) -> LibraryPlayer:
    """Open a sort of the library of small ones."""
    found = player_of(open_target(f"{foreign_sorts.build('sorts', tmp_path)}:go_heapsort").name)
    assert found is not None
    return found


def configuration(library: Library, **changed: object) -> RunConfig:
    """Return the configuration of a small run of that library."""
    given = {"target": library.name, "foreign": library.model_dump(), "size": SIZE, "population": 8}
    return RunConfig.parse({**given, **changed})


@pytest.fixture
def nothing_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget all foreign targets for the length of a test, as another process knows none."""
    monkeypatch.setitem(vars(TARGETS), "_targets", {name: TARGETS[name] for name in TARGETS})


@pytest.mark.usefixtures("nothing_at_hand")
def test_a_library_is_brought_from_the_bucket(player: LibraryPlayer, store: RunStore) -> None:
    """A process that does not know the target finds it under the SHA-256 in the run's configuration."""
    content, config = player.code.content, configuration(player.code.library)
    assert content is not None and config.foreign is not None  # noqa: PT018
    store.targets.put(config.foreign.sha256, content)
    vars(TARGETS)["_targets"].pop(config.target)
    assert player_of(config.target) is None
    bring_target(store, config)
    brought = player_of(config.target)
    assert brought is not None
    assert brought.code.content == content


@pytest.mark.usefixtures("nothing_at_hand")
def test_a_library_that_is_not_in_the_bucket_is_missed(player: LibraryPlayer, store: RunStore) -> None:
    """The message names the SHA-256, and what to do."""
    config = configuration(player.code.library)
    vars(TARGETS)["_targets"].pop(config.target)
    with pytest.raises(TargetMissing, match=f"SHA-256 {player.code.library.sha256}"):
        bring_target(store, config)


def test_a_sort_that_is_at_hand_is_probed_and_handed_on(player: LibraryPlayer) -> None:
    """One that keeps the contract is no problem; what it is played from goes with the run."""
    config = configuration(player.code.library)
    foreign_input.check(config)
    assert foreign_input.content(config) == player.code.content
    assert foreign_input.content(RunConfig.parse({"size": SIZE})) is None


@pytest.mark.usefixtures("nothing_at_hand")
def test_a_sort_that_is_not_at_hand_is_missed_before_a_run_begins(player: LibraryPlayer) -> None:
    """There is nothing to probe, and nothing to hand on."""
    config = configuration(player.code.library)
    vars(TARGETS)["_targets"].pop(config.target)
    with pytest.raises(TargetAbsent):
        foreign_input.check(config)
    assert foreign_input.content(config) is None


def test_an_island_begins_with_the_worst_that_is_known(player: LibraryPlayer) -> None:
    """No fixed game and no random input of the island takes more than the list that it begins with."""
    config = configuration(player.code.library)
    state = fair_start(config, first_state(config, 0), 1)
    games = play_population(fixed_games(SIZE), SIZE, config.target)
    assert state.polished_fitness >= int(games.max())
    assert count_population(np.array([state.polished]), config.target).tolist() == [state.polished_fitness]
    assert state.polished.tolist() == fair_start(config, first_state(config, 0), 1).polished.tolist()


def test_a_run_of_go_begins_as_before() -> None:
    """Nothing is played for one of Go's sorts, and its configuration says nothing of foreign ones."""
    config = RunConfig.parse({"size": SIZE, "population": 8})
    state = first_state(config, 0)
    assert fair_start(config, state, 1) is state
    assert "foreign" not in config.model_dump(mode="json")


def test_a_target_and_its_description_belong_together(player: LibraryPlayer) -> None:
    """A name without a description, a description of another name, and genes that need Go's steps are refused."""
    library = player.code.library
    other = Library(**library.model_dump() | {"symbol": "merging"})
    its_own = f"the description of {library.name}"
    for raw, field, allowed in (
        ({"target": library.name}, "foreign", its_own),
        ({"target": library.name, "foreign": other.model_dump()}, "foreign", its_own),
        ({"target": "go1.12", "foreign": library.model_dump()}, "foreign", "nothing, as go1.12 is Go's"),
        (
            {"target": library.name, "foreign": library.model_dump(), "representation": "answers", "crossover": "none"},
            "representation",
            "decisions, permutation or values for a foreign sort",
        ),
    ):
        with pytest.raises(InputRefused) as refused:
            RunConfig.parse(raw)
        assert (field, allowed) in [(problem.field, problem.allowed) for problem in refused.value.problems]
