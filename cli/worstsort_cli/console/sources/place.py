"""What every place that has runs can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from worstsort.runs.records import ChampionRecord, RunRecord

FILES = ("champion.json", "champion_test.go", "history.csv", "report.html")
"""What a finished run leaves for its user in a bucket; a folder has these files, too, and more beside them."""


class NothingThere(Exception):
    """What an address names does not exist; the message says what does not."""


class NotYet(NothingThere):
    """It does not exist yet, but may as its run goes on."""


class Place(Protocol):
    """A place that has runs; methods about a run take its record, as the place has returned it."""

    def runs(self) -> list[RunRecord]:
        """Return all runs, in no particular order."""

    def record(self, run_id: str) -> RunRecord | None:
        """Return a run; None if its execution has not recorded it yet; raises NothingThere."""

    def champions(self) -> list[ChampionRecord]:
        """Return the champions of the runs that have succeeded."""

    def curves(self, run: RunRecord) -> dict[str, Any]:
        """Return a run's curves; empty ones if it has recorded none."""

    def picture(self, run: RunRecord) -> str | None:
        """Return the best input of a run as SVG, None if it has none yet."""

    def report(self, run: RunRecord) -> bytes:
        """Return the report of a run; raises NothingThere if none can be made yet."""

    def file_names(self, run: RunRecord) -> list[str]:
        """Return the names of the files that a run has left for its user."""

    def file(self, run: RunRecord, name: str) -> bytes:
        """Return one of those files; raises NothingThere."""
