"""A sort in a program: `cmd: node mysort.js` as a user writes it, and as a record of what is started.

`cmd@nth: node myselection.js` is a selection.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shlex
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from worstsort.foreign.address import COMMANDS, SORT, Convention
from worstsort.foreign.errors import TargetRefused
from worstsort.foreign.library import MAX_LIBRARY_BYTES, Library, shown
from worstsort.gosort.foreign_names import MAX_SYMBOL_CHARACTERS


@dataclass(frozen=True)
class Command:
    """What is started.

    Attributes:
        words: The program and its arguments.
        folder: Where it is started, an absolute path.
        convention: Whether it sorts or selects.
    """

    words: tuple[str, ...]
    folder: str
    convention: Convention = SORT

    def sha256(self) -> str:
        """Return the SHA-256 of what is known of the program: what it does, its words, and the files in them.

        Paths have no part in it, and a program that is looked for on the PATH has only its name in it.

        Raises:
            OSError: A file cannot be read.
        """
        parts = [[Path(word).name, _digest(path)] if (path := self._file(word)) else [word] for word in self.words]
        described = parts if self.convention == SORT else [self.convention, parts]
        return hashlib.sha256(json.dumps(described).encode()).hexdigest()

    def library(self) -> Library:
        """Return what is recorded of it; raises OSError if a file cannot be read."""
        files = [word for word in self.words if self._file(word)]
        named = Path(files[-1]).stem if files else Path(self.words[-1].lstrip("-")).name
        symbol = re.sub(r"[^A-Za-z0-9_.$]", "_", named)[:MAX_SYMBOL_CHARACTERS]
        return Library(
            kind="cmd",
            file=shown(" ".join(Path(word).name if self._file(word) else word for word in self.words)),
            symbol=symbol if re.match(r"[A-Za-z_]", symbol) else f"_{symbol}"[:MAX_SYMBOL_CHARACTERS],
            convention=self.convention,
            sha256=self.sha256(),
            machine=shown(platform.machine()),
        )

    def as_bytes(self) -> bytes:
        """Return it as JSON, which `recorded` reads."""
        return json.dumps(asdict(self)).encode()

    def _file(self, word: str) -> Path | None:
        """Return the file that a word names; the first word names one only with a slash, as for a shell."""
        if word is self.words[0] and "/" not in word:
            return None
        path = Path(self.folder) / word
        return path if os.path.isfile(path) else None  # noqa: PTH113 - Path's own raises for a name that is too long


def parse(given: str) -> Command:
    """Return the command in a target's name, to be started in the present folder.

    Raises:
        TargetRefused: It is no command, or there is no such program.
    """
    convention, prefix = next(entry for entry in COMMANDS.items() if given.startswith(entry[1]))
    try:
        words = shlex.split(given.removeprefix(prefix))
    except ValueError as error:
        raise TargetRefused(given, f'expected a command, e.g. "{prefix} node mysort.js"; {error}') from error
    if not words or not words[0]:
        raise TargetRefused(given, f'expected a command after {prefix}, e.g. "{prefix} node mysort.js"')
    if "\0" in given or shutil.which(words[0]) is None:
        raise TargetRefused(given, f"there is no program {words[0]} that can be started")
    return Command(tuple(words), str(Path.cwd()), convention)


def recorded(content: bytes) -> Command:
    """Return the command that `as_bytes` has written; raises ValueError if it is something else."""
    read = json.loads(content)
    if not isinstance(read, dict) or set(read) != {"words", "folder", "convention"} or not read["words"]:
        raise ValueError("expected a command")
    convention = next((known for known in COMMANDS if known == read["convention"]), None)
    if convention is None:
        raise ValueError("expected a command that sorts or selects")
    return Command(tuple(map(str, read["words"])), str(read["folder"]), convention)


def _digest(path: Path) -> str:
    if path.stat().st_size > MAX_LIBRARY_BYTES:
        raise OSError(0, f"{path.name} has more than {MAX_LIBRARY_BYTES:,} bytes")
    return hashlib.sha256(path.read_bytes()).hexdigest()
