"""What can go wrong with a run, one class per condition.

The class names are the error names that Lambda reports to the state machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from reprlib import Repr
from typing import Any

from worstsort.plain_text import visible

MAX_SHOWN_CHARACTERS, MAX_SHOWN_PROBLEMS = 80, 40
"""What a message shows of a value, and of the problems: Step Functions cuts off causes after 32,768 characters."""

_MAX_NAMED_ISLANDS = 20
"""What a message names of the islands that are missing."""

_ABRIDGED = Repr()
_ABRIDGED.maxlist = _ABRIDGED.maxtuple = _ABRIDGED.maxdict = _ABRIDGED.maxstring = _ABRIDGED.maxlong = (
    MAX_SHOWN_CHARACTERS
)
"""Writes no more of a value than a message shows, as deep as six levels."""


class RunError(Exception):
    """A run cannot continue; the message says what was expected, what was found and what to do."""


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()
"""What was given for a field that is missing."""


@dataclass(frozen=True)
class Problem:
    """One field of an input that was refused."""

    field: str
    given: Any
    allowed: str

    def __str__(self) -> str:
        return f"{_tail(visible(self.field))}: given {_head(_shown(self.given))}, allowed: {visible(self.allowed)}"


def _shown(value: Any) -> str:
    """Return the beginning of a value as Python writes it, however large the value is."""
    if isinstance(value, (str, bytes)):
        return repr(value[:MAX_SHOWN_CHARACTERS])
    return _ABRIDGED.repr(value) if isinstance(value, (list, tuple, dict)) else repr(value)


def _head(text: str) -> str:
    return text if len(text) <= MAX_SHOWN_CHARACTERS else text[: MAX_SHOWN_CHARACTERS - 3] + "..."


def _tail(text: str) -> str:
    """Shorten a field, which may be a file's path, to its end."""
    return text if len(text) <= MAX_SHOWN_CHARACTERS else "..." + text[3 - MAX_SHOWN_CHARACTERS :]


class InputRefused(RunError):
    """The input of a run was refused; nothing has been spent yet."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("Input refused. " + "; ".join(self.shown()))

    def shown(self) -> list[str]:
        """Return the problems as a message shows them, the first of very many."""
        shown = [str(problem) for problem in self.problems[:MAX_SHOWN_PROBLEMS]]
        left = len(self.problems) - len(shown)
        return [*shown, f"and {left} more"] if left else shown


class RunNotFound(RunError):
    """No run of this id is recorded."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        super().__init__(f"No run {run_id!r} is recorded; `worstsort runs` lists the runs that are.")


class RunExists(RunError):
    """A run of this id is already recorded, with another configuration."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        super().__init__(
            f"A run {run_id!r} exists with another configuration; start under another name, or resume that one."
        )


class EpochIncomplete(RunError):
    """Islands have not reported an epoch although their jobs ended."""

    def __init__(self, run_id: str, epoch: int, islands: list[int]) -> None:
        self.islands = islands
        unnamed = len(islands) - _MAX_NAMED_ISLANDS
        names = ", ".join(map(str, islands[:_MAX_NAMED_ISLANDS])) + (f" and {unnamed:,} more" if unnamed > 0 else "")
        noun = "island" if len(islands) == 1 else "islands"
        super().__init__(f"Run {run_id}, epoch {epoch}: {noun} {names} recorded nothing.")


class CheckpointMissing(RunError):
    """A population that should have been written is missing."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"No checkpoint at {key}; run the epoch that writes it first, again if necessary.")


class TargetMissing(RunError):
    """The library of a run's foreign target is not in the bucket."""

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256
        super().__init__(
            f"The bucket does not hold the library with the SHA-256 {sha256}; start the run with --target and its file."
        )


class CheckpointCorrupt(RunError):
    """A checkpoint's bytes are not those that were written."""

    def __init__(self, key: str, why: str) -> None:
        self.key, self.why = key, why
        super().__init__(
            f"Checkpoint {key} cannot be trusted: {why}. Restore the version that was written, which the bucket keeps "
            "for some time, and resume the run; or start it again, as the same seed gives the same run."
        )


class CheckpointForeign(RunError):
    """A checkpoint is sound but belongs to another run, island, epoch or schema."""

    def __init__(self, key: str, expected: str, found: str) -> None:
        self.key, self.why = key, f"expected {expected}, found {found}"
        super().__init__(f"Checkpoint {key} is not the one asked for: {self.why}.")


class StoreUnavailable(RunError):
    """DynamoDB or S3 still failed after all retries."""

    def __init__(self, service: str, why: str) -> None:
        self.service = service
        super().__init__(
            f"{service} did not answer as it should, even after repeated calls ({why}). "
            "Nothing is lost: once it answers again, resume the run, which continues from its last closed epoch."
        )


class Diverged(RunError):
    """An epoch that was evolved again ended in another state than the recorded one."""

    def __init__(self, run_id: str, island: int, epoch: int) -> None:
        super().__init__(
            f"Run {run_id}, island {island}, epoch {epoch}: evolving it again gave another population than the "
            "recorded one, so the code or a checkpoint has changed since; start the run again under another name."
        )


class RecountMismatch(RunError):
    """An independent recount of the champion disagrees with the fitness that was recorded."""

    def __init__(self, run_id: str, recorded: int, recounted: int) -> None:
        super().__init__(
            f"Run {run_id}: the champion is recorded with {recorded} comparisons but the plain-Python counter "
            f"finds {recounted}; the record cannot be trusted, and no champion was published."
        )
