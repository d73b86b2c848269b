"""Foreign sorts as targets: opened from a file that the user names, or brought to where a run needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.foreign import library as libraries
from worstsort.foreign import sources
from worstsort.foreign.player import LibraryPlayer
from worstsort.foreign.playing.child import Code
from worstsort.foreign.probe import probe
from worstsort.gosort import Target, find_target, register
from worstsort.gosort.foreign_names import is_foreign

if TYPE_CHECKING:
    from typing import Any

    from worstsort.foreign.library import Library


def open_target(given: str) -> Target:
    """Return the target that an address means, held to the contract and known by its name from now on.

    Raises:
        TargetRefused: There is no such file, function or program, it is for another machine, or it does not sort.
        TargetMisbehaved: It crashed, hung or went beyond its limits in its first games.
    """
    library, content = sources.find(given)
    known = find_target(library.name)
    if known.player is not None:
        return known
    about = LibraryPlayer(Code(library, content, given)).about()
    player = LibraryPlayer(Code(library.model_copy(update={"about": libraries.shown(about)}), content, given))
    probe(player, given)
    return _register(player)


def bring(library: Library, content: bytes | None) -> Target:
    """Make a target known that has been recorded elsewhere, from its bytes.

    Args:
        library: What is recorded of it.
        content: What `sources.find` has returned; None for the C library, of which each machine has its own.

    Raises:
        TargetRefused: It is another sort than the recorded one, or none.
    """
    known = find_target(library.name)
    if known.player is not None:
        return known
    return _register(LibraryPlayer(Code(library, sources.check(library, content))))


def player_of(name: str) -> LibraryPlayer | None:
    """Return what plays a foreign target that is at hand, None for any other."""
    player = find_target(name).player if is_foreign(name) else None
    return player if isinstance(player, LibraryPlayer) else None


def _register(player: LibraryPlayer) -> Target:
    library = player.code.library
    evidence = f"{library.file}, {library.about}" if library.about else library.file
    return register(Target(library.name, _steps_of_its_own, evidence=evidence, player=player))


def _steps_of_its_own(*_: Any) -> None:
    raise TypeError("a foreign sort is played by its player, not step by step")
