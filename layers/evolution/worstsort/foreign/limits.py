"""What a foreign sort may take before it is stopped."""

from __future__ import annotations

from dataclasses import dataclass

_SLOW_COMPARISON_SECONDS = 1e-6
"""Measured are up to 0.3 microseconds, in Perl."""


MAX_ASKED = 1_000_000
"""Comparisons of a row that a program is asked to make question by question, which takes about ten seconds."""


@dataclass(frozen=True)
class Limits:
    """Bounds on one sort's process.

    Attributes:
        silent_cpu_seconds: Processor time without a comparison or the end of a row.
        silent_seconds: The same by the clock, for a sort that waits for something.
        load_seconds: By the clock, for loading the library.
        memory_bytes: Data that it may allocate, beyond what the process had when it was forked.
        stack_bytes: The stack of the thread that sorts.
        deep_stack_bytes: The stack with which a crash is tried again, to tell deep recursion from a wild pointer.
        min_comparisons: That one row may take, however few items it has.
        quadratic_share: The share of size squared that it may take: a sort that compares each pair makes half of it,
            and eight times that is no sort any more.
    """

    silent_cpu_seconds: float = 5.0
    silent_seconds: float = 60.0
    load_seconds: float = 20.0
    memory_bytes: int = 2**30
    stack_bytes: int = 8 * 2**20
    deep_stack_bytes: int = 256 * 2**20
    min_comparisons: int = 10_000_000
    quadratic_share: int = 4

    def grace_seconds(self, size: int) -> float:
        """Return how much longer a program may be silent: until it has compared each pair in a slow language."""
        return _SLOW_COMPARISON_SECONDS * size * size

    def max_comparisons(self, size: int) -> int:
        """Return the comparisons that one row of so many items may take."""
        return max(self.min_comparisons, self.quadratic_share * size * size)


DEFAULT_LIMITS = Limits()
