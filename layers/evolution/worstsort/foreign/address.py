"""How a user names a foreign sort: `./libmysort.so`, `./libmysort.so:my_sort`, `libc:qsort`."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from worstsort.foreign.errors import TargetRefused
from worstsort.gosort.foreign_names import MAX_SYMBOL_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

Convention: TypeAlias = Literal["sort", "qsort", "qsort_r", "nth"]

SORT: Final = "sort"
QSORT: Final = "qsort"
QSORT_R: Final = "qsort_r"
NTH: Final = "nth"

CONVENTIONS: tuple[Convention, ...] = (SORT, QSORT, QSORT_R, NTH)
"""How a function takes its items: as `worstsort.h` says, as `qsort`, as GNU's `qsort_r`, or as a selection."""

DEFAULT_SYMBOLS = {SORT: "worstsort_sort", NTH: "worstsort_nth", QSORT: "qsort", QSORT_R: "qsort_r"}

COMMANDS: Mapping[Convention, str] = MappingProxyType({SORT: "cmd:", NTH: "cmd@nth:"})
"""What begins a target that is a program, by what it does: it sorts, or selects."""

_LIBC = "libc"
"""Stands for the C library that this process runs with."""

_SYMBOL = re.compile(rf"[A-Za-z_][A-Za-z0-9_.$]{{0,{MAX_SYMBOL_CHARACTERS - 1}}}")


@dataclass(frozen=True)
class Address:
    """Where a foreign sort is.

    Attributes:
        given: What the user wrote.
        path: The library.
        symbol: The function in it.
        convention: One of CONVENTIONS.
    """

    given: str
    path: Path
    symbol: str
    convention: Convention
    is_libc: bool = False


def is_command(text: str) -> bool:
    """Return whether a target's name means a program."""
    return text.startswith(tuple(COMMANDS.values()))


def is_address(text: str) -> bool:
    """Return whether a target's name means a file, a program or the C library, rather than one of Go's sorts."""
    if is_command(text):
        return True
    return (
        "/" in text
        or text.partition(":")[0].partition("@")[0] == _LIBC
        or text.partition(":")[0].endswith((".so", ".wasm"))
    )


def parse(text: str) -> Address:
    """Parse an address.

    Raises:
        TargetRefused: There is no such file, or the symbol or the convention is malformed.
    """
    place, at, given = text.partition("@")
    file, colon, symbol = place.rpartition(":") if _names_symbol(place) else (place, "", "")
    is_libc = file == _LIBC
    if is_libc and not at:
        given = symbol if symbol in {QSORT, QSORT_R} else QSORT
    convention = next((known for known in CONVENTIONS if known == (given or SORT)), None)
    if convention is None or (at and not given):
        raise TargetRefused(text, f"given @{given}, allowed: {', '.join('@' + name for name in CONVENTIONS)}")
    if colon and not _SYMBOL.fullmatch(symbol):
        raise TargetRefused(text, f"expected FILE:SYMBOL, a C name of at most {MAX_SYMBOL_CHARACTERS} characters")
    path = _libc() if is_libc else Path(file)
    if path is None or not os.path.isfile(path):  # noqa: PTH113 - Path's own raises for a name that is too long
        what = "it is not a file" if path is not None and os.path.exists(path) else "there is no such file"  # noqa: PTH110
        raise TargetRefused(text, f"{what}; expected a library, e.g. ./libmysort.so:my_sort")
    return Address(text, path, symbol or DEFAULT_SYMBOLS[convention], convention, is_libc)


def _names_symbol(place: str) -> bool:
    """Return whether there is a symbol: a colon that a slash follows belongs to a folder's name."""
    return ":" in place and "/" not in place.rpartition(":")[2]


def _libc() -> Path | None:
    """Return the file of the C library that this process has loaded, None where there is no /proc."""
    try:
        lines = Path("/proc/self/maps").read_text().splitlines()
    except OSError:
        return None
    found = (Path(line.split(maxsplit=5)[-1]) for line in lines if "/libc.so" in line or "/libc-" in line)
    return next(found, None)
