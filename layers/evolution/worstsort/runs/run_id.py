"""Run ids: a run is named after its first execution, so they follow Step Functions' rules for execution names."""

from __future__ import annotations

import re

from worstsort.runs.errors import InputRefused, Problem

MAX_NAME_CHARACTERS = 80
"""The longest name that Step Functions gives an execution."""

_PATTERN = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{MAX_NAME_CHARACTERS - 1}}}")


def check_run_id(run_id: str, field: str) -> None:
    """Check a run id.

    Args:
        run_id: The id.
        field: What the message calls it.

    Raises:
        InputRefused: No execution can have this name.
    """
    if not _PATTERN.fullmatch(run_id):
        allowed = f"letters, digits, - and _, at most {MAX_NAME_CHARACTERS}, no - or _ first"
        raise InputRefused([Problem(field, run_id, allowed)])


def name_with_suffix(run_id: str, suffix: str) -> str:
    """Return the name of a later execution of a run, with the id shortened if there is no room for both."""
    return run_id[: MAX_NAME_CHARACTERS - len(suffix)] + suffix
