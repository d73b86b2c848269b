"""Files with an input in them: a champion.json, or a bare JSON array of integers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from worstsort.artefacts.origin import run_origin
from worstsort.gosort import TARGETS, InvalidInput, UnknownTarget, find_target
from worstsort.gosort.validation import as_integers
from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli.files import json_file

INPUT_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_ALLOWED = "a champion.json or a JSON array of integers"
_DEFAULT_TARGET = "go1.12"


@dataclass(frozen=True)
class SortInput:
    """Integers to sort, and what their file says about them.

    Attributes:
        file: The path they were read from.
        values: The integers.
        target: The sort they are meant for.
        recorded: The comparisons that the file records for that sort, None if it records none.
        metadata: All fields of the file.
    """

    file: str
    values: list[int]
    target: str
    recorded: int | None
    metadata: dict[str, Any]


def load(path: Path, target: str | None = None) -> SortInput:
    """Read an input.

    Args:
        path: The file.
        target: Which sort; without it the file's own target, or else go1.12.

    Raises:
        InputRefused: The file holds something else.
    """
    content = json_file.parse(path.read_bytes(), str(path), _ALLOWED)
    metadata = content if isinstance(content, dict) else {"values": content}
    if "values" not in metadata:
        raise InputRefused([Problem(f"{path}: values", "no such field", _ALLOWED)])
    chosen = _target(target or metadata.get("target", _DEFAULT_TARGET), path)
    recorded = metadata.get("comparisons")
    if recorded is not None and type(recorded) is not int:  # a bool is an int too
        raise InputRefused([Problem(f"{path}: comparisons", recorded, "an integer")])
    try:
        values = as_integers(metadata["values"])
    except InvalidInput as error:
        raise InputRefused([Problem(str(path), metadata["values"], f"{_ALLOWED}: {error}")]) from error
    if not _names(metadata.get("target", chosen), chosen):
        recorded = None  # it is for another sort
    return SortInput(str(path), values, chosen, recorded, metadata)


def _target(name: Any, path: Path) -> str:
    try:
        return find_target(name).name
    except UnknownTarget as error:
        raise InputRefused([Problem(f"{path}: target", name, f"one of {', '.join(TARGETS)}")]) from error


def _names(name: Any, target: str) -> bool:
    try:
        return find_target(name).name == target
    except UnknownTarget:
        return False


def origin(source: SortInput) -> str:
    """Return one line that says where an input came from."""
    if "run_id" not in source.metadata:
        return f"From {Path(source.file).name}."
    return run_origin(source.metadata)
