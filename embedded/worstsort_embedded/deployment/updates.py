"""Updates of a stack, where moto does not make them as CloudFormation does."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from moto.awslambda.models import LambdaFunction
from moto.batch.models import JobDefinition
from moto.cloudformation.parsing import ResourceMap, resource_class_from_type

from worstsort_embedded.template import references

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worstsort_embedded.patches import Patches

_JOB_DEFINITION = "AWS::Batch::JobDefinition"


def install(patches: Patches) -> None:
    """Make moto register new revisions of job definitions, configure functions, and change things in order."""
    patches.replace(JobDefinition, "update_from_cloudformation_json", classmethod(_revise))
    patches.replace(LambdaFunction, "update_from_cloudformation_json", classmethod(_configure))
    patches.wrap(ResourceMap, "build_resource_diff", _in_order)


def _revise(
    definition: type[JobDefinition],
    /,
    original_resource: JobDefinition,
    new_resource_name: str,
    cloudformation_json: dict[str, Any],
    **where: Any,
) -> JobDefinition:
    """Register a new revision; "the previous revision [...] is de-registered after a new revision is created".

    That is so unless SkipDeregisterOnUpdate is set (CloudFormation, AWS::Batch::JobDefinition ResourceRetentionPolicy).
    """
    revision = definition.create_from_cloudformation_json(new_resource_name, cloudformation_json, **where)
    retention = cloudformation_json["Properties"].get("ResourceRetentionPolicy", {})
    if str(retention.get("SkipDeregisterOnUpdate", False)).lower() != "true":
        original_resource.deregister()
    return revision


def _configure(
    _kind: type[LambdaFunction],
    /,
    original_resource: LambdaFunction,
    cloudformation_json: dict[str, Any],
    **_where: Any,
) -> LambdaFunction:
    """Change a function's configuration, and not its code, which moto does not have."""
    original_resource.update_configuration(cloudformation_json["Properties"])
    return original_resource


def _in_order(
    original: Callable[..., dict[str, Any]],
    resources: ResourceMap,
    template: Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return all changes of an update, each after those of the resources that it refers to.

    moto misses resources that change with a parameter in a Fn::Sub or in a condition, or with a revision they refer to.
    """
    changes, made = original(resources, template, parameters), template["Resources"]
    kept = {name: made[name] for name in made.keys() - set(changes["Add"])}
    before = resources.input_parameters
    changed = {name for name, value in (parameters or {}).items() if before.get(name) != value}
    conditions = template.get("Conditions", {})
    while found := {name for name in conditions.keys() - changed if _mentioned(conditions[name]) & changed}:
        changed |= found
    modified = set(changes["Modify"]) | {name for name in kept if _mentioned(kept[name]) & changed}
    revised = {name for name in modified if made[name]["Type"] == _JOB_DEFINITION}
    modified |= {name for name in kept if references(kept[name]) & revised}
    modified = {name for name in modified if _can_change(made[name]["Type"])}
    order = TopologicalSorter({name: references(made[name]) & modified for name in sorted(modified)})
    return changes | {"Modify": list(order.static_order())}


def _can_change(kind: str) -> bool:
    """Return whether moto can update resources of a type; it would lose others, which stay as they are instead."""
    model = resource_class_from_type(kind)
    return model is not None and not hasattr(model.update_from_cloudformation_json, "__isabstractmethod__")


def _mentioned(node: Any) -> set[str]:
    """Return the names of the parameters, resources and conditions that a part of a template depends on."""
    if isinstance(node, list):
        return set().union(*map(_mentioned, node))
    if not isinstance(node, dict):
        return set()
    found = references(node).union(*map(_mentioned, node.values()))
    if isinstance(node.get("Condition"), str):
        found.add(node["Condition"])
    if "Fn::If" in node:
        found.add(node["Fn::If"][0])
    return found
