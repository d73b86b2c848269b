"""The `worstsort` command as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The checkout."""

COMMAND = [str(Path(sys.executable).parent / "worstsort")]


def worstsort(*arguments: str, cwd: Path = ROOT, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
