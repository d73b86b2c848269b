"""The names of the folders of local runs, which are the ids of the runs."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import TYPE_CHECKING

from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from worstsort.runs.config import RunConfig

_DIGEST_CHARACTERS = 6

_UNFIT = str.maketrans({".": "_", ":": "-", "$": "_"})
"""What targets' names have and names of executions cannot."""

_MAX_TARGET_CHARACTERS = 40


def describe(config: RunConfig) -> str:
    """Return how the id of a run begins that is not named by its user: with what distinguishes it from others."""
    target = config.target.translate(_UNFIT)[:_MAX_TARGET_CHARACTERS]
    return f"{target}-n{config.size}-{config.preset}-seed{config.seed}"


def name_of(config: RunConfig) -> str:
    """Return the id of the first run with this configuration in a folder."""
    return next(_names(config))


def claim(out: Path, config: RunConfig, name: str | None = None) -> Path:
    """Create a folder for a run under a name that no run in `out` has yet: the given one, or one that says what it is.

    In an empty folder the same configuration always gets the same name, so that runs can be compared byte for byte.
    Of several processes that claim a name at once, one gets it.

    Raises:
        CommandFailed: No folder can be made there, or the given name is taken.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for claimed in _names(config) if name is None else (name,):
            if _is_made(out / claimed):
                return out / claimed
        raise CommandFailed(
            f"{out / str(name)} is there already, and a name is for one run only; choose another --name"
        )
    except OSError as error:
        raise CommandFailed(f"no folder can be made in {out} ({error.strerror}); --out names another one") from error


def _is_made(path: Path) -> bool:
    """Make a folder, and return whether there was none."""
    try:
        path.mkdir()
    except FileExistsError:
        return False
    return True


def _names(config: RunConfig) -> Iterator[str]:
    digest = hashlib.sha256(config.model_dump_json(exclude=config.unsaid).encode()).hexdigest()[:_DIGEST_CHARACTERS]
    name = f"{describe(config)}-{digest}"
    yield name
    yield from (f"{name}-{number}" for number in count(2))
