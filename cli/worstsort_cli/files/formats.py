"""An input in the formats of other programs."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from worstsort.artefacts.go_test_file import GoTest
from worstsort.artefacts.origin import file_origin, run_origin
from worstsort.artefacts.pictures import champion_svg
from worstsort.gosort import TARGETS, count_plain
from worstsort.gosort.go_releases import NOT_IN_GO
from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli.files.go_package import DEFAULT_PACKAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worstsort_cli.files.sort_input import SortInput

_VALUES_PER_LINE = 12

MIN_INT64 = -(2**63)


def go_test(source: SortInput, package: str = DEFAULT_PACKAGE) -> GoTest:
    """Return the Go test and benchmark of an input.

    Raises:
        InputRefused: Its sort is none of Go's.
    """
    if TARGETS[source.target].versions == NOT_IN_GO:
        allowed = "one of Go's sorts: a Go file can call no other"
        raise InputRefused([Problem(f"{source.file}: target", source.target, allowed)])
    return GoTest(source.values, source.target, count_plain(source.values, source.target), origin(source), package)


def to_go(source: SortInput) -> bytes:
    """Return a Go file with a test and a benchmark."""
    return go_test(source).render().encode()


def to_json(source: SortInput) -> bytes:
    """Return a JSON array."""
    return json.dumps(source.values).encode() + b"\n"


def to_csv(source: SortInput) -> bytes:
    """Return two columns, position and value."""
    rows = (f"{position},{value}\n" for position, value in enumerate(source.values))
    return ("position,value\n" + "".join(rows)).encode()


def to_npy(source: SortInput) -> bytes:
    """Return an int64 array as NumPy stores it."""
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(source.values, dtype=np.int64), allow_pickle=False)
    return buffer.getvalue()


def to_c(source: SortInput) -> bytes:
    """Return a C header with an array of int64_t."""
    rows = [source.values[start : start + _VALUES_PER_LINE] for start in range(0, len(source.values), _VALUES_PER_LINE)]
    body = ",\n".join("    " + ", ".join(map(c_literal, row)) for row in rows)
    count = count_plain(source.values, source.target)
    return (
        f"/* {origin(source)}\n   {count} comparisons with {source.target}. */\n"
        "#include <stddef.h>\n#include <stdint.h>\n\n"
        f"static const size_t worstsort_size = {len(source.values)};\n"
        f"static const int64_t worstsort_values[{len(source.values)}] = {{\n{body}\n}};\n"
    ).encode()


def to_svg(source: SortInput) -> bytes:
    """Return a picture of value against position."""
    return champion_svg(source.values, source.target, count_plain(source.values, source.target)).encode()


def origin(source: SortInput) -> str:
    """Return one line that says where an input came from."""
    return run_origin(source.champion) if source.champion else file_origin(Path(source.file).name)


def c_literal(value: int) -> str:
    """Return a number as C reads it: the minus sign of the smallest would be an operator on one that does not fit."""
    return "INT64_MIN" if value == MIN_INT64 else f"INT64_C({value})"


FORMATS: Mapping[str, Callable[[SortInput], bytes]] = {
    "go": to_go, "json": to_json, "csv": to_csv, "npy": to_npy, "c": to_c, "svg": to_svg,
}  # fmt: skip
