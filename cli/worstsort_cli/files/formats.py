"""An input in the formats of other worlds."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import numpy as np

from worstsort.artefacts.go_test_file import GoTest
from worstsort.artefacts.pictures import champion_svg
from worstsort.gosort import count_plain
from worstsort_cli.files.sort_input import origin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worstsort_cli.files.sort_input import SortInput

_IN_A_LINE = 12


def to_go(one: SortInput) -> bytes:
    """A Go test and benchmark file."""
    return GoTest(one.values, one.target, count_plain(one.values, one.target), origin(one)).render().encode()


def to_json(one: SortInput) -> bytes:
    """A bare array."""
    return json.dumps(one.values).encode() + b"\n"


def to_csv(one: SortInput) -> bytes:
    """Two columns, position and value."""
    rows = (f"{position},{value}\n" for position, value in enumerate(one.values))
    return ("position,value\n" + "".join(rows)).encode()


def to_npy(one: SortInput) -> bytes:
    """An int64 array for NumPy."""
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(one.values, dtype=np.int64), allow_pickle=False)
    return buffer.getvalue()


def to_c(one: SortInput) -> bytes:
    """A C header with an array of int64_t."""
    rows = [one.values[start : start + _IN_A_LINE] for start in range(0, len(one.values), _IN_A_LINE)]
    body = ",\n".join("    " + ", ".join(map(_c_literal, row)) for row in rows)
    count = count_plain(one.values, one.target)
    return (
        f"/* {origin(one)}\n   {count} comparisons with {one.target}. */\n"
        "#include <stddef.h>\n#include <stdint.h>\n\n"
        f"static const size_t worstsort_size = {len(one.values)};\n"
        f"static const int64_t worstsort_values[{len(one.values)}] = {{\n{body}\n}};\n"
    ).encode()


def to_svg(one: SortInput) -> bytes:
    """A picture: value over position."""
    return champion_svg(one.values, one.target, count_plain(one.values, one.target)).encode()


def _c_literal(value: int) -> str:
    # The smallest int64 is no literal in C: the minus sign is an operator on a number that does not fit.
    return "INT64_MIN" if value == -(2**63) else f"INT64_C({value})"


FORMATS: Mapping[str, Callable[[SortInput], bytes]] = {
    "go": to_go, "json": to_json, "csv": to_csv, "npy": to_npy, "c": to_c, "svg": to_svg,
}  # fmt: skip
