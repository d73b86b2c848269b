"""Checkpoints come back as they were written, or not at all."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from worstsort.runs.composition import first_state
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import CheckpointCorrupt, CheckpointForeign
from worstsort.storage.checkpoint import Checkpoint, from_bytes

WRITTEN = Checkpoint("a-run", 3, first_state(RunConfig.parse({"preset": "classic", "population": 20, "size": 12}), 1))
BODY = WRITTEN.to_bytes()


def read(body: bytes, *, run_id: str = "a-run", island: int = 1, epoch: int = 3) -> Checkpoint:
    """Read a checkpoint as the worker of one epoch would."""
    return from_bytes(body, "some/key.npz", run_id=run_id, island=island, epoch=epoch)


def test_a_checkpoint_survives_the_way_to_bytes_and_back() -> None:
    """Every array and scalar of the state is the same, to the bit."""
    again = read(BODY)
    assert again.to_bytes() == BODY
    np.testing.assert_array_equal(again.state.genomes, WRITTEN.state.genomes)
    assert again.state.genomes.dtype == WRITTEN.state.genomes.dtype
    assert again.state.generation == WRITTEN.state.generation


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
