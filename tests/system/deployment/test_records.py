"""What a version has recorded of a run, every later one reads: functions change while runs are under way."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import ROOT
from tests.support.executions import Started
from worstsort_embedded import EmbeddedCloud

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDED = json.loads((ROOT / "tests/data/records/begun-before.json").read_text())
"""A run as an earlier version left it: aborted in the second of three epochs, with one island recorded and a save of
the other. Its items and objects are those of that version's table and bucket; the digest is that of the same run,
undisturbed in that version."""


@pytest.fixture
def cloud() -> Iterator[EmbeddedCloud]:
    """Open a cloud that holds the run."""
    with EmbeddedCloud(ROOT) as opened:
        dynamodb, s3 = opened.client("dynamodb"), opened.client("s3")
        for item in RECORDED["items"]:
            dynamodb.put_item(TableName=opened.outputs["GenerationsTableName"], Item=_attributes(item))
        for key, stored in RECORDED["objects"].items():
            s3.put_object(
                Bucket=opened.outputs["BucketName"],
                Key=key,
                Body=base64.b64decode(stored["body"]),
                Metadata=stored["metadata"],
                Tagging="&".join(f"{name}={value}" for name, value in stored["tags"].items()),
            )
        yield opened


def _attributes(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item's attributes as the client takes them, with bytes where the file has base64."""
    return {name: {"B": base64.b64decode(value["B"])} if "B" in value else value for name, value in item.items()}


def test_a_run_of_the_version_before_is_continued_to_its_digest(cloud: EmbeddedCloud) -> None:
    """Functions and worker take it up in the open epoch: nothing recorded is refused or evolved again."""
    arn = cloud.client("stepfunctions").start_execution(
        stateMachineArn=cloud.outputs["StateMachineArn"], name="taken-up", input=json.dumps({"resume": "begun-before"})
    )["executionArn"]
    run = Started(cloud, arn, "begun-before")
    ended = run.wait()
    assert ended["status"] == "SUCCEEDED", ended.get("cause")
    assert run.items("META")[0]["digest"]["S"] == RECORDED["digest"]
    (recorded,) = [item for item in RECORDED["items"] if item["sk"]["S"] == "ISLAND#00001#000002"]
    (kept,) = run.items("ISLAND#00001#000002")
    assert kept == _attributes(recorded)
