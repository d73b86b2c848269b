"""What a policy is: a rule that the system keeps, the reason for it, and ways of breaking it that it must notice."""

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
    """A rule.

    Attributes:
        name: what must be so.
        why: what happens otherwise; the message of a failed test.
        check: says what is not so, a line each.
        breaks: each makes the system break the rule; check must then say something.
        variant: of system.VARIANTS in which it can be broken.
    """

    name: str
    why: str
    check: Check
    breaks: tuple[Break, ...]
    variant: str = "spot"


class Policies(list[Policy]):
    """A list that functions are added to by decoration."""

    def add(self, why: str, *breaks: Break, variant: str = "spot") -> Callable[[Check], Check]:
        """Make a policy of a function: its name says what must be so."""

        def decorate(check: Check) -> Check:
            self.append(Policy(check.__name__.replace("_", " "), why, check, breaks, variant))
            return check

        return decorate
