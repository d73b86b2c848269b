"""Finds what installed packages bring by entry points: further targets and operators."""

from __future__ import annotations

import warnings
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


@cache
def load(group: str) -> tuple[tuple[str, Any], ...]:
    """Load the objects that installed packages name in a group of entry points, once per process.

    One that cannot be loaded is left out with a warning that names it, so that a broken package breaks nothing else.

    Returns:
        Pairs of the entry point's name and the object.
    """
    loaded = []
    for entry_point in entry_points(group=group):
        try:
            loaded.append((entry_point.name, entry_point.load()))
        except Exception as error:  # noqa: BLE001 - anything may go wrong while foreign code is imported
            warn(group, entry_point.name, f"cannot be loaded: {type(error).__name__}: {error}")
    return tuple(loaded)


def packages(groups: Iterable[str]) -> list[str]:
    """Return the names and versions of the installed packages with entry points in these groups, sorted."""
    found = (point.dist for group in groups for point in entry_points(group=group))
    return sorted({f"{package.name} {package.version}" for package in found if package is not None})


def warn(group: str, name: str, problem: str) -> None:
    """Warn that an entry point is left out, and why."""
    warnings.warn(f"entry point {name!r} of {group} is left out; it {problem}", RuntimeWarning, stacklevel=3)
