"""Which code made a result."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import worstsort
from worstsort.genetic.registry import ENTRY_POINT_GROUP as OPERATORS
from worstsort.gosort.registry import ENTRY_POINT_GROUP as TARGETS
from worstsort.plugins import packages

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN_CHARACTERS = 12

_EVOLVING = ("gosort", "genetic", "runs", "worker")
"""The parts that a run's result is a function of; the others keep it, show it and decide when a part is called."""


@cache
def code_version() -> str:
    """Return the version and a hash of the layer's sources, e.g. `0.1.0+3f2a9c1b7d04`: equal hashes, equal code."""
    return f"{worstsort.__version__}+{_hash(_root().rglob('*.py'))}"


@cache
def evolution_version() -> str:
    """Return a hash of all code that takes part in evolving: where it is equal, a seed gives the same bits.

    It covers the evolving parts of the layer, and which packages bring sorts and operators, in which versions.
    """
    sources = (path for part in _EVOLVING for path in (_root() / part).rglob("*.py"))
    return _hash(sources, packages([OPERATORS, TARGETS]))


def _root() -> Path:
    return Path(worstsort.__file__).parent


def _hash(sources: Iterable[Path], packages: Iterable[str] = ()) -> str:
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(f"{path.relative_to(_root()).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    for package in packages:
        digest.update(f"{package}\0".encode())
    return digest.hexdigest()[:_SHOWN_CHARACTERS]
