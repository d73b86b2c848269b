"""What an epoch logs: the lines by which people, alarms and the fault tests follow a worker."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from functions.seed_populations import app as seed_populations

from tests.integration.worker.test_evolve_epoch import GIVEN, job, under_way
from worstsort.control.plan import prepare
from worstsort.runtime.observability import logger
from worstsort.worker.evolve_epoch import evolve_epoch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort.storage.run_store import RunStore

FIELDS = ("pid", "threads", "from", "generation", "best", "first_to_write")


@pytest.fixture
def seeded(store: RunStore) -> Iterator[RunStore]:
    """Return a store with a run of two islands, and log everything."""
    prepare(store, "r", GIVEN, "arn:r", "2026-01-01T00:00:00Z", job_mib=2_048)
    seed_populations.seed(store, "r", range(2))
    before = logger().log_level
    logger().setLevel(logging.DEBUG)
    yield store
    logger().setLevel(before)


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the level, the message and the fields of each line since the last call."""
    found = [
        (record.levelname, record.getMessage(), {name: vars(record)[name] for name in FIELDS if name in vars(record)})
        for record in caplog.records
        if record.name == logger().name
    ]
    caplog.clear()
    return found


def test_an_epoch_is_followed_from_its_beginning_to_its_end(seeded: RunStore, caplog: pytest.LogCaptureFixture) -> None:
    """Each generation, each save, and what was recorded; a second attempt says that there is nothing to do."""
    caplog.set_level(logging.DEBUG)
    lines(caplog)
    evolve_epoch(seeded, job(1, 0, save_seconds=1e-9))
    series = seeded.island_series("r", 0, 1)
    assert series is not None
    each = [
        line
        for generation in (1, 2, 3, 4)
        for line in (
            ("DEBUG", "generation", {"generation": generation}),
            ("DEBUG", "saved", {"generation": generation}),
        )
    ]
    ended = {"best": series.best_fitness, "generation": 4, "first_to_write": (True, True)}
    assert lines(caplog) == [
        ("INFO", "evolving", {"pid": os.getpid(), "threads": 1, "from": 0}),
        *each,
        ("INFO", "evolved", ended),
    ]
    evolve_epoch(seeded, job(1, 0))
    assert lines(caplog) == [("INFO", "this epoch has been evolved before; nothing to do", {})]


def test_a_second_attempt_says_where_it_continues_and_that_it_came_second(
    seeded: RunStore, caplog: pytest.LogCaptureFixture
) -> None:
    """The series had been recorded by the first one, its population is lost."""
    caplog.set_level(logging.DEBUG)
    evolve_epoch(seeded, job(1, 0))
    boto3.client("s3").delete_object(Bucket="bucket", Key="runs/r/islands/0/1.npz")
    seeded.populations.put_progress(under_way(seeded, 3), None)
    lines(caplog)
    evolve_epoch(seeded, job(1, 0))
    first, *_, last = lines(caplog)
    assert first[1:] == ("evolving", {"pid": os.getpid(), "threads": 1, "from": 3})
    assert (last[1], last[2]["first_to_write"]) == ("evolved", (False, True))


def test_a_save_that_cannot_be_trusted_is_named(seeded: RunStore, caplog: pytest.LogCaptureFixture) -> None:
    """With its error, and what becomes of the epoch."""
    boto3.client("s3").put_object(Bucket="bucket", Key="runs/r/islands/0/partial/1.npz", Body=b"not a save")
    caplog.set_level(logging.DEBUG)
    lines(caplog)
    evolve_epoch(seeded, job(1, 0))
    level, message, _ = lines(caplog)[0]
    assert level == "WARNING"
    assert message.startswith("CheckpointCorrupt: Checkpoint runs/r/islands/0/partial/1.npz cannot be trusted: ")
    assert message.endswith(" The epoch is evolved from its beginning.")
