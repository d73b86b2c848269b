"""A template held to AWS's limits and rules: what it gives to each service, and what CloudFormation takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from worstsort_embedded.strict import machine, resources
from worstsort_embedded.strict.checks import Call, Check, check
from worstsort_embedded.strict.intrinsics import Resolver, as_text
from worstsort_embedded.strict.limit import Limit
from worstsort_embedded.strict.rule import as_dict, as_texts
from worstsort_embedded.strict.rules import Violation, violations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_GUIDE = "AWS CloudFormation User Guide, cloudformation-limits.md"


def _longest(value: int, sentence: str) -> Limit:
    return Limit("longest", value, sentence, _GUIDE)


_SECTIONS = {
    "Parameters": _longest(
        200, "Maximum number of parameters that you can declare in your AWS CloudFormation template: 200."
    ),
    "Resources": _longest(
        500, "Maximum number of resources that you can declare in your AWS CloudFormation template: 500."
    ),
    "Outputs": _longest(
        200, "Maximum number of outputs that you can declare in your AWS CloudFormation template: 200."
    ),
    "Mappings": _longest(
        200, "Maximum number of mappings that you can declare in your AWS CloudFormation template: 200."
    ),
}
_NAMES = {
    "Parameters": _longest(255, "Maximum size of a parameter name: 255 characters."),
    "Resources": _longest(255, "Maximum size of a resource name: 255 characters."),
    "Outputs": _longest(255, "Maximum size of an output name: 255 characters."),
    "Mappings": _longest(255, "Maximum size of each mapping name: 255 characters."),
}
_DESCRIPTION = _longest(1024, "Maximum size of a template description: 1,024 bytes.")
_PARAMETER_VALUE = _longest(4096, "Maximum size of a parameter value: 4,096 bytes.")
_BODY = _longest(1024 * 1024, "Maximum size of a template body that you can pass in an Amazon S3 object: 1 MB.")


class Planned:
    """What exists once the calls of one template are made, beside what a template before it made."""

    def __init__(self, made: list[Call], resolver: Resolver, before: Planned | None = None) -> None:
        environments = [call for call in made if call.operation == "CreateComputeEnvironment"]
        queues = (call for call in made if call.operation == "CreateJobQueue")
        self._kinds: dict[Any, Any] = (before._kinds if before else {}) | {  # noqa: SLF001 - of the same class
            resolver.arn(call.origin): call.parameters["computeResources"]["type"]
            for call in environments
            if "computeResources" in call.parameters
        }
        self._types: dict[Any, list[str]] = (before._types if before else {}) | {  # noqa: SLF001 - of the same class
            resolver.arn(call.origin): as_texts(as_dict(call.parameters.get("computeResources")).get("instanceTypes"))
            for call in environments
        }
        self.queues = {
            resolver.arn(call.origin): [
                entry["computeEnvironment"] for entry in call.parameters["computeEnvironmentOrder"]
            ]
            for call in queues
        }
        self._before = before

    def kind_of(self, environment: str) -> str | None:
        """Return a compute environment's type, such as SPOT, by its ARN."""
        return self._kinds.get(environment)

    def instance_types_of(self, environment: str) -> list[str]:
        """Return a compute environment's instance types, by its ARN."""
        return self._types.get(environment, [])

    def environments_of(self, queue: str) -> list[str]:
        """Return the compute environments of a queue before the template is deployed, by its ARN."""
        return self._before.queues.get(queue, []) if self._before else []

    def neighbours_of(self, environment: str) -> list[str]:
        """Return the other compute environments of the queues that lead to one, by its ARN."""
        found = [environments for environments in self.queues.values() if environment in environments]
        return [other for environments in found for other in environments if other != environment]

    def is_active(self, definition: str) -> bool:  # noqa: ARG002 - as the rules ask for it
        """Return that every job definition of a template is active."""
        return True


class Deployment:
    """What a deployment of a template with some parameters asks of AWS.

    Args:
        template: The template, after its transform.
        parameters: The parameters that differ from their defaults.
        definitions: The state machines' definitions by logical id, where the template does not hold them.
        pseudo: The pseudo parameters that differ from an example's.
        before: What was deployed before, if this is an update.
    """

    def __init__(
        self,
        template: Mapping[str, Any],
        parameters: Mapping[str, Any],
        definitions: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        pseudo: Mapping[str, str] | None = None,
        before: Deployment | None = None,
    ) -> None:
        self._template, self._parameters = template, parameters
        self.resolver = Resolver(template, parameters, pseudo or {})
        self.resources = self.resolver.resources()
        self._machines = {
            name: _substituted(definition, self.resources[name]["Properties"].get("DefinitionSubstitutions", {}))
            for name, definition in (definitions or {}).items()
            if name in self.resources
        }
        self.calls = list(self._calls())
        self._before = before
        self.world: Planned = Planned(self.calls, self.resolver, before.world if before else None)

    def _calls(self) -> Iterator[Call]:
        made = dict(self.resources)
        for name, definition in self._machines.items():
            properties = {
                key: item for key, item in made[name]["Properties"].items() if not key.startswith("Definition")
            }
            made[name] = made[name] | {"Properties": properties | {"DefinitionString": json.dumps(definition)}}
        yield from resources.calls(made)
        for definition in self._machines.values():
            yield from machine.calls(definition)

    def checks(self) -> Iterator[Check]:
        """Yield every check of a value."""
        yield from self._own_checks()
        for call in self.calls:
            yield from check(call)
        for definition in self._machines.values():
            yield from machine.checks(definition)

    def violations(self) -> Iterator[Violation]:
        """Yield the rules that are broken by what is made, or by the update of what was."""
        for call in self.calls:
            yield from violations(call, self.world)
            if call.operation == "CreateJobQueue":
                order = call.parameters["computeEnvironmentOrder"]
                update = {"jobQueue": self.resolver.arn(call.origin), "computeEnvironmentOrder": order}
                yield from violations(Call("batch", "UpdateJobQueue", update, call.origin), self.world)
            if call.operation == "CreateComputeEnvironment" and self._before:
                arn = self.resolver.arn(call.origin)
                update = {"computeEnvironment": arn, "computeResources": call.parameters.get("computeResources")}
                yield from violations(
                    Call("batch", "UpdateComputeEnvironment", update, call.origin), self._before.world
                )

    def refusals(self) -> list[str]:
        """Return all that AWS would refuse, one line each."""
        broken = [str(each) for each in self.checks() if not each.passed]
        return list(dict.fromkeys(broken + [str(each) for each in self.violations()]))

    def _own_checks(self) -> Iterator[Check]:
        """Yield the checks of CloudFormation's own limits."""
        template = self._template
        yield Check("template", "cloudformation: body", _BODY, json.dumps(template, default=as_text).encode())
        yield Check(
            "Description", "cloudformation: Description", _DESCRIPTION, template.get("Description", "").encode()
        )
        for section, limit in _SECTIONS.items():
            members = template.get(section, {})
            yield Check(section, f"cloudformation: {section}", limit, members)
            yield from (Check(section, f"cloudformation: {section} name", _NAMES[section], name) for name in members)
        for name in template.get("Parameters", {}):
            value = as_text(self.resolver.value(name)).encode()
            yield Check(name, "cloudformation: parameter value", _PARAMETER_VALUE, value)


def _substituted(definition: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a definition with its substitutions made."""
    text = json.dumps(definition)
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", json.dumps(as_text(value))[1:-1])
    made: dict[str, Any] = json.loads(text)
    return made
