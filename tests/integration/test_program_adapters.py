"""The programs in examples/targets: each is started as it says, and played."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.sorts_at_hand import PROGRAMS, Program
from worstsort.foreign.targets import open_target, player_of
from worstsort.gosort import count_plain, count_population, freeze, play_population


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.source)
def test_a_program_is_started_as_it_says_and_played(program: Program) -> None:
    """Its own adversary plays as ours does, and a frozen input takes what the game did, however it is counted."""
    if program.interpreter() is None:
        pytest.skip(f"nothing on this machine runs {program.source}")
    target = open_target(program.address()).name
    player = player_of(target)
    assert player is not None
    for size in (2, 12, 100, 333):
        choices = np.random.default_rng(size).integers(0, 4, (3, size - 1), np.uint8)
        choices[0] = 0
        played = play_population(choices, size, target).tolist()
        frozen = [freeze(row, size, target) for row in choices]
        assert player.ask(choices, size).tolist() == played
        assert count_population(np.array(frozen), target).tolist() == played
    assert count_plain(frozen[-1], target) == played[-1]
