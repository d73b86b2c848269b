"""A file that a command is to write, as an option."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from worstsort_cli.files import atomic


class OutputFile(click.Path):
    """A file to write: refused before any work is done if it cannot be written."""

    def __init__(self) -> None:
        """Allow any path at which there is no folder."""
        super().__init__(path_type=Path, dir_okay=False, writable=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, whose folder exists and can be written to."""
        super().convert(value, param, ctx)
        name = os.fsdecode(value)
        path = Path(name)
        try:
            problem = "it names a folder" if not name or name.endswith("/") else _problem(path)
        except OSError as error:
            problem = error.strerror
        if problem:
            self.fail(f"{name!r}: {problem}.", param, ctx)
        return path


def _problem(path: Path) -> str | None:
    """Return why a file cannot be written, None if it can; raises OSError."""
    folder = atomic.target_of(path).parent
    if not folder.is_dir():
        return f"there is no folder {str(folder)!r}"
    if not path.exists() and not os.access(folder, os.W_OK | os.X_OK):
        return f"the folder {str(folder)!r} is not writable"
    return None


OUTPUT_FILE = OutputFile()
