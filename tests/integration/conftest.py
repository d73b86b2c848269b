"""Tables and a bucket made from the template's own properties, so that tests cannot drift from what is deployed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from samtranslator.yaml_helper import yaml_parse

from worstsort.storage.run_store import RunStore

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In-memory AWS services, empty."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


@pytest.fixture
def store(aws: None) -> RunStore:  # noqa: ARG001 - the services must be there first
    """Return a store on the template's tables and a bucket."""
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
