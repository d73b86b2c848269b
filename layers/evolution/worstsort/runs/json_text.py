"""JSON from outside: decoded, or refused by the name of the field that holds it. It imports nothing heavy."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any, NoReturn

from worstsort.runs.errors import InputRefused, Problem

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape that may stand for half a character."""


def load_json(text: str, field: str, allowed: str = "a JSON object") -> Any:
    """Decode JSON.

    Raises:
        InputRefused: The text is not JSON, has one of the constants NaN and Infinity, which JSON lacks, gives a field
            twice, of which one would be ignored, or half a character, which nothing can write.
    """
    try:
        value = json.loads(
            text, parse_constant=partial(_refuse_constant, field, allowed), object_pairs_hook=partial(_object, field)
        )
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise InputRefused([Problem(field, half, f"{allowed}, in Unicode; this is half a character")]) from error
    except (ValueError, RecursionError) as error:
        why = str(error).partition("; use sys.")[0]  # what a program could do about too many digits is no help here
        raise InputRefused([Problem(field, text, f"{allowed} ({why})")]) from error
    return value


def _refuse_constant(field: str, allowed: str, constant: str) -> NoReturn:
    raise InputRefused([Problem(field, constant, f"{allowed}; JSON has no NaN or Infinity")])


def _object(field: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise InputRefused([Problem(f"{field}: {name}", value, "each field once; this one is there twice")])
        found[name] = value
    return found
