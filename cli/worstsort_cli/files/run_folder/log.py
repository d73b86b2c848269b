"""What the islands of a local run have logged, kept in its folder: the cloud that has it ends with the run."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worstsort_cli.files import regular

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILE_NAME = "log.jsonl"


@dataclass(frozen=True)
class LogLine:
    """A line that an island logged.

    Attributes:
        at_ms: When, in milliseconds since 1970.
        text: The line as it is.
        fields: What it says if it is a JSON object, as all lines of the worker are but those of a crash.
    """

    at_ms: int
    text: str
    fields: dict[str, Any]

    @classmethod
    def of(cls, at_ms: int, text: str) -> LogLine:
        """Read a line."""
        try:
            fields = json.loads(text)
        except ValueError:
            fields = None
        return cls(at_ms, text, fields if isinstance(fields, dict) else {})

    @property
    def island(self) -> int | None:
        """The island that logged it, if the line says so."""
        island = self.fields.get("island")
        return island if isinstance(island, int) else None


class RunLog:
    """The file of a run's log: a line of JSON for each line, with the time in milliseconds since 1970."""

    def __init__(self, path: Path) -> None:
        """Name the file, which need not exist."""
        self._path = path

    def append(self, lines: Sequence[LogLine]) -> None:
        """Add lines; a run goes on without its log if its disk is full or its folder gone."""
        if lines:
            with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps({"at_ms": line.at_ms, "text": line.text}) + "\n" for line in lines)

    def read(self) -> list[LogLine]:
        """Return all lines, leaving out what is none, such as one that a kill has cut off."""
        try:
            return _lines(regular.read(self._path))
        except OSError:
            return []

    def read_on(self, offset: int, most: int) -> tuple[list[LogLine], int]:
        """Return the lines from an offset on, of at most so many bytes, and the offset after the last whole one.

        Args:
            offset: Where to begin, in bytes: 0, or what an earlier call has returned.
            most: More than the longest line has.
        """
        try:
            content = regular.read(self._path, offset, most)
        except OSError:
            return [], offset
        whole = content[: content.rfind(b"\n") + 1]
        return _lines(whole), offset + len(whole)


def _lines(content: bytes) -> list[LogLine]:
    found = []
    for line in content.decode(errors="replace").splitlines():
        with suppress(ValueError, LookupError, TypeError):
            kept = json.loads(line)
            found.append(LogLine.of(int(kept["at_ms"]), str(kept["text"])))
    return found
