"""Inputs to sort as others hand them over: a champion.json, or a bare JSON array of integers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worstsort.gosort import DEFAULT_TARGET, InvalidInput, UnknownTarget, find_target
from worstsort.gosort.validation import MAX_INT64, as_integers
from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli.files import json_file

if TYPE_CHECKING:
    from worstsort.runs.results.champion import Champion

INPUT_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
ALLOWED = "a champion.json or a JSON array of integers"
MAX_INTEGERS = 1_000_000
"""The longest input that is read: plain Python counts it in seconds, and takes a hundred megabytes."""

_FIELDS = ("values", "target", "size", "comparisons", "minimised", "found_out")
"""What an object may say that is no run's champion: what `worstsort minimise` writes, or a sort that was found out."""


@dataclass(frozen=True)
class SortInput:
    """Integers to sort, and what their file says about them.

    Attributes:
        file: Where they were read from; any text, as file names are.
        values: The integers.
        target: The sort they are meant for.
        recorded: The comparisons that the file records for that sort, None if it records none.
        champion: What the file says if a run has left it.
    """

    file: str
    values: list[int]
    target: str
    recorded: int | None
    champion: Champion | None = None


def load(path: Path, target: str | None = None) -> SortInput:
    """Read an input.

    Args:
        path: The file.
        target: Which sort; without it the file's own target, or else the newest Go's.

    Raises:
        InputRefused: The file holds something else.
    """
    return parse(json_file.read_path(path, ALLOWED), str(path), target)


def parse(content: Any, name: str, target: str | None = None) -> SortInput:
    """Make an input of decoded JSON; `name` says in messages where it was read, and the rest is as in `load`."""
    if not isinstance(content, dict):
        return SortInput(name, _integers(content, name), _target(target or DEFAULT_TARGET, name), None)
    champion = _champion(content, name) if "run_id" in content else None
    if champion is None:
        _check_fields(content, name)
    values = _integers(content["values"], f"{name}: values")
    if content.get("size") is not None and content["size"] != len(values):
        raise InputRefused([Problem(f"{name}: size", content["size"], f"{len(values)}, as there are values")])
    own = _target(content.get("target", target or DEFAULT_TARGET), name)
    chosen = _target(target or own, name)
    recorded = content.get("comparisons") if chosen == own else None  # else it is for another sort
    return SortInput(name, values, chosen, recorded, champion)


def _champion(content: dict[str, Any], name: str) -> Champion:
    from worstsort.runs.results.champion import Champion  # noqa: PLC0415 - a bare array is counted without Pydantic and numpy

    try:
        return Champion.parse(content)
    except InputRefused as error:
        problems = [replace(problem, field=f"{name}: {problem.field}") for problem in error.problems]
        raise InputRefused(problems) from error


def _check_fields(content: dict[str, Any], name: str) -> None:
    if "values" not in content:
        raise InputRefused([Problem(f"{name}: values", "no such field", ALLOWED)])
    problems = [
        Problem(f"{name}: {field}", value, f"no such field; one of {', '.join(_FIELDS)}, or all of a champion.json")
        for field, value in content.items() if field not in _FIELDS
    ]  # fmt: skip
    for field in ("size", "comparisons"):
        value = content.get(field, 0)
        if type(value) is not int or not 0 <= value <= MAX_INT64:  # a bool is an int too
            problems.append(Problem(f"{name}: {field}", value, f"an integer from 0 to {MAX_INT64}"))
    if problems:
        raise InputRefused(problems)


def _integers(values: Any, name: str) -> list[int]:
    if isinstance(values, list) and len(values) > MAX_INTEGERS:
        raise InputRefused([Problem(name, f"{len(values):,} integers", f"at most {MAX_INTEGERS:,}")])
    try:
        return as_integers(values)
    except InvalidInput as error:
        raise InputRefused([Problem(name, values, f"{ALLOWED}: {error}")]) from error


def _target(name: Any, where: str) -> str:
    try:
        return find_target(name).name
    except UnknownTarget as error:
        raise InputRefused([Problem(f"{where}: target", name, error.allowed)]) from error
