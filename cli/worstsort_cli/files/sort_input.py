"""Files with an input in them: a champion.json, or a bare JSON array of integers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from worstsort.gosort import ALIASES, TARGETS, InvalidInput, UnknownTarget, count_comparisons, find_target
from worstsort.runs.config import load_json
from worstsort.runs.errors import InputRefused, Problem

INPUT_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_ALLOWED = "a champion.json or a JSON array of integers"


@dataclass(frozen=True)
class SortInput:
    """Integers to sort, and what their file says of them.

    Attributes:
        file: Where they were read.
        values: The integers.
        target: The sort they are for.
        recorded: The comparisons they are said to take, None if nothing is said.
        said: All else that the file says.
    """

    file: str
    values: list[int]
    target: str
    recorded: int | None
    said: dict[str, Any]


def load(path: Path, target: str | None = None) -> SortInput:
    """Read an input; `target` goes before what the file says, which goes before go1.12.

    Raises:
        InputRefused: the file holds something else.
    """
    content = load_json(path.read_text(encoding="utf-8"), str(path), _ALLOWED)
    said = content if isinstance(content, dict) else {"values": content}
    if "values" not in said:
        raise InputRefused([Problem(f"{path}: values", "no such field", _ALLOWED)])
    chosen = target or said.get("target", "go1.12")
    try:
        chosen = find_target(chosen).name
    except UnknownTarget as error:
        raise InputRefused([Problem(f"{path}: target", chosen, f"one of {', '.join(TARGETS)}")]) from error
    values, recorded = said["values"], said.get("comparisons")
    if recorded is not None and type(recorded) is not int:  # a bool is none either
        raise InputRefused([Problem(f"{path}: comparisons", recorded, "an integer")])
    try:
        count_comparisons(values, chosen)  # whether they are integers is what it finds out
    except InvalidInput as error:
        raise InputRefused([Problem(str(path), values, f"{_ALLOWED}: {error}")]) from error
    same = "target" not in said or chosen == ALIASES.get(said["target"], said["target"])
    return SortInput(str(path), list(values), chosen, recorded if same else None, said)


def origin(one: SortInput) -> str:
    """Where an input came from, in one line."""
    if "run_id" not in one.said:
        return f"From {Path(one.file).name}."
    preset, seed = one.said.get("preset"), one.said.get("seed")
    return f"Run {one.said['run_id']}, preset {preset}, seed {seed}, worstsort {one.said.get('code_version')}."
