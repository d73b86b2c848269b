"""What a mutant is: one file with one small fault."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutant:
    """One small fault.

    Attributes:
        path: The file, below the root.
        line: Where the fault is, from 1.
        before: What stands there, without indentation.
        after: What stands there instead.
        text: The whole file with the fault in it.
    """

    path: str
    line: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}\n    - {self.before}\n    + {self.after}"


def make(path: str, line: int, source: str, text: str) -> Mutant:
    """Return the mutant that turns a source into a text."""
    removed, added = [], []
    for changed in list(unified_diff(source.splitlines(), text.splitlines(), lineterm="", n=0))[2:]:
        if changed.startswith("-"):
            removed.append(changed[1:].strip())
        elif changed.startswith("+"):
            added.append(changed[1:].strip())
    return Mutant(path, line, " ".join(removed), " ".join(added), text)
