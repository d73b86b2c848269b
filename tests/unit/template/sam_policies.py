"""Policies for the SAM template itself: environments, globals, parameters, outputs, retained data."""

from __future__ import annotations

import re
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
    return {name: found["Properties"] for name, found in system.source["Resources"].items() if found["Type"] == wanted}


def samconfig_problems(config: Json) -> Iterable[str]:
    """Yield what is missing in samconfig.toml."""
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
    """Read the project's samconfig.toml."""
    return tomllib.loads((ROOT / "samconfig.toml").read_text())


@POLICIES.add(
    "A setting for all functions cannot be forgotten in one of them.",
    lambda s: s.source["Globals"]["Function"].update(Runtime="python3.9"),
    lambda s: s.source["Globals"]["Function"].update(Architectures=["x86_64"]),
    lambda s: s.source["Globals"]["Function"].pop("Tracing"),
    lambda s: s.source["Globals"]["Function"]["LoggingConfig"].update(LogFormat="Text"),
    lambda s: s.source["Globals"]["Function"].pop("Timeout"),
    lambda s: s.source["Globals"]["Function"].pop("MemorySize"),
)
def globals_hold_the_settings_of_all_functions(system: System) -> Iterable[str]:
    given = system.source["Globals"]["Function"]
    wanted = {"Runtime": "python3.13", "Architectures": ["arm64"], "Tracing": "Active"}
    yield from (f"{key} is not {value}" for key, value in wanted.items() if given.get(key) != value)
    yield from (f"{key} is missing" for key in ("Timeout", "MemorySize") if key not in given)
    if given.get("LoggingConfig", {}).get("LogFormat") != "JSON":
        yield "logs are not JSON"


@POLICIES.add(
    "Log groups that Lambda, Step Functions and Batch create by themselves keep their logs forever.",
    lambda s: s.resources.pop("CloseEpochLogGroup"),
    lambda s: s.of("Logs::LogGroup")["JobLogGroup"].pop("RetentionInDays"),
    lambda s: s.of("Logs::LogGroup")["StateMachineLogGroup"].update(RetentionInDays=3653),
    lambda s: s.of("Lambda::Function")["PrepareRunFunction"].pop("LoggingConfig"),
    lambda s: s.of("Batch::JobDefinition")["JobDefinition"]["ContainerProperties"].pop("LogConfiguration"),
    lambda s: s.of("StepFunctions::StateMachine")["EvolveStateMachine"].pop("LoggingConfiguration"),
)
def everything_logs_to_a_group_with_a_retention(system: System) -> Iterable[str]:
    groups = system.of("Logs::LogGroup")
    days = {"Ref": "LogRetentionDays"}
    yield from (
        f"{name} keeps logs otherwise" for name, group in groups.items() if group.get("RetentionInDays") != days
    )
    for name, function in system.of("Lambda::Function").items():
        if function.get("LoggingConfig", {}).get("LogGroup", {}).get("Ref") not in groups:
            yield f"{name} does not use a log group of the template"
    for name, machine in system.of("StepFunctions::StateMachine").items():
        destinations = machine.get("LoggingConfiguration", {}).get("Destinations", [])
        arns = [target["CloudWatchLogsLogGroup"]["LogGroupArn"]["Fn::GetAtt"][0] for target in destinations]
        if not arns or not set(arns) <= set(groups):
            yield f"{name} does not use a log group of the template"
    for name, job in system.of("Batch::JobDefinition").items():
        logs = job["ContainerProperties"].get("LogConfiguration", {})
        if logs.get("LogDriver") != "awslogs" or logs["Options"]["awslogs-group"].get("Ref") not in groups:
            yield f"{name} does not use a log group of the template"


@POLICIES.add(
    "Whoever looks for the logs of a function looks for its name, and names of two stacks must not meet.",
    lambda s: s.of("Logs::LogGroup")["RecordFailureLogGroup"].update(
        LogGroupName={"Fn::Sub": "/${AWS::StackName}/fail"}
    ),
    lambda s: s.of("Logs::LogGroup")["CloseEpochLogGroup"].update(LogGroupName="/worstsort/close-epoch"),
    lambda s: s.of("Logs::LogGroup")["JobLogGroup"].pop("LogGroupName"),
    lambda s: s.of("Logs::LogGroup")["StateMachineLogGroup"].update(LogGroupName={"Fn::Sub": "/${AWS::StackName}/m"}),
)
def log_groups_are_named_after_what_writes_to_them(system: System) -> Iterable[str]:
    wanted = {
        "JobLogGroup": "/${AWS::StackName}/jobs",
        "StateMachineLogGroup": "/aws/vendedlogs/states/${AWS::StackName}",
    }
    for function in _of_source(system, "Function").values():
        verb = function["CodeUri"].removeprefix("functions/").replace("_", "-")
        wanted[function["LoggingConfig"]["LogGroup"]["Ref"]] = f"/${{AWS::StackName}}/{verb}"
    given = {name: group.get("LogGroupName") for name, group in system.of("Logs::LogGroup").items()}
    for name in sorted({*given, *wanted}):
        if given.get(name) != {"Fn::Sub": wanted.get(name)}:
            yield f"{name} has the name {given.get(name)}"


@POLICIES.add(
    "A second copy of the shared code would drift from the first.",
    lambda s: _source(s, "EvolutionLayer").update(ContentUri="layers/other"),
    lambda s: s.source["Globals"]["Function"].pop("Layers"),
    lambda s: s.source["Resources"]["EvolutionLayer"].pop("Metadata"),
)
def the_layer_is_built_by_sam_for_all_functions(system: System) -> Iterable[str]:
    layers = _of_source(system, "LayerVersion")
    if [layer["ContentUri"] for layer in layers.values()] != ["layers/evolution"]:
        yield "layers/evolution is not the only layer"
    if system.source["Globals"]["Function"].get("Layers") != [{"Ref": name} for name in layers]:
        yield "not all functions have the layer"
    yield from (
        f"{name} is not built"
        for name in layers
        if "BuildMethod" not in system.source["Resources"][name].get("Metadata", {})
    )


@POLICIES.add(
    "A definition in its own file can be linted, and run by another engine.",
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
            yield f"{name} is not a standard workflow, and could run for only 5 minutes"
        if not machine.get("Tracing", {}).get("Enabled"):
            yield f"{name} is not traced"
        given = set(machine.get("DefinitionSubstitutions", {}))
        used = set(_placeholders(system.machine))
        yield from (f"{name}: {key} is used but not given" for key in sorted(used - given))
        yield from (f"{name}: {key} is given but not used" for key in sorted(given - used))


def _placeholders(node: Any) -> Iterable[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _placeholders(value)
    elif isinstance(node, list):
        for value in node:
            yield from _placeholders(value)
    elif isinstance(node, str):
        yield from re.findall(r"\$\{(\w+)\}", node)


@POLICIES.add(
    "A wrong parameter is refused at once, not halfway through a deployment; and a person knows what to enter.",
    lambda s: s.source["Parameters"]["MaxvCpus"].pop("MaxValue"),
    lambda s: s.source["Parameters"]["Capacity"].pop("AllowedValues"),
    lambda s: s.source["Parameters"]["ImageTag"].pop("Description"),
    lambda s: s.source["Parameters"]["JobMemory"].update(Type="String"),
    lambda s: s.source["Parameters"]["ImageTag"].update(Type="Text"),
    lambda s: s.source["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"].pop(),
)
def parameters_are_bounded_described_and_grouped(system: System) -> Iterable[str]:
    groups = system.source["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = {name for group in groups for name in group["Parameters"]}
    for name, parameter in system.source["Parameters"].items():
        bounded = {"AllowedValues", "AllowedPattern"} & set(parameter) or {"MinValue", "MaxValue"} <= set(parameter)
        kinds = {"Number"} if isinstance(parameter["Default"], int) else {"String", "CommaDelimitedList"}
        if parameter["Type"] not in kinds:
            yield f"{name} is a {parameter['Type']}"
        if not bounded and parameter["Type"] != "CommaDelimitedList":
            yield f"{name} accepts anything"
        if not parameter.get("Description"):
            yield f"{name} is not described"
        if name not in grouped:
            yield f"{name} is in no group"


WANTED = ("Environment", "Capacity", "InstanceTypes", "MaxvCpus", "JobvCpus", "JobMemory", "ImageTag",
          "NotificationAddress", "LogRetentionDays", "CheckpointDays")  # fmt: skip


@POLICIES.add(
    "A difference between deployments must not need an edit of the template.",
    lambda s: s.source["Parameters"].pop("NotificationAddress"),
)
def differences_between_deployments_are_parameters(system: System) -> Iterable[str]:
    return (f"{name} is not a parameter" for name in WANTED if name not in system.source["Parameters"])


@POLICIES.add(
    "A person who has just deployed wants to start and watch a run without looking up any name.",
    lambda s: s.source["Outputs"]["StateMachineArn"].pop("Description"),
    lambda s: s.source["Outputs"].pop("StartCommand"),
    lambda s: s.source["Outputs"].pop("DashboardAddress"),
)
def outputs_are_described_and_ready_to_use(system: System) -> Iterable[str]:
    outputs = system.source["Outputs"]
    yield from (f"{name} is not described" for name, output in outputs.items() if not output.get("Description"))
    if "aws stepfunctions start-execution" not in str(outputs.get("StartCommand")):
        yield "no output is a command that starts a run"
    if "#dashboards/dashboard/" not in str(outputs.get("DashboardAddress")):
        yield "no output is the address of the dashboard"


@POLICIES.add(
    "Results of weeks must not disappear when a stack is deleted or a table replaced. What a failed first deployment "
    'leaves belongs to no stack: "If the stack operation that created the resource is rolled back, CloudFormation '
    'deletes the resource." (AWS CDK API Reference, CfnDeletionPolicy, RETAIN_EXCEPT_ON_CREATE) A table that is '
    "protected against deletion would make that rollback fail.",
    lambda s: s.resources["Bucket"].update(DeletionPolicy="Delete"),
    lambda s: s.resources["Repository"].update(DeletionPolicy="Retain"),
    lambda s: s.resources["ChampionsTable"].update(DeletionPolicy="RetainExceptOnCreate"),
    lambda s: s.resources["GenerationsTable"].update(UpdateReplacePolicy="Delete"),
    lambda s: s.resources["Repository"].pop("UpdateReplacePolicy"),
    variant="prod",
)
def data_outlives_the_stack_in_prod(system: System) -> Iterable[str]:
    prod = system.parameters.get("Environment") == "prod"
    for name, resource in system.resources.items():
        if resource["Type"] in STATEFUL:
            if resource.get("UpdateReplacePolicy") != "Retain":
                yield f"{name} is lost when it is replaced"
            protected = resource["Properties"].get("DeletionProtectionEnabled") is True
            wanted = ("Retain" if protected else "RetainExceptOnCreate") if prod else "Delete"
            if resource.get("DeletionPolicy") != wanted:
                yield f"{name} should have the deletion policy {wanted}"


@POLICIES.add(
    "What holds no results goes with its stack, or when it is replaced: a name that stays is in the next one's way.",
    lambda s: s.resources["PrepareRunLogGroup"].update(UpdateReplacePolicy="Retain"),
    lambda s: s.resources["StateMachineLogGroup"].update(DeletionPolicy="Deleted"),
)
def what_is_no_data_goes_with_the_stack(system: System) -> Iterable[str]:
    for name, resource in system.resources.items():
        for key in ("DeletionPolicy", "UpdateReplacePolicy") if resource["Type"] not in STATEFUL else ():
            if resource.get(key, "Delete") != "Delete":
                yield f"{name}: {key} is {resource[key]}"


@POLICIES.add(
    "A reference to a missing resource fails only during a deployment.",
    lambda s: s.of("Batch::JobQueue")["InstanceQueue"]["ComputeEnvironmentOrder"][0].update(
        ComputeEnvironment={"Ref": "ComputeEnvironment"}
    ),
    lambda s: s.resources.pop("GenerationsTable"),
)
def every_reference_leads_to_a_resource(system: System) -> Iterable[str]:
    known = {*system.resources, *system.source["Parameters"]}
    for name, resource in system.resources.items():
        for target in _references(resource.get("Properties", {})):
            if target not in known and not target.startswith("AWS::"):
                yield f"{name} refers to {target}, which does not exist"


def _references(node: Any) -> Iterable[str]:
    if isinstance(node, list):
        for value in node:
            yield from _references(value)
    elif isinstance(node, dict):
        if isinstance(node.get("Ref"), str):
            yield node["Ref"]
        if "Fn::GetAtt" in node:
            yield many(node["Fn::GetAtt"])[0].split(".")[0]
        for value in node.values():
            yield from _references(value)
