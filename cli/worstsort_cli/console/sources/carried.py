"""What every place that has runs can be asked about how they are carried out."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol


class Chosen(NamedTuple):
    """An execution that a page shows.

    Attributes:
        run_id: The run.
        name: The execution's; empty for the run's last one.
    """

    run_id: str
    name: str = ""


class Part(NamedTuple):
    """The part of a list that a page shows."""

    offset: int
    limit: int


class After(NamedTuple):
    """Where a reader of a log is: a stream, and the token with which it goes on."""

    stream: str
    token: str


class Carried(Protocol):
    """How the runs of a place are carried out; every method raises NothingThere, or NotYet."""

    def epochs(self, chosen: Chosen) -> dict[str, Any]:
        """Return the epochs of an execution, whether all of them are known, and how much was read for that."""

    def epoch(self, chosen: Chosen, epoch: int, part: Part) -> dict[str, Any]:
        """Return what the islands have done in an epoch, attempt by attempt."""

    def log(
        self, chosen: Chosen, epoch: int, island: int, attempt: int | None = None, after: After | None = None
    ) -> dict[str, Any]:
        """Return lines that an island has logged in an epoch."""
