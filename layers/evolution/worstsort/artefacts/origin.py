"""Where an input comes from, as every file that holds one says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from worstsort.plain_text import visible

if TYPE_CHECKING:
    from worstsort.runs.results.champion import Champion

_COMMENT_MARK = re.compile(r"(?<=[/*])(?=[/*])")
"""Between two characters that together begin or end a comment."""


def run_origin(champion: Champion) -> str:
    """Return one line that names a champion's run; nothing but numbers and names can be in it."""
    made = f"preset {champion.preset}, seed {champion.seed}, worstsort {champion.code_version}"
    return f"Run {champion.run_id}, {made}."


def file_origin(name: str) -> str:
    """Return one line that names a file, which may be called anything, as a comment in Go or C may hold it.

    Comments nest in neither, and a backslash at the end of a line continues it in C: there is always a full stop.
    """
    return f"From {_COMMENT_MARK.sub(' ', visible(name))}."
