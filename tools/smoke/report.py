"""What was found when a stack was tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class SmokeFailed(Exception):
    """The stack does not do what it should; the message says what."""


@dataclass
class Report:
    """What was found, line by line, as it is found.

    Attributes:
        say: prints a line.
        failures: what is wrong.
    """

    say: Callable[[str], object]
    failures: list[str] = field(default_factory=list)

    def check(self, claim: str, *, holds: bool, otherwise: str = "") -> None:
        """Say whether a claim holds, and keep what does not."""
        said = claim if holds or not otherwise else f"{claim}: {otherwise}"
        self.say(f"{'ok    ' if holds else 'FAILED'}  {said}")
        if not holds:
            self.failures.append(said)
