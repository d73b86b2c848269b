"""Live progress of a run: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from worstsort.runs.wording import counted
from worstsort_cli.output import print_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from rich.console import Console

    from worstsort.runs.config import RunConfig
    from worstsort.runs.records import EpochRecord


class Reporter(Protocol):
    """A function that is called with every closed epoch."""

    def __call__(self, closed: EpochRecord) -> None:
        """Show the epoch."""


def describe_best(closed: EpochRecord) -> str:
    """Return the best count so far and where it was found."""
    return f"best {closed.best:,} (island {closed.best_island}, generation {closed.best_generation})"


class PlainProgress:
    """One line per epoch, for logs and pipes."""

    def __init__(self, console: Console, config: RunConfig) -> None:
        self._console, self._epochs = console, config.stop.max_epochs

    def __enter__(self) -> Reporter:
        return self._report

    def __exit__(self, *_: object) -> None:
        pass

    def _report(self, closed: EpochRecord) -> None:
        evaluations = counted(closed.evaluations, "evaluation")
        epoch = f"epoch {closed.epoch}/{self._epochs}"
        print_line(f"{epoch}: {describe_best(closed)}, {evaluations}, {closed.seconds:.1f} s", self._console)


class BarProgress:
    """A bar over the epochs, with the best count so far next to it."""

    def __init__(self, console: Console, config: RunConfig) -> None:
        self._progress = Progress(
            TextColumn("epoch", markup=False),
            MofNCompleteColumn(),
            BarColumn(),
            TextColumn("{task.description}", markup=False, style="bold"),
            TimeElapsedColumn(),
            console=console,
        )
        self._task = self._progress.add_task("seeding", total=config.stop.max_epochs)

    def __enter__(self) -> Reporter:
        self._progress.start()
        return self._report

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _report(self, closed: EpochRecord) -> None:
        rate = closed.evaluations / closed.seconds if closed.seconds else 0
        description = f"{describe_best(closed)}, {rate:,.0f} evaluations/s"
        self._progress.update(self._task, completed=closed.epoch, description=description)


@contextmanager
def counting(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """Show in a terminal how many of the inputs that are to be counted have been, and nothing elsewhere."""
    columns = (TextColumn("inputs counted", markup=False), MofNCompleteColumn(), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("", total=total)
        yield lambda counted: shown.update(task, completed=min(counted, total))


def progress(console: Console, config: RunConfig) -> AbstractContextManager[Reporter]:
    """Return the form of progress that suits where the output goes."""
    return BarProgress(console, config) if console.is_terminal else PlainProgress(console, config)
