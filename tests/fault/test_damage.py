"""F6: populations that are truncated, changed, or belong to another run or schema."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from functions.close_epoch import app as close_epoch
from functions.seed_populations import app as seed_populations

from tests.fault.harness import Testbed, tries
from worstsort.control.plan import prepare
from worstsort.runs import composition
from worstsort.runs.errors import CheckpointCorrupt, CheckpointForeign, CheckpointMissing
from worstsort.runs.progress import advance, begin
from worstsort.storage import checkpoint, keys
from worstsort.worker.evolve_epoch import Job, arrive, evolve_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from worstsort.storage.run_store import RunStore

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("overlaps")]

INPUT = {"preset": "classic", "size": 30, "population": 40, "islands": 2, "generations_per_epoch": 6}


@dataclass
class Scene:
    """Two runs after their first epoch, whose objects are about to be damaged."""

    store: RunStore
    s3: Any
    bucket: str
    run_id: str
    other: str

    def read(self, key: str) -> bytes:
        """Return an object's bytes."""
        return bytes(self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def write(self, key: str, body: bytes) -> None:
        """Replace an object's bytes, with a checksum that matches."""
        digest = hashlib.sha256(body)
        self.s3.put_object(
            Bucket=self.bucket, Key=key, Body=body, ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
            Metadata={"sha256": digest.hexdigest(), "generation": "0"},
        )  # fmt: skip

    def job(self, island: int = 0, epoch: int = 2) -> Job:
        """Return the job of an epoch that has not been evolved."""
        return Job.model_validate({"RUN_ID": self.run_id, "EPOCH": str(epoch), "ISLAND": str(island)})


@pytest.fixture
def scene(testbed: Testbed, request: pytest.FixtureRequest) -> Scene:
    """Make two runs in the embedded cloud, with the functions' and the worker's own logic."""
    name = f"scene-{abs(hash(request.node.nodeid))}-{os.getpid()}"
    for run_id in (name, f"{name}-b"):
        prepare(testbed.store, run_id, INPUT, f"arn:{run_id}", "2026-01-01T00:00:00Z")
        seed_populations.seed(testbed.store, run_id, range(2))
        for island in range(2):
            evolve_epoch(testbed.store, Job.model_validate({"RUN_ID": run_id, "EPOCH": "1", "ISLAND": str(island)}))
        close_epoch.close(testbed.store, run_id, 1)
    return Scene(testbed.store, testbed.client("s3"), testbed.cloud.outputs["BucketName"], name, f"{name}-b")


def truncations(body: bytes) -> Iterator[bytes]:
    """Yield the body cut at 20 places."""
    count = tries(20)
    return (body[: len(body) * at // count] for at in range(count))


def flips(body: bytes) -> Iterator[bytes]:
    """Yield the body with one of 20 bytes changed."""
    count = tries(20)
    for at in range(count):
        changed = bytearray(body)
        changed[len(body) * at // count] ^= 0x55
        yield bytes(changed)


def read(scene: Scene) -> str:
    """Return the digest of the first island's state at the start of the second epoch, or the error."""
    try:
        return checkpoint.state_digest(arrive(scene.store, scene.store.run(scene.run_id).config, scene.job()))
    except CheckpointCorrupt as error:
        return f"CheckpointCorrupt {error.key}"


def test_a_damaged_population_is_named_and_never_used(scene: Scene, table: Callable[..., None]) -> None:
    """F6: truncated and changed at 40 places, with and without a checksum that matches the damage.

    Broken on purpose: without the comparison of `sha256` in `archive.unpack`, some changed bytes are used.
    """
    key = keys.checkpoint_key(scene.run_id, 0, 1)
    whole, metadata = scene.read(key), scene.s3.head_object(Bucket=scene.bucket, Key=key)["Metadata"]
    expected = read(scene)
    named = harmless = 0
    for number, damaged in enumerate([*truncations(whole), *flips(whole)]):
        scene.write(key, damaged)
        outcome = read(scene)
        named += outcome == f"CheckpointCorrupt {key}"
        harmless += outcome == expected  # redundant bytes or padding of zip
        if number % 8:
            continue
        scene.s3.put_object(Bucket=scene.bucket, Key=key, Body=damaged, Metadata=metadata)
        with pytest.raises(CheckpointCorrupt, match="checksum they were stored with"):
            scene.store.populations.checkpoint(scene.run_id, 0, 1)
    total = 2 * tries(20)
    table("F6 damaged population", total, total, "0 generations", named + harmless == total)
    assert named + harmless == total
    assert named > total // 2


@pytest.mark.parametrize("island", [0, 1])
def test_a_population_of_another_run_island_or_epoch_is_refused(scene: Scene, island: int) -> None:
    """F6: both as the island's own population and as a neighbour's."""
    key = keys.checkpoint_key(scene.run_id, 0, 1)
    for foreign in (
        keys.checkpoint_key(scene.other, 0, 1), keys.checkpoint_key(scene.run_id, 1, 1),
        keys.checkpoint_key(scene.run_id, 0, 0),
    ):  # fmt: skip
        scene.write(key, scene.read(foreign))
        with pytest.raises(CheckpointForeign, match="expected schema 1") as refused:
            evolve_epoch(scene.store, scene.job(island))
        assert refused.value.key == key


def test_a_population_of_another_schema_is_refused(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """F6: by its schema number, before anything else in it is used."""
    key, written = keys.checkpoint_key(scene.run_id, 0, 1), scene.store.populations.checkpoint(scene.run_id, 0, 1)
    with monkeypatch.context() as later:
        later.setattr(checkpoint, "SCHEMA", checkpoint.SCHEMA + 1)
        scene.write(key, written.to_bytes())
    with pytest.raises(CheckpointForeign, match=r"expected schema 1.* found schema 2"):
        evolve_epoch(scene.store, scene.job())


def test_a_population_that_is_gone_is_not_seeded_again(scene: Scene) -> None:
    """F6: the error is CheckpointMissing, with the key."""
    key = keys.checkpoint_key(scene.run_id, 1, 1)
    scene.s3.delete_object(Bucket=scene.bucket, Key=key)
    with pytest.raises(CheckpointMissing, match=key):
        evolve_epoch(scene.store, scene.job(1))


def test_a_damaged_save_costs_no_more_than_the_epoch(scene: Scene, table: Callable[..., None]) -> None:
    """F6: the damage is logged by name, and the epoch is evolved from its beginning to the same bits."""
    config = scene.store.run(scene.run_id).config
    progress = begin(scene.run_id, 2, arrive(scene.store, config, scene.job()), config.generations_per_epoch)
    for _ in range(3):
        progress = advance(progress, composition.algorithm(config), composition.fitness(config))
    body, key = checkpoint.progress_to_bytes(progress), keys.partial_key(scene.run_id, 0, 2)
    foreign = checkpoint.progress_to_bytes(begin(scene.other, 2, progress.state, 6))
    damages = [*truncations(body), *flips(body), foreign]
    digests = set()
    for damaged in [*damages, body]:
        scene.write(key, damaged)
        evolve_epoch(scene.store, scene.job())
        digests.add(checkpoint.state_digest(scene.store.populations.checkpoint(scene.run_id, 0, 2).state))
        assert scene.store.populations.saved_progress(scene.run_id, 0, 2) is None
        forget(scene)
    table("F6 damaged save", len(damages), len(damages), "1 epoch", len(digests) == 1)
    assert len(digests) == 1


def test_a_save_of_a_whole_epoch_is_recorded_and_deleted(scene: Scene) -> None:
    """F1: the worker was killed with nothing left to evolve."""
    config = scene.store.run(scene.run_id).config
    algorithm, score = composition.algorithm(config), composition.fitness(config)
    progress = begin(scene.run_id, 2, arrive(scene.store, config, scene.job()), config.generations_per_epoch)
    while not progress.is_finished(algorithm):
        progress = advance(progress, algorithm, score)
    scene.store.populations.put_progress(progress, None)
    evolve_epoch(scene.store, scene.job())
    recorded = scene.store.populations.checkpoint(scene.run_id, 0, 2)
    assert checkpoint.state_digest(recorded.state) == checkpoint.state_digest(progress.state)
    assert scene.store.populations.saved_progress(scene.run_id, 0, 2) is None


def forget(scene: Scene) -> None:
    """Undo the second epoch."""
    scene.s3.delete_object(Bucket=scene.bucket, Key=keys.checkpoint_key(scene.run_id, 0, 2))
    table = scene.store._table  # noqa: SLF001 - nothing in the system deletes records
    key = {"run_id": {"S": scene.run_id}, "sk": {"S": keys.island_sk(0, 2)}}
    table._dynamodb.delete_item(TableName=table._name, Key=key)  # noqa: SLF001
