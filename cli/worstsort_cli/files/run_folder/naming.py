"""The names of the folders of local runs, which are the ids of the runs."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from worstsort.runs.config import RunConfig

_DIGEST_CHARACTERS = 6


def describe(config: RunConfig) -> str:
    """Return how the id of a run begins that is not named by its user: with what distinguishes it from others."""
    return f"{config.target.replace('.', '_')}-n{config.size}-{config.preset}-seed{config.seed}"


def claim(out: Path, config: RunConfig) -> Path:
    """Create a folder for a run under a name that says what the run is, and that no run in `out` has yet.

    In an empty folder the same configuration always gets the same name, so that runs can be compared byte for byte.
    Of several processes that claim a name at once, one gets it.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name in _names(config):
        try:
            (out / name).mkdir()
        except FileExistsError:
            continue
        return out / name
    raise AssertionError("names never end")


def _names(config: RunConfig) -> Iterator[str]:
    digest = hashlib.sha256(config.model_dump_json().encode()).hexdigest()[:_DIGEST_CHARACTERS]
    name = f"{describe(config)}-{digest}"
    yield name
    yield from (f"{name}-{number}" for number in count(2))
