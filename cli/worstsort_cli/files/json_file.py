"""JSON in a file that a user names."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any

from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.json_text import load_json
from worstsort_cli.files import regular

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

MAX_FILE_BYTES = 32 * 2**20
"""The largest JSON document that is read: it may take ten times as much memory."""

MAX_PARTS = 10_000
"""Lists, objects and fields in a document: each takes hundreds of bytes, and no input needs over a hundred."""

TOO_LARGE = f"at most {MAX_FILE_BYTES // 2**20} MiB of JSON"


def read(file: BinaryIO, name: str, allowed: str = "a JSON object") -> Any:
    """Read a file that is open, and decode it; the arguments and refusals are those of `parse`."""
    return parse(file.read(MAX_FILE_BYTES + 1), name, allowed)


def read_path(path: Path, allowed: str = "a JSON object") -> Any:
    """Read the file at a path, and decode it; the refusals are those of `parse`."""
    with path.open("rb") as file:
        return read(file, str(path), allowed)


def read_kept(path: Path) -> Any:
    """Read a file that the command itself has written, and decode it; raises as `regular.read` and `parse` do."""
    return parse(regular.read(path, most=MAX_FILE_BYTES + 1), str(path))


def parse(content: bytes, name: str, allowed: str = "a JSON object") -> Any:
    """Decode the content of a file, or a part of it.

    Args:
        content: The bytes that were read.
        name: What messages call them: a path, an option, a line.
        allowed: What a message says is expected.

    Raises:
        InputRefused: The bytes are too many or not UTF-8, or their text is not JSON as `load_json` takes it.
    """
    if len(content) > MAX_FILE_BYTES:
        raise InputRefused([Problem(name, content, TOO_LARGE)])
    if (parts := sum(map(content.count, (b"[", b"{", b":")))) > MAX_PARTS:
        given = f"{parts:,} lists, objects and fields"
        raise InputRefused([Problem(name, given, f"{allowed}; at most {MAX_PARTS:,} of them")])
    return load_json(_decode(content, name), name, allowed)


def _decode(content: bytes, name: str) -> str:
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode()  # Windows begins a file with the mark
    except UnicodeDecodeError as error:
        given = content[error.start : error.end]
        raise InputRefused([Problem(f"{name}: byte {error.start}", given, "text in UTF-8")]) from error
