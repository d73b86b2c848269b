"""JSON documents one after another, each on a line of its own, over several lines, or next to another."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from worstsort_cli.files import json_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"')
"""Text in JSON, in which brackets open and close nothing; it never goes over the end of a line."""

_BETWEEN = re.compile(rb"[\]}](?:\s|\xef\xbb\xbf)*+(?=[\[{])")
"""What is between two documents on a line, and in none: files that end without a line break, put together by `cat`."""


class Document(NamedTuple):
    """A document, and the lines it was on, for messages."""

    lines: str
    content: Any


def documents(file: BinaryIO, allowed: str) -> Iterator[Document]:
    """Yield each document as soon as it is complete: at the end of the line that closes its last bracket.

    Args:
        file: What they are read from.
        allowed: What a message says is expected.

    Raises:
        InputRefused: One of them is too large, or no JSON.
    """
    parts: list[bytes] = []
    first = depth = size = 0
    for number, piece, opened in _pieces(file):
        if not parts and not piece.removeprefix(codecs.BOM_UTF8).strip():
            continue
        first = first if parts else number
        parts.append(piece)
        size += len(piece)
        depth += opened
        if depth <= 0 or size > json_file.MAX_FILE_BYTES:
            yield _document(parts, first, number, allowed)
            parts, depth, size = [], 0, 0
    if parts:
        yield _document(parts, first, number, allowed)


def _pieces(file: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """Yield lines, or their parts between two documents: the line's number, its bytes, how many brackets stay open."""
    number = 0
    while line := file.readline(json_file.MAX_FILE_BYTES + 1):
        number += 1
        structure = _TEXT.sub(lambda found: b'"' * len(found[0]), line) if b'"' in line else line
        start = 0
        for end in [*(found.start() + 1 for found in _BETWEEN.finditer(structure)), len(line)]:
            yield number, line[start:end], _opened(structure[start:end])
            start = end


def _opened(structure: bytes) -> int:
    return structure.count(b"[") + structure.count(b"{") - structure.count(b"]") - structure.count(b"}")


def _document(parts: list[bytes], first: int, last: int, allowed: str) -> Document:
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    return Document(lines, json_file.parse(b"".join(parts), lines, allowed))
