"""What a foreign sort that was found out leaves: a file, and a command to see it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from worstsort.foreign.errors import COUNTEREXAMPLE
from worstsort_cli.errors import FileNotWritten
from worstsort_cli.files import atomic

if TYPE_CHECKING:
    from worstsort.foreign.errors import TargetMisbehaved


def leave(error: TargetMisbehaved, folder: Path = Path()) -> str:
    """Write the counterexample into a folder, and return a line that says where it is and how to see it again."""
    found = error.counterexample()
    try:
        atomic.write(folder / COUNTEREXAMPLE, json.dumps(found).encode() + b"\n")
    except FileNotWritten as failed:
        return f"its input is not kept: {failed}"
    return f"wrote {folder / COUNTEREXAMPLE}; see it again with: {found['found_out']['command']}"
