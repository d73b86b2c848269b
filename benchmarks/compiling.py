"""What the counters of a target take to compile: `python -m benchmarks.compiling [TARGET]`.

Each is compiled in a fork of its own, in an empty folder, as a first run does.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from multiprocessing import get_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("plan", "answers", "decisions", "values")


def main(target: str = "go1.24") -> None:
    """Print the CPU seconds of each counter."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NUMBA_CACHE_DIR"] = folder
        from worstsort.worker.warm_up import needed  # noqa: PLC0415 - Numba reads the variable when it is imported

        for call in needed(target, KINDS):
            child = get_context("fork").Process(target=_compile, args=(call,))
            child.start()
            child.join()


def _compile(call: Callable[[], object]) -> None:
    from worstsort.machine_code import announcements  # noqa: PLC0415 - as above

    compiled: list[str] = []
    began = time.process_time()
    with announcements.announced_to(compiled.append):
        call()
    print(f"{', '.join(compiled):<40}{time.process_time() - began:6.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
