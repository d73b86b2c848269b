"""Policies for what capacity is bought: no more than was asked for, and filled."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import botocore

from tests.unit.template.policy import Policies
from worstsort.runs.config import RunConfig
from worstsort.runs.limits import DEFAULT_JOB_MIB, memory_violations
from worstsort_cli.costs.instances import instances

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.template.system import Json, System

POLICIES = Policies()

OVERSHOOT = "Batch never exceeds maxvCpus by more than a single instance."
"""The sentence about an environment's maximum in the description of Batch's API, which botocore carries."""


@cache
def _shapes() -> Json:
    """Return the shapes of Batch's API as botocore documents them."""
    (file,) = Path(botocore.__file__).parent.glob("data/batch/*/service-2.json.gz")
    shapes: Json = json.loads(gzip.decompress(file.read_bytes()))["shapes"]
    return shapes


def _documentation(shape: str, member: str) -> str:
    """Return the documentation of a member without its markup."""
    return re.sub(r"(?:<[^>]+>|\s)+", " ", _shapes()[shape]["members"][member]["documentation"])


@cache
def fargate_memory() -> dict[str, list[str]]:
    """Return the MiB that Fargate offers by number of vCPUs."""
    pairs = re.findall(r"value = ([0-9.]+) +MEMORY = ([0-9, or]+)", _documentation("ResourceRequirement", "value"))
    return {vcpus: re.findall("[0-9]+", values) for vcpus, values in pairs}


def _needs(system: System) -> Json:
    needs = system.of("Batch::JobDefinition")["JobDefinition"]["ContainerProperties"]["ResourceRequirements"]
    return {need["Type"]: need for need in needs}


def _parameter(system: System, name: str) -> Json:
    parameter: Json = system.source["Parameters"][name]
    return parameter


TYPES = ("InstanceTypes", "X86InstanceTypes")


def _default_types(system: System, name: str) -> list[str]:
    return str(_parameter(system, name)["Default"]).split(",")


@POLICIES.add(
    f'"{OVERSHOOT}" A family such as c7g includes instances of 64 vCPUs, twice the default maximum.',
    lambda s: _parameter(s, "InstanceTypes").update(Default="c7g,c6g"),
    lambda s: _parameter(s, "X86InstanceTypes").update(Default="c7i.large,c7i.16xlarge"),
    lambda s: _parameter(s, "MaxvCpus").update(Description="It bounds what an hour can cost."),
    lambda s: _parameter(s, "OnDemandMaxvCpus").update(Description="On-Demand vCPUs."),
)
def no_instance_is_much_larger_than_what_was_asked_for(system: System) -> Iterable[str]:
    if OVERSHOOT.partition("maxvCpus")[0] not in _documentation("ComputeResource", "maxvCpus"):
        yield "Batch's documentation says so no longer"
    most = _parameter(system, "MaxvCpus")["Default"]
    for found in (found for name in TYPES for found in instances(_default_types(system, name))):
        if found.vcpus > most / 4:
            yield f"an instance of {found.vcpus} vCPUs may be bought beyond {most}"
    for name in ("MaxvCpus", "OnDemandMaxvCpus"):
        if "may exceed it by one instance" not in " ".join(_parameter(system, name)["Description"].split()):
            yield f"{name} claims to be a bound"


@POLICIES.add(
    "Spot that is scarce must not be replaced without a bound by capacity at 2.5 times the price.",
    lambda s: _environment(s, "OnDemandComputeEnvironment").update(MaxvCpus={"Ref": "MaxvCpus"}),
    lambda s: _environment(s, "X86OnDemandComputeEnvironment").update(MaxvCpus={"Ref": "MaxvCpus"}),
    lambda s: _parameter(s, "OnDemandMaxvCpus").update(MinValue=1),
    lambda s: _parameter(s, "OnDemandMaxvCpus").update(Default=32),
)
def on_demand_has_a_share_of_its_own_beside_spot(system: System) -> Iterable[str]:
    share = _parameter(system, "OnDemandMaxvCpus")
    if share["MinValue"] != 0:
        yield "Spot alone cannot be asked for"
    if share["Default"] > _parameter(system, "MaxvCpus")["Default"] / 4:
        yield f"{share['Default']} On-Demand vCPUs beside Spot"
    beside = {
        "SPOT": ("OnDemandComputeEnvironment", "X86OnDemandComputeEnvironment"),
        "FARGATE_SPOT": ("FargateComputeEnvironment",),
    }
    has_share = "OnDemandMaxvCpus" not in system.parameters
    for name in beside.get(system.parameters.get("Capacity", "SPOT"), ()):
        if has_share and _environment(system, name)["MaxvCpus"] != {"Ref": "OnDemandMaxvCpus"}:
            yield f"{name} has another maximum than its share"


@POLICIES.add(
    "Batch refuses a pair of vCPUs and memory that Fargate does not offer; the least memory is the cheapest.",
    lambda s: s.source["Mappings"]["FargateMemory"].pop("16"),
    lambda s: s.source["Mappings"]["FargateMemory"]["2"].update(Least="2048"),
    lambda s: s.source["Mappings"]["FargateMemory"]["1"].update(Least="4096"),
    lambda s: _needs(s)["MEMORY"].update(Value={"Fn::Sub": "${JobMemory}"}),
    variant="fargate",
)
def fargate_gives_a_job_the_least_memory_for_its_vcpus(system: System) -> Iterable[str]:
    offered, mapped = fargate_memory(), system.source["Mappings"]["FargateMemory"]
    for vcpus in map(str, _parameter(system, "JobvCpus")["AllowedValues"]):
        if mapped.get(vcpus, {}).get("Least") != offered[vcpus][0]:
            yield f"{vcpus} vCPUs take {offered[vcpus][0]} MiB at least, not {mapped.get(vcpus)}"
    fargate = "FARGATE" in system.parameters.get("Capacity", "SPOT")
    if fargate and "FargateMemory" not in str(_needs(system)["MEMORY"]["Value"]):
        yield "jobs on Fargate have the memory that was meant for instances"


@POLICIES.add(
    "An instance registers less memory than it is sold with, so that two jobs of half of it leave a paid vCPU idle.",
    lambda s: _parameter(s, "JobMemory").update(Default=2048),
    lambda s: _parameter(s, "JobMemory").update(Default=1967),
    lambda s: _parameter(s, "X86InstanceTypes").update(Default="c7i.large,c7i.unknown"),
    lambda s: _parameter(s, "JobvCpus").update(Default=4),
)
def jobs_fill_every_instance_that_may_be_bought(system: System) -> Iterable[str]:
    job_vcpus, job_mib = (int(_parameter(system, name)["Default"]) for name in ("JobvCpus", "JobMemory"))
    for kind in (kind for name in TYPES for kind in _default_types(system, name)):
        known = instances([kind])
        if len(known) != 1:
            yield f"{kind} is not one instance of a known size"
        yield from (
            f"{found.vcpus - job_vcpus * found.jobs(job_vcpus, job_mib)} vCPUs of {kind} stay idle"
            for found in known
            if found.jobs(job_vcpus, job_mib) * job_vcpus < found.vcpus
        )


@POLICIES.add(
    "A run that its jobs cannot hold is refused before anything is spent, by the memory that they are really given.",
    lambda s: s.of("Lambda::Function")["PrepareRunFunction"]["Environment"]["Variables"].update(JOB_MEMORY="1536"),
    lambda s: s.of("Lambda::Function")["PrepareRunFunction"]["Environment"]["Variables"].pop("JOB_MEMORY"),
    lambda s: _needs(s)["MEMORY"].update(Value={"Fn::Sub": "${JobvCpus}"}),
    lambda s: _parameter(s, "JobMemory").update(Default=2048),
    lambda s: _parameter(s, "JobMemory").update(MinValue=256),
)
def runs_are_held_to_the_memory_of_their_jobs(system: System) -> Iterable[str]:
    told = system.of("Lambda::Function")["PrepareRunFunction"]["Environment"]["Variables"].get("JOB_MEMORY")
    if told != _needs(system)["MEMORY"]["Value"]:
        yield f"PrepareRun is told {told}, jobs have {_needs(system)['MEMORY']['Value']}"
    memory = _parameter(system, "JobMemory")
    if memory["Default"] != DEFAULT_JOB_MIB:
        yield f"the command assumes {DEFAULT_JOB_MIB} MiB where the stack is not known"
    usual = RunConfig.parse({"preset": "classic", "size": 1000, "population": 1000})
    if memory_violations(usual, memory["MinValue"]):
        yield "with the least memory not even a usual run fits"


def _environment(system: System, name: str) -> Json:
    resources: Json = system.of("Batch::ComputeEnvironment")[name]["ComputeResources"]
    return resources
