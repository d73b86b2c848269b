"""Stores in memory, made from the template's own properties, so that tests cannot drift from what is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
from functions.close_epoch.app import close
from functions.seed_populations.app import seed
from samtranslator.yaml_helper import yaml_parse

from tests.support.command import ROOT
from worstsort.control.plan import prepare
from worstsort.storage.run_store import RunStore
from worstsort.worker.evolve_epoch import Job, evolve_epoch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort.runs.config import RunConfig
    from worstsort.runs.records import EpochRecord

TEMPLATE = ROOT / "template.yaml"


def make_store() -> RunStore:
    """Return a store on the template's tables and a bucket, in the cloud that boto3 reaches."""
    resources = yaml_parse(TEMPLATE.read_text())["Resources"]
    names = {}
    for logical in ("GenerationsTable", "ChampionsTable"):
        properties: dict[str, Any] = resources[logical]["Properties"]
        wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
        table = {name: properties[name] for name in wanted if name in properties}
        boto3.client("dynamodb").create_table(TableName=logical, **table)
        names[logical] = logical
    boto3.client("s3").create_bucket(Bucket="bucket")
    return RunStore(names["GenerationsTable"], "bucket", names["ChampionsTable"])


def evolve(store: RunStore, run_id: str, config: RunConfig) -> Iterator[EpochRecord]:
    """Run a run with the functions' and the worker's own logic, epoch by epoch, and yield how each one closed."""
    prepare(store, run_id, config.model_dump(mode="json"), f"arn:{run_id}", "2026-01-01T00:00:00Z")
    seed(store, run_id, range(config.islands))
    for epoch in range(1, config.stop.max_epochs + 1):
        for island in range(config.islands):
            job = {"RUN_ID": run_id, "EPOCH": str(epoch), "ISLAND": str(island)}
            evolve_epoch(store, Job.model_validate(job))
        yield close(store, run_id, epoch)
