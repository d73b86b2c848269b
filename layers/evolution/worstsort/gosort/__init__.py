"""Counts the comparisons that Go's sorts make, exactly, and plays McIlroy's adversary against them."""

from __future__ import annotations

from .adversary import antiquicksort, freeze
from .counting import count_comparisons, count_plain, count_population, play_population
from .errors import InvalidInput, UnknownTarget
from .registry import TARGETS
from .target import Target

__all__ = [
    "TARGETS",
    "InvalidInput",
    "Target",
    "UnknownTarget",
    "antiquicksort",
    "count_comparisons",
    "count_plain",
    "count_population",
    "freeze",
    "play_population",
]
