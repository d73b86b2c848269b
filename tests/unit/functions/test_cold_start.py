"""What a function loads before it can answer: nothing that it does not use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.command import ROOT

WITHOUT_NUMPY = {"record_failure", "reconcile_run", "sweep_runs"}
"""Functions that touch no population and no configuration."""

FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/app.py"))

LOADED = """
import os, sys
import app
os.environ |= {"GENERATIONS_TABLE": "t", "BUCKET": "b", "AWS_DEFAULT_REGION": "us-east-1",
               "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
import boto3
from moto import mock_aws
from worstsort.runs.status import Status
with mock_aws():
    key = [{"AttributeName": "run_id", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    types = [{"AttributeName": "run_id", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}]
    boto3.client("dynamodb").create_table(
        TableName="t", KeySchema=key, AttributeDefinitions=types, BillingMode="PAY_PER_REQUEST"
    )
    app.run_store().end_run("r", "arn:r", Status.ABORTED, "aborted", "2026-01-01T00:00:00Z")
print("numpy" in sys.modules)
"""


@pytest.mark.long
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_that_needs_no_numbers_loads_no_numpy(function: str) -> None:
    """Not even when it closes the record of a run; the others need it for the configuration."""
    paths = [ROOT / "functions" / function, ROOT / "layers" / "evolution"]
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {list(map(str, paths))}\n{LOADED}"],
        capture_output=True, text=True, check=True, timeout=100,
    )  # fmt: skip
    assert loaded.stdout.splitlines()[-1] == str(function not in WITHOUT_NUMPY)
