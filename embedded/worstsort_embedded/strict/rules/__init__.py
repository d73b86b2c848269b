"""All rules, by service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort_embedded.strict.rules import batch, compute, messages, storage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort_embedded.strict.checks import Call
    from worstsort_embedded.strict.rule import Rule, World

RULES: list[Rule] = [*batch.RULES, *storage.RULES, *compute.RULES, *messages.RULES]


@dataclass(frozen=True)
class Violation:
    """A rule that a call breaks, and how."""

    call: Call
    rule: Rule
    how: str

    def __str__(self) -> str:
        """Return the violation in a line."""
        return f'{self.call.origin}: {self.how} ("{self.rule.sentence}", {self.rule.source})'


def applying(call: Call) -> list[Rule]:
    """Return the rules for a call."""
    name = f"{call.service} {call.operation}"
    return [each for each in RULES if name in each.operations]


def violations(call: Call, world: World) -> Iterator[Violation]:
    """Yield the rules that a call breaks."""
    for each in applying(call):
        for how in each.test(call.parameters, world):
            yield Violation(call, each, how)
