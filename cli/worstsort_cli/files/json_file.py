"""JSON in a file that a user names."""

from __future__ import annotations

from typing import Any

from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.json_text import load_json


def parse(content: bytes, name: str, allowed: str = "a JSON object") -> Any:
    """Decode the content of a file, or a line of it.

    Args:
        content: The bytes that were read.
        name: What messages call them: a path, an option, a line.
        allowed: What a message says is expected.

    Raises:
        InputRefused: The bytes are not UTF-8, or their text is not JSON.
    """
    return load_json(_decode(content, name), name, allowed)


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        given = content[error.start : error.end]
        raise InputRefused([Problem(f"{name}: byte {error.start}", given, "text in UTF-8")]) from error
