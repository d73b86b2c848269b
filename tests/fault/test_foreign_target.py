"""A run of a foreign sort is killed again and again, ends as if it had not been, and leaves nothing that played it."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.fault.command import command, kill, result, until_closed
from tests.fault.harness import tries
from tests.support import foreign_sorts
from tests.support.command import ROOT
from tests.support.foreign_sorts import needs_cc

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.timeout(1200)]

KILLS, FEWER_KILLS = 20, 5
"""Of a library, and of what differs from it only in the child that plays it."""

SETTLING_SECONDS = 30
"""For the processes of a group that was killed to be gone, and for those that notice it by themselves."""


def library(folder: Path) -> tuple[str, Path | None]:
    """Return the address of a sort in a library, and the file, which a run keeps itself."""
    file = foreign_sorts.build("sorts", folder)
    return f"{file}:go_heapsort", file


def module(folder: Path) -> tuple[str, Path | None]:
    """Return the address of a sort in WebAssembly, and the file, which a run keeps itself."""
    wasmtime = pytest.importorskip("wasmtime")
    file = folder / "sorts.wasm"
    file.write_bytes(wasmtime.wat2wasm(foreign_sorts.MODULE))
    return f"{file}:worstsort_sort", file


def program(folder: Path) -> tuple[str, Path | None]:
    """Return the command of a program, which has to stay where it is."""
    file = folder / "sort.py"
    shutil.copy(ROOT / "examples" / "targets" / "python_sort.py", file)
    return f"cmd: {sys.executable} {file}", None


@pytest.mark.parametrize(
    ("target", "most"),
    [pytest.param(library, KILLS, marks=needs_cc), (module, FEWER_KILLS), (program, FEWER_KILLS)],
)
def test_a_killed_run_ends_with_the_same_digest(
    tmp_path: Path, target: Callable[[Path], tuple[str, Path | None]], most: int
) -> None:
    """Whatever kind of sort it plays; after the file that was given is gone, where the run has a copy of its own."""
    kills = tries(most)
    address, file = target(tmp_path)
    options = [
        "--target", address, "--size", "40", "--population", "8", "--generations-per-epoch", "2",
        "--max-epochs", str(kills + 1),
    ]  # fmt: skip
    expected = result(command(tmp_path / "whole", *options))["digest"]
    out = tmp_path / "killed"
    running = command(out, *options)
    folder = until_closed(out, 1)
    if file:
        file.unlink()
    for epochs in range(1, kills + 1):
        until_closed(out, epochs)
        started = psutil.Process(running.pid).children(recursive=True)
        kill(running)
        _, alive = psutil.wait_procs(started, SETTLING_SECONDS)
        assert alive == []
        running = command(out, "--resume", folder.name)
    assert result(running)["digest"] == expected
