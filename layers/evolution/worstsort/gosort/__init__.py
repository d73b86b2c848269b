"""Sorts: exact counts of their comparisons, adversaries against them, bounds on them, and constructed bad inputs.

Counting one input loads no numpy: each name is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort import lazy

if TYPE_CHECKING:
    from worstsort.gosort.adversaries.answers import freeze_answers, play_answers, read_answers
    from worstsort.gosort.adversaries.gas import antiquicksort, freeze
    from worstsort.gosort.assessment import Assessment, assess, proven_optimal
    from worstsort.gosort.bounds.exact import proven_maximum
    from worstsort.gosort.bounds.upper import upper_bound
    from worstsort.gosort.constructions.pdq import constructed_plan
    from worstsort.gosort.constructions.plans import freeze_plan, play_plans, refine_plans
    from worstsort.gosort.constructions.registry import constructed
    from worstsort.gosort.counting import count_population, play_population
    from worstsort.gosort.errors import InvalidInput, InvalidTarget, TargetAbsent, UnknownTarget
    from worstsort.gosort.plain import count_comparisons, count_plain
    from worstsort.gosort.registry import ALIASES, DEFAULT_TARGET, TARGETS, find_target, register
    from worstsort.gosort.target import Target

__all__ = [
    "ALIASES",
    "DEFAULT_TARGET",
    "TARGETS",
    "Assessment",
    "InvalidInput",
    "InvalidTarget",
    "Target",
    "TargetAbsent",
    "UnknownTarget",
    "antiquicksort",
    "assess",
    "constructed",
    "constructed_plan",
    "count_comparisons",
    "count_plain",
    "count_population",
    "find_target",
    "freeze",
    "freeze_answers",
    "freeze_plan",
    "play_answers",
    "play_plans",
    "play_population",
    "proven_maximum",
    "proven_optimal",
    "read_answers",
    "refine_plans",
    "register",
    "upper_bound",
]

__getattr__, __dir__ = lazy.names(
    __name__,
    {
        "worstsort.gosort.adversaries.answers": ("freeze_answers", "play_answers", "read_answers"),
        "worstsort.gosort.adversaries.gas": ("antiquicksort", "freeze"),
        "worstsort.gosort.assessment": ("Assessment", "assess", "proven_optimal"),
        "worstsort.gosort.bounds.exact": ("proven_maximum",),
        "worstsort.gosort.bounds.upper": ("upper_bound",),
        "worstsort.gosort.constructions.pdq": ("constructed_plan",),
        "worstsort.gosort.constructions.plans": ("freeze_plan", "play_plans", "refine_plans"),
        "worstsort.gosort.constructions.registry": ("constructed",),
        "worstsort.gosort.counting": ("count_population", "play_population"),
        "worstsort.gosort.errors": ("InvalidInput", "InvalidTarget", "TargetAbsent", "UnknownTarget"),
        "worstsort.gosort.plain": ("count_comparisons", "count_plain"),
        "worstsort.gosort.registry": ("ALIASES", "DEFAULT_TARGET", "TARGETS", "find_target", "register"),
        "worstsort.gosort.target": ("Target",),
    },
)
