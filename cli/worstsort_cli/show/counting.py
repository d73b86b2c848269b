"""How many of the inputs that a command counts have been."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console


@contextmanager
def counting(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """Show in a terminal how many of the inputs that are to be counted have been, and nothing elsewhere."""
    columns = (TextColumn("inputs counted", markup=False), MofNCompleteColumn(), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("", total=total)
        yield lambda counted: shown.update(task, completed=min(counted, total))
