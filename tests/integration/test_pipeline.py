"""The handlers' logic and the worker, one after the other as the state machine calls them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import boto3
import pytest
from functions.close_epoch import app as close_epoch
from functions.finish_run import app as finish_run
from functions.seed_populations import app as seed_populations

from worstsort.control.plan import Plan, chunks, prepare, resume
from worstsort.gosort import count_plain
from worstsort.runs.errors import InputRefused
from worstsort.runs.status import Status
from worstsort.worker.evolve_epoch import Job, evolve_epoch

if TYPE_CHECKING:
    from typing import Any

    from worstsort.storage.run_store import RunStore

INPUT = {
    "preset": "classic",
    "size": 40,
    "population": 60,
    "islands": 3,
    "generations_per_epoch": 4,
    "stop": {"max_epochs": 3},
}


def running(_execution: str) -> Status:
    """Every execution runs."""
    return Status.RUNNING


def begin(store: RunStore, run_id: str = "r") -> Plan:
    """Prepare and seed a run."""
    plan = prepare(store, run_id, INPUT, f"arn:{run_id}", "2026-01-01T00:00:00Z")
    for chunk in plan.chunks:
        seed_populations.seed(store, run_id, range(chunk.first, chunk.first + chunk.count))
    return plan


def evolve(store: RunStore, run_id: str, epoch: int) -> None:
    """Evolve every island for an epoch."""
    for island in range(3):
        job = Job.model_validate({"RUN_ID": run_id, "EPOCH": str(epoch), "ISLAND": str(island)})
        evolve_epoch(store, job)


def finish(store: RunStore, run_id: str) -> dict[str, Any]:
    """Finish a run."""
    end = finish_run.Event(run_id=run_id, execution_arn=f"arn:{run_id}", finished_at="2026-01-01T00:01:00Z")
    return finish_run.finish(store, end)


def champion_of(run_id: str) -> dict[str, Any]:
    """Return the run's champion.json."""
    body = boto3.client("s3").get_object(Bucket="bucket", Key=f"runs/{run_id}/champion.json")["Body"].read()
    return dict(json.loads(body))


def complete(store: RunStore, run_id: str) -> dict[str, Any]:
    """Run all of it."""
    begin(store, run_id)
    for epoch in (1, 2, 3):
        evolve(store, run_id, epoch)
        close_epoch.close(store, run_id, epoch)
    return finish(store, run_id)


def test_a_run_goes_from_its_input_to_a_champion_that_counts_as_recorded(store: RunStore) -> None:
    """The champion is a plain list whose count, taken again, is the recorded one."""
    summary = complete(store, "r")
    champion = champion_of("r")
    assert count_plain(champion["values"], "go1.12") == champion["comparisons"] == summary["comparisons"]
    assert summary["reason"] == "all 3 epochs done"
    assert store.run("r").status is Status.SUCCEEDED
    generations = store.generations("r")
    assert [record.generation for record in generations] == list(range(13))
    assert max(record.comparisons for record in generations) == champion["comparisons"]
    assert (
        sum(record.generation_evaluations for record in generations)
        == summary["evaluations"]
        == store.run("r").evaluations
    )


def test_the_champion_is_on_the_leaderboard_of_its_family(store: RunStore) -> None:
    """It is found by fitness."""
    summary = complete(store, "r")
    (item,) = boto3.client("dynamodb").query(
        TableName="ChampionsTable", IndexName="by_fitness", KeyConditionExpression="family = :f",
        ExpressionAttributeValues={":f": {"S": "go1.12:40"}},
    )["Items"]  # fmt: skip
    assert int(item["fitness"]["N"]) == summary["comparisons"]


def test_the_same_seed_gives_the_same_champion(store: RunStore) -> None:
    """Whatever the run is called."""
    complete(store, "one")
    complete(store, "two")
    assert champion_of("one")["values"] == champion_of("two")["values"]


def test_everything_delivered_twice_gives_the_same_run(store: RunStore) -> None:
    """Preparing, seeding, evolving, closing and finishing again changes nothing."""
    complete(store, "once")
    begin(store, "twice")
    begin(store, "twice")
    for epoch in (1, 2, 3):
        for _ in range(2):
            evolve(store, "twice", epoch)
            close_epoch.close(store, "twice", epoch)
    assert finish(store, "twice") == finish(store, "twice")
    assert champion_of("twice")["values"] == champion_of("once")["values"]
    once, twice = store.generations("once"), store.generations("twice")
    assert [record.model_copy(update={"run_id": "twice"}) for record in once] == twice


def test_an_aborted_run_resumes_behind_its_last_closed_epoch_to_the_same_champion(store: RunStore) -> None:
    """Nothing that was closed is done again."""
    complete(store, "whole")
    begin(store, "cut")
    evolve(store, "cut", 1)
    close_epoch.close(store, "cut", 1)
    store.end_run("cut", "arn:cut", Status.ABORTED, "stopped", "now")
    plan = resume(store, {"resume": "cut"}, "arn:next", running)
    assert (plan.start, plan.epoch) == ("evolve", 2)
    for epoch in (2, 3):
        evolve(store, "cut", epoch)
        close_epoch.close(store, "cut", epoch)
    finish(store, "cut")
    assert champion_of("cut")["values"] == champion_of("whole")["values"]


def test_resuming_a_finished_run_does_nothing(store: RunStore) -> None:
    """The plan says so."""
    complete(store, "r")
    assert resume(store, {"resume": "r"}, "arn:next", running).start == "done"


def test_a_run_whose_end_nobody_could_record_is_resumed_all_the_same(store: RunStore) -> None:
    """Its record says RUNNING, but the execution that runs it has ended."""
    begin(store, "r")
    assert resume(store, {"resume": "r"}, "arn:next", lambda _: Status.FAILED).start == "seed"
    assert store.run("r").execution_arn == "arn:next"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"resume": "nobody"}, "the id of a recorded run"),
        ({"resume": 5}, "the id of a run"),
        ({"resume": "r", "size": 5}, "no other field with resume"),
        ({"resume": "r"}, "this one is running"),
    ],
)
def test_what_cannot_be_resumed_is_refused(store: RunStore, raw: dict[str, Any], said: str) -> None:
    """Unknown runs, running ones, and inputs that say more than which run."""
    begin(store, "r")
    with pytest.raises(InputRefused, match=said):
        resume(store, raw, "arn:next", running)


def test_a_run_id_that_batch_would_not_take_is_refused(store: RunStore) -> None:
    """Before anything is recorded."""
    with pytest.raises(InputRefused, match="execution name"):
        prepare(store, "no spaces", INPUT, "arn:x", "now")


@pytest.mark.parametrize(("islands", "count"), [(1, 1), (2, 2), (40, 40), (41, 40), (1000, 40)])
def test_islands_are_seeded_in_at_most_40_even_chunks(islands: int, count: int) -> None:
    """Each island is in exactly one chunk."""
    made = chunks(islands)
    assert len(made) == count
    assert [island for chunk in made for island in range(chunk.first, chunk.first + chunk.count)] == list(
        range(islands)
    )
    assert max(chunk.count for chunk in made) - min(chunk.count for chunk in made) <= 1
