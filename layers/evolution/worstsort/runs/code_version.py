"""Which code made a result."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import worstsort


@cache
def code_version() -> str:
    """Return the version and a hash of the layer's sources, e.g. `0.1.0+3f2a9c1b7d04`: equal hashes, equal code."""
    root = Path(worstsort.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return f"{worstsort.__version__}+{digest.hexdigest()[:12]}"
