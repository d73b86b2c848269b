"""Where a champion comes from, as every file that shows one says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def run_origin(champion: Mapping[str, Any]) -> str:
    """Return one line that names a champion's run, given the content of its `champion.json`."""
    run_id, version = champion["run_id"], champion.get("code_version")
    return f"Run {run_id}, preset {champion.get('preset')}, seed {champion.get('seed')}, worstsort {version}."
