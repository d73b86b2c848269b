"""Run ids: a run is named after its first execution, so they follow Step Functions' rules for execution names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from worstsort.runs.errors import InputRefused, Problem

if TYPE_CHECKING:
    from worstsort.runs.config import RunConfig

MAX_NAME_CHARACTERS = 80
"""Characters that Step Functions allows in the name of an execution."""

KEPT_CHARACTERS = 50
"""Characters of a run's id that the names of all its executions begin with: a suffix may take the place of others."""

_PATTERN = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{MAX_NAME_CHARACTERS - 1}}}")


_ALLOWED = f"letters, digits, - and _, at most {MAX_NAME_CHARACTERS}, no - or _ first"


def checked_run_id(run_id: str) -> str:
    """Return a run id; raises ValueError, which says what is allowed, if no execution can have this name."""
    if not _PATTERN.fullmatch(run_id):
        raise ValueError(_ALLOWED)
    return run_id


def check_run_id(run_id: str, field: str) -> None:
    """Check a run id.

    Args:
        run_id: The id.
        field: What the message calls it.

    Raises:
        InputRefused: No execution can have this name.
    """
    try:
        checked_run_id(run_id)
    except ValueError as error:
        raise InputRefused([Problem(field, run_id, str(error))]) from error


def continuation_problems(run_id: str, config: RunConfig) -> list[Problem]:
    """Return why later executions, `<run id>-<part>`, could not be named: the id leaves no room for the number."""
    parts = -(-config.stop.max_epochs // config.epochs_per_execution)
    room = MAX_NAME_CHARACTERS - len(f"-{2 * parts}")  # room for as many resumptions as parts
    if parts == 1 or len(run_id) <= room:
        return []
    return [Problem("execution name", run_id, f"at most {room} characters, as the run takes {parts} executions")]


def name_with_suffix(run_id: str, suffix: str) -> str:
    """Return the name of a later execution of a run, with the id shortened if there is no room for both."""
    return run_id[: MAX_NAME_CHARACTERS - len(suffix)] + suffix
