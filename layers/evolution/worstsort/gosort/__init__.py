"""Counts the comparisons that Go's sorts make, exactly, and plays McIlroy's adversary against them."""

from __future__ import annotations

from worstsort.gosort.adversaries.answers import freeze_answers, play_answers, read_answers
from worstsort.gosort.adversaries.gas import antiquicksort, freeze
from worstsort.gosort.assessment import Assessment, assess
from worstsort.gosort.bounds.exact import proven_maximum
from worstsort.gosort.bounds.upper import upper_bound
from worstsort.gosort.constructions.registry import constructed
from worstsort.gosort.counting import count_comparisons, count_plain, count_population, play_population
from worstsort.gosort.errors import InvalidInput, UnknownTarget
from worstsort.gosort.registry import ALIASES, TARGETS, find_target
from worstsort.gosort.target import Target

__all__ = [
    "ALIASES",
    "TARGETS",
    "Assessment",
    "InvalidInput",
    "Target",
    "UnknownTarget",
    "antiquicksort",
    "assess",
    "constructed",
    "count_comparisons",
    "count_plain",
    "count_population",
    "find_target",
    "freeze",
    "freeze_answers",
    "play_answers",
    "play_population",
    "proven_maximum",
    "read_answers",
    "upper_bound",
]
