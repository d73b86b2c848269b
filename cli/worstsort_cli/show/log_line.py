"""A line that an island has logged, as people read it."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_METRICS = "_aws"
"""The field of lines that CloudWatch makes metrics of."""

_SHOWN_APART = frozenset({"level", "location", "message", "timestamp", "service", "run_id", "island", "epoch"})

SENTENCES: Mapping[str, str] = MappingProxyType({
    "evolving": "evolving from generation {from:,}, threads: {threads}",
    "progress": "generation {generation:,}, {done:,} of {generations:,} in this epoch, best {best:,}",
    "evolved": "evolved to generation {generation:,}, best {best:,}",
})  # fmt: skip
"""What a worker's messages say; the other fields, for those who look for a fault, are in the line as it was logged."""


def in_words(at_ms: int, text: str, fields: Mapping[str, Any]) -> str | None:
    """Return a line with its time, island and epoch first; None for one that is about metrics only.

    Args:
        at_ms: When it was logged, in milliseconds since 1970.
        text: The line as it is.
        fields: What it says if it is a JSON object.
    """
    if _METRICS in fields:
        return None
    moment = datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    if "message" not in fields:
        return f"{moment}  {text}"
    place = [f"{name} {fields[name]}" for name in ("island", "epoch") if name in fields]
    return "  ".join([moment, *place, _said(fields)])


def _said(fields: Mapping[str, Any]) -> str:
    """Return a line's message with what it says beside, in a sentence where there is one for it."""
    message = str(fields["message"])
    if message in SENTENCES:
        try:
            return SENTENCES[message].format_map(fields)
        except (KeyError, ValueError):  # of another version
            pass
    level = fields.get("level", "INFO")
    said = message if level == "INFO" else f"{level}: {message}"
    return ", ".join([said, *(f"{name} {value}" for name, value in fields.items() if name not in _SHOWN_APART)])
