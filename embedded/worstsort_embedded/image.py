"""What a container image would run, read from its Dockerfile and done with this machine's files."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from worstsort_embedded.errors import EmbeddedCloudError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Image:
    """ENTRYPOINT, CMD and COPY of the last stage of a Dockerfile whose build context is the project's root."""

    def __init__(self, dockerfile: str, root: Path) -> None:
        instructions = re.findall(r"(?m)^[ \t]*([A-Za-z]+)[ \t]+(.+)$", re.sub(r"\\\n", " ", dockerfile))
        self._entrypoint, self._default, self._copies = [], [], []  # type: list[str], list[str], list[tuple[str, str]]
        self._root = root
        for name, value in ((name.upper(), value) for name, value in instructions):
            if name == "ENTRYPOINT":
                self._entrypoint = _exec_form(name, value)
            elif name == "CMD":
                self._default = _exec_form(name, value)
            elif name == "COPY" and "--from" not in value:
                *sources, target = (word for word in value.split() if not word.startswith("--"))
                self._copies += [(source, _inside(source, target, len(sources))) for source in sources]

    def command(self, arguments: Sequence[str]) -> tuple[str, ...]:
        """What a container with this command would run: the entry point and the command, or else the image's own."""
        return tuple(map(self._translate, [*self._entrypoint, *(arguments or self._default)]))

    def _translate(self, word: str) -> str:
        if re.fullmatch(r"(.*/)?python3?(\.\d+)?", word):
            return sys.executable
        for source, target in self._copies:
            if PurePosixPath(word).is_relative_to(target) and word.startswith("/"):
                return str(self._root / source / PurePosixPath(word).relative_to(target))
        return word


def _inside(source: str, target: str, count: int) -> str:
    """The path in the image that a file or folder is copied to."""
    into = target.endswith("/") or count > 1
    return str(PurePosixPath(target) / PurePosixPath(source).name) if into and PurePosixPath(source).suffix else target


def _exec_form(name: str, value: str) -> list[str]:
    try:
        words = json.loads(value)
    except ValueError:
        words = None
    if not isinstance(words, list):
        raise EmbeddedCloudError(
            f'{name} of the Dockerfile must be in exec form, such as ["python", "/app/job.py"]: {value}'
        )
    return list(map(str, words))
