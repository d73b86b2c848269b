"""Turns the SAM template into a CloudFormation template that moto can deploy; pure, but for reading in load()."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from worstsort_embedded.errors import EmbeddedCloudError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_HERE = "project"  # stands for the bucket to which a deployment would upload local code
_STARTING_POINT = {"StartAt": "Replaced", "States": {"Replaced": {"Type": "Succeed"}}}
_BATCH_ROLE = "EmbeddedBatchRole"
# What has no effect on one machine. A bucket policy would be enforced without its conditions.
_DROPPED = (
    "AWS::EC2::",
    "AWS::CloudWatch::",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::LayerVersion",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
)


@dataclass(frozen=True)
class FunctionCode:
    """What moto forgets of a function: the folders of its code and layers, and its log group's name or logical id."""

    code: str
    layers: tuple[str, ...] = ()
    log_group: str | None = None


@dataclass(frozen=True)
class Adapted:
    """A template for moto, the code of its functions by logical id, and the folders of all layers."""

    template: dict[str, Any]
    functions: Mapping[str, FunctionCode] = field(default_factory=dict)
    layers: tuple[str, ...] = ()


def load(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """A template and the texts of the state machine definitions that it names, by their paths as given there."""
    template: dict[str, Any] = yaml_parse(path.read_text(encoding="utf-8"))
    named = (resource.get("Properties", {}).get("DefinitionUri") for resource in template["Resources"].values())
    return template, {uri: (path.parent / uri).read_text(encoding="utf-8") for uri in named if isinstance(uri, str)}


def adapt(template: Mapping[str, Any], definitions: Mapping[str, str], parameters: Mapping[str, str]) -> Adapted:
    """Transform as a deployment would, and do without what moto cannot do."""
    source = copy.deepcopy(dict(template))
    machines = {
        name: definitions[resource["Properties"]["DefinitionUri"]]
        for name, resource in source["Resources"].items()
        if "DefinitionUri" in resource.get("Properties", {})
    }
    for resource in source["Resources"].values():
        _point_to_project(resource.get("Properties", {}))
    result: dict[str, Any] = transform(source, dict(parameters), _NoManagedPolicies())
    resources = result["Resources"]
    layers = {
        name: _folder(resource, "Content") for name, resource in _of(resources, "AWS::Lambda::LayerVersion").items()
    }
    functions = {
        name: _take_code(resource, layers) for name, resource in _of(resources, "AWS::Lambda::Function").items()
    }
    for name, definition in machines.items():
        _inline(resources[name]["Properties"], definition)
    _simplify(resources)
    _drop(result)
    return Adapted(result, functions, tuple(layers.values()))


class _NoManagedPolicies:
    """Managed policies would have to be asked for; on one machine nobody enforces them."""

    def load(self) -> dict[str, str]:
        """No policy is known by its name alone."""
        return {}


def _of(resources: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {name: resource for name, resource in resources.items() if resource["Type"] == kind}


def _point_to_project(properties: dict[str, Any]) -> None:
    """Give local paths the form that they have after an upload, and defer definitions."""
    for uri in ("CodeUri", "ContentUri"):
        if isinstance(properties.get(uri), str):
            properties[uri] = {"Bucket": _HERE, "Key": str(PurePosixPath(properties[uri]))}
    if properties.pop("DefinitionUri", None):
        properties["Definition"] = _STARTING_POINT


def _folder(resource: Mapping[str, Any], key: str) -> str:
    return str(resource["Properties"][key]["S3Key"])


def _take_code(function: dict[str, Any], layers: Mapping[str, str]) -> FunctionCode:
    """Keep for ourselves what moto cannot use, and leave it a function that it can create."""
    properties = function["Properties"]
    used = [layers[layer["Ref"]] for layer in properties.pop("Layers", [])]
    group = properties.pop("LoggingConfig", {}).get("LogGroup")
    code = FunctionCode(_folder(function, "Code"), tuple(used), group["Ref"] if isinstance(group, dict) else group)
    properties["Code"] = {"ZipFile": f"# the code is in {code.code}"}
    return code


def _inline(machine: dict[str, Any], definition: str) -> None:
    """Put the substitutions in by Fn::Join: moto's Fn::Sub would take `$$.` for an escaped dollar."""
    values = machine.pop("DefinitionSubstitutions", {})
    pieces = re.split(r"\$\{(\w+)\}", json.dumps(json.loads(definition)))
    machine["DefinitionString"] = {"Fn::Join": ["", [values[it] if at % 2 else it for at, it in enumerate(pieces)]]}


def _simplify(resources: dict[str, Any]) -> None:
    """Say what moto insists on, in the way that it understands."""
    for role in _of(resources, "AWS::IAM::Role").values():
        role["Properties"].pop("ManagedPolicyArns", None)
    for name, repository in _of(resources, "AWS::ECR::Repository").items():
        lower = {"Fn::Sub": "${AWS::StackName}/" + name.lower()}
        repository.setdefault("Properties", {}).setdefault("RepositoryName", lower)
    for job in _of(resources, "AWS::Batch::JobDefinition").values():
        job["Properties"].setdefault("RetryStrategy", {"Attempts": 1})
        job["Properties"]["timeout"] = job["Properties"].pop("Timeout", {})
    environments = _of(resources, "AWS::Batch::ComputeEnvironment").values()
    for environment in environments:
        most = environment["Properties"].get("ComputeResources", {}).get("MaxvCpus", 256)
        environment["Properties"]["ServiceRole"] = {"Fn::GetAtt": [_BATCH_ROLE, "Arn"]}
        environment["Properties"]["ComputeResources"] = {
            "Type": "FARGATE",  # the kind for which moto starts no instances
            "MaxvCpus": most,
        }
    if environments:
        resources[_BATCH_ROLE] = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}


def _drop(template: dict[str, Any]) -> None:
    """Remove what has no effect, and outputs that speak of it; refuse if anything else needs it."""
    resources = template["Resources"]
    dropped = {name for name, resource in resources.items() if resource["Type"].startswith(_DROPPED)}
    template["Resources"] = {name: resource for name, resource in resources.items() if name not in dropped}
    outputs = template.get("Outputs", {}).items()
    template["Outputs"] = {name: output for name, output in outputs if not _references(output) & dropped}
    for name, resource in template["Resources"].items():
        needs = resource.pop("DependsOn", [])
        resource["DependsOn"] = [need for need in ([needs] if isinstance(needs, str) else needs) if need not in dropped]
        if lost := _references(resource) & dropped:
            raise EmbeddedCloudError(f"{name} needs {', '.join(sorted(lost))}, which the embedded cloud leaves out")


def _references(node: Any) -> set[str]:
    """The logical ids that a part of a template refers to."""
    if isinstance(node, list):
        return set().union(*map(_references, node))
    if not isinstance(node, dict):
        return set()
    found = set().union(*map(_references, node.values()))
    if isinstance(node.get("Ref"), str):
        found.add(node["Ref"])
    if "Fn::GetAtt" in node:
        target = node["Fn::GetAtt"]
        found.add(target.split(".")[0] if isinstance(target, str) else target[0])
    if "Fn::Sub" in node:
        text = node["Fn::Sub"]
        found.update(re.findall(r"\$\{(\w+)", text if isinstance(text, str) else text[0]))
    return found
