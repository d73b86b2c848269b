"""Arrays and a header as the bytes of an npz file, without pickles and with a checksum over the whole content."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tokenize
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.runs.errors import CheckpointCorrupt, CheckpointForeign

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

_UNREADABLE = (
    OSError, EOFError, AttributeError, KeyError, ValueError, TypeError, SyntaxError, MemoryError, OverflowError,
    NotImplementedError, RuntimeError, struct.error, tokenize.TokenError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What zipfile and numpy raise for bytes that are not an npz file, found by damaging every bit of one in turn."""


def pack(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the bytes of an npz file; equal contents give equal bytes."""
    sealed = {**header, "sha256": digest(header, arrays)}
    encoded = np.frombuffer(json.dumps(sealed, sort_keys=True).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, header=encoded, **arrays)
    return buffer.getvalue()


def unpack(body: bytes, key: str, names: Iterable[str]) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the header and the named arrays of an npz file, trusting nothing.

    Args:
        body: The file's bytes.
        key: Where they were found, for the message.
        names: Names of the arrays that the file must have.

    Raises:
        CheckpointCorrupt: the bytes are not what was packed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as members:
            # Checked before numpy parses them: it was not made for damaged bytes.
            if damaged := members.testzip():
                raise CheckpointCorrupt(key, f"its part {damaged} is not what was written")
        with np.load(io.BytesIO(body), allow_pickle=False) as archive:
            header = json.loads(archive["header"].tobytes())
            arrays = {name: archive[name] for name in names}
    except _UNREADABLE as error:
        raise CheckpointCorrupt(key, f"it is not a readable npz file ({error})") from error
    if not isinstance(header, dict):
        raise CheckpointCorrupt(key, "its header is not a JSON object")
    if header.pop("sha256", None) != digest(header, arrays):
        raise CheckpointCorrupt(key, "its checksum does not match its content")
    return header, arrays


def expect(header: Mapping[str, Any], key: str, **expected: str | int) -> None:
    """Check that a sound header says what its reader expects.

    Raises:
        CheckpointForeign: It names what was expected and what was found.
    """
    found = {name: header.get(name) for name in expected}
    if found != expected:
        raise CheckpointForeign(key, _describe(expected), _describe(found))


def digest(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> str:
    """Return the SHA-256 over a header and arrays, in the order of their names, however they are packed."""
    hashed = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        hashed.update(f"{name}{array.dtype.str}{array.shape}".encode())
        hashed.update(array.tobytes())
    return hashed.hexdigest()


def _describe(header: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in header.items())
