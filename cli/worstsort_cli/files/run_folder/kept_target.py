"""A run's foreign target, kept with the run, so that it continues with the same sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.runs.errors import CheckpointCorrupt, CheckpointMissing
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import foreign_input
from worstsort_cli.files.run_folder import copies

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from worstsort.foreign.library import Library
    from worstsort.runs.config import RunConfig

FILE_NAME = "target.so"


def keep(state: Path, config: RunConfig) -> None:
    """Write the library of a run's target, or the command that starts it."""
    content = foreign_input.content(config)
    if content is not None:
        copies.write(state / FILE_NAME, content)


def pick_up(state: Path, config: RunConfig) -> None:
    """Make the target of a run known again that was interrupted.

    Raises:
        CommandFailed: Its library is missing, or is not the one that the run began with; or its program has changed.
    """
    if config.foreign is None:
        return
    from worstsort.foreign import targets  # noqa: PLC0415 - brings numpy
    from worstsort.foreign.errors import TargetRefused  # noqa: PLC0415 - together with what raises it

    try:
        content = None
        if config.foreign.kind != "libc":
            content = copies.read(state / FILE_NAME, _checked(config.foreign), [])
        targets.bring(config.foreign, content)
    except (CheckpointCorrupt, CheckpointMissing, TargetRefused) as error:
        raise CommandFailed(f"the run cannot be continued with the sort that it began with: {error}") from error


def _checked(library: Library) -> Callable[[bytes, str], bytes]:
    """Return what reads one of the two copies, and refuses one that is damaged."""
    from worstsort.foreign import sources  # noqa: PLC0415 - as above
    from worstsort.foreign.errors import TargetRefused  # noqa: PLC0415

    def parse(body: bytes, key: str) -> bytes:
        try:
            return sources.check(library, body) or b""
        except TargetRefused as error:
            raise CheckpointCorrupt(key, error.why) from error

    return parse
