"""Tries mutants: the nearest tests first, then more and more of them until one notices."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tools.mutants.parts import near_to, part_of
from tools.mutants.workplace import Selection, Stopped, Workplace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from tools.mutants.mutant import Mutant

DEPTHS = ("near", "unit", "test", "all")
"""Which tests may notice: those of the part, all unit tests, those of `make test`, or slow and fault tests, too."""


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    Attributes:
        part: The part of the code base that it is in.
        fault: What the mutant says about itself.
        depth: Up to which tests it was tried.
        noticed_by: The first test that noticed it; empty where none did.
    """

    part: str
    fault: str
    depth: str
    noticed_by: str

    def __str__(self) -> str:
        return f"{self.depth}: {self.noticed_by}" if self.noticed_by else "SURVIVES"


def attempt(workplace: Workplace, mutant: Mutant, deepest: str, before: Verdict | None = None) -> Verdict:
    """Run tests with a fault in its place, from the nearest to the deepest, until one notices it.

    Args:
        workplace: Where the tests are run.
        mutant: The fault.
        deepest: One of the depths.
        before: What is known of it, so that no test is run again.
    """
    done = DEPTHS.index(before.depth) + 1 if before else 0
    failed = ""
    for depth in DEPTHS[done : DEPTHS.index(deepest) + 1]:
        failed = workplace.noticed(mutant, _tests(depth, mutant.path))
        if failed:
            break
    return Verdict(part_of(mutant.path) or "", str(mutant), depth, failed)


def _tests(depth: str, path: str) -> Selection:
    near = near_to(path)
    return {
        "near": Selection(near),
        "unit": Selection(["tests/unit"], near),
        "test": Selection(["tests"], ["tests/unit", *near]),
        "all": Selection(["tests"], [], "(slow or fault) and not oracle", 900),
    }[depth]


class Trial:
    """Tries mutants in several workplaces at a time.

    Attributes:
        deepest: Up to which tests a mutant is tried.
        end: What is not over at this time of the monotonic clock is broken off, and has no verdict.
        memory: A file with the verdicts of earlier trials, which is added to, or none.
    """

    def __init__(self, deepest: str, end: float, memory: Path | None) -> None:
        self.deepest = deepest
        self.end = end
        self.memory = memory
        self._known = {verdict.fault: verdict for verdict in _read(memory)}

    def try_all(
        self, mutants: Iterable[Mutant], workplaces: Sequence[Workplace], tell: Callable[[Mutant, Verdict], None]
    ) -> list[Verdict]:
        """Return the verdicts on those mutants that there is time for.

        Args:
            mutants: The faults.
            workplaces: Where they are tried, one in each at a time.
            tell: Called with each mutant and the verdict on it as soon as it is known.

        Raises:
            FailsAnyway: A test fails without the fault, too.
        """
        free: SimpleQueue[Workplace] = SimpleQueue()
        for workplace in workplaces:
            free.put(workplace)

        def judge(mutant: Mutant) -> Verdict | None:
            workplace = free.get()
            try:
                verdict = self._judge(workplace, mutant)
            except Stopped:
                return None
            finally:
                free.put(workplace)
            if verdict:
                tell(mutant, verdict)
            return verdict

        def stop() -> None:
            for workplace in workplaces:
                workplace.stop()

        timer = threading.Timer(min(self.end - time.monotonic(), threading.TIMEOUT_MAX), stop)
        timer.daemon = True
        timer.start()
        with ThreadPoolExecutor(len(workplaces)) as pool:
            trials = [pool.submit(judge, mutant) for mutant in mutants]
            try:
                return [verdict for trial in as_completed(trials) if (verdict := trial.result())]
            finally:
                timer.cancel()
                pool.shutdown(wait=False, cancel_futures=True)
                stop()

    def _judge(self, workplace: Workplace, mutant: Mutant) -> Verdict | None:
        known = self._known.get(str(mutant))
        if known and (known.noticed_by or DEPTHS.index(known.depth) >= DEPTHS.index(self.deepest)):
            return known
        if time.monotonic() > self.end:
            return None
        verdict = attempt(workplace, mutant, self.deepest, known)
        if self.memory:
            with self.memory.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(verdict)) + "\n")
        return verdict


def _read(memory: Path | None) -> list[Verdict]:
    """Return the verdicts in a file; of several on a mutant, the last one holds."""
    if not memory or not memory.exists():
        return []
    return [Verdict(**json.loads(line)) for line in memory.read_text(encoding="utf-8").splitlines()]
