"""Instance types that a region does not have are refused before anything is built."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from moto import mock_aws

from tools.deployment.errors import DeploymentFailed
from tools.deployment.offerings import refuse_unless_offered


@pytest.fixture
def ec2() -> Any:
    """Return a client of a region that lacks newer types, as moto knows it."""
    with mock_aws():
        yield boto3.client("ec2", region_name="us-west-1")


def given(architecture: str, arm: str = "c6g.large", x86: str = "c6i.large") -> dict[str, str]:
    """Return the parameters of a deployment."""
    return {"Architecture": architecture, "InstanceTypes": arm, "X86InstanceTypes": x86}


@pytest.mark.parametrize("types", ["c6g.large", "c6g.large, c6g.xlarge", "c6g", "c6g,m6g.large"])
def test_types_and_families_that_the_region_has_are_taken(ec2: Any, types: str) -> None:
    refuse_unless_offered(ec2, given("ARM64", arm=types))


def test_the_list_of_the_other_architecture_does_not_matter(ec2: Any) -> None:
    """Batch chooses for it."""
    refuse_unless_offered(ec2, given("ARM64", x86="c99i.large"))
    refuse_unless_offered(ec2, given("X86_64", arm="c99g.large"))


@pytest.mark.parametrize("missing", ["c99g.large", "c99g", "c6g.99xlarge"])
def test_what_the_region_lacks_is_named_and_what_it_has_offered(ec2: Any, missing: str) -> None:
    with pytest.raises(DeploymentFailed) as refused:
        refuse_unless_offered(ec2, given("ARM64", arm=f"c6g.large,{missing},m6g.large"))
    assert f"InstanceTypes: us-west-1 has no {missing}, and" in str(refused.value)
    assert str(refused.value).endswith("give InstanceTypes=c6g.large,m6g.large")


def test_a_list_of_which_the_region_has_none_is_refused(ec2: Any) -> None:
    with pytest.raises(DeploymentFailed, match=r"X86InstanceTypes: .*: give others in X86InstanceTypes"):
        refuse_unless_offered(ec2, given("X86_64", x86="c99i.large"))
