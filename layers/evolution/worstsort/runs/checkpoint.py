"""An island's state as bytes: an npz without pickles, with a header that says whose it is and a checksum."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.genetic import IslandState
from worstsort.runs.errors import CheckpointCorrupt, CheckpointForeign

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCHEMA = 1
"""Version of the layout below; a checkpoint of another version is refused by name."""

_ARRAYS = ("genomes", "fitnesses", "ages", "best_genome")
_SCALARS = ("island", "generation", "stall", "mutation_ratio", "best_fitness", "best_generation", "evaluations")


@dataclass(frozen=True)
class Checkpoint:
    """The state of one island at the end of one epoch of one run."""

    run_id: str
    epoch: int
    state: IslandState

    @property
    def digest(self) -> str:
        """SHA-256 over everything the checkpoint says, independent of how it is packed."""
        return _digest(_header(self), _arrays(self.state))

    def to_bytes(self) -> bytes:
        """The checkpoint as the bytes of an npz file."""
        header = _header(self) | {"sha256": self.digest}
        buffer = io.BytesIO()
        encoded = np.frombuffer(json.dumps(header, sort_keys=True).encode(), dtype=np.uint8)
        np.savez(buffer, allow_pickle=False, header=encoded, **_arrays(self.state))
        return buffer.getvalue()


def from_bytes(body: bytes, key: str, *, run_id: str, island: int, epoch: int) -> Checkpoint:
    """Read a checkpoint back, trusting nothing.

    Args:
        body: the object's bytes.
        key: where they were found, for the message.
        run_id: of the run whose state is expected.
        island: of which island.
        epoch: at the end of which epoch.

    Raises:
        CheckpointCorrupt: the bytes are not what was written.
        CheckpointForeign: they are, but of another run, island, epoch or schema.
    """
    header, arrays = _unpack(body, key)
    recorded = header.pop("sha256", None)
    if recorded != _digest(header, arrays):
        raise CheckpointCorrupt(key, "its checksum does not match its content")
    expected = {"schema": SCHEMA, "run_id": run_id, "island": island, "epoch": epoch}
    found = {name: header.get(name) for name in expected}
    if found != expected:
        raise CheckpointForeign(key, _describe(expected), _describe(found))
    parts: dict[str, Any] = {name: header[name] for name in _SCALARS} | arrays
    state = IslandState(**parts)
    return Checkpoint(run_id, epoch, state)


def _unpack(body: bytes, key: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as archive:
            header = json.loads(archive["header"].tobytes())
            arrays = {name: archive[name] for name in _ARRAYS}
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise CheckpointCorrupt(key, f"it is not a readable npz file ({error})") from error
    if not isinstance(header, dict):
        raise CheckpointCorrupt(key, "its header is not a JSON object")
    return header, arrays


def _header(checkpoint: Checkpoint) -> dict[str, Any]:
    scalars = {name: int(getattr(checkpoint.state, name)) for name in _SCALARS}
    return {"schema": SCHEMA, "run_id": checkpoint.run_id, "epoch": checkpoint.epoch, **scalars}


def _arrays(state: IslandState) -> dict[str, NDArray[Any]]:
    return {name: np.ascontiguousarray(getattr(state, name)) for name in _ARRAYS}


def _digest(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name in _ARRAYS:
        array = arrays[name]
        digest.update(f"{name}{array.dtype.str}{array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _describe(header: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in header.items())
