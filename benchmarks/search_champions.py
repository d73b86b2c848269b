"""The best inputs that a search has found, kept as tests/data/golden/plans.json.gz is."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from worstsort_cli.files import atomic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def keep(path: Path, target: str, champion: Sequence[int], comparisons: int) -> None:
    """Let an input take the place of the one that is kept for its target, size and kind of values, if it costs more."""
    kept: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    values = "distinct" if len(set(champion)) == len(champion) else "any"
    found = {"target": target, "values": values, "comparisons": comparisons, "input": list(champion)}
    best = {_kind(other): other for other in kept["champions"]}
    known = best.get(_kind(found))
    if known is None or comparisons > known["comparisons"]:
        best[_kind(found)] = found
        kept["champions"] = [best[kind] for kind in sorted(best)]
        atomic.write(path, gzip.compress(json.dumps(kept, separators=(",", ":")).encode(), mtime=0))


def _kind(champion: dict[str, Any]) -> tuple[str, int, str]:
    return champion["target"], len(champion["input"]), champion["values"]
