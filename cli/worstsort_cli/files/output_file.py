"""A file that a command is to write, as an option."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click


class OutputFile(click.Path):
    """A file to write: refused before any work is done if it cannot be written."""

    def __init__(self) -> None:
        """Allow any path at which there is no folder."""
        super().__init__(path_type=Path, dir_okay=False, writable=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, whose folder exists and can be written to."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        folder = path.resolve().parent
        if not folder.is_dir():
            self.fail(f"{str(path)!r}: there is no folder {str(folder)!r}.", param, ctx)
        if not path.exists() and not os.access(folder, os.W_OK | os.X_OK):
            self.fail(f"{str(path)!r}: the folder {str(folder)!r} is not writable.", param, ctx)
        return path


OUTPUT_FILE = OutputFile()
