"""A run of a foreign sort is killed again and again, ends as if it had not been, and leaves nothing that played it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest

from tests.fault.command import command, kill, result, until_closed
from tests.fault.harness import tries
from tests.support import foreign_sorts
from tests.support.foreign_sorts import needs_cc

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.fault, pytest.mark.slow, needs_cc]

KILLS = 20

SETTLING_SECONDS = 30
"""For the processes of a group that was killed to be gone, and for those that notice it by themselves."""


def test_a_killed_run_of_a_library_ends_with_the_same_digest(tmp_path: Path) -> None:
    """It continues from its own copy of the library, after the file that was given is gone."""
    kills = tries(KILLS)
    library = foreign_sorts.build("sorts", tmp_path)
    options = [
        "--target", f"{library}:go_heapsort", "--size", "40", "--population", "8", "--generations-per-epoch", "2",
        "--max-epochs", str(kills + 1),
    ]  # fmt: skip
    expected = result(command(tmp_path / "whole", *options))["digest"]
    out = tmp_path / "killed"
    running = command(out, *options)
    folder = until_closed(out, 1)
    library.unlink()
    for epochs in range(1, kills + 1):
        until_closed(out, epochs)
        started = psutil.Process(running.pid).children(recursive=True)
        kill(running)
        _, alive = psutil.wait_procs(started, SETTLING_SECONDS)
        assert alive == []
        running = command(out, "--resume", folder.name)
    assert result(running)["digest"] == expected
