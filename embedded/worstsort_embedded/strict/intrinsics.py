"""CloudFormation's functions, decided as far as they can be before anything is deployed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from worstsort_embedded.strict.checks import UNKNOWN, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NOTHING = {"Ref": "AWS::NoValue"}
_PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::StackName": "worstsort",
    "AWS::StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/worstsort/0",
    "AWS::URLSuffix": "amazonaws.com",
}
_ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"]

_ARNS = {
    "Batch::ComputeEnvironment": "batch:{region}:{account}:compute-environment/{name}",
    "Batch::JobDefinition": "batch:{region}:{account}:job-definition/{name}:1",
    "Batch::JobQueue": "batch:{region}:{account}:job-queue/{name}",
    "DynamoDB::Table": "dynamodb:{region}:{account}:table/{name}",
    "ECR::Repository": "ecr:{region}:{account}:repository/{name}",
    "Events::Rule": "events:{region}:{account}:rule/{name}",
    "IAM::InstanceProfile": "iam::{account}:instance-profile/{name}",
    "IAM::Role": "iam::{account}:role/{name}",
    "Lambda::Function": "lambda:{region}:{account}:function:{name}",
    "Lambda::LayerVersion": "lambda:{region}:{account}:layer:{name}:1",
    "Logs::LogGroup": "logs:{region}:{account}:log-group:{name}:*",
    "S3::Bucket": "s3:::{name}",
    "SNS::Topic": "sns:{region}:{account}:{name}",
    "SQS::Queue": "sqs:{region}:{account}:{name}",
    "StepFunctions::StateMachine": "states:{region}:{account}:stateMachine:{name}",
}
"""The forms of ARNs, without `arn:<partition>:`."""

_REF_IS_ARN = {
    "Batch::ComputeEnvironment", "Batch::JobDefinition", "Batch::JobQueue", "Lambda::LayerVersion", "SNS::Topic",
    "StepFunctions::StateMachine",
}  # fmt: skip
"""Types of which Ref returns the ARN."""

_LOWER_CASE = {"S3::Bucket", "ECR::Repository"}
"""Types for which CloudFormation makes names of lower case."""


@dataclass
class Resolver:
    """The values of a template's functions under given parameters; names of resources are as CloudFormation makes them.

    Attributes:
        template: The template, after its transform.
        parameters: The parameters that differ from their defaults.
        pseudo: The pseudo parameters that differ from an example's.
    """

    template: Mapping[str, Any]
    parameters: Mapping[str, Any]
    pseudo: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        """Return the value of a parameter or pseudo parameter."""
        if name in _PSEUDO:
            return self.pseudo.get(name, _PSEUDO[name])
        declared = self.template["Parameters"][name]
        given = self.parameters.get(name, declared.get("Default", UNKNOWN))
        if declared.get("Type") == "CommaDelimitedList" and isinstance(given, str):
            return [item.strip() for item in given.split(",")]
        return given

    def holds(self, condition: Any) -> bool:
        """Return whether a condition holds, given by its name or as it is written."""
        if isinstance(condition, str):
            return self.holds(self.template["Conditions"][condition])
        ((verb, operands),) = condition.items()
        if verb == "Condition":
            return self.holds(operands)
        if verb == "Fn::Not":
            return not self.holds(operands[0])
        if verb in {"Fn::And", "Fn::Or"}:
            return (all if verb == "Fn::And" else any)(self.holds(operand) for operand in operands)
        left, right = (self.resolve(operand) for operand in operands)
        return as_text(left) == as_text(right)

    def resources(self) -> dict[str, Any]:
        """Return the resources that are made under these parameters, with their properties resolved."""
        return {
            name: resource | {"Properties": self.resolve(resource.get("Properties", {}))}
            for name, resource in self.template["Resources"].items()
            if "Condition" not in resource or self.holds(resource["Condition"])
        }

    def resolve(self, node: Any) -> Any:
        """Return a part of the template with its functions replaced by their values, or by UNKNOWN."""
        if isinstance(node, list):
            return [self.resolve(item) for item in node if self._chosen(item) != _NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, operand),) = node.items()
            if name in {"Ref", "Condition"} or name.startswith("Fn::"):
                return self._call(name, operand)
        return {key: self.resolve(item) for key, item in node.items() if self._chosen(item) != _NOTHING}

    def _chosen(self, node: Any) -> Any:
        """Return the branch that the outer Fn::If choose."""
        while isinstance(node, dict) and set(node) == {"Fn::If"}:
            condition, then, otherwise = node["Fn::If"]
            node = then if self.holds(condition) else otherwise
        return node

    def _call(self, name: str, operand: Any) -> Any:
        """Return the value of a function."""
        whole: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::If": lambda branches: self.resolve(self._chosen({"Fn::If": branches})),
            "Fn::GetAtt": lambda at: self._attribute(*(at.split(".", 1) if isinstance(at, str) else at)),
            "Fn::Sub": self._substituted,
            "Fn::GetAZs": lambda _region: _ZONES,
            "Fn::FindInMap": lambda path: self._mapped(*map(as_text, self.resolve(path))),
        }
        if name in whole:
            return whole[name](operand)
        return _PURE[name](self.resolve(operand)) if name in _PURE else UNKNOWN

    def _mapped(self, name: str, *keys: str) -> Any:
        """Return a value of a mapping, or UNKNOWN where there is none."""
        found: Any = self.template.get("Mappings", {}).get(name)
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return UNKNOWN if found is None else found

    def _ref(self, name: str) -> Any:
        if name in self.template.get("Resources", {}):
            kind = self._kind(name)
            return self.arn(name) if kind in _REF_IS_ARN else self._name(name)
        return self.value(name) if name in _PSEUDO or name in self.template.get("Parameters", {}) else UNKNOWN

    def _attribute(self, name: str, attribute: str) -> Any:
        if attribute == "Arn" or attribute.endswith("Arn"):
            return self.arn(name)
        if attribute == "RepositoryUri":
            return (
                f"{self.value('AWS::AccountId')}.dkr.ecr.{self.value('AWS::Region')}.amazonaws.com/{self._name(name)}"
            )
        if attribute in {"Name", "QueueName"}:
            return self._name(name)
        return UNKNOWN

    def _substituted(self, operand: Any) -> str:
        text, given = (operand, {}) if isinstance(operand, str) else operand

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            if name in given:
                return as_text(self.resolve(given[name]))
            return as_text(self._attribute(*name.split(".", 1)) if "." in name else self._ref(name))

        return re.sub(r"\$\{([^}]+)\}", value, text)

    def _kind(self, name: str) -> str:
        return str(self.template["Resources"][name]["Type"]).removeprefix("AWS::")

    def arn(self, name: str) -> Any:
        """Return the ARN of a resource by its logical id, or UNKNOWN if the form of its type's is not known."""
        form = _ARNS.get(self._kind(name)) if name in self.template["Resources"] else None
        if form is None:
            return UNKNOWN
        filled = form.format(
            region=self.value("AWS::Region"), account=self.value("AWS::AccountId"), name=self._name(name)
        )
        return f"arn:{self.value('AWS::Partition')}:{filled}"

    def _name(self, name: str) -> str:
        """Return a resource's name: the one it is given, or one as CloudFormation makes it."""
        properties = self.template["Resources"][name].get("Properties", {})
        kind = self._kind(name)
        for key in (f"{kind.rpartition(':')[2]}Name", "Name"):
            given = self.resolve(properties.get(key))
            if isinstance(given, str):
                return given
        made = f"{self.value('AWS::StackName')}-{name}-1A2B3C4D5E6F"
        return made.lower() if kind in _LOWER_CASE else made


def _select(arguments: Any) -> Any:
    at, choices = arguments
    return choices[int(at)] if isinstance(choices, list) and int(at) < len(choices) else UNKNOWN


def as_text(value: Any) -> str:
    """Return a value as CloudFormation writes it into a text."""
    if isinstance(value, Unknown):
        return "known-later"
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(as_text, value)) if isinstance(value, list) else str(value)


_PURE: dict[str, Callable[[Any], Any]] = {
    "Fn::Join": lambda arguments: arguments[0].join(map(as_text, arguments[1])),
    "Fn::Select": _select,
    "Fn::Split": lambda arguments: as_text(arguments[1]).split(arguments[0]),
    "Fn::ToJsonString": lambda argument: json.dumps(argument, default=as_text),
}
"""Functions of nothing but their arguments."""
