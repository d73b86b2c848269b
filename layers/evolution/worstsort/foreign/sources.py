"""Where foreign sorts come from: found by what a user calls them, and checked when they come from a record."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from worstsort.foreign import address as addresses
from worstsort.foreign import command as commands
from worstsort.foreign import library as libraries
from worstsort.foreign.errors import TargetRefused

if TYPE_CHECKING:
    from worstsort.foreign.library import Library


def find(given: str) -> tuple[Library, bytes | None]:
    """Return what a target's name means, and what has to be handed on for it to be played elsewhere.

    Raises:
        TargetRefused: There is no such file, function or program, or it is for another machine.
    """
    if addresses.is_command(given):
        command = commands.parse(given)
        try:
            return command.library(), command.as_bytes()
        except OSError as error:
            raise TargetRefused(given, f"a file of the command cannot be read: {error.strerror}") from error
    address = addresses.parse(given)
    library = libraries.identify(address)
    content = None if address.is_libc else libraries.read(address.path, given)
    if content is not None and hashlib.sha256(content).hexdigest() != library.sha256:
        raise TargetRefused(given, "it changed while it was read")
    return library, content


def check(library: Library, content: bytes | None) -> bytes | None:
    """Return what a target is played from, held to what is recorded of it.

    Raises:
        TargetRefused: These are other bytes than the recorded ones, or none; this machine has another C library; or the
            files of a command have changed, or are not here.
    """
    if library.kind == "libc":
        here = libraries.identify(addresses.parse(f"libc:{library.symbol}"))
        if here.sha256 != library.sha256:
            raise TargetRefused(library.name, "this machine has another C library than the one that is recorded")
        return None
    found = "none" if content is None else _sha256(library, content)
    if found != library.sha256:
        what = "a command" if library.kind == "cmd" else "the bytes"
        raise TargetRefused(library.name, f"expected {what} with the SHA-256 {library.sha256}, got {found}")
    return content


def _sha256(library: Library, content: bytes) -> str:
    if library.kind != "cmd":
        return hashlib.sha256(content).hexdigest()
    try:
        return commands.recorded(content).sha256()
    except (OSError, ValueError) as error:
        raise TargetRefused(library.name, f"its command cannot be read: {error}") from error
