"""Evolving one island for one epoch: what each job does."""

from __future__ import annotations

import json
import os
import platform
import time
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import AliasChoices, Field

from worstsort.foreign.errors import COUNTEREXAMPLE, TargetMisbehaved
from worstsort.genetic import elites, immigrate, migrants, senders
from worstsort.machine_code import announcements
from worstsort.runs.composition import algorithm, fair_start, fitness
from worstsort.runs.errors import CheckpointCorrupt, CheckpointForeign, CheckpointMissing, Diverged, StoreUnavailable
from worstsort.runs.progress import Progress, advance, begin
from worstsort.runs.records import IslandSeries
from worstsort.runs.wording import counted
from worstsort.runtime.environment import Environment
from worstsort.runtime.foreign_target import bring_target
from worstsort.runtime.observability import logger
from worstsort.storage.checkpoint import Checkpoint, state_digest
from worstsort.worker.pulse import Pulse
from worstsort.worker.saver import Overtaken, Saver

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worstsort.genetic import Algorithm, IslandState
    from worstsort.runs.config import RunConfig
    from worstsort.storage.run_store import RunStore


class Job(Environment):
    """What to evolve; where to read and write is in `StoreEnvironment`."""

    run_id: str = Field(alias="RUN_ID", min_length=1)
    epoch: int = Field(alias="EPOCH", ge=1)
    island: int = Field(0, validation_alias=AliasChoices("ISLAND", "AWS_BATCH_JOB_ARRAY_INDEX"), ge=0)
    threads: int = Field(1, alias="THREADS", ge=1)
    save_seconds: float = Field(15.0, alias="SAVE_SECONDS", gt=0)
    attempt: int = Field(1, alias="AWS_BATCH_JOB_ATTEMPT", ge=1)


def evolve_epoch(store: RunStore, job: Job, saver: Saver | None = None) -> None:
    """Evolve one island for one epoch and record it, unless that has been done before.

    Args:
        store: Where the run is stored.
        job: Which epoch of which island.
        saver: Saves the epoch under way, and may interrupt it.

    Raises:
        Interrupted: the job was asked to end; the message says what is saved.
        RunError: something is missing, damaged or out of reach.
    """
    saver = saver or Saver(store, job.save_seconds)
    began = time.time()
    run, series = store.run_for(job.run_id, job.island, job.epoch)
    if series is not None and store.populations.has_checkpoint(job.run_id, job.island, job.epoch):
        logger().info("this epoch has been evolved before; nothing to do")
    else:
        evolve_and_record(store, run.config, job, saver, began)
        if saver.is_unused:
            return  # nothing was saved: a request less for each island of each epoch
    clear_up(store, job)


def evolve_and_record(store: RunStore, config: RunConfig, job: Job, saver: Saver, began: float) -> None:
    """Evolve from where an earlier attempt has left off and record the end; see `evolve_epoch`.

    Args:
        store: Where the run is stored.
        config: The run.
        job: Which epoch of which island.
        saver: Saves the epoch under way.
        began: When this attempt began, as a Unix time.
    """
    bring_target(store, config)
    started = pick_up(store, config, job, saver)
    logger().info("evolving", extra={"pid": os.getpid(), "threads": job.threads, "from": started.state.generation})
    try:
        with announcements.announced_to(lambda kernel: logger().info("compiling", extra={"kernel": kernel})):
            ended = evolve(started, config, job.threads, saver)
    except TargetMisbehaved as found_out:
        counterexample = json.dumps(found_out.counterexample()).encode()
        store.artefacts.put(job.run_id, COUNTEREXAMPLE, counterexample, "application/json")
        raise
    except Overtaken:
        logger().info("another attempt has finished this epoch; nothing more to do")
    else:
        record(store, describe(ended, algorithm(config), attempt_of(job, started, began)), ended)


def clear_up(store: RunStore, job: Job) -> None:
    """Delete what any attempt has saved within an epoch that is over; otherwise the bucket's lifecycle does.

    An attempt that found no save and made none does not look for one: another attempt that saves meanwhile clears up
    when it ends, and what one leaves that is killed then is the lifecycle's.
    """
    try:
        if store.populations.saved_progress(job.run_id, job.island, job.epoch) is not None:
            store.populations.delete_progress(job.run_id, job.island, job.epoch)
    except StoreUnavailable as error:
        logger().warning("what was saved within the epoch is not deleted yet: %s", error)


def pick_up(store: RunStore, config: RunConfig, job: Job, saver: Saver) -> Progress:
    """Return the progress that an earlier attempt at the epoch has saved, or else the epoch's beginning."""
    try:
        progress, version = store.populations.progress(job.run_id, job.island, job.epoch)
    except CheckpointMissing:
        pass
    except (CheckpointCorrupt, CheckpointForeign) as error:
        logger().warning("%s: %s The epoch is evolved from its beginning.", type(error).__name__, error)
        unusable = store.populations.saved_progress(job.run_id, job.island, job.epoch)
        saver.replace(unusable.version if unusable else None)
    else:
        saver.replace(version, progress.state.generation)
        return progress
    begun = begin(job.run_id, job.epoch, arrive(store, config, job), config.generations_per_epoch)
    return replace(begun, state=fair_start(config, begun.state, job.threads)) if job.epoch == 1 else begun


def arrive(store: RunStore, config: RunConfig, job: Job) -> IslandState:
    """Return the island as it begins the epoch: as it ended the one before, with its neighbours' migrants."""
    state = store.populations.checkpoint(job.run_id, job.island, job.epoch - 1).state
    if job.epoch == 1 or config.migrants == 0:
        return state
    neighbours = senders(config.topology, job.island, config.islands, config.seed, job.epoch)
    sent = {
        other: elites(store.populations.checkpoint(job.run_id, other, job.epoch - 1).state, config.migrants)
        for other in neighbours
    }
    return immigrate(state, migrants(sent, config.migrants))


def evolve(progress: Progress, config: RunConfig, threads: int, saver: Saver) -> Progress:
    """Evolve to the epoch's end, telling the saver about each generation."""
    search, score, pulse = algorithm(config, threads), fitness(config, threads), Pulse(config.generations_per_epoch)
    while not progress.is_finished(search):
        wall, cpu = time.monotonic(), time.process_time()
        progress = advance(progress, search, score)
        progress = progress.after(seconds=time.monotonic() - wall, cpu_seconds=time.process_time() - cpu)
        logger().debug("generation", extra={"generation": progress.state.generation})
        pulse.note(progress)
        saver.note(progress)
    return progress


def record(store: RunStore, series: IslandSeries, ended: Progress) -> None:
    """Write what the epoch leaves; where an overlapping attempt was first, check that it wrote the same.

    Raises:
        Diverged: it did not.
    """
    checkpoint = Checkpoint(ended.run_id, ended.epoch, ended.state)
    first = store.put_series(series), store.populations.put_checkpoint(checkpoint)
    if not first[0]:
        recorded = store.island_series(ended.run_id, series.island, series.epoch)
        if recorded is not None and recorded.digest != series.digest:
            raise Diverged(ended.run_id, series.island, series.epoch)
    end = {"best": series.best_fitness, "generation": ended.state.generation, "first_to_write": first}
    logger().info("evolved", extra=end)


def attempt_of(job: Job, started: Progress, began: float) -> dict[str, Any]:
    """Return the fields of a record that say how this attempt went about the epoch, which it began at a Unix time."""
    has_earlier_work = len(started.series.best) > 0
    return {
        "started_at": round(began, 3),
        "ended_at": round(time.time(), 3),
        "attempt": job.attempt,
        "picked_up": started.state.generation if has_earlier_work else None,
        "machine": machine(),
    }


def machine() -> str:
    """Return what this runs on, in words without any name: its architecture and the processors that it may use."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return f"{platform.machine()}, {counted(processors, 'CPU')}"


def describe(ended: Progress, search: Algorithm, attempt: Mapping[str, Any] = MappingProxyType({})) -> IslandSeries:
    """Return what an island did in an epoch, as it is recorded."""
    state, series = ended.state, ended.series
    return IslandSeries(
        run_id=ended.run_id,
        island=state.island,
        epoch=ended.epoch,
        first_generation=series.first_generation,
        best=list(series.best),
        mean=np.round(series.mean, 2).tolist(),
        generation_evaluations=np.diff(series.evaluations, prepend=ended.evaluations_before).tolist(),
        best_fitness=state.record,
        best_generation=state.record_generation,
        finished=search.termination(state),
        seconds=round(ended.seconds, 3),
        cpu_seconds=round(ended.cpu_seconds, 3),
        digest=state_digest(state),
        pid=os.getpid(),
        **attempt,
    )
