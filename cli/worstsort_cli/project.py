"""Where the project is: the template, the functions and the worker that the embedded cloud runs."""

from __future__ import annotations

from pathlib import Path

import worstsort
from worstsort_cli.errors import CommandFailed

_HERE = Path(__file__).resolve()
_CHECKOUT = _HERE.parents[2]
_IN_WHEEL = _HERE.parents[1] / "worstsort_embedded" / "project"
"""The place that pyproject.toml gives to the project's files in the wheel."""

_LAYER = Path("layers", "evolution", "worstsort")


def project_root() -> Path:
    """Return the folder with template.yaml: the working directory, else the checkout, else the installed wheel's.

    Raises:
        CommandFailed: none of them holds the project.
    """
    candidates = (_working_directory(), _CHECKOUT, _IN_WHEEL)
    for folder in candidates:
        if (folder / "template.yaml").is_file() and (folder / "statemachine" / "evolve.asl.json").is_file():
            return folder
    raise CommandFailed(f"found no template.yaml with a state machine in {', '.join(map(str, candidates))}")


def _working_directory() -> Path:
    """Return the working directory; one that somebody has removed holds nothing, and stays nameless."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path()


def layer() -> Path:
    """Return the folder of the package `worstsort` that the project runs: its own, or else the installed one."""
    own = project_root() / _LAYER
    return own if own.is_dir() else Path(worstsort.__file__).parent
