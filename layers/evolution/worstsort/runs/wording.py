"""Numbers as people read them."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is 1: `1 epoch`, `2,000 epochs`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def ratio(count: float, of: float) -> str:
    """Return how many times as many one is as the other, rounded down to two decimals: `2.19`; 0.00 of nothing."""
    hundredths = int(100 * count // of) if of else 0
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"
