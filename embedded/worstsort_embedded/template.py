"""Conversion of the SAM template into a CloudFormation template that moto can deploy; pure except for load()."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import yaml
from samtranslator.yaml_helper import intrinsics_multi_constructor

from worstsort_embedded.deployment.parameters import refusals as parameter_refusals
from worstsort_embedded.errors import EmbeddedCloudError
from worstsort_embedded.strict.template import Deployment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PROJECT_BUCKET = "project"
"""A name for the bucket to which a deployment would upload local code."""

_DEFINITION_PLACEHOLDER = {"StartAt": "Replaced", "States": {"Replaced": {"Type": "Succeed"}}}
_BATCH_ROLE = "EmbeddedBatchRole"
_DROPPED_TYPES = (
    "AWS::Budgets::",
    "AWS::EC2::",
    "AWS::CloudWatch::",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::LayerVersion",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
)
"""Prefixes of resource types without effect on one machine; moto would enforce a bucket policy without its conditions.
"""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML's safe loader with CloudFormation's short forms such as `!Ref`, in C where libyaml is: 30 times as fast."""


_Loader.add_multi_constructor("!", intrinsics_multi_constructor)


@dataclass(frozen=True)
class FunctionCode:
    """A function's folders of code and layers, its log group's name or logical id, and its handler.

    moto drops the first, and lets clients change the last.
    """

    code: str
    layers: tuple[str, ...] = ()
    log_group: str | None = None
    handler: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> FunctionCode:
        """Return what has these fields, of which JSON has made lists."""
        return cls(**{**fields, "layers": tuple(fields["layers"])})


@dataclass(frozen=True)
class Adapted:
    """A template that AWS would take, as moto can deploy it.

    Attributes:
        template: What moto is given.
        transformed: What CloudFormation would get from SAM.
        machines: The state machines' definitions by logical id.
        parameters: The template's parameters that differ from their defaults.
        functions: Its functions' code by logical id.
        layers: The folders of all layers.
        before: What it updates, None if it is the first.
    """

    template: dict[str, Any]
    transformed: dict[str, Any]
    machines: Mapping[str, str]
    parameters: Mapping[str, str]
    functions: Mapping[str, FunctionCode] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    before: Deployment | None = field(default=None, compare=False)

    @cached_property
    def asked(self) -> Deployment:
        """What it asks of AWS."""
        return deployment(self.transformed, self.machines, self.parameters, before=self.before)


def load(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Read a template, and the state machine definitions that it names, by their paths as written there."""
    template: dict[str, Any] = _Loader(path.read_text(encoding="utf-8")).get_single_data()
    uris = (resource.get("Properties", {}).get("DefinitionUri") for resource in template["Resources"].values())
    return template, {uri: (path.parent / uri).read_text(encoding="utf-8") for uri in uris if isinstance(uri, str)}


def adapt(
    template: Mapping[str, Any],
    definitions: Mapping[str, str],
    parameters: Mapping[str, str],
    before: Deployment | None = None,
) -> Adapted:
    """Transform a template as a deployment would, and adapt it to what moto can do.

    Args:
        template: The SAM template; it is not changed.
        definitions: The texts of its state machine definitions by their paths.
        parameters: The template's parameters that differ from their defaults.
        before: The deployment that this one updates, None for the first.

    Raises:
        EmbeddedCloudError: A resource needs another that the embedded cloud leaves out, or AWS would refuse one.
    """
    source, machines = transformed(template, definitions, parameters)
    asked = deployment(source, machines, parameters, before=before)
    if refused := [*parameter_refusals(template, parameters), *asked.refusals()]:
        raise EmbeddedCloudError("AWS would refuse the template:\n" + "\n".join(refused))
    result = _naming_revisions(source)
    resources = result["Resources"]
    layers = {
        name: _folder(resource, "Content")
        for name, resource in _of_type(resources, "AWS::Lambda::LayerVersion").items()
    }
    functions = {
        name: _take_code(resource, layers) for name, resource in _of_type(resources, "AWS::Lambda::Function").items()
    }
    for name, definition in machines.items():
        _inline(resources[name]["Properties"], definition)
    _simplify(resources)
    _drop(result)
    return Adapted(result, source, machines, dict(parameters), functions, tuple(layers.values()), before)


def deployment(
    result: Mapping[str, Any], machines: Mapping[str, str], parameters: Mapping[str, str], **more: Any
) -> Deployment:
    """Return what a deployment of a transformed template asks of AWS; the arguments are what `transformed` returns."""
    return Deployment(result, parameters, {name: json.loads(text) for name, text in machines.items()}, **more)


def transformed(
    template: Mapping[str, Any], definitions: Mapping[str, str], parameters: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the template as CloudFormation gets it from SAM, and the state machines' definitions by logical id."""
    from samtranslator.translator.transform import transform  # noqa: PLC0415 - takes as long to import as all of boto3

    source = copy.deepcopy(dict(template))
    machines = {
        name: definitions[resource["Properties"]["DefinitionUri"]]
        for name, resource in source["Resources"].items()
        if "DefinitionUri" in resource.get("Properties", {})
    }
    for resource in source["Resources"].values():
        _localise(resource.get("Properties", {}))
    return transform(source, dict(parameters), _NoManagedPolicies()), machines


class _NoManagedPolicies:
    """A loader of no managed policies: loading them takes an account, and on one machine nothing enforces them."""

    def load(self) -> dict[str, str]:
        """Return no policy."""
        return {}


def _of_type(resources: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {name: resource for name, resource in resources.items() if resource["Type"] == kind}


def _localise(properties: dict[str, Any]) -> None:
    """Write local paths as if they had been uploaded, and replace a definition by a placeholder."""
    for uri in ("CodeUri", "ContentUri"):
        if isinstance(properties.get(uri), str):
            properties[uri] = {"Bucket": _PROJECT_BUCKET, "Key": str(PurePosixPath(properties[uri]))}
    if properties.pop("DefinitionUri", None):
        properties["Definition"] = _DEFINITION_PLACEHOLDER


def _folder(resource: Mapping[str, Any], key: str) -> str:
    return str(resource["Properties"][key]["S3Key"])


def _take_code(function: dict[str, Any], layers: Mapping[str, str]) -> FunctionCode:
    """Remove from a function what moto cannot use, and return it."""
    properties = function["Properties"]
    layer_folders = tuple(layers[layer["Ref"]] for layer in properties.pop("Layers", []))
    group = properties.pop("LoggingConfig", {}).get("LogGroup")
    log_group = group["Ref"] if isinstance(group, dict) else group
    code = FunctionCode(_folder(function, "Code"), layer_folders, log_group, properties["Handler"])
    properties["Code"] = {"ZipFile": f"# the code is in {code.code}"}
    return code


def _inline(machine: dict[str, Any], definition: str) -> None:
    """Inline a definition, with its substitutions by Fn::Join: moto's Fn::Sub takes `$$.` for an escaped dollar."""
    values = machine.pop("DefinitionSubstitutions", {})
    parts: list[Any] = re.split(r"\$\{(\w+)\}", json.dumps(json.loads(definition)))
    parts[1::2] = [values[name] for name in parts[1::2]]
    machine["DefinitionString"] = {"Fn::Join": ["", parts]}


def _naming_revisions(node: Any) -> Any:
    """Replace the attribute JobDefinitionArn, which moto does not know, by Ref, which moto takes for the same."""
    if isinstance(node, list):
        return [_naming_revisions(part) for part in node]
    if not isinstance(node, dict):
        return node
    target = node.get("Fn::GetAtt", "")
    name, _, attribute = (target if isinstance(target, str) else ".".join(map(str, target))).partition(".")
    return {"Ref": name} if attribute == "JobDefinitionArn" else {key: _naming_revisions(node[key]) for key in node}


def _simplify(resources: dict[str, Any]) -> None:
    """Add the properties that moto requires, and spell them as it does."""
    for role in _of_type(resources, "AWS::IAM::Role").values():
        role["Properties"].pop("ManagedPolicyArns", None)
    for name, repository in _of_type(resources, "AWS::ECR::Repository").items():
        default_name = {"Fn::Sub": "${AWS::StackName}/" + name.lower()}
        repository.setdefault("Properties", {}).setdefault("RepositoryName", default_name)
    for job in _of_type(resources, "AWS::Batch::JobDefinition").values():
        job["Properties"].setdefault("RetryStrategy", {"Attempts": 1})
        job["Properties"]["timeout"] = job["Properties"].pop("Timeout", {})
    environments = _of_type(resources, "AWS::Batch::ComputeEnvironment").values()
    for environment in environments:
        max_vcpus = environment["Properties"].get("ComputeResources", {}).get("MaxvCpus", 256)
        environment["Properties"]["ServiceRole"] = {"Fn::GetAtt": [_BATCH_ROLE, "Arn"]}
        environment["Properties"]["ComputeResources"] = {
            "Type": "FARGATE",  # the kind for which moto starts no instances
            "Kind": environment["Properties"].get("ComputeResources", {}).get("Type", "EC2"),
            "MaxvCpus": max_vcpus,
        }
    if environments:
        resources[_BATCH_ROLE] = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}


def _drop(template: dict[str, Any]) -> None:
    """Remove resources without effect, and the outputs that refer to them; refuse if another resource needs one."""
    resources = template["Resources"]
    dropped = {name for name, resource in resources.items() if resource["Type"].startswith(_DROPPED_TYPES)}
    template["Resources"] = {name: resource for name, resource in resources.items() if name not in dropped}
    outputs = template.get("Outputs", {}).items()
    template["Outputs"] = {name: output for name, output in outputs if not references(output) & dropped}
    for logical_id, resource in template["Resources"].items():
        needed = resource.pop("DependsOn", [])
        names = [needed] if isinstance(needed, str) else needed
        resource["DependsOn"] = [name for name in names if name not in dropped]
        if missing := references(resource) & dropped:
            raise EmbeddedCloudError(
                f"{logical_id} needs {', '.join(sorted(missing))}, which the embedded cloud leaves out"
            )


def references(node: Any) -> set[str]:
    """Return the logical ids that a part of a template refers to."""
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    found = set().union(*map(references, node.values()))
    if isinstance(node.get("Ref"), str):
        found.add(node["Ref"])
    if "Fn::GetAtt" in node:
        target = node["Fn::GetAtt"]
        found.add(target.split(".")[0] if isinstance(target, str) else target[0])
    if "Fn::Sub" in node:
        text = node["Fn::Sub"]
        found.update(re.findall(r"\$\{(\w+)", text if isinstance(text, str) else text[0]))
    return found
