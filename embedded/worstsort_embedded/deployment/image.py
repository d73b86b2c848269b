"""The program of a container image, read from its Dockerfile and run with this machine's files."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort_embedded.errors import EmbeddedCloudError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Image:
    """ENTRYPOINT and CMD of a Dockerfile's last stage; a Python file in the image is its namesake next to the file."""

    def __init__(self, dockerfile: Path) -> None:
        last_stage = re.split(r"(?m)^FROM ", dockerfile.read_text(encoding="utf-8"))[-1]
        self._folder = dockerfile.parent
        self._entrypoint, self._default = (_words(instruction, last_stage) for instruction in ("ENTRYPOINT", "CMD"))

    def command(self, arguments: Sequence[str]) -> list[str]:
        """Return the command line of a container: the entry point, and the arguments or else the image's CMD."""
        return [self._translate(word) for word in (*self._entrypoint, *(arguments or self._default))]

    def _translate(self, word: str) -> str:
        if re.fullmatch(r"(/.*/)?python3?(\.\d+)?", word):
            return sys.executable
        return str(self._folder / word.rpartition("/")[2]) if re.fullmatch(r"/.*\.py", word) else word


@dataclass(frozen=True)
class Program:
    """An image as it was pushed, with the environment variables and the folder of its containers."""

    image: Image
    environment: Mapping[str, str]
    folder: Path


def _words(instruction: str, stage: str) -> list[str]:
    """Return the words of an instruction in exec form; in shell form the program would not receive signals."""
    values = re.findall(rf"(?m)^{instruction}\s+(.*)$", stage)
    try:
        return list(map(str, json.loads(values[-1]))) if values else []
    except ValueError as error:
        raise EmbeddedCloudError(
            f'{instruction} must be in exec form, such as ["python3", "/app/job.py"]: {values[-1]}'
        ) from error
