"""The instance types that a region has: Batch refuses a list of which it lacks one, when all else is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.deployment.errors import DeploymentFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

_LISTS = {"ARM64": "InstanceTypes", "X86_64": "X86InstanceTypes"}
"""The parameter that holds the types of an architecture; of the other one, Batch chooses."""


def list_of(parameters: Mapping[str, str]) -> str:
    """Return the name of the parameter that holds the instance types which a deployment uses."""
    return _LISTS[parameters["Architecture"]]


def refuse_unless_offered(ec2: Any, parameters: Mapping[str, str]) -> None:
    """Refuse instance types that the region does not have.

    Raises:
        DeploymentFailed: It names them, and those of the list that the region has.
    """
    name = list_of(parameters)
    wanted = [kind.strip() for kind in parameters[name].split(",")]
    pages = ec2.get_paginator("describe_instance_type_offerings").paginate(LocationType="region")
    offered = {offering["InstanceType"] for page in pages for offering in page["InstanceTypeOfferings"]}
    offered |= {kind.partition(".")[0] for kind in offered}
    if missing := [kind for kind in wanted if kind not in offered]:
        there = ",".join(kind for kind in wanted if kind in offered)
        advice = f"give {name}={there}" if there else f"give others in {name}"
        region = ec2.meta.region_name
        raise DeploymentFailed(
            f"{name}: {region} has no {', '.join(missing)}, and Batch refuses the whole list: {advice}"
        )
