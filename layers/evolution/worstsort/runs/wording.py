"""Numbers with their nouns."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is 1: `1 epoch`, `2,000 epochs`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
