"""Counts the comparisons that Go's sorts make, exactly, and plays McIlroy's adversary against them."""

from __future__ import annotations

from .adversary import antiquicksort, freeze
from .answers import freeze_answers, play_answers, read_answers
from .bounds import upper_bound
from .constructed import constructed
from .counting import count_comparisons, count_plain, count_population, play_population
from .errors import InvalidInput, UnknownTarget
from .maxima import proven_maximum
from .registry import TARGETS
from .standing import Standing, standing
from .target import Target

__all__ = [
    "TARGETS",
    "InvalidInput",
    "Standing",
    "Target",
    "UnknownTarget",
    "antiquicksort",
    "constructed",
    "count_comparisons",
    "count_plain",
    "count_population",
    "freeze",
    "freeze_answers",
    "play_answers",
    "play_population",
    "proven_maximum",
    "read_answers",
    "standing",
    "upper_bound",
]
