"""The deployed system as CloudFormation would create it, without an account: transformed, its conditions decided."""

from __future__ import annotations

import copy
import json
import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[3]
MACHINE = ROOT / "statemachine" / "evolve.asl.json"
REGION = "us-east-1"
VARIANTS = {
    "spot": {"Capacity": "SPOT"},
    "spot only": {"Capacity": "SPOT", "OnDemandMaxvCpus": "0"},
    "on demand": {"Capacity": "ON_DEMAND"},
    "fargate": {"Capacity": "FARGATE"},
    "fargate spot": {"Capacity": "FARGATE_SPOT"},
    "two zones": {"AvailabilityZones": "2", "Architecture": "X86_64"},
    "prod": {"Environment": "prod", "NotificationAddress": "somebody@example.com", "MonthlyBudget": "50"},
}
Json = dict[str, Any]


@dataclass
class System:
    """The system that a policy checks.

    Attributes:
        source: template.yaml as it is written.
        machine: the definition of the state machine.
        parameters: the parameters that differ from their defaults.
        resources: the resources that CloudFormation would create with these parameters.
    """

    source: Json
    machine: Json
    parameters: dict[str, str]
    resources: Json = field(default_factory=dict)

    @classmethod
    def load(cls, parameters: dict[str, str]) -> System:
        """Load the project's own system."""
        source, resources = _transformed(json.dumps(parameters))
        return cls(copy.deepcopy(source), json.loads(MACHINE.read_text()), parameters, copy.deepcopy(resources))

    def of(self, *kinds: str) -> dict[str, Json]:
        """Return the properties of all resources of these types, by logical id."""
        wanted = {f"AWS::{kind}" for kind in kinds}
        return {name: made.get("Properties", {}) for name, made in self.resources.items() if made["Type"] in wanted}

    def states(self) -> dict[str, Json]:
        """Return all states by name, including those within Maps."""
        found: dict[str, Json] = {}

        def collect(machine: Json) -> None:
            for name, state in machine["States"].items():
                found[name] = state
                if "ItemProcessor" in state:
                    collect(state["ItemProcessor"])

        collect(self.machine)
        return found

    def statements(self) -> list[tuple[str, Json]]:
        """Return every statement of every role, with the role's logical id."""
        found = []
        for name, role in self.of("IAM::Role").items():
            for policy in role.get("Policies", []):
                found += [(name, statement) for statement in policy["PolicyDocument"]["Statement"]]
        for policy in self.of("IAM::Policy").values():
            for role in policy["Roles"]:
                found += [(role["Ref"], statement) for statement in policy["PolicyDocument"]["Statement"]]
        return found


def many(value: Any) -> list[Any]:
    """Return a list, also where CloudFormation and IAM accept a single value."""
    return value if isinstance(value, list) else [value]


@cache
def _transformed(parameters: str) -> tuple[Json, Json]:
    source: Json = yaml_parse((ROOT / "template.yaml").read_text())
    given = {name: parameter.get("Default") for name, parameter in source["Parameters"].items()} | json.loads(
        parameters
    )
    local = copy.deepcopy(source)
    for resource in local["Resources"].values():
        properties = resource.get("Properties", {})
        for uri in ("CodeUri", "ContentUri"):
            if uri in properties:
                properties[uri] = {"Bucket": "here", "Key": properties[uri]}
        if properties.pop("DefinitionUri", None):
            properties["Definition"] = {"StartAt": "Elsewhere", "States": {"Elsewhere": {"Type": "Succeed"}}}
    with patch.dict(os.environ, {"AWS_DEFAULT_REGION": REGION}):
        result = transform(local, dict(given), _ManagedPolicies())
    conditions = _Conditions(source["Conditions"], given)
    made = {
        name: conditions.decide(resource)
        for name, resource in result["Resources"].items()
        if "Condition" not in resource or conditions.holds(resource["Condition"])
    }
    return source, made


class _ManagedPolicies:
    def load(self) -> dict[str, str]:
        return {}


_NOTHING = {"Ref": "AWS::NoValue"}


class _Conditions:
    """The template's conditions under given parameters, which decide Fn::If as CloudFormation does."""

    def __init__(self, conditions: Json, given: Json) -> None:
        self._conditions, self._given = conditions, {"AWS::Region": REGION, "AWS::Partition": "aws"} | given

    def holds(self, name: str) -> bool:
        return self._judge(self._conditions[name])

    def _judge(self, rule: Json) -> bool:
        ((verb, operands),) = rule.items()
        if verb == "Condition":
            return self.holds(operands)
        if verb == "Fn::Not":
            return not self._judge(operands[0])
        if verb in {"Fn::And", "Fn::Or"}:
            return (all if verb == "Fn::And" else any)(map(self._judge, operands))
        left, right = (self._given[operand["Ref"]] if isinstance(operand, dict) else operand for operand in operands)
        return str(left) == str(right)

    def decide(self, node: Any) -> Any:
        if isinstance(node, list):
            return [decided for item in node if (decided := self.decide(item)) != _NOTHING]
        if not isinstance(node, dict):
            return node
        if set(node) == {"Fn::If"}:
            name, then, otherwise = node["Fn::If"]
            return self.decide(then if self.holds(name) else otherwise)
        return {key: decided for key, item in node.items() if (decided := self.decide(item)) != _NOTHING}
