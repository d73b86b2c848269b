"""How a sweep gets on: a line for each run that ends, and in between a sign of life."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from worstsort_cli.output import print_line

if TYPE_CHECKING:
    from rich.console import Console

_QUIET_SECONDS = 10.0
"""How long nothing is said in a pipe while epochs close."""


class SweepProgress:
    """Shows each run as it ends; a bar over all of them in a terminal, plain lines elsewhere.

    Attributes:
        console: Where it is shown.
    """

    def __init__(self, console: Console, total: int, done: int) -> None:
        """Begin with so many of all runs done."""
        self.console, self._total, self._done = console, total, done
        self._epochs: dict[str, str] = {}
        self._spoken = time.monotonic()
        columns = (
            TextColumn("runs", markup=False),
            MofNCompleteColumn(),
            BarColumn(),
            TextColumn("{task.description}", markup=False),
        )
        self._bar = Progress(*columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=total, completed=done)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def preparing(self, said: str) -> None:
        """Show what has to be done before the first run can begin; it may be said by another thread."""
        print_line(said, self.console)

    def started(self, run_id: str) -> None:
        """Show that a run is under way."""
        self._epochs[run_id] = "0"
        self._show()

    def closed(self, run_id: str, epochs: str) -> None:
        """Show how far a run is, such as "3/10"."""
        self._epochs[run_id] = epochs
        self._show()

    def ended(self, run_id: str, said: str) -> None:
        """Say what a run has found, or how it failed."""
        self._done += 1
        self._epochs.pop(run_id, None)
        print_line(f"{self._done}/{self._total} {said}", self.console)
        self._spoken = time.monotonic()
        self._show()

    def _show(self) -> None:
        under_way = f"{len(self._epochs)} under way, epochs {', '.join(self._epochs.values())}" if self._epochs else ""
        self._bar.update(self._task, completed=self._done, description=under_way)
        if not self.console.is_terminal and time.monotonic() - self._spoken > _QUIET_SECONDS:
            print_line(f"{self._done}/{self._total} runs done; {under_way}", self.console)
            self._spoken = time.monotonic()
