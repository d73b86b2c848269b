"""Policies: rules that the system keeps, each with its reason and ways to break it that it must notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.unit.template.system import System

    Check = Callable[[System], Iterable[str]]
    Break = Callable[[System], object]


@dataclass(frozen=True)
class Policy:
    """A rule that the system keeps.

    Attributes:
        name: the rule.
        why: the reason for it; the message of a failed test.
        check: yields the violations, one line each.
        breaks: changes that break the rule, each of which `check` must notice.
        variant: the key of system.VARIANTS in which the rule can be broken.
    """

    name: str
    why: str
    check: Check
    breaks: tuple[Break, ...]
    variant: str = "spot"


class Policies(list[Policy]):
    """A list of policies, to which a decorator adds."""

    def add(self, why: str, *breaks: Break, variant: str = "spot") -> Callable[[Check], Check]:
        """Return a decorator that makes a policy of a function, whose name is the rule."""

        def decorate(check: Check) -> Check:
            self.append(Policy(check.__name__.replace("_", " "), why, check, breaks, variant))
            return check

        return decorate
