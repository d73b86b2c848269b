"""Policies of the SAM template itself: environments, globals, parameters, outputs, what outlives the stack."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from tests.unit.template.policy import Policies
from tests.unit.template.system import ROOT, many

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.template.system import Json, System

POLICIES = Policies()
STATEFUL = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::ECR::Repository")
ENVIRONMENTS = ("default", "dev", "prod")


def _source(system: System, name: str) -> Json:
    properties: Json = system.source["Resources"][name]["Properties"]
    return properties


def _of_source(system: System, kind: str) -> dict[str, Json]:
    wanted = f"AWS::Serverless::{kind}"
    return {name: one["Properties"] for name, one in system.source["Resources"].items() if one["Type"] == wanted}


def samconfig_problems(config: Json) -> Iterable[str]:
    """What is missing in samconfig.toml."""
    if config.get("version") != 0.1:
        yield "version is not 0.1"
    for name in ENVIRONMENTS:
        commands = config.get(name, {})
        wanted: dict[str, Json] = {
            "validate": {"lint": True},
            "build": {"cached": True, "parallel": True},
            "deploy": {"capabilities": "CAPABILITY_IAM"},
        }
        for command, values in wanted.items():
            given = commands.get(command, {}).get("parameters", {})
            yield from (
                f"{name}.{command}: {key} is not {value}" for key, value in values.items() if given.get(key) != value
            )
        deploy = commands.get("deploy", {}).get("parameters", {})
        yield from (f"{name}.deploy has no {key}" for key in ("tags", "parameter_overrides") if not deploy.get(key))


def read_samconfig() -> Json:
    """The project's samconfig.toml."""
    return tomllib.loads((ROOT / "samconfig.toml").read_text())


@POLICIES.add(
    "One setting for all functions cannot be forgotten in one of them.",
    lambda s: s.source["Globals"]["Function"].update(Runtime="python3.9"),
    lambda s: s.source["Globals"]["Function"].update(Architectures=["x86_64"]),
    lambda s: s.source["Globals"]["Function"].pop("Tracing"),
    lambda s: s.source["Globals"]["Function"]["LoggingConfig"].update(LogFormat="Text"),
    lambda s: s.source["Globals"]["Function"].pop("Timeout"),
    lambda s: s.source["Globals"]["Function"].pop("MemorySize"),
)
def globals_say_what_all_functions_have(system: System) -> Iterable[str]:
    given = system.source["Globals"]["Function"]
    wanted = {"Runtime": "python3.13", "Architectures": ["arm64"], "Tracing": "Active"}
    yield from (f"{key} is not {value}" for key, value in wanted.items() if given.get(key) != value)
    yield from (f"there is no {key}" for key in ("Timeout", "MemorySize") if key not in given)
    if given.get("LoggingConfig", {}).get("LogFormat") != "JSON":
        yield "logs are not JSON"


@POLICIES.add(
    "Lambda, Step Functions and Batch make log groups that nobody ever empties, unless the template makes them.",
    lambda s: s.resources.pop("CloseEpochLogGroup"),
    lambda s: s.of("Logs::LogGroup")["JobLogGroup"].pop("RetentionInDays"),
    lambda s: s.of("Lambda::Function")["PrepareRunFunction"].pop("LoggingConfig"),
    lambda s: s.of("Batch::JobDefinition")["JobDefinition"]["ContainerProperties"].pop("LogConfiguration"),
    lambda s: s.of("StepFunctions::StateMachine")["EvolveStateMachine"].pop("LoggingConfiguration"),
)
def everything_logs_to_a_group_with_a_retention(system: System) -> Iterable[str]:
    groups = system.of("Logs::LogGroup")
    yield from (f"{name} keeps its logs for ever" for name, group in groups.items() if "RetentionInDays" not in group)
    for name, function in system.of("Lambda::Function").items():
        if function.get("LoggingConfig", {}).get("LogGroup", {}).get("Ref") not in groups:
            yield f"{name} has no log group of the template"
    for name, machine in system.of("StepFunctions::StateMachine").items():
        destinations = machine.get("LoggingConfiguration", {}).get("Destinations", [])
        arns = [one["CloudWatchLogsLogGroup"]["LogGroupArn"]["Fn::GetAtt"][0] for one in destinations]
        if not arns or not set(arns) <= set(groups):
            yield f"{name} has no log group of the template"
    for name, job in system.of("Batch::JobDefinition").items():
        logs = job["ContainerProperties"].get("LogConfiguration", {})
        if logs.get("LogDriver") != "awslogs" or logs["Options"]["awslogs-group"].get("Ref") not in groups:
            yield f"{name} has no log group of the template"


@POLICIES.add(
    "A second copy of the shared code would drift from the first.",
    lambda s: _source(s, "EvolutionLayer").update(ContentUri="layers/other"),
    lambda s: s.source["Globals"]["Function"].pop("Layers"),
    lambda s: s.source["Resources"]["EvolutionLayer"].pop("Metadata"),
)
def the_layer_is_built_by_sam_for_all_functions(system: System) -> Iterable[str]:
    layers = _of_source(system, "LayerVersion")
    if [layer["ContentUri"] for layer in layers.values()] != ["layers/evolution"]:
        yield "there is not one layer, of layers/evolution"
    if system.source["Globals"]["Function"].get("Layers") != [{"Ref": name} for name in layers]:
        yield "the functions do not all have it"
    yield from (
        f"{name} is not built"
        for name in layers
        if "BuildMethod" not in system.source["Resources"][name].get("Metadata", {})
    )


@POLICIES.add(
    "A definition in a file of its own can be linted, and run by another engine.",
    lambda s: _source(s, "EvolveStateMachine").pop("DefinitionUri"),
    lambda s: _source(s, "EvolveStateMachine").pop("DefinitionSubstitutions"),
    lambda s: _source(s, "EvolveStateMachine").pop("Tracing"),
    lambda s: _source(s, "EvolveStateMachine").update(Type="EXPRESS"),
    lambda s: s.machine["States"]["PrepareRun"]["Parameters"].update(FunctionName="${Nobody}"),
)
def the_machine_is_a_file_with_substitutions(system: System) -> Iterable[str]:
    for name, machine in _of_source(system, "StateMachine").items():
        if machine.get("DefinitionUri") != "statemachine/evolve.asl.json":
            yield f"{name} is not defined by statemachine/evolve.asl.json"
        if machine.get("Type") != "STANDARD":
            yield f"{name} is not a standard workflow, and could run for 5 minutes only"
        if not machine.get("Tracing", {}).get("Enabled"):
            yield f"{name} is not traced"
        given = set(machine.get("DefinitionSubstitutions", {}))
        used = set(_placeholders(system.machine))
        yield from (f"{name}: {one} is used but not given" for one in sorted(used - given))
        yield from (f"{name}: {one} is given but not used" for one in sorted(given - used))


def _placeholders(node: Any) -> Iterable[str]:
    if isinstance(node, dict):
        for one in node.values():
            yield from _placeholders(one)
    elif isinstance(node, list):
        for one in node:
            yield from _placeholders(one)
    elif isinstance(node, str) and node.startswith("${"):
        yield node[2:-1]


@POLICIES.add(
    "A wrong parameter is refused at once, not after half a deployment; and a person knows what to give.",
    lambda s: s.source["Parameters"]["MaxvCpus"].pop("MaxValue"),
    lambda s: s.source["Parameters"]["Capacity"].pop("AllowedValues"),
    lambda s: s.source["Parameters"]["ImageTag"].pop("Description"),
    lambda s: s.source["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"].pop(),
)
def parameters_are_bounded_described_and_grouped(system: System) -> Iterable[str]:
    groups = system.source["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = {name for group in groups for name in group["Parameters"]}
    for name, parameter in system.source["Parameters"].items():
        bounded = {"AllowedValues", "AllowedPattern"} & set(parameter) or {"MinValue", "MaxValue"} <= set(parameter)
        if not bounded and parameter["Type"] != "CommaDelimitedList":
            yield f"{name} takes anything"
        if not parameter.get("Description"):
            yield f"{name} is not described"
        if name not in grouped:
            yield f"{name} is in no group"


WANTED = ("Environment", "Capacity", "InstanceTypes", "MaxvCpus", "JobvCpus", "JobMemory", "ImageTag",
          "NotificationAddress", "LogRetentionDays", "CheckpointDays")  # fmt: skip


@POLICIES.add(
    "What differs between deployments must not need an edit of the template.",
    lambda s: s.source["Parameters"].pop("NotificationAddress"),
)
def what_deployments_differ_in_is_a_parameter(system: System) -> Iterable[str]:
    return (f"{name} is no parameter" for name in WANTED if name not in system.source["Parameters"])


@POLICIES.add(
    "A person who has just deployed wants to start a run and to watch it, without looking up any name.",
    lambda s: s.source["Outputs"]["StateMachineArn"].pop("Description"),
    lambda s: s.source["Outputs"].pop("StartCommand"),
    lambda s: s.source["Outputs"].pop("DashboardAddress"),
)
def outputs_are_described_and_ready_to_use(system: System) -> Iterable[str]:
    outputs = system.source["Outputs"]
    yield from (f"{name} is not described" for name, output in outputs.items() if not output.get("Description"))
    if "aws stepfunctions start-execution" not in str(outputs.get("StartCommand")):
        yield "there is no ready command that starts a run"
    if "#dashboards/dashboard/" not in str(outputs.get("DashboardAddress")):
        yield "there is no address of the dashboard"


@POLICIES.add(
    "Results that took weeks must not go with a stack that is deleted or a table that is replaced.",
    lambda s: s.resources["Bucket"].update(DeletionPolicy="Delete"),
    lambda s: s.resources["GenerationsTable"].update(UpdateReplacePolicy="Delete"),
    lambda s: s.resources["Repository"].pop("UpdateReplacePolicy"),
    variant="prod",
)
def data_outlives_the_stack_in_prod(system: System) -> Iterable[str]:
    prod = system.parameters.get("Environment") == "prod"
    for name, one in system.resources.items():
        if one["Type"] in STATEFUL:
            if one.get("UpdateReplacePolicy") != "Retain":
                yield f"{name} goes when it is replaced"
            if one.get("DeletionPolicy") != ("Retain" if prod else "Delete"):
                yield f"{name} should be {'kept' if prod else 'deleted'} with the stack"


@POLICIES.add(
    "An unnamed property or attribute of a resource that is not there only fails when it is deployed.",
    lambda s: s.of("Batch::JobQueue")["JobQueue"]["ComputeEnvironmentOrder"][0].update(
        ComputeEnvironment={"Ref": "FargateComputeEnvironment"}
    ),
    lambda s: s.resources.pop("GenerationsTable"),
)
def whatever_is_referred_to_is_there(system: System) -> Iterable[str]:
    known = {*system.resources, *system.source["Parameters"]}
    for name, one in system.resources.items():
        for target in _references(one.get("Properties", {})):
            if target not in known and not target.startswith("AWS::"):
                yield f"{name} refers to {target}"


def _references(node: Any) -> Iterable[str]:
    if isinstance(node, list):
        for one in node:
            yield from _references(one)
    elif isinstance(node, dict):
        if isinstance(node.get("Ref"), str):
            yield node["Ref"]
        if "Fn::GetAtt" in node:
            yield many(node["Fn::GetAtt"])[0].split(".")[0]
        for one in node.values():
            yield from _references(one)
