"""What can be wrong with a foreign sort: it is refused before anything is spent, or found out while it is played."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import Any

from worstsort.gosort.errors import InvalidTarget
from worstsort.plain_text import visible

COUNTEREXAMPLE = "counterexample.json"
"""The file that a target leaves that was found out."""


class TargetRefused(InvalidTarget):
    """A foreign sort cannot be a target: no such file or symbol, another machine's, or it fails its first games."""

    def __init__(self, given: str, why: str) -> None:
        self.given, self.why = given, why
        super().__init__(f"target {visible(given)}: {why}")


@dataclass(frozen=True)
class Finding:
    """How a sort broke the rules, and on what.

    Attributes:
        kind: One word, such as "crash", "hang" or "unsorted".
        words: What happened, as a person would say it, without a full stop.
        size: Items that it was given.
        form: How the comparisons were answered: "values", "decisions" or "answers".
        row: The genes or the integers that it was played with.
        values: The input by which it can be reproduced, shape (size,); empty if there is none.
        number: The number of the row in the batch that was being played.
        comparisons: How many it had made.
        output: What it had printed.
    """

    kind: str
    words: str
    size: int
    form: str
    row: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    number: int = 0
    comparisons: int = 0
    output: str = ""

    def __str__(self) -> str:
        said = f"; it printed: {self.output}" if self.output else ""
        where = (
            f"{self.size:,} items after {self.comparisons:,} comparisons, row {self.number} of a batch of {self.form}"
        )
        return f"{self.words} ({where}){said}"


class TargetMisbehaved(Exception):
    """A foreign sort has been found out: it crashed, hung, did not sort, or broke another rule of the contract.

    Attributes:
        name: What the target is recorded as.
        finding: What it did.
        address: What --target is given to have it.
    """

    def __init__(self, name: str, finding: Finding, address: str) -> None:
        self.name, self.finding, self.address = name, finding, address
        super().__init__(f"target {name} was found out: {finding}")

    def counterexample(self) -> dict[str, Any]:
        """Return all that is needed to see it again, as JSON: `worstsort count` reads it."""
        found = self.finding
        return {
            "target": self.name,
            "size": found.size,
            "values": found.values,
            "found_out": {
                "command": shlex.join(["worstsort", "count", "--target", self.address, COUNTEREXAMPLE]),
                "kind": found.kind,
                "words": found.words,
                "form": found.form,
                "genes": found.row if found.form != "values" else [],
                "row": found.number,
                "comparisons": found.comparisons,
                "output": found.output,
            },
        }
