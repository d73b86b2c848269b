"""The store on services that promise no more than their documents do, and what exactly it asks of them."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.integration.storage.test_run_store import a_champion, a_generation, a_run, a_series, an_epoch
from tests.integration.storage.unkind import Unkind
from tests.support.stores import template
from worstsort.runs.composition import algorithm, first_state, fitness
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import RunExists
from worstsort.runs.progress import advance, begin
from worstsort.runs.status import Status
from worstsort.runtime.environment import StoreEnvironment
from worstsort.storage.checkpoint import Checkpoint, state_digest
from worstsort.storage.run_store import CHECKPOINT_DAYS, RunStore

if TYPE_CHECKING:
    from worstsort.runs.progress import Progress

CONFIG = RunConfig.parse({"preset": "classic", "population": 20, "size": 12, "islands": 2})


@pytest.fixture
def dynamodb(store: RunStore) -> Unkind:  # noqa: ARG001 - the tables must be there first
    """Return an unkind DynamoDB."""
    return Unkind(boto3.client("dynamodb"))


@pytest.fixture
def s3(store: RunStore) -> Unkind:  # noqa: ARG001 - the bucket must be there first
    """Return an unkind S3."""
    return Unkind(boto3.client("s3"))


@pytest.fixture
def unkind(dynamodb: Unkind, s3: Unkind) -> RunStore:
    """Return a store on both."""
    return RunStore("GenerationsTable", "bucket", "ChampionsTable", dynamodb=dynamodb, s3=s3)


def progress_of(generations: int, island: int = 0) -> Progress:
    """Return an epoch under way after some generations."""
    config = CONFIG
    progress = begin("r", 1, first_state(config, island), 10)
    for _ in range(generations):
        progress = advance(progress, algorithm(config, 1), fitness(config, 1))
    return progress


# --- answers in parts


@pytest.mark.parametrize("count", [1, 2, 3, 26, 101, 250])
def test_what_is_left_unprocessed_is_asked_for_again(unkind: RunStore, count: int) -> None:
    """Generations and series are complete and in order, however small the parts and whatever their order."""
    unkind.create_run(a_run())
    unkind.put_epoch(an_epoch(), [a_generation(number) for number in range(count)])
    for island in range(min(count, 101)):
        unkind.put_series(a_series(island=island))
    assert [record.generation for record in unkind.generations("r")] == list(range(count))
    assert [series.island for series in unkind.series("r", min(count, 101), 1)] == list(range(min(count, 101)))


@pytest.mark.parametrize("count", [1, 24, 25, 26, 60])
def test_no_batch_is_larger_than_dynamodb_takes(unkind: RunStore, dynamodb: Unkind, count: int) -> None:
    """BatchWriteItem takes 25 items and BatchGetItem 100 keys."""
    unkind.create_run(a_run())
    unkind.put_epoch(an_epoch(), [a_generation(number) for number in range(count)])
    unkind.runs([f"r{number}" for number in range(4 * count)])
    written = [len(request["RequestItems"]["GenerationsTable"]) for request in dynamodb.asked("batch_write_item")]
    read = [len(request["RequestItems"]["GenerationsTable"]["Keys"]) for request in dynamodb.asked("batch_get_item")]
    assert max(written) == min(count, 25)
    assert max(read) == min(4 * count, 100)


def test_champions_and_artefacts_are_read_page_by_page(unkind: RunStore) -> None:
    """A scan, a query of the index and a listing go on to their last page."""
    for fitness_ in range(50, 57):
        unkind.leaderboard.put(a_champion("go1.12", 12, fitness_))
    unkind.leaderboard.put(a_champion("stable", 20, 9))
    assert [champion.fitness for champion in unkind.leaderboard.champions("go1.12", 12)] == list(range(56, 49, -1))
    assert len(unkind.leaderboard.champions()) == 8
    for name in ("a", "b", "c", "d"):
        unkind.artefacts.put("r", name, b"", "text/plain")
    unkind.artefacts.put("q", "a", b"", "text/plain")
    assert unkind.artefacts.names("r") == ["a", "b", "c", "d"]
    assert sorted(unkind.seeded_run_ids()) == ["q", "r"]


def test_epochs_are_backed_up_and_put_back_whole(unkind: RunStore) -> None:
    """Two epochs of two islands: every record comes back, and the run's record is that of the last backup."""
    run = a_run(config=CONFIG)
    unkind.create_run(run)
    backups = []
    for epoch in (1, 2):
        for island in (0, 1):
            unkind.put_series(a_series(island=island, epoch=epoch))
        closed = an_epoch(epoch).model_copy(update={"generations": 3 * epoch - 1})
        unkind.put_epoch(closed, [a_generation(number) for number in range(3 * epoch - 3, 3 * epoch)])
        backups.append(unkind.back_up_epoch(unkind.run("r"), closed, first_generation=3 * epoch - 3))

    def stored() -> tuple[Any, ...]:
        series = unkind.series("r", 2, 1), unkind.series("r", 2, 2)
        return unkind.run("r"), unkind.generations("r"), unkind.epoch("r", 1), unkind.epoch("r", 2), *series

    before = stored()
    for item in boto3.client("dynamodb").scan(TableName="GenerationsTable")["Items"]:
        key = {name: item[name] for name in ("run_id", "sk")}
        boto3.client("dynamodb").delete_item(TableName="GenerationsTable", Key=key)
    unkind.restore_epochs(backups)
    assert stored() == before


# --- what is asked


def everything(store: RunStore) -> None:
    """Use all that a run uses of a store."""
    store.create_run(a_run(config=CONFIG))
    for island in (0, 1):
        store.populations.put_checkpoint(Checkpoint("r", 0, first_state(CONFIG, island)))
        version = store.populations.put_progress(progress_of(1, island), None)
        store.populations.progress("r", island, 1)
        store.populations.put_progress(progress_of(2, island), version)
        store.populations.delete_progress("r", island, 1)
        store.put_series(a_series(island=island))
        store.has_evolved("r", island, 1)
    store.series("r", 2, 1)
    store.put_epoch(an_epoch(), [a_generation(number) for number in range(5)])
    store.generations("r")
    store.epoch("r", 1)
    store.runs(["r"])
    store.artefacts.put("r", "champion.json", b"{}", "application/json")
    store.leaderboard.put(a_champion("go1.12", 12, 60))
    store.end_run("r", "arn:1", Status.SUCCEEDED, "enough", "2026-01-02")


def test_every_decision_rests_on_what_is_stored_now(unkind: RunStore, dynamodb: Unkind) -> None:
    """Reads of runs and epochs are strongly consistent; only the leaderboard's index cannot be."""
    everything(unkind)
    for operation in ("get_item", "query"):
        assert dynamodb.asked(operation)
        assert all(request["ConsistentRead"] is True for request in dynamodb.asked(operation))
    for request in dynamodb.asked("batch_get_item"):
        assert request["RequestItems"]["GenerationsTable"]["ConsistentRead"] is True


def test_every_object_is_written_with_its_checksum_and_what_it_may_replace(unkind: RunStore, s3: Unkind) -> None:
    """Populations replace nothing but the version that is named; each body has its SHA-256 in its metadata."""
    everything(unkind)
    for request in s3.asked("put_object"):
        assert request["Metadata"]["sha256"] == hashlib.sha256(request["Body"]).hexdigest()
        assert request["ChecksumSHA256"]
    written = {request["Key"]: request for request in s3.asked("put_object")}
    assert written["runs/r/islands/0/0.npz"]["IfNoneMatch"] == "*"
    assert written["runs/r/islands/0/partial/1.npz"]["IfMatch"]
    first_save = next(request for request in s3.asked("put_object") if "/partial/" in request["Key"])
    assert first_save["IfNoneMatch"] == "*"
    assert written["runs/r/champion.json"]["ContentType"] == "application/json"


def test_every_tag_that_is_written_has_a_rule_that_lets_it_expire(unkind: RunStore, s3: Unkind) -> None:
    """The template's lifecycle rules name the tags of populations and of saves, and no others."""
    everything(unkind)
    rules = template()["Resources"]["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    filters = {f"{tag['Key']}={tag['Value']}" for rule in rules for tag in rule.get("TagFilters", [])}
    tags = {request["Tagging"] for request in s3.asked("put_object") if "Tagging" in request}
    assert tags == {"kind=checkpoint", "kind=partial"}
    assert tags <= filters


def test_what_users_keep_has_no_tag_that_lets_it_expire(unkind: RunStore, s3: Unkind) -> None:
    """Artefacts stay until somebody deletes them."""
    unkind.artefacts.put("r", "champion.json", b"{}", "application/json")
    assert "Tagging" not in s3.asked("put_object")[0]


def test_series_expire_when_the_populations_do_and_nothing_else_expires(
    unkind: RunStore, dynamodb: Unkind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attribute is the template's; the time is the deployment's setting, as a job's environment gives it."""
    everything(unkind)
    resources = template()["Resources"]
    attribute = resources["GenerationsTable"]["Properties"]["TimeToLiveSpecification"]["AttributeName"]
    expiring = [request["Item"] for request in dynamodb.asked("put_item") if attribute in request["Item"]]
    assert {item["sk"]["S"].split("#")[0] for item in expiring} == {"ISLAND"}
    variables = resources["JobDefinition"]["Properties"]["ContainerProperties"]["Environment"]
    (setting,) = (variable["Value"] for variable in variables if variable["Name"] == "CHECKPOINT_DAYS")
    assert setting == {"Fn::Sub": "${CheckpointDays}"}
    assert template()["Parameters"]["CheckpointDays"]["Default"] == CHECKPOINT_DAYS
    for name, value in {"GENERATIONS_TABLE": "t", "BUCKET": "b", "CHECKPOINT_DAYS": "400"}.items():
        monkeypatch.setenv(name, value)
    days = StoreEnvironment.load().checkpoint_days
    assert days == 400
    longer = RunStore("GenerationsTable", "bucket", dynamodb=dynamodb, checkpoint_days=days)
    longer.put_series(a_series(island=9))
    expires_at = int(dynamodb.asked("put_item")[-1]["Item"][attribute]["N"])
    assert abs(expires_at - time.time() - 400 * 86_400) < 600
    assert all(abs(int(item[attribute]["N"]) - time.time() - 90 * 86_400) < 600 for item in expiring)


# --- ownership and order


def test_a_save_over_another_version_is_refused_and_changes_nothing(unkind: RunStore) -> None:
    """Neither a save over nothing nor one over a stale version replaces what is there."""
    first = unkind.populations.put_progress(progress_of(1), None)
    second = unkind.populations.put_progress(progress_of(2), first)
    assert first
    assert second
    assert unkind.populations.put_progress(progress_of(3), None) is None
    assert unkind.populations.put_progress(progress_of(3), first) is None
    assert unkind.populations.progress("r", 0, 1)[1] == second
    saved = unkind.populations.saved_progress("r", 0, 1)
    assert saved is not None
    assert (saved.version, saved.generation) == (second, 2)


def test_progress_is_read_back_as_it_was_saved(unkind: RunStore) -> None:
    """The state, the series and how far the epoch has to go."""
    progress = progress_of(3).after(seconds=1.5, cpu_seconds=1.25)
    unkind.populations.put_progress(progress, None)
    read, _ = unkind.populations.progress("r", 0, 1)
    assert state_digest(read.state) == state_digest(progress.state)
    for name in ("run_id", "epoch", "until", "evaluations_before", "series", "seconds", "cpu_seconds"):
        assert getattr(read, name) == getattr(progress, name), name


@pytest.mark.parametrize(
    ("status", "owner", "handed_over"),
    [(Status.RUNNING, "arn:1", True), (Status.RUNNING, "arn:0", False), (Status.ABORTED, "arn:1", False)],
)
def test_a_run_is_handed_over_by_its_owner_while_it_runs(
    unkind: RunStore, status: Status, owner: str, *, handed_over: bool
) -> None:
    """An ended run is resumed, not handed over; nor can a former owner give away what it no longer owns."""
    unkind.create_run(a_run(config=CONFIG))
    if status is not Status.RUNNING:
        unkind.end_run("r", "arn:1", status, "", "2026-01-02")
    assert unkind.hand_over_run("r", owner, "arn:2", 2) is handed_over
    expected: tuple[Any, ...] = ("arn:2", 2, Status.RUNNING) if handed_over else ("arn:1", 1, status)
    run = unkind.run("r")
    assert (run.execution_arn, run.part, run.status) == expected


def test_a_run_that_ended_is_restored_for_its_own_execution_alone(unkind: RunStore) -> None:
    """A redriven execution takes its run up again; another one's stays closed, and so does a running one."""
    unkind.create_run(a_run(config=CONFIG))
    assert not unkind.restore_run("r", "arn:1")
    unkind.end_run("r", "arn:1", Status.ABORTED, "", "2026-01-02")
    assert not unkind.restore_run("r", "arn:2")
    assert unkind.restore_run("r", "arn:1")
    assert unkind.run("r").status is Status.RUNNING


def test_a_running_run_is_reopened_only_from_an_execution_known_to_have_ended(unkind: RunStore) -> None:
    """That the record says RUNNING is then a leftover of an execution that nobody closed."""
    unkind.create_run(a_run(config=CONFIG))
    assert not unkind.reopen_run("r", "arn:2")
    assert not unkind.reopen_run("r", "arn:2", ended="arn:0")
    assert unkind.reopen_run("r", "arn:2", ended="arn:1", part=3)
    run = unkind.run("r")
    assert (run.execution_arn, run.part, run.status) == ("arn:2", 3, Status.RUNNING)


def test_another_configuration_cannot_take_a_runs_id(unkind: RunStore) -> None:
    """Not even of the same execution, whose input is what it is."""
    unkind.create_run(a_run(config=CONFIG))
    with pytest.raises(RunExists):
        unkind.create_run(a_run(config=CONFIG.model_copy(update={"seed": 99})))


def test_a_closed_epoch_is_recorded_after_its_generations_and_before_the_run_moves_on(
    unkind: RunStore, dynamodb: Unkind
) -> None:
    """In this order, whoever sees a closed epoch sees all its generations."""
    unkind.create_run(a_run(config=CONFIG))
    dynamodb.requests.clear()
    unkind.put_epoch(an_epoch(), [a_generation(number) for number in range(30)])
    operations = [operation for operation, _ in dynamodb.requests]
    assert operations == ["batch_write_item"] * (len(operations) - 2) + ["put_item", "update_item"]
