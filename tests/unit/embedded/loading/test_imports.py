"""What is left out when moto is imported, and that it is there when it is needed."""

from __future__ import annotations

import subprocess
import sys

import boto3
import pytest
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

from worstsort_embedded.loading.imports import imported_quickly

GRAMMAR = "rfc3987_syntax"
PROGRAM = f"""
import sys
from worstsort_embedded import EmbeddedCloud
print("{GRAMMAR}" in sys.modules, "{GRAMMAR}.syntax_helpers" in sys.modules)
from jsonschema import FormatChecker
print(FormatChecker().conforms("https://example.org/\\u00e9", "iri"), FormatChecker().conforms("no address", "iri"))
print("{GRAMMAR}.syntax_helpers" in sys.modules)
"""


def test_the_grammar_of_addresses_is_imported_when_one_is_checked() -> None:
    """The cloud does without it, and whoever uses jsonschema beside it gets the same answers as ever."""
    pytest.importorskip(GRAMMAR)
    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == ["False False", "True False", "True"]


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov", "aws-cn"])
def test_moto_knows_the_regions_that_botocore_finds_by_the_model(partition: str) -> None:
    """EC2's prefix is its name, so that leaving out the model leaves out no region."""
    found = set(boto3.Session().get_available_regions("ec2", partition_name=partition))
    assert found
    assert found <= {region.name for region in RegionsAndZonesBackend.regions}
    with imported_quickly():
        assert set(boto3.Session().get_available_regions("ec2", partition_name=partition)) == found
