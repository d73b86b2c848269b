"""What a run finds is pinned: the same input gives the same digest in every version, on every machine.

The digests were recorded before the tree was moved in November 2026. A change that alters one changes what users get
for a seed, so it belongs in the changelog. That of `answers` was recorded again when the earliest of equally good
islands became the one that is named: its two islands find 577 comparisons, in the generations 12 and 11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.executions import start
from worstsort.runs.results.champion import Champion
from worstsort.runs.results.digest import run_digest
from worstsort.storage.run_store import RunStore

if TYPE_CHECKING:
    from worstsort_embedded import EmbeddedCloud

pytestmark = pytest.mark.xdist_group("cloud")

ANSWERS = {
    "preset": "strong", "representation": "answers", "target": "go1.12",
    "size": 40, "population": 60, "islands": 2, "seed": 3,
}  # fmt: skip
DECISIONS = {
    "preset": "strong", "representation": "decisions", "target": "go1.12",
    "size": 60, "population": 16, "islands": 3, "seed": 11,
}  # fmt: skip
CONSTRUCTED = {
    "preset": "strong", "representation": "answers", "seeding": "constructed",
    "target": "go1.24", "size": 60, "population": 50, "islands": 2, "seed": 5,
}  # fmt: skip
VALUES = {"preset": "classic", "target": "stable", "size": 45, "population": 64, "islands": 3, "seed": 9}


@pytest.mark.parametrize(
    ("given", "epochs", "digest"),
    [
        pytest.param(ANSWERS, 3, "9b5f3a93c425301ca5c72eb768193f9f8ea267aff9189683f18f74e9e41169b8", id="answers"),
        pytest.param(DECISIONS, 2, "115415500ae0ec8a913d9fdd7f20827fb8c5c00221bcd9dc3e3c7c592d50b4d6", id="decisions"),
        pytest.param(VALUES, 3, "4315bb267a24797b6a4ee65248b25d627b00f93c884a59bcb6e284352e6949b8", id="values"),
        pytest.param(CONSTRUCTED, 3, "ec24e6543dcce4722b8de8ba807c2cee6792f4f3b10185c8c07cd0000db1300f", id="go1.24"),
    ],
)
def test_a_run_has_the_digest_that_it_always_had(
    cloud: EmbeddedCloud, given: dict[str, Any], epochs: int, digest: str, request: pytest.FixtureRequest
) -> None:
    """Seeding, evolution, migration, polish and recording give the pinned digest."""
    run_id = "pinned-" + request.node.callspec.id.replace(".", "-")
    started = start(cloud, run_id, **given, generations_per_epoch=4, stop={"max_epochs": epochs})
    assert started.wait()["status"] == "SUCCEEDED"
    assert started.items("META")[0]["digest"]["S"] == digest


def test_naming_the_target_go1_24_changed_nothing_but_the_name(cloud: EmbeddedCloud) -> None:
    """A run of pdqsort, the target's former name, has the former digest except for that name."""
    asked = CONSTRUCTED | {"target": "pdqsort", "generations_per_epoch": 4, "stop": {"max_epochs": 3}}
    assert start(cloud, "pinned-alias", **asked).wait()["status"] == "SUCCEEDED"
    store = RunStore(
        cloud.outputs["GenerationsTableName"],
        cloud.outputs["BucketName"],
        cloud.outputs["ChampionsTableName"],
        dynamodb=cloud.client("dynamodb"),
        s3=cloud.client("s3"),
    )
    run = store.run("pinned-alias")
    assert run.config.target == "go1.24"
    populations = [series.digest for series in store.series(run.run_id, run.config.islands, run.epoch)]
    body = cloud.client("s3").get_object(Bucket=cloud.outputs["BucketName"], Key=f"runs/{run.run_id}/champion.json")[
        "Body"
    ]
    champion = Champion.model_validate_json(body.read())
    former = run.config.model_copy(update={"target": "pdqsort"})
    assert run_digest(former, store.generations(run.run_id), populations, champion) == (
        "a8a47c891440eeb4dc96543bdee62e0a6f8fbec49150e3ee47967cd3fca4c0d6"
    )
