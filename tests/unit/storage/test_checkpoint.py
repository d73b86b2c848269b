"""Checkpoints come back as they were written, or not at all."""

from __future__ import annotations

import io
import zipfile
from dataclasses import fields, replace

import numpy as np
import pytest

from worstsort.genetic import IslandState, Series
from worstsort.runs.composition import algorithm, fitness
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import CheckpointCorrupt, CheckpointForeign
from worstsort.runs.progress import Progress, advance
from worstsort.storage import archive
from worstsort.storage.checkpoint import Checkpoint, from_bytes, progress_from_bytes, progress_to_bytes, state_digest

STATE = IslandState(
    island=1, generation=11, genomes=np.arange(240, dtype=np.int32).reshape(20, 12), fitnesses=np.arange(30, 50),
    ages=np.arange(20) % 3, stall=2, mutation_ratio=7, best_genome=np.arange(12, dtype=np.int32) + 99, best_fitness=53,
    best_generation=9, evaluations=220, polished=np.arange(12, dtype=np.int32)[::-1], polished_fitness=55,
    polished_generation=10,
)  # fmt: skip
"""A state in which everything has a value of its own."""

WRITTEN = Checkpoint("a-run", 3, STATE)
BODY = WRITTEN.to_bytes()

PROGRESS = Progress(
    run_id="a-run", epoch=3, until=15, evaluations_before=180, state=STATE, seconds=1.5, cpu_seconds=1.25,
    series=Series(first_generation=10, best=(52, 53), mean=(40.125, 41.5), evaluations=(200, 220)),
)  # fmt: skip
UNDER_WAY = progress_to_bytes(PROGRESS)


def read(body: bytes, *, run_id: str = "a-run", island: int = 1, epoch: int = 3) -> Checkpoint:
    """Read a checkpoint as the worker of one epoch would."""
    return from_bytes(body, "some/key.npz", run_id=run_id, island=island, epoch=epoch)


def assert_same(again: IslandState) -> None:
    """Fail unless a state is the written one in every field, to the bit."""
    for field in fields(IslandState):
        np.testing.assert_array_equal(getattr(again, field.name), getattr(STATE, field.name), strict=True)
    assert state_digest(again) == state_digest(STATE)


def test_a_checkpoint_survives_the_way_to_bytes_and_back() -> None:
    """Every array and scalar of the state is the same."""
    again = read(BODY)
    assert (again.run_id, again.epoch) == ("a-run", 3)
    assert_same(again.state)


def test_an_epoch_under_way_survives_the_way_to_bytes_and_back() -> None:
    """The state, the series and all that is counted; it continues to the same bits."""
    again = progress_from_bytes(UNDER_WAY, "key", run_id="a-run", island=1, epoch=3)
    assert replace(again, state=STATE) == PROGRESS
    assert_same(again.state)
    config = RunConfig.parse({"preset": "classic", "population": 20, "size": 12})
    search, score = algorithm(config, 1), fitness(config, 1)
    continued = (advance(progress, search, score) for progress in (again, PROGRESS))
    assert len({progress_to_bytes(progress) for progress in continued}) == 1


@pytest.mark.parametrize("name", [field.name for field in fields(IslandState)])
def test_everything_in_a_state_is_in_its_digest(name: str) -> None:
    """So that two attempts that differ anywhere are found to differ."""
    assert state_digest(replace(STATE, **{name: getattr(STATE, name) + 1})) != state_digest(STATE)


def test_an_epochs_end_and_its_middle_are_not_taken_for_each_other() -> None:
    """Neither is read as the other, though both hold a state."""
    with pytest.raises(CheckpointCorrupt):
        read(UNDER_WAY)
    with pytest.raises(CheckpointCorrupt):
        progress_from_bytes(BODY, "key", run_id="a-run", island=1, epoch=3)


@pytest.mark.parametrize(("name", "value"), [("schema", 2), ("kind", "records"), ("kind", "partial")])
def test_a_file_of_another_kind_or_layout_is_refused_by_what_it_says_of_itself(name: str, value: object) -> None:
    """A whole file of a later version, say: the error has what was expected and what was found."""
    arrays = ("genomes", "fitnesses", "ages", "best_genome", "polished")
    header, content = archive.unpack(BODY, "key", arrays)
    with pytest.raises(CheckpointForeign, match=rf"expected .*{name} .*{name} {value}"):
        read(archive.pack(header | {name: value}, content))


@pytest.mark.parametrize("wrong", [{"run_id": "another"}, {"island": 2}, {"epoch": 4}])
def test_progress_of_something_else_is_refused(wrong: dict[str, object]) -> None:
    """The run, the island and the epoch have to be those that are asked for."""
    right: dict[str, object] = {"run_id": "a-run", "island": 1, "epoch": 3}
    with pytest.raises(CheckpointForeign, match="some/key"):
        progress_from_bytes(UNDER_WAY, "some/key", **(right | wrong))  # type: ignore[arg-type]


def test_equal_states_are_equal_bytes() -> None:
    """Two workers that evolve the same epoch write the same object."""
    assert read(BODY).to_bytes() == BODY


@pytest.mark.parametrize("length", [0, 1, 22, 100, len(BODY) // 2, len(BODY) - 1])
def test_a_truncated_checkpoint_is_refused_by_its_key(length: int) -> None:
    """Cutting the file anywhere is noticed."""
    with pytest.raises(CheckpointCorrupt, match=r"some/key\.npz"):
        read(BODY[:length])


@pytest.mark.parametrize("at", range(40, len(BODY) - 1, len(BODY) // 40))
def test_a_flipped_bit_is_noticed_or_harmless(at: int) -> None:
    """No flipped bit yields another state."""
    damaged = bytearray(BODY)
    damaged[at] ^= 0x10
    try:
        again = read(bytes(damaged))
    except CheckpointCorrupt:
        return
    assert again.to_bytes() == BODY


def packed_again(part: str, at: int) -> bytes:
    """Return the checkpoint with a bit of one part changed, and packed again with checksums that match."""
    with zipfile.ZipFile(io.BytesIO(BODY)) as packed:
        parts = {name: bytearray(packed.read(name)) for name in packed.namelist()}
    parts[part][at] ^= 0x10
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, body in parts.items():
            packed.writestr(name, bytes(body))
    return buffer.getvalue()


@pytest.mark.parametrize("part", ["header.npy", "genomes.npy"])
@pytest.mark.parametrize("at", [0, 6, 8, 10, 11, 20, 40, 60, 127, 128, 130, 140])
def test_a_change_that_only_the_checksum_over_everything_shows_is_noticed(part: str, at: int) -> None:
    """In the description of an array as in its content."""
    try:
        again = read(packed_again(part, at))
    except CheckpointCorrupt:
        return
    assert again.to_bytes() == BODY


@pytest.mark.parametrize("wrong", [{"run_id": "another"}, {"island": 2}, {"epoch": 4}])
def test_a_foreign_checkpoint_is_refused_with_what_was_expected_and_found(wrong: dict[str, object]) -> None:
    """A sound file in the wrong place is not used."""
    with pytest.raises(CheckpointForeign, match="expected schema 1, run_id"):
        read(BODY, **wrong)  # type: ignore[arg-type]


def test_a_pickle_is_never_loaded() -> None:
    """Object arrays, which npz stores as pickles, are refused unread."""
    buffer = io.BytesIO()
    np.savez(buffer, header=np.array([{}], dtype=object), genomes=[1], fitnesses=[1], best_genome=[1], ages=[1])
    with pytest.raises(CheckpointCorrupt):
        read(buffer.getvalue())
