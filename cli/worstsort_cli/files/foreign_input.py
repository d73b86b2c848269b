"""The foreign sort in the input of a run: described in the configuration, and at hand before anything is spent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.foreign.address import is_address

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig


def described(target: str, known: Any) -> dict[str, Any]:
    """Return the fields `target` and `foreign` for a file, or for a recorded name.

    Args:
        target: What the user gave, or the name that it was converted to.
        known: What the input says of it already, if anything.

    Raises:
        TargetRefused: The file holds no sort.
    """
    from worstsort.foreign import targets  # noqa: PLC0415 - brings numpy

    name = targets.open_target(target).name if is_address(target) else target
    player = targets.player_of(name)
    return {"target": name, "foreign": player.code.library.model_dump() if player else known}


def check(config: RunConfig) -> None:
    """Hold the sort to the contract at the size of the run.

    Raises:
        TargetAbsent: It is not at hand.
        TargetRefused, TargetMisbehaved: It breaks the rules.
    """
    from worstsort.foreign.probe import probe  # noqa: PLC0415 - brings numpy
    from worstsort.foreign.targets import player_of  # noqa: PLC0415 - the same
    from worstsort.gosort import TargetAbsent  # noqa: PLC0415 - together with what raises it

    player = player_of(config.target)
    if player is None:
        raise TargetAbsent(config.target)
    probe(player, player.code.address, config.size)


def content(config: RunConfig) -> bytes | None:
    """Return what a run's foreign target is played from, None if it has none that can be handed on."""
    if config.foreign is None:
        return None
    from worstsort.foreign.targets import player_of  # noqa: PLC0415 - brings numpy

    player = player_of(config.target)
    return player.code.content if player else None
