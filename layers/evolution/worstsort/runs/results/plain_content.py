"""What a champion that somebody else hands over may hold: numbers and names, harmless wherever they are shown."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from worstsort.gosort.validation import MAX_INT64

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,79}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,79}")
_MAX_NAME_CHARACTERS = 80
_MARKUP = frozenset("<>&\"'`\\*/")
"""What no operator's name has, and what begins or ends something in a page or a source file."""


def name(text: str) -> str:
    """Return a name as it is; raises ValueError if it is none."""
    if not _NAME.fullmatch(text):
        raise ValueError("letters, digits, '.', '_', '+' and '-', at most 80")
    return text


def plain_config(config: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration as it is, which may be of another version, or name operators that are not installed here.

    Raises:
        ValueError: It holds something else than plain values, or is nested deeper than a configuration is.
    """
    if not _is_plain(config):
        raise ValueError("numbers, true, false, null and names, as in a run's input")
    return config


def _is_plain(value: Any, nesting: int = 1) -> bool:
    if isinstance(value, dict):
        return nesting >= 0 and all(_FIELD.fullmatch(name) and _is_plain(value[name], nesting - 1) for name in value)
    if isinstance(value, str):
        return value.isprintable() and len(value) <= _MAX_NAME_CHARACTERS and not set(value) & _MARKUP
    if isinstance(value, int):
        return abs(value) <= MAX_INT64
    if isinstance(value, list):
        return nesting >= -1 and all(isinstance(item, str) and _is_plain(item) for item in value)
    return value is None or (isinstance(value, float) and math.isfinite(value))


Name = Annotated[str, AfterValidator(name)]
Count = Annotated[int, Field(ge=0, le=MAX_INT64)]
