"""The store of runs: the first writer wins, and changed data is never trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from worstsort.runs.composition import first_state
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import (
    CheckpointCorrupt,
    CheckpointForeign,
    CheckpointMissing,
    EpochIncomplete,
    RunExists,
    RunNotFound,
)
from worstsort.runs.records import ChampionRecord, EpochRecord, GenerationRecord, IslandSeries, RunRecord
from worstsort.runs.status import Status
from worstsort.storage.checkpoint import Checkpoint
from worstsort.storage.epoch_backup import EpochBackup

if TYPE_CHECKING:
    from worstsort.storage.run_store import RunStore

CONFIG = RunConfig.parse({"preset": "classic", "population": 20, "size": 12})


def a_run(run_id: str = "r", execution: str = "arn:1", config: RunConfig = CONFIG) -> RunRecord:
    """Return the record of a run that has just begun."""
    return RunRecord(run_id=run_id, config=config, execution_arn=execution, started_at="2026-01-01", code_version="1")


def a_series(island: int = 0, epoch: int = 1, best: int = 50) -> IslandSeries:
    """Return the series of an island."""
    return IslandSeries(
        run_id="r", island=island, epoch=epoch, first_generation=0, best=[best], mean=[40.25],
        generation_evaluations=[20],
        best_fitness=best, best_generation=0, seconds=1.5, cpu_seconds=1.25, digest="d", pid=7,
    )  # fmt: skip


def an_epoch(epoch: int = 1, best: int = 50) -> EpochRecord:
    """Return the record of a closed epoch."""
    return EpochRecord(
        run_id="r", epoch=epoch, best=best, best_island=0, best_generation=0, generations=epoch, evaluations=20,
        seconds=1.5, stall_epochs=0, decision="continue", reason="",
    )  # fmt: skip


def test_a_run_is_read_as_it_was_recorded(store: RunStore) -> None:
    """The configuration is read back complete."""
    store.create_run(a_run())
    assert store.run("r") == a_run()


def test_an_unknown_run_is_named(store: RunStore) -> None:
    """The error names the run."""
    with pytest.raises(RunNotFound, match="'r'"):
        store.run("r")


def test_creating_a_run_twice_for_one_execution_has_no_second_effect(store: RunStore) -> None:
    """A second delivery gets the current record."""
    store.create_run(a_run())
    store.put_epoch(an_epoch(), [])
    assert store.create_run(a_run()).epoch == 1


def test_another_execution_cannot_take_a_runs_id(store: RunStore) -> None:
    """Not even with the same configuration."""
    store.create_run(a_run())
    with pytest.raises(RunExists):
        store.create_run(a_run(execution="arn:2"))


def test_the_first_series_of_an_island_wins(store: RunStore) -> None:
    """A late writer is told so, and changes nothing."""
    assert store.put_series(a_series(best=50))
    assert not store.put_series(a_series(best=60))
    assert store.series("r", 1, 1) == [a_series(best=50)]


def test_islands_that_have_not_reported_are_named(store: RunStore) -> None:
    """The error lists the islands without a series."""
    store.put_series(a_series(island=1))
    with pytest.raises(EpochIncomplete, match="islands 0, 2 recorded nothing"):
        store.series("r", 3, 1)


def test_more_islands_than_one_read_returns_come_back_in_order(store: RunStore) -> None:
    """Reading continues until every series has been read."""
    for island in range(130):
        store.put_series(a_series(island=island))
    assert [record.island for record in store.series("r", 130, 1)] == list(range(130))


def test_a_closed_epoch_has_all_its_generations_and_moves_the_run_on(store: RunStore) -> None:
    """More generations than one write takes are all recorded."""
    store.create_run(a_run())
    generations = [
        GenerationRecord(run_id="r", generation=number, comparisons=50, island=0, mean=40.5, generation_evaluations=20)
        for number in range(60)
    ]
    store.put_epoch(an_epoch(), generations)
    assert store.generations("r") == generations
    assert store.epoch("r", 1) == an_epoch()
    assert (store.run("r").epoch, store.run("r").best) == (1, 50)


def test_closing_an_old_epoch_again_does_not_move_the_run_back(store: RunStore) -> None:
    """A late delivery cannot lower the run's epoch or best."""
    store.create_run(a_run())
    store.put_epoch(an_epoch(1, best=50), [])
    store.put_epoch(an_epoch(2, best=60), [])
    store.put_epoch(an_epoch(1, best=50), [])
    assert (store.run("r").epoch, store.run("r").best) == (2, 60)


def test_only_the_execution_that_runs_it_can_end_a_run_and_only_once(store: RunStore) -> None:
    """Any other attempt returns False."""
    store.create_run(a_run())
    assert not store.end_run("r", "arn:2", Status.FAILED, "no", "now")
    assert store.end_run("r", "arn:1", Status.SUCCEEDED, "done", "now")
    assert not store.end_run("r", "arn:1", Status.FAILED, "no", "later")
    assert (store.run("r").status, store.run("r").reason) == (Status.SUCCEEDED, "done")


def test_a_running_run_is_not_reopened(store: RunStore) -> None:
    """Only an ended run is, and by only one execution."""
    store.create_run(a_run())
    assert not store.reopen_run("r", "arn:2")
    store.end_run("r", "arn:1", Status.ABORTED, "stopped", "now")
    assert store.reopen_run("r", "arn:2")
    assert not store.reopen_run("r", "arn:3")


def test_the_first_checkpoint_of_an_epoch_wins(store: RunStore) -> None:
    """It cannot be overwritten, and is read back unchanged."""
    first = Checkpoint("r", 0, first_state(CONFIG, 0))
    assert store.populations.put_checkpoint(first)
    assert not store.populations.put_checkpoint(
        Checkpoint("r", 0, first_state(CONFIG.model_copy(update={"seed": 2}), 0))
    )
    assert store.populations.checkpoint("r", 0, 0).to_bytes() == first.to_bytes()
    assert store.populations.has_checkpoint("r", 0, 0)
    assert not store.populations.has_checkpoint("r", 0, 1)


def test_a_missing_checkpoint_is_named(store: RunStore) -> None:
    """The error names the key."""
    with pytest.raises(CheckpointMissing, match=r"runs/r/islands/3/7\.npz"):
        store.populations.checkpoint("r", 3, 7)


def test_an_object_that_was_changed_in_the_bucket_is_not_parsed(store: RunStore) -> None:
    """Its bytes are compared with the checksum they were stored with."""
    store.populations.put_checkpoint(Checkpoint("r", 0, first_state(CONFIG, 0)))
    s3 = boto3.client("s3")
    stored = s3.get_object(Bucket="bucket", Key="runs/r/islands/0/0.npz")
    s3.put_object(
        Bucket="bucket", Key="runs/r/islands/0/0.npz", Body=stored["Body"].read()[:-1], Metadata=stored["Metadata"]
    )
    with pytest.raises(CheckpointCorrupt, match="checksum they were stored with"):
        store.populations.checkpoint("r", 0, 0)


def test_series_expire_and_nothing_else_does(store: RunStore) -> None:
    """They have the attribute that the template names; reading ignores it."""
    store.create_run(a_run())
    store.put_series(a_series())
    store.put_epoch(an_epoch(), [])
    items = boto3.client("dynamodb").scan(TableName="GenerationsTable")["Items"]
    assert [item["sk"]["S"] for item in items if "expires_at" in item] == ["ISLAND#00000#000001"]
    assert store.series("r", 1, 1) == [a_series()]


def test_runs_are_read_by_their_ids_and_unknown_ids_are_left_out(store: RunStore) -> None:
    """That also holds for more runs than one read returns."""
    ids = [f"r{number}" for number in range(120)]
    for run_id in ids:
        store.create_run(a_run(run_id))
    assert sorted(run.run_id for run in store.runs([*ids, "unknown"])) == sorted(ids)
    assert store.runs([]) == []


def test_runs_with_a_population_are_found_without_a_list_of_runs(store: RunStore) -> None:
    """Each is found once, whatever else it left in the bucket."""
    for run_id in ("b", "a"):
        store.populations.put_checkpoint(Checkpoint(run_id, 0, first_state(CONFIG, 0)))
        store.artefacts.put(run_id, "champion.json", b"{}", "application/json")
    assert store.seeded_run_ids() == ["a", "b"]


def test_artefacts_are_listed_and_read_without_the_populations(store: RunStore) -> None:
    """Names are sorted; an artefact that was never written is reported as missing."""
    store.populations.put_checkpoint(Checkpoint("r", 0, first_state(CONFIG, 0)))
    store.artefacts.put("r", "report.html", b"<html>", "text/html")
    store.artefacts.put("r", "champion.json", b"{}", "application/json")
    store.artefacts.put("r2", "history.csv", b"", "text/csv")
    assert store.artefacts.names("r") == ["champion.json", "report.html"]
    assert store.artefacts.get("r", "report.html") == b"<html>"
    with pytest.raises(CheckpointMissing, match=r"runs/r/history\.csv"):
        store.artefacts.get("r", "history.csv")


def a_champion(target: str, size: int, fitness: int) -> ChampionRecord:
    """Return a champion whose key includes its fitness."""
    return ChampionRecord(
        run_id="r", key=f"{target}:{size}:{fitness}", family=f"{target}:{size}", fitness=fitness, target=target,
        size=size, preset="strong", seed=1, random_mean=3.5, antiquicksort=9, artefact="a", found_at="2026-01-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("target", "size", "fitnesses"),
    [
        ("go1.12", 12, [60, 50]),
        ("go1.12", None, [60, 50, 70]),
        (None, 12, [60, 50, 40]),
        (None, None, [60, 50, 70, 40]),
    ],
)
def test_champions_come_family_by_family_with_the_best_first(
    store: RunStore, target: str | None, size: int | None, fitnesses: list[int]
) -> None:
    """Champions of one target, one size, both or all."""
    for family in (("go1.12", 12, 50), ("go1.12", 20, 70), ("go1.12", 12, 60), ("stable", 12, 40)):
        assert store.leaderboard.put(a_champion(*family))
    assert not store.leaderboard.put(a_champion("stable", 12, 40))
    assert [champion.fitness for champion in store.leaderboard.champions(target, size)] == fitnesses


def test_champions_of_distinct_values_compete_among_themselves(store: RunStore) -> None:
    """They come after those of any values, whichever filter finds them, and a filter tells them apart."""
    distinct = a_champion("go1.24", 12, 60).model_copy(update={"family": "go1.24:12:distinct", "values": "distinct"})
    for champion in (distinct.model_copy(update={"key": "go1.24:12:distinct:1"}), a_champion("go1.24", 12, 50)):
        assert store.leaderboard.put(champion)
    for size in (12, None):
        found = [store.leaderboard.champions("go1.24", size, values) for values in (None, "any", "distinct")]
        assert [[champion.fitness for champion in champions] for champions in found] == [[50, 60], [50], [60]]


def a_generation(number: int) -> GenerationRecord:
    """Return the record of a generation."""
    return GenerationRecord(
        run_id="r", generation=number, comparisons=50, island=0, mean=40.5, generation_evaluations=20
    )


def test_backed_up_epochs_are_put_back_as_they_were(store: RunStore) -> None:
    """Epochs, series, generations and the run's record, into an empty store, by way of a file."""
    run = store.create_run(a_run())
    backups = []
    for epoch in (1, 2):
        store.put_series(a_series(epoch=epoch))
        store.put_epoch(an_epoch(epoch), [a_generation(number) for number in range(2 * epoch - 2, 2 * epoch)])
    for epoch, first in ((1, 0), (2, 2)):
        restored = run.model_copy(update={"status": Status.ABORTED, "epoch": epoch})
        closed = an_epoch(epoch).model_copy(update={"generations": 2 * epoch - 1})
        kept = store.back_up_epoch(restored, closed, first).to_bytes("e")
        backups.append(EpochBackup.from_bytes(kept, "kept-file", run_id="r", epoch=epoch, evolution="e"))
    table = boto3.client("dynamodb")
    for item in table.scan(TableName="GenerationsTable")["Items"]:
        table.delete_item(TableName="GenerationsTable", Key={name: item[name] for name in ("run_id", "sk")})
    store.restore_epochs(backups)
    assert store.generations("r") == [a_generation(number) for number in range(4)]
    assert [store.epoch("r", epoch) for epoch in (1, 2)] == [an_epoch(1), an_epoch(2)]
    assert store.series("r", 1, 2) == [a_series(epoch=2)]
    assert (store.run("r").status, store.run("r").epoch) == (Status.ABORTED, 2)


def test_a_kept_population_is_put_back_byte_for_byte_and_only_where_it_belongs(store: RunStore) -> None:
    """A damaged or foreign population is refused; the error names the file."""
    store.populations.put_checkpoint(Checkpoint("r", 3, first_state(CONFIG, 0)))
    body = store.populations.checkpoint_bytes("r", 0, 3)
    boto3.client("s3").delete_object(Bucket="bucket", Key="runs/r/islands/0/3.npz")
    with pytest.raises(CheckpointForeign, match="kept-file"):
        store.populations.restore_checkpoint(body, "kept-file", run_id="r", island=1, epoch=3)
    with pytest.raises(CheckpointCorrupt, match="kept-file"):
        store.populations.restore_checkpoint(body[:-1], "kept-file", run_id="r", island=0, epoch=3)
    assert not store.populations.has_checkpoint("r", 0, 3)
    store.populations.restore_checkpoint(body, "kept-file", run_id="r", island=0, epoch=3)
    assert store.populations.checkpoint_bytes("r", 0, 3) == body


def test_an_epoch_has_evolved_once_its_series_and_its_population_are_stored(store: RunStore) -> None:
    """One of them alone may be left by an interrupted attempt."""
    store.put_series(a_series(epoch=1))
    store.populations.put_checkpoint(Checkpoint("r", 2, first_state(CONFIG, 0)))
    assert not store.has_evolved("r", 0, 1)
    assert not store.has_evolved("r", 0, 2)
    store.put_series(a_series(epoch=2))
    assert store.has_evolved("r", 0, 2)


def test_a_run_is_read_with_what_one_of_its_epochs_left(store: RunStore) -> None:
    """With how it closed, or with what an island recorded; None stands for what is not there."""
    run = store.create_run(a_run())
    assert store.run_at("r", 1) == (run, None)
    assert store.run_for("r", 0, 1) == (run, None)
    store.put_series(a_series(epoch=1))
    store.put_epoch(an_epoch(1), [])
    run = store.run("r")
    assert store.run_at("r", 1) == (run, an_epoch(1))
    assert store.run_at("r", 2) == (run, None)
    assert store.run_for("r", 0, 1) == (run, a_series(epoch=1))
    assert store.run_for("r", 1, 1) == (run, None)


def test_a_run_that_is_not_there_is_named_whatever_is_read_with_it(store: RunStore) -> None:
    """Though what belongs to it may be there."""
    store.put_series(a_series(epoch=1))
    with pytest.raises(RunNotFound, match="r"):
        store.run_at("r", 1)
    with pytest.raises(RunNotFound, match="r"):
        store.run_for("r", 0, 1)


def test_the_last_closed_epoch_is_the_one_that_the_runs_record_names(store: RunStore) -> None:
    """It is None before any epoch is closed."""
    run = store.create_run(a_run())
    assert store.last_epoch(run) is None
    store.put_epoch(an_epoch(1), [])
    assert store.last_epoch(store.run("r")) == an_epoch(1)
