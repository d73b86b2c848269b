"""Evolves one island for one epoch: what each child of the Batch array job runs.

Configured by environment variables alone (see `WorkerEnvironment`), so that it can also be run by hand.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
from aws_lambda_powertools import Logger
from pydantic import AliasChoices, Field

from worstsort.genetic import elites, evolve_island, immigrate, migrants, senders
from worstsort.runs.assembly import algorithm, fitness
from worstsort.runs.checkpoint import Checkpoint
from worstsort.runs.environment import Environment, run_store
from worstsort.runs.records import IslandSeries

if TYPE_CHECKING:
    from worstsort.genetic import Algorithm, IslandState, Series
    from worstsort.runs.config import RunConfig
    from worstsort.runs.store import RunStore

DONE, FAILED = 0, 1

logger = Logger()


class WorkerEnvironment(Environment):
    """What to evolve. Where to read and write is in `StoreEnvironment`."""

    run_id: str = Field(alias="RUN_ID", min_length=1)
    epoch: int = Field(alias="EPOCH", ge=1)
    island: int = Field(0, validation_alias=AliasChoices("ISLAND", "AWS_BATCH_JOB_ARRAY_INDEX"), ge=0)
    threads: int = Field(1, alias="THREADS", ge=1)


def main() -> int:
    """Evolve the island that the environment names; the exit code says how that went."""
    try:
        environment = WorkerEnvironment.load()
        logger.append_keys(run_id=environment.run_id, island=environment.island, epoch=environment.epoch)
        evolve_epoch(run_store(), environment)
    except Exception as error:
        logger.exception("%s: %s", type(error).__name__, error)  # noqa: TRY401 - the message is what a person reads
        return FAILED
    return DONE


def evolve_epoch(store: RunStore, job: WorkerEnvironment) -> None:
    """Evolve one epoch of one island and record it, unless that has been done before."""
    config = store.run(job.run_id).config
    if store.has_series(job.run_id, job.island, job.epoch) and store.has_checkpoint(job.run_id, job.island, job.epoch):
        logger.info("this epoch has been evolved before; nothing to do")
        return
    logger.info("evolving", extra={"pid": os.getpid(), "threads": job.threads})
    started, cpu_started = time.monotonic(), time.process_time()
    before = arrive(store, config, job)
    state, series = evolve_island(before, algorithm(config), fitness(config, job.threads), config.generations_per_epoch)
    seconds, cpu_seconds = time.monotonic() - started, time.process_time() - cpu_started
    checkpoint = Checkpoint(job.run_id, job.epoch, state)
    record = describe(checkpoint, before, series, algorithm(config)).model_copy(
        update={"seconds": round(seconds, 3), "cpu_seconds": round(cpu_seconds, 3)}
    )
    first = store.put_series(record), store.put_checkpoint(checkpoint)
    logger.info("evolved", extra={"best": state.best_fitness, "generation": state.generation, "first_to_write": first})


def arrive(store: RunStore, config: RunConfig, job: WorkerEnvironment) -> IslandState:
    """The island as it begins the epoch: as it ended the one before, with the migrants that its neighbours sent."""
    state = store.checkpoint(job.run_id, job.island, job.epoch - 1).state
    if job.epoch == 1 or config.migrants == 0:
        return state
    neighbours = senders(config.topology, job.island, config.islands, config.seed, job.epoch)
    sent = {
        other: elites(store.checkpoint(job.run_id, other, job.epoch - 1).state, config.migrants) for other in neighbours
    }
    return immigrate(state, migrants(sent, config.migrants))


def describe(checkpoint: Checkpoint, before: IslandState, series: Series, by: Algorithm) -> IslandSeries:
    """What an island did in an epoch, as it is recorded; how long it took is not known here."""
    state = checkpoint.state
    return IslandSeries(
        run_id=checkpoint.run_id,
        island=state.island,
        epoch=checkpoint.epoch,
        first_generation=series.first_generation,
        best=series.best.tolist(),
        mean=np.round(series.mean, 2).tolist(),
        evaluations=np.diff(series.evaluations, prepend=before.evaluations).tolist(),
        best_fitness=state.best_fitness,
        best_generation=state.best_generation,
        finished=by.termination(state),
        seconds=0.0,
        cpu_seconds=0.0,
        digest=checkpoint.digest,
        pid=os.getpid(),
    )


if __name__ == "__main__":
    sys.exit(main())
