"""Counter-based random streams."""

from __future__ import annotations

import numpy as np

from worstsort.genetic.streams import Streams, mix

GAMMA = 0x9E3779B97F4A7C15
PINNED = [[2635657835226882332, 12259174970897149120], [13187296081631771642, 16806571140823548969]]


def test_mixing_matches_published_splitmix64() -> None:
    """Mixing 1234567 plus multiples of the golden gamma gives the published SplitMix64 sequence of that seed."""
    words = np.array([(1234567 + k * GAMMA) % 2**64 for k in range(1, 6)], dtype=np.uint64)
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert mix(words).tolist() == published


def test_draws_are_pinned() -> None:
    """Draws never change from one release to the next, or no old run could be resumed."""
    streams = Streams(seed=7, island=3, generation=11)
    assert streams.bits("a purpose", 2, 2).tolist() == PINNED
    assert streams.at(0) == streams


def test_an_individual_draws_the_same_alone_and_in_company() -> None:
    """The draws of individual i do not depend on who else draws, nor on how many draws follow."""
    streams = Streams(seed=1, island=2, generation=3)
    everyone = streams.bits("x", 100, 8)
    alone = streams.bits("x", np.array([41]), 3)
    assert np.array_equal(everyone[41:42, :3], alone)


def test_every_part_of_the_address_matters() -> None:
    """Seed, island, generation, step, purpose, individual and draw number all give other numbers."""
    one = Streams(seed=1, island=0, generation=0)
    others = [Streams(2), Streams(1, 1), Streams(1, 0, 1), one.at(1), Streams(-1), Streams(1 + 2**32)]
    words = [int(streams.bits("x", 1)[0, 0]) for streams in [one, *others]]
    words.append(int(one.bits("y", 1)[0, 0]))
    words.extend(one.bits("x", 3, 3).ravel().tolist()[1:])
    assert len(set(words)) == len(words)


def test_bits_are_balanced_and_uncorrelated() -> None:
    """Each of the 64 bits is set half of the time, alone and xored with its neighbour in every direction."""
    words = np.stack(
        [Streams(5, island, generation).bits("x", 64, 64) for island in range(4) for generation in range(8)]
    )
    tests = [words.ravel(), words[1:] ^ words[:-1], words[:, 1:] ^ words[:, :-1], words[:, :, 1:] ^ words[:, :, :-1]]
    for sample in (np.ravel(test) for test in tests):
        set_bits = np.unpackbits(sample.view(np.uint8)).reshape(len(sample), 64).mean(axis=0)
        assert np.abs(set_bits - 0.5).max() < 4.5 * 0.5 / np.sqrt(len(sample))


def test_below_is_uniform_and_within_bounds() -> None:
    """Integers below a bound hit every value about equally often (chi-squared, 9 degrees of freedom)."""
    draws = Streams(9).below(10, "x", 1000, 100)
    counts = np.bincount(draws.ravel(), minlength=10)
    assert counts.size == 10
    assert ((counts - 10_000) ** 2 / 10_000).sum() < 27.9


def test_below_takes_a_bound_for_each_draw() -> None:
    """An array of bounds broadcasts to (individuals, draws)."""
    draws = Streams(9).below(np.array([1, 2, 1000]), "x", 500, 3)
    assert draws[:, 0].max() == 0
    assert set(draws[:, 1].tolist()) == {0, 1}
    assert 900 < draws[:, 2].max() < 1000


def test_uniform_and_chance_agree_with_their_probability() -> None:
    """Uniform numbers lie in [0, 1) around a half; a chance of 0.2 comes true one time in five."""
    uniform = Streams(3).uniform("x", 10_000)
    assert uniform.min() >= 0
    assert uniform.max() < 1
    assert abs(uniform.mean() - 0.5) < 0.01
    assert abs(Streams(3).chance(0.2, "y", 10_000).mean() - 0.2) < 0.015
