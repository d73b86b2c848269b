"""Libraries of small sorts, compiled from tests/foreign."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = ROOT / "tests" / "foreign"
HEADER = ROOT / "layers" / "evolution" / "worstsort" / "foreign"

MODULE = (SOURCES / "sorts.wat").read_text()
"""A module of WebAssembly as text: Go's heapsort, insertion sort by a function that is given, and what breaks rules."""

needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler on this machine")


def build(name: str, folder: Path) -> Path:
    """Compile tests/foreign/<name>.c into a library, and return it."""
    library = folder / f"{name}.so"
    command = ["cc", "-O1", "-fno-optimize-sibling-calls", "-shared", "-fPIC", f"-I{HEADER}", "-pthread"]
    subprocess.run([*command, "-o", str(library), str(SOURCES / f"{name}.c")], check=True, capture_output=True)
    return library
