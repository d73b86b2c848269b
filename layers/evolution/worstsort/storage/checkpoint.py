"""Bytes of an island's state at the end of an epoch, and of its progress within one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.genetic import IslandState, Series
from worstsort.runs.progress import Progress
from worstsort.storage import archive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

SCHEMA = 1
"""Version of the layout below; a checkpoint of another version is refused, naming both."""

_ARRAYS = ("genomes", "fitnesses", "ages", "best_genome", "polished")
_SCALARS = (
    "island", "generation", "stall", "mutation_ratio", "best_fitness", "best_generation", "evaluations",
    "polished_fitness", "polished_generation",
)  # fmt: skip
_SERIES = ("best", "mean", "evaluations")
_PROGRESS = ("until", "evaluations_before", "seconds", "cpu_seconds")


@dataclass(frozen=True)
class Checkpoint:
    """The state of one island at the end of one epoch of one run."""

    run_id: str
    epoch: int
    state: IslandState

    def to_bytes(self) -> bytes:
        """Return the checkpoint as the bytes of an npz file."""
        return archive.pack(_header(self.run_id, self.epoch, "epoch", self.state), _arrays(self.state))


def from_bytes(body: bytes, key: str, *, run_id: str, island: int, epoch: int) -> Checkpoint:
    """Read a checkpoint back.

    Args:
        body: The object's bytes.
        key: Where they were found, for the message.
        run_id: The run whose state is expected.
        island: The island whose state is expected.
        epoch: The epoch at whose end the state is expected.

    Raises:
        CheckpointCorrupt: the bytes are not what was written.
        CheckpointForeign: they are, but belong to another run, island, epoch or schema.
    """
    header, arrays = archive.unpack(body, key, _ARRAYS)
    archive.expect(header, key, schema=SCHEMA, run_id=run_id, island=island, epoch=epoch, kind="epoch")
    return Checkpoint(run_id, epoch, _state(header, arrays))


def progress_to_bytes(progress: Progress) -> bytes:
    """Return an epoch's progress as the bytes of an npz file."""
    header = _header(progress.run_id, progress.epoch, "partial", progress.state)
    header |= {name: getattr(progress, name) for name in _PROGRESS}
    header["first_generation"] = progress.series.first_generation
    series = {f"series_{name}": np.asarray(getattr(progress.series, name)) for name in _SERIES}
    return archive.pack(header, _arrays(progress.state) | series)


def progress_from_bytes(body: bytes, key: str, *, run_id: str, island: int, epoch: int) -> Progress:
    """Read an epoch's progress back; arguments and errors are those of `from_bytes`."""
    header, arrays = archive.unpack(body, key, (*_ARRAYS, *(f"series_{name}" for name in _SERIES)))
    archive.expect(header, key, schema=SCHEMA, run_id=run_id, island=island, epoch=epoch, kind="partial")
    series = {name: tuple(arrays.pop(f"series_{name}").tolist()) for name in _SERIES}
    return Progress(
        run_id=run_id,
        epoch=epoch,
        state=_state(header, arrays),
        series=Series(header["first_generation"], **series),
        **{name: header[name] for name in _PROGRESS},
    )


def state_digest(state: IslandState) -> str:
    """Return the SHA-256 over everything in a state, whichever run it belongs to."""
    return archive.digest(_scalars(state), _arrays(state))


def _header(run_id: str, epoch: int, kind: str, state: IslandState) -> dict[str, Any]:
    return {"schema": SCHEMA, "run_id": run_id, "epoch": epoch, "kind": kind, **_scalars(state)}


def _scalars(state: IslandState) -> dict[str, int]:
    return {name: int(getattr(state, name)) for name in _SCALARS}


def _arrays(state: IslandState) -> dict[str, NDArray[Any]]:
    return {name: getattr(state, name) for name in _ARRAYS}


def _state(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> IslandState:
    parts: dict[str, Any] = {name: header[name] for name in _SCALARS} | dict(arrays)
    return IslandState(**parts)
