"""Errors of the command itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class CommandFailed(Exception):
    """A command could not do what was asked; the message says why, in plain words."""


class FileNotWritten(CommandFailed):
    """A file could not be written; what was there before is still there."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.strerror = error.strerror or str(error)
        super().__init__(f"{path} cannot be written: {self.strerror}")
