"""Keeps the machine code of modules of WebAssembly on disk, beside that of Numba's kernels.

Wasmtime runs what it reads back without looking at it. So only files count that this user alone can have written, and
that are whole: each begins with the SHA-256 of what follows. The name of a file is the SHA-256 of wasmtime's version
and the module; whether the code is for this processor and these settings wasmtime looks itself.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import wasmtime

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_KEPT = 16
"""Modules whose machine code is kept; of more, the oldest go. Go's takes some 10 MB."""

_DIGEST_BYTES = 32


def compiled(engine: wasmtime.Engine, content: bytes) -> wasmtime.Module:
    """Return a module as machine code, from disk if it is there; raises wasmtime's errors if it is none."""
    name = hashlib.sha256(f"{version('wasmtime')} ".encode() + content).hexdigest()
    for folder in _folders():
        with suppress(OSError, wasmtime.WasmtimeError):  # what wasmtime does not take is compiled anew
            return wasmtime.Module.deserialize(engine, _read(folder / name))
    made = wasmtime.Module(engine, content)
    for folder in _folders():
        with suppress(OSError):  # no room, or no folder of ours: the next process compiles it, too
            _write(folder, name, bytes(made.serialize()))
            break
    return made


def _folders() -> Iterator[Path]:
    """Return where machine code may be, the best first: NUMBA_CACHE_DIR, which may be read-only, and the user's."""
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(given) / "wasm"
    with suppress(RuntimeError):  # a user without a home
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "worstsort" / "wasm"


def _read(path: Path) -> bytes:
    """Return what a file of ours holds; raises OSError if there is none, it is not whole, or others can write to it."""
    _require_ours(path.parent.lstat())
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        _require_ours(os.fstat(file.fileno()))
        digest, content = file.read(_DIGEST_BYTES), file.read()
    if hashlib.sha256(content).digest() != digest:
        raise OSError(f"{path} is damaged")
    return content


def _write(folder: Path, name: str, content: bytes) -> None:
    """Write a file at once: nobody sees half of one, and nothing is left of a process that ends meanwhile."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _require_ours(folder.lstat())
    with os.fdopen(os.open(folder, os.O_WRONLY | os.O_TMPFILE, 0o600), "wb") as file:
        file.write(hashlib.sha256(content).digest() + content)
        file.flush()
        (folder / name).unlink(missing_ok=True)
        place = os.open(folder, os.O_PATH | os.O_DIRECTORY)
        try:  # Python follows the link, as it must be here, only where it is given a folder
            os.link(f"/proc/self/fd/{file.fileno()}", name, dst_dir_fd=place, follow_symlinks=True)
        finally:
            os.close(place)
    kept = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
    for path in kept[:-MAX_KEPT]:
        path.unlink(missing_ok=True)


def _require_ours(status: os.stat_result) -> None:
    """Raise PermissionError unless this user alone can write there."""
    if status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or stat.S_ISLNK(status.st_mode):
        raise PermissionError("the machine code of modules of WebAssembly may be written by others")
