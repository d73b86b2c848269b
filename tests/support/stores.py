"""Stores in memory, made from the template's own properties, so that tests cannot drift from what is deployed."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
import pytest
from functions.close_epoch.app import close
from functions.seed_populations.app import seed
from moto import mock_aws
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


@cache
def template() -> dict[str, Any]:
    """Return the template; reading it takes a third of a second."""
    parsed: dict[str, Any] = yaml_parse(TEMPLATE.read_text())
    return parsed


@cache
def _service_models() -> Any:
    """Return the descriptions of AWS services as botocore reads them, which takes as long again."""
    return botocore.session.get_session().get_component("data_loader")


@contextmanager
def aws_in_memory() -> Iterator[None]:
    """Open AWS services in memory, empty, for all that uses boto3."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        core = botocore.session.get_session()
        core.register_component("data_loader", _service_models())
        patch.setattr(boto3, "DEFAULT_SESSION", boto3.Session(botocore_session=core))
        yield


def make_store() -> RunStore:
    """Return a store on the template's tables and a bucket, in the cloud that boto3 reaches."""
    names = {}
    for logical in ("GenerationsTable", "ChampionsTable"):
        properties: dict[str, Any] = template()["Resources"][logical]["Properties"]
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
