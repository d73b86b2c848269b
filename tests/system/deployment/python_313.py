"""The interpreter that SAM builds the functions with."""

from __future__ import annotations

import shutil
from pathlib import Path


def python_313() -> Path | None:
    """Return its folder: from pyenv, or on the PATH."""
    found = shutil.which("python3.13")
    places = sorted(Path.home().glob(".pyenv/versions/3.13.*/bin/python3.13"))
    # A shim of pyenv is found first, but it starts only the activated versions.
    return places[-1].parent if places else Path(found).parent if found else None
