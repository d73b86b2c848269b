"""What is kept of a run: first writers win, and nothing that was changed is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from worstsort.runs.composition import first_state
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import CheckpointCorrupt, CheckpointMissing, EpochIncomplete, RunExists, RunNotFound
from worstsort.runs.records import EpochRecord, GenerationRecord, IslandSeries, RunRecord, Status
from worstsort.storage.checkpoint import Checkpoint

if TYPE_CHECKING:
    from worstsort.storage.run_store import RunStore

CONFIG = RunConfig.parse({"preset": "classic", "population": 20, "size": 12})


def a_run(run_id: str = "r", execution: str = "arn:1", config: RunConfig = CONFIG) -> RunRecord:
    """A run that has just begun."""
    return RunRecord(run_id=run_id, config=config, execution_arn=execution, started_at="2026-01-01", code_version="1")


def a_series(island: int = 0, epoch: int = 1, best: int = 50) -> IslandSeries:
    """What an island recorded."""
    return IslandSeries(
        run_id="r", island=island, epoch=epoch, first_generation=0, best=[best], mean=[40.25], evaluations=[20],
        best_fitness=best, best_generation=0, seconds=1.5, cpu_seconds=1.25, digest="d", pid=7,
    )  # fmt: skip


def an_epoch(epoch: int = 1, best: int = 50) -> EpochRecord:
    """How an epoch closed."""
    return EpochRecord(
        run_id="r", epoch=epoch, best=best, best_island=0, best_generation=0, generations=epoch, evaluations=20,
        seconds=1.5, stall_epochs=0, decision="continue", reason="",
    )  # fmt: skip


def test_a_run_is_read_as_it_was_recorded(store: RunStore) -> None:
    """Its configuration comes back complete."""
    store.create_run(a_run())
    assert store.run("r") == a_run()


def test_a_run_that_is_not_recorded_is_named(store: RunStore) -> None:
    """The error says which run."""
    with pytest.raises(RunNotFound, match="'r'"):
        store.run("r")


def test_creating_a_run_twice_for_one_execution_has_no_second_effect(store: RunStore) -> None:
    """A second delivery gets the record as it stands by then."""
    store.create_run(a_run())
    store.put_epoch(an_epoch(), [])
    assert store.create_run(a_run()).epoch == 1


def test_another_execution_cannot_take_a_runs_id(store: RunStore) -> None:
    """Neither the same configuration nor another one."""
    store.create_run(a_run())
    with pytest.raises(RunExists):
        store.create_run(a_run(execution="arn:2"))


def test_the_first_series_of_an_island_wins(store: RunStore) -> None:
    """A late writer learns that it is late and changes nothing."""
    assert store.put_series(a_series(best=50))
    assert not store.put_series(a_series(best=60))
    assert store.series("r", 1, 1) == [a_series(best=50)]


def test_islands_that_have_not_reported_are_named(store: RunStore) -> None:
    """Nobody has to look for them."""
    store.put_series(a_series(island=1))
    with pytest.raises(EpochIncomplete, match=r"island\(s\) 0, 2"):
        store.series("r", 3, 1)


def test_more_islands_than_one_read_returns_come_back_in_order(store: RunStore) -> None:
    """Reading goes on until all are there."""
    for island in range(130):
        store.put_series(a_series(island=island))
    assert [one.island for one in store.series("r", 130, 1)] == list(range(130))


def test_a_closed_epoch_has_all_its_generations_and_moves_the_run_on(store: RunStore) -> None:
    """More generations than one write takes are all recorded."""
    store.create_run(a_run())
    generations = [
        GenerationRecord(run_id="r", generation=number, comparisons=50, island=0, mean=40.5, evaluations=20)
        for number in range(60)
    ]
    store.put_epoch(an_epoch(), generations)
    assert store.generations("r") == generations
    assert store.epoch("r", 1) == an_epoch()
    assert (store.run("r").epoch, store.run("r").best) == (1, 50)


def test_closing_an_old_epoch_again_does_not_move_the_run_back(store: RunStore) -> None:
    """A late delivery cannot lower what the run has reached."""
    store.create_run(a_run())
    store.put_epoch(an_epoch(1, best=50), [])
    store.put_epoch(an_epoch(2, best=60), [])
    store.put_epoch(an_epoch(1, best=50), [])
    assert (store.run("r").epoch, store.run("r").best) == (2, 60)


def test_only_the_execution_that_runs_it_can_end_a_run_and_only_once(store: RunStore) -> None:
    """Others are told so."""
    store.create_run(a_run())
    assert not store.end_run("r", "arn:2", Status.FAILED, "no", "now")
    assert store.end_run("r", "arn:1", Status.SUCCEEDED, "done", "now")
    assert not store.end_run("r", "arn:1", Status.FAILED, "no", "later")
    assert (store.run("r").status, store.run("r").reason) == (Status.SUCCEEDED, "done")


def test_a_running_run_is_not_reopened(store: RunStore) -> None:
    """Only an ended one, and then for one execution only."""
    store.create_run(a_run())
    assert not store.reopen_run("r", "arn:2")
    store.end_run("r", "arn:1", Status.ABORTED, "stopped", "now")
    assert store.reopen_run("r", "arn:2")
    assert not store.reopen_run("r", "arn:3")


def test_the_first_checkpoint_of_an_epoch_wins(store: RunStore) -> None:
    """It cannot be overwritten, and reads back as it was."""
    first = Checkpoint("r", 0, first_state(CONFIG, 0))
    assert store.put_checkpoint(first)
    assert not store.put_checkpoint(Checkpoint("r", 0, first_state(CONFIG.model_copy(update={"seed": 2}), 0)))
    assert store.checkpoint("r", 0, 0).to_bytes() == first.to_bytes()
    assert store.has_checkpoint("r", 0, 0)
    assert not store.has_checkpoint("r", 0, 1)


def test_a_missing_checkpoint_is_named(store: RunStore) -> None:
    """The error has the key."""
    with pytest.raises(CheckpointMissing, match=r"runs/r/islands/3/7\.npz"):
        store.checkpoint("r", 3, 7)


def test_an_object_that_was_changed_in_the_bucket_is_not_parsed(store: RunStore) -> None:
    """Its bytes are held against the checksum they were stored with."""
    store.put_checkpoint(Checkpoint("r", 0, first_state(CONFIG, 0)))
    s3 = boto3.client("s3")
    stored = s3.get_object(Bucket="bucket", Key="runs/r/islands/0/0.npz")
    s3.put_object(
        Bucket="bucket", Key="runs/r/islands/0/0.npz", Body=stored["Body"].read()[:-1], Metadata=stored["Metadata"]
    )
    with pytest.raises(CheckpointCorrupt, match="checksum they were stored with"):
        store.checkpoint("r", 0, 0)


def test_series_expire_and_nothing_else_does(store: RunStore) -> None:
    """By the attribute that the template names; no decision looks at it."""
    store.create_run(a_run())
    store.put_series(a_series())
    store.put_epoch(an_epoch(), [])
    items = boto3.client("dynamodb").scan(TableName="GenerationsTable")["Items"]
    assert [item["sk"]["S"] for item in items if "expires_at" in item] == ["ISLAND#00000#000001"]
    assert store.series("r", 1, 1) == [a_series()]
