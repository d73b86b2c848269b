"""Policies for parameters: what cannot work together is refused before anything is made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.unit.template.policy import Policies
from tests.unit.template.system import many
from worstsort_embedded.deployment.parameters import refusals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.template.system import Json, System

POLICIES = Policies()

GRAVITON = ("c6g.large", "c7gd.2xlarge", "c7gn.16xlarge", "c8g", "im4gn.large", "m7g.medium",
            "r8g.metal-24xl", "t4g.small", "x2gd.large", "g5g.xlarge")  # fmt: skip
X86 = ("c5.large", "c6in.large", "c7a.large", "c7i-flex.large", "g4dn.xlarge", "g6.xlarge", "i3en.large", "m7i.large",
       "p4d", "t3a.small", "r7iz.large", "z1d.large", "inf2.xlarge")  # fmt: skip
"""Types of each architecture; the letter g after the generation stands for Graviton (Amazon EC2 User Guide, "Amazon EC2
instance type naming conventions")."""

WITHOUT_IMAGE = ("a1", "a1.xlarge", "a1.metal")
"""The first Graviton, on which no worker starts: "Amazon Linux 2023 does not support A1 instances." (AWS Batch API
Reference, Ec2Configuration, imageType)"""


def _parameter(system: System, name: str) -> Json:
    parameter: Json = system.source["Parameters"][name]
    return parameter


@POLICIES.add(
    'A worker for one architecture does not start on an instance of the other. "When applied to a parameter of type '
    'CommaDelimitedList, the pattern must match each value in the list." (CloudFormation User Guide, Parameters)',
    lambda s: _parameter(s, "InstanceTypes").pop("AllowedPattern"),
    lambda s: _parameter(s, "X86InstanceTypes").pop("AllowedPattern"),
    lambda s: _parameter(s, "InstanceTypes").update(AllowedPattern="^[a-z0-9.-]+$"),
    lambda s: _parameter(s, "InstanceTypes").update(AllowedPattern="^(a1|[a-z]+[0-9]+g[a-z]*)([.][a-z0-9-]+)?$"),
    lambda s: _parameter(s, "X86InstanceTypes").update(Default="c7g.large"),
    lambda s: s.source["Conditions"].update(UsesArm={"Fn::Equals": [{"Ref": "Architecture"}, "X86_64"]}),
)
def instance_types_are_those_of_the_architecture(system: System) -> Iterable[str]:
    for name, right, wrong in (("InstanceTypes", GRAVITON, X86), ("X86InstanceTypes", X86, GRAVITON)):
        pattern = _parameter(system, name).get("AllowedPattern", "")
        defaults = str(_parameter(system, name)["Default"]).split(",")
        yield from (f"{name} refuses {kind}" for kind in (*defaults, *right) if not re.search(pattern, kind))
        yield from (f"{name} accepts {kind}" for kind in (*wrong, *WITHOUT_IMAGE) if re.search(pattern, kind))
    if system.source["Conditions"]["UsesArm"] != {"Fn::Equals": [{"Ref": "Architecture"}, "ARM64"]}:
        yield "the lists are swapped"


@POLICIES.add(
    "A job that is wider than its environment stays RUNNABLE until the queue cancels it, and the run fails.",
    *(lambda s, name=name: s.source["Rules"].pop(name) for name in ("OneJobOf2vCpusFits", "OneJobOf16vCpusFits")),
    lambda s: s.source["Rules"]["OneJobOf8vCpusFits"]["Assertions"][0].update(
        Assert={"Fn::Not": [{"Fn::Contains": [["1", "2"], {"Ref": "MaxvCpus"}]}]}
    ),
    lambda s: _parameter(s, "JobvCpus")["AllowedValues"].append(32),
)
def one_job_fits_into_the_maximum(system: System) -> Iterable[str]:
    for job in _parameter(system, "JobvCpus")["AllowedValues"]:
        for most in range(_parameter(system, "MaxvCpus")["MinValue"], 2 * job + 1):
            given = {"JobvCpus": str(job), "MaxvCpus": str(most), "OnDemandMaxvCpus": "0"}
            if bool([*refusals(system.source, given)]) is not (most < job):
                yield f"{given} is {'accepted' if most < job else 'refused'}"


@POLICIES.add(
    "A share of On-Demand that is smaller than a job is none: jobs for which Spot has no room wait for it in vain.",
    *(lambda s, job=job: s.source["Rules"].pop(f"OneJobOf{job}vCpusFitsOnDemand") for job in (2, 4, 8, 16)),
    lambda s: s.source["Rules"]["OneJobOf4vCpusFitsOnDemand"].update(
        RuleCondition={
            "Fn::And": [{"Fn::Equals": [{"Ref": "JobvCpus"}, "4"]}, {"Fn::Equals": [{"Ref": "Capacity"}, "SPOT"]}]
        }
    ),
    lambda s: s.source["Rules"]["OneJobOf8vCpusFitsOnDemand"].pop("RuleCondition"),
    lambda s: _parameter(s, "JobvCpus")["AllowedValues"].append(32),
)
def one_job_fits_into_the_share_of_on_demand(system: System) -> Iterable[str]:
    for capacity in _parameter(system, "Capacity")["AllowedValues"]:
        for job in _parameter(system, "JobvCpus")["AllowedValues"]:
            for share in range(2 * job + 1):
                given = {"Capacity": capacity, "JobvCpus": str(job), "MaxvCpus": "64", "OnDemandMaxvCpus": str(share)}
                is_vain = capacity in {"SPOT", "FARGATE_SPOT"} and 0 < share < job
                if bool([*refusals(system.source, given)]) is not is_vain:
                    yield f"{given} is {'accepted' if is_vain else 'refused'}"


@POLICIES.add(
    '"Each Region has at least three Availability Zones." (AWS global infrastructure, AWS Availability Zones) '
    "In us-west-1 and in some old accounts only two can be seen; the more zones, the more Spot there is.",
    lambda s: _parameter(s, "AvailabilityZones").update(Default=2),
    lambda s: _parameter(s, "AvailabilityZones").update(AllowedValues=[3]),
    lambda s: s.resources.pop("SubnetC"),
    lambda s: _subnets(s, "FargateComputeEnvironment").pop(),
    lambda s: s.of("EC2::Subnet")["SubnetC"].update(
        AvailabilityZone=s.of("EC2::Subnet")["SubnetA"]["AvailabilityZone"]
    ),
    lambda s: s.of("EC2::Subnet")["SubnetB"].update(AvailabilityZone={"Fn::Select": [1, {"Fn::GetAZs": "us-west-2"}]}),
    lambda s: s.resources.pop("SubnetCRoutes"),
)
def jobs_run_in_three_zones(system: System) -> Iterable[str]:
    zones = _parameter(system, "AvailabilityZones")
    if (zones["Default"], zones["AllowedValues"]) != (3, [2, 3]):
        yield "two zones cannot be chosen, or three are not the default"
    wanted = int(system.parameters.get("AvailabilityZones") or 3)
    subnets = system.of("EC2::Subnet")
    here = [{"Fn::Select": [zone, {"Fn::GetAZs": ""}]} for zone in range(wanted)]
    if [subnet["AvailabilityZone"] for subnet in subnets.values()] != here:
        yield f"the subnets are not in {wanted} zones"
    routed = {route["SubnetId"]["Ref"] for route in system.of("EC2::SubnetRouteTableAssociation").values()}
    yield from (f"{name} has no route" for name in subnets if name not in routed)
    for name in system.of("Batch::ComputeEnvironment"):
        if {subnet["Ref"] for subnet in _subnets(system, name)} != set(subnets):
            yield f"{name} does not use all subnets"


def _subnets(system: System, name: str) -> list[Json]:
    return many(system.of("Batch::ComputeEnvironment")[name]["ComputeResources"]["Subnets"])
