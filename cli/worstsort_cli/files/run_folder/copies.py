"""The second copy of each file that a run cannot be continued without, so that no single damaged file loses the run."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from worstsort.runs.errors import CheckpointCorrupt, CheckpointForeign, CheckpointMissing
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import atomic, regular

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PREFIX = "copy-of-"
"""How the name of a copy begins, which is beside the file."""

Content = TypeVar("Content")


def copy_of(path: Path) -> Path:
    """Return where the copy of a file is."""
    return path.with_name(f"{PREFIX}{path.name}")


def exists(path: Path) -> bool:
    """Whether there is a file, or its copy."""
    return path.exists() or copy_of(path).exists()


def write(path: Path, body: bytes) -> None:
    """Write a file, whose presence means that it has a copy.

    Raises:
        FileNotWritten: It names the file.
    """
    put(copy_of(path), body)
    put(path, body)


def read(path: Path, parse: Callable[[bytes, str], Content], refused: list[str]) -> Content:
    """Return the content of a file, or of its copy if the file cannot be trusted, which is then made whole again.

    Args:
        path: The file.
        parse: Makes the content of bytes, given where they were found; it raises what is raised here.
        refused: Why the file is not used is added to it.

    Raises:
        CheckpointCorrupt, CheckpointForeign, CheckpointMissing: Neither can be trusted; it is about the file, or
            the copy if there is only that.
    """
    try:
        return parse(read_bytes(path), str(path))
    except (CheckpointCorrupt, CheckpointForeign, CheckpointMissing) as error:
        copy = copy_of(path)
        try:
            body = read_bytes(copy)
            content = parse(body, str(copy))
        except (CheckpointCorrupt, CheckpointForeign):
            if isinstance(error, CheckpointMissing):  # it is the copy that tells the user more
                raise
            raise error from None
        except CheckpointMissing:
            raise error from None
        refused.append(f"{describe(error)}; its copy is used")
    with suppress(CommandFailed, OSError):  # it can be read, and that is what matters
        put(path, body)
    return content


def look_into(path: Path, parse: Callable[[bytes, str], Content]) -> Content | None:
    """Return the content of a file, or else of its copy, and change neither; None if neither can be trusted."""
    for candidate in (path, copy_of(path)):
        with suppress(CheckpointCorrupt, CheckpointForeign, CheckpointMissing):
            return parse(read_bytes(candidate), str(candidate))
    return None


def read_bytes(path: Path) -> bytes:
    """Return what is in a file.

    Raises:
        CheckpointMissing: There is none.
        CheckpointCorrupt: It cannot be read.
    """
    try:
        return regular.read(path)
    except FileNotFoundError as error:
        raise CheckpointMissing(str(path)) from error
    except OSError as error:
        raise CheckpointCorrupt(str(path), f"it cannot be read ({error.strerror})") from error


def describe(error: CheckpointCorrupt | CheckpointForeign | CheckpointMissing) -> str:
    """Say which file is not used, and why."""
    return f"{error.key}: {'it is missing' if isinstance(error, CheckpointMissing) else error.why}"


def put(path: Path, body: bytes) -> None:
    """Write a file; whatever else is in its place, such as a folder, is moved aside.

    Raises:
        FileNotWritten: It names the file.
    """
    with suppress(OSError):
        if path.exists() and not path.is_file():
            path.rename(path.with_name(f"{path.name}.{secrets.token_hex(4)}.stray"))
    atomic.write(path, body)


def remove(path: Path) -> None:
    """Delete a file that is no longer needed, if that can be done: a folder in its place is nobody's concern."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
