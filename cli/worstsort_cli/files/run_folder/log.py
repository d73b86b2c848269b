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

_NUMBERS = frozenset({"island", "epoch", "generation", "generations", "from", "threads", "done", "best"})
"""Fields of the worker's lines that are numbers; more than a counter can hold is none."""

_MAX_NUMBER = 2**63 - 1
_MAX_AT_MS = 253_402_300_799_999
"""The last moment of the year 9999, after which nothing can be dated."""


@dataclass(frozen=True)
class LogLine:
    """A line that an island logged.

    Attributes:
        at_ms: When, in milliseconds since 1970.
        text: The line as it is.
        fields: What it says if it is a JSON object, as all lines of the worker are but those of a crash; without the
            fields that the worker would have written otherwise.
    """

    at_ms: int
    text: str
    fields: dict[str, Any]

    @classmethod
    def of(cls, at_ms: int, text: str) -> LogLine:
        """Read a line."""
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            fields = None
        told = fields.items() if isinstance(fields, dict) else ()
        return cls(at_ms, text, {name: said for name, said in told if _is_sound(name, said)})

    @property
    def island(self) -> int | None:
        """The island that logged it, if the line says so."""
        return self.fields.get("island")


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
        with suppress(ValueError, LookupError, TypeError, OverflowError, RecursionError):
            kept = json.loads(line)
            at_ms = int(kept["at_ms"])
            if 0 <= at_ms <= _MAX_AT_MS:
                found.append(LogLine.of(at_ms, str(kept["text"])))
    return found


def _is_sound(name: str, said: object) -> bool:
    """Whether a field of a line is of the kind that those who read it count on."""
    if name in _NUMBERS:
        return isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= _MAX_NUMBER
    return name != "message" or isinstance(said, str)
