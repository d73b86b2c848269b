"""Compiles everything that a worker may need when its image is built: `python -m worstsort.worker.warm_up`.

Where workers are forked, the one of whom they are copies calls `expect` instead, for the run that they will evolve. A
target's kernels are compiled together, each in a process of its own: they take seconds each, once on a machine.
"""

from __future__ import annotations

import logging
import math
import os
import select
import threading
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import NoRegionError

from worstsort.genetic import PRESETS, REPRESENTATIONS, evolve_island
from worstsort.gosort import TARGETS
from worstsort.gosort.constructions.plans import SHUFFLES, inputs_of, refine_plans
from worstsort.machine_code import announcements
from worstsort.runs.composition import algorithm, first_state, fitness
from worstsort.runs.config import RunConfig
from worstsort.runs.fitted_presets import representations
from worstsort.runs.wording import counted
from worstsort.storage.clients import client
from worstsort.storage.retry import STORE_CLIENT_ATTEMPTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

LOG = logging.getLogger(__name__)
"""Heard by whoever waits for `expect`; a worker's own logger is another."""

_KERNEL_SECONDS = 4
"""What a kernel takes to compile on a processor at rest, roughly."""

_REFINED = "refined plan"
"""Stands for the kernel that refines plans, besides the one that plays them."""

_SLOWEST_FIRST = (_REFINED, "plan", "answers", "decisions", "values")

_COMPILED, _FAILED = 0, 1


class _NotKept(Exception):
    """A kernel's machine code is not on disk."""


def warm_up(targets: Iterable[str] = TARGETS) -> None:
    """Evolve a generation with every preset and evaluate every representation, so that Numba fills its cache."""
    for target in targets:
        for preset in PRESETS:
            config = _small(preset=preset, target=target)
            evolve_island(first_state(config, 0), algorithm(config), fitness(config, 1), 1)
        for representation in REPRESENTATIONS.keys() - ({"plan"} if target not in SHUFFLES else set()):
            config = _small(representation=representation, target=target, crossover="none", mutation="swap")
            fitness(config, 1)(first_state(config, 0).genomes.copy())  # writeable, as children are


def expect(*runs: Mapping[str, Any]) -> None:
    """Evolve a generation of a small run with the target and operators of each of these, given as their inputs.

    The clients of the store are asked for, too: who keeps those that are made here gives them to the workers.

    If what one needs is not on disk, all is compiled that a run of its target may need, whatever its size.

    Raises:
        InputRefused: The operators of one do not allow a small run.
    """
    with suppress(NoRegionError):  # nothing is configured for AWS: nobody wants clients
        for service in ("dynamodb", "s3"):
            client(service, STORE_CLIENT_ATTEMPTS)
    for run in runs:
        _expect(run)


def needed(target: str, kinds: Iterable[str]) -> list[Callable[[], object]]:
    """Return calls that each use one of the kernels that count a target's comparisons, those that take longest first.

    Args:
        target: A name in TARGETS.
        kinds: The representations whose chromosomes are to be counted; lists are in any case.
    """
    chosen = {"values" if kind == "permutation" else kind for kind in kinds} | {"values"}
    if target not in SHUFFLES:
        chosen.discard("plan")
    if "plan" in chosen:
        chosen.add(_REFINED)
    return [partial(_count, target, kind) for kind in _SLOWEST_FIRST if kind in chosen]


def is_kept(call: Callable[[], object]) -> bool:
    """Call a function unless that would take compiling, and return whether it was called."""
    try:
        with announcements.announced_to(_refuse):
            call()
    except _NotKept:
        return False
    return True


def compile_together(target: str, calls: Sequence[Callable[[], object]]) -> int:
    """Have what some calls need compiled, on all processors, and return how many had something to compile."""
    missing = [call for call in calls if not is_kept(call)]
    if not missing:
        return 0
    processors = min(len(missing), os.cpu_count() or 1)
    seconds, started = math.ceil(len(missing) / processors) * _KERNEL_SECONDS, time.monotonic()
    LOG.info("compiling the counters of %s, once: about %d s", target, seconds)
    if processors == 1:
        for call in missing:
            call()
    else:
        _call_in_forks(missing, processors)
    took = time.monotonic() - started
    LOG.info("%s of %s compiled in %.0f s", counted(len(missing), "counter"), target, took)
    return len(missing)


def _expect(run: Mapping[str, Any]) -> None:
    if run.get("foreign") is not None:
        from worstsort.foreign.library import Library  # noqa: PLC0415 - few runs need it
        from worstsort.foreign.player import prepare  # noqa: PLC0415 - the same

        prepare(Library.model_validate(run["foreign"]))
        return  # the library is not here yet, and no counter of Go's sorts is needed
    small = RunConfig.parse({**run, "size": 32, "population": 32, "islands": 1, "generations_per_epoch": 1})
    if not is_kept(partial(_evolve, small)):
        kinds = {small.representation, *representations(small.target, small.preset)}
        compile_together(small.target, needed(small.target, kinds))
        _evolve(small)


def _call_in_forks(calls: Sequence[Callable[[], object]], processors: int) -> None:
    """Call functions in forks of this process, so many at once; none of them outlives it, however it ends."""
    alive, parent = os.pipe()
    waiting, running = list(calls), dict[int, int]()
    try:
        while waiting or running:
            while waiting and len(running) < processors:
                ended, child = os.pipe()
                pid = os.fork()
                if pid == 0:
                    os.close(parent)
                    _call_and_leave(waiting[0], alive)
                os.close(child)  # so that the pipe is at its end when the fork is
                del waiting[0]
                running[ended] = pid
            for ended in select.select(list(running), [], [])[0]:
                os.waitpid(running.pop(ended), 0)  # one that fails leaves its kernel to whoever needs it
                os.close(ended)
    finally:
        for descriptor in (alive, parent, *running):
            os.close(descriptor)


def _call_and_leave(call: Callable[[], object], alive: int) -> None:
    """Call a function and end the process, at once if the other end of the pipe is closed."""
    code = _FAILED
    try:
        threading.Thread(target=lambda: (os.read(alive, 1), os._exit(_FAILED)), daemon=True).start()
        call()
        code = _COMPILED
    finally:
        os._exit(code)


def _count(target: str, kind: str) -> object:
    """Use the kernel that counts a representation's chromosomes, or for plans the one that plays or refines them."""
    representation = "plan" if kind == _REFINED else kind
    config = _small(representation=representation, target=target, crossover="none", mutation="swap")
    genomes, ties = first_state(config, 0).genomes.copy(), config.values == "any"  # writeable, as children are
    if kind == _REFINED:
        return refine_plans(genomes, range(len(genomes)), config.size, target, 1, ties=ties, steps=1)
    if kind == "plan":
        return inputs_of(genomes, config.size, target, ties=ties, threads=1)
    return fitness(config, 1)(genomes)


def _evolve(config: RunConfig) -> None:
    evolve_island(first_state(config, 0), algorithm(config, 1), fitness(config, 1), 1)


def _refuse(kernel: str) -> None:
    raise _NotKept(kernel)


def _small(**chosen: str) -> RunConfig:
    return RunConfig.parse({"size": 32, "population": 32, "tournament_size": 2, "migrants": 1} | chosen)


if __name__ == "__main__":
    warm_up()
