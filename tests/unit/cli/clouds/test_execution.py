"""The names of executions."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from worstsort.runs.run_id import KEPT_CHARACTERS, MAX_NAME_CHARACTERS
from worstsort_cli.clouds import execution

if TYPE_CHECKING:
    import pytest


def test_a_run_that_is_resumed_twice_within_a_second_gets_two_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a program may do it that stops it in between; however long its id is, they are names of executions."""
    names: list[str] = []
    monkeypatch.setattr(execution, "start", lambda _cloud, name, _input: names.append(name))
    deployment: Any = None
    for run_id in ("r", "r" * MAX_NAME_CHARACTERS):
        for _ in range(2):
            execution.resume(deployment, run_id)
            time.sleep(0.002)  # to the next millisecond
    assert len(set(names)) == 4
    assert all("-resumed-2" in name and len(name) <= MAX_NAME_CHARACTERS for name in names)
    assert names[-1].startswith("r" * KEPT_CHARACTERS), "by which the console finds the executions of a run"
