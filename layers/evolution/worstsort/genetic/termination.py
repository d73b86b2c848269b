"""When an island has evolved enough. A termination gives its reason in plain words, or None to go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from worstsort.genetic.state import IslandState

Termination: TypeAlias = Callable[["IslandState"], str | None]


def never(_state: IslandState) -> None:
    """Go on."""


def stalled(generations: int) -> Termination:
    """Stop when neither the best individual nor the polished list has improved for so many generations."""

    def check(state: IslandState) -> str | None:
        since = state.generation - state.record_generation
        return f"no improvement in {generations} generations" if since >= generations else None

    return check


def generations(limit: int) -> Termination:
    """Stop after so many generations."""

    def check(state: IslandState) -> str | None:
        return f"{limit} generations done" if state.generation >= limit else None

    return check


def target(fitness: int) -> Termination:
    """Stop when the best individual is at least so fit."""

    def check(state: IslandState) -> str | None:
        return f"fitness {fitness} reached" if state.record >= fitness else None

    return check


def evaluations(limit: int) -> Termination:
    """Stop when the island has made so many evaluations."""

    def check(state: IslandState) -> str | None:
        return f"{limit} evaluations made" if state.evaluations >= limit else None

    return check


def deadline(seconds: float, clock: Callable[[], float]) -> Termination:
    """Stop when the clock has moved on by so many seconds since this call.

    The only termination here that does not depend on the state alone.

    Args:
        seconds: How long to go on.
        clock: Seconds, such as time.monotonic or time.process_time.
    """
    start = clock()

    def check(_state: IslandState) -> str | None:
        return f"{seconds:g} seconds are over" if clock() - start >= seconds else None

    return check


def any_of(*terminations: Termination) -> Termination:
    """Stop as soon as one of these does, for the first one's reason."""

    def check(state: IslandState) -> str | None:
        return next((reason for stop in terminations if (reason := stop(state))), None)

    return check
