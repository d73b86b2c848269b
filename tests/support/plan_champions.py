"""The best inputs for pdqsort that are known, with equal items and without, each with its count."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parents[1] / "data" / "golden" / "plans.json.gz"


def champions() -> list[dict[str, Any]]:
    """Return them: the target, the kind of values, the comparisons, and the input."""
    with gzip.open(_FILE) as file:
        found: list[dict[str, Any]] = json.load(file)["champions"]
    return found


def name(champion: dict[str, Any]) -> str:
    """Return a test's name for one of them."""
    return f"{champion['target']}-{len(champion['input'])}-{champion['values']}"
