"""Which code made a result."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import worstsort
from worstsort.genetic.registry import ENTRY_POINT_GROUP as OPERATORS
from worstsort.gosort.registry import ENTRY_POINT_GROUP as TARGETS
from worstsort.plugins import packages

if TYPE_CHECKING:
    from collections.abc import Iterable

_HERE = Path(worstsort.__file__).parent

_SHOWN_CHARACTERS = 12

_EVOLVING = ("gosort", "genetic", "foreign", "runs", "worker")
"""The parts that a run's result is a function of; the others keep it, show it and decide when a part is called."""

_VERSION = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)


@cache
def code_version(package: Path = _HERE) -> str:
    """Return the version and a hash of the layer's sources, e.g. `0.1.0+3f2a9c1b7d04`: equal hashes, equal code.

    Args:
        package: The folder of the package `worstsort`, by default of the one that is running.
    """
    found = _VERSION.search((package / "__init__.py").read_text())
    return f"{found[1] if found else '?'}+{_hash(package, package.rglob('*.py'))}"


@cache
def evolution_version(package: Path = _HERE) -> str:
    """Return a hash of all code that takes part in evolving: where it is equal, a seed gives the same bits.

    It covers the evolving parts of the layer, and which packages bring sorts and operators, in which versions.

    Args:
        package: As in `code_version`.
    """
    sources = (path for part in _EVOLVING for path in (package / part).rglob("*.py"))
    return _hash(package, sources, packages([OPERATORS, TARGETS]))


def _hash(package: Path, sources: Iterable[Path], plugins: Iterable[str] = ()) -> str:
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(f"{path.relative_to(package).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    for plugin in plugins:
        digest.update(f"{plugin}\0".encode())
    return digest.hexdigest()[:_SHOWN_CHARACTERS]
