"""JSON from outside: decoded, or refused by the name of the field that holds it. It imports nothing heavy."""

from __future__ import annotations

import json
from typing import Any

from worstsort.runs.errors import InputRefused, Problem


def load_json(text: str, field: str, allowed: str = "a JSON object") -> Any:
    """Decode JSON.

    Raises:
        InputRefused: the text is not JSON, or has one of the constants NaN and Infinity, which JSON lacks.
    """

    def refuse(constant: str) -> Any:
        raise InputRefused([Problem(field, constant, f"{allowed}; JSON has no NaN or Infinity")])

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise InputRefused([Problem(field, text, f"{allowed} ({error})")]) from error
