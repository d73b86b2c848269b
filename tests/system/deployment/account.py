"""An AWS account to which the real SAM deploys: the embedded cloud, taught what moto leaves out of change sets."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.ecr.models import Repository, ecr_backends
from moto.s3.models import s3_backends
from samtranslator.yaml_helper import yaml_parse

from worstsort_embedded import template


def change_sets() -> ExitStack:
    """Let CloudFormation of an open embedded cloud treat change sets and images as AWS does, until the context ends."""
    opened = ExitStack()
    for name, replacement in (("create_change_set", _create_change_set), ("execute_change_set", _execute)):
        opened.enter_context(patch.object(CloudFormationBackend, name, replacement))
    opened.enter_context(patch.object(Repository, "delete", _delete_with_images))
    opened.enter_context(patch.object(Stack, "parameter_list", property(_parameters_as_text)))
    return opened


def _parameters_as_text(stack: Stack) -> list[dict[str, str]]:
    """Return a stack's parameters as DescribeStacks does: moto shows a list as Python would."""
    values = stack.resource_map.resolved_parameters
    return [{"ParameterKey": name, "ParameterValue": _text(value)} for name, value in values.items()]


def _text(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _delete_with_images(repository: Repository, account_id: str, region_name: str) -> None:
    """Delete a repository as the template's EmptyOnDelete asks for, which moto does not know."""
    ecr_backends[account_id][region_name].delete_repository(repository.name, force=True)


_moto_creates = CloudFormationBackend.create_change_set


def _create_change_set(backend: CloudFormationBackend, **given: Any) -> tuple[str, str]:
    """Transform the template as CloudFormation does when it makes a change set, which moto does not."""
    # Values are text; where the previous ones are used, moto hands over lists and numbers.
    given["parameters"] = {name: _text(value) for name, value in given["parameters"].items()}
    body = yaml_parse(given["template"])
    if "Transform" in body:
        definitions = _definitions(body)
        adapted = template.adapt(body, definitions, given["parameters"]).template
        given["template"] = json.dumps(adapted)
    # A second first change set is one of the same stack; moto would make another of that name.
    for stack_id, stack in list(backend.stacks.items()):
        if (stack.name, stack.status) == (given["stack_name"], "REVIEW_IN_PROGRESS"):
            del backend.stacks[stack_id]
    return _moto_creates(backend, **given)


def _definitions(body: dict[str, Any]) -> dict[str, str]:
    """Return the state machine definitions that SAM uploaded, by their addresses as adapt() looks them up."""
    found = {}
    for resource in body["Resources"].values():
        place = resource.get("Properties", {}).get("DefinitionUri")
        if isinstance(place, dict):
            address = f"s3://{place['Bucket']}/{place['Key']}"
            resource["Properties"]["DefinitionUri"] = address
            found[address] = _uploaded(place["Bucket"], place["Key"])
    return found


def _uploaded(bucket: str, key: str) -> str:
    (backend,) = [regions["aws"] for regions in s3_backends.values()]
    stored = backend.get_object(bucket, key)
    assert stored is not None
    return str(stored.value.decode())


def _execute(backend: CloudFormationBackend, change_set_name: str, stack_name: str | None = None) -> None:
    """Create or update the stack with its outputs, tags and events, which moto does not after a change set."""
    del stack_name
    change_set = backend.describe_change_set(change_set_name)
    assert change_set is not None
    before = backend.stacks[change_set.stack_id]
    before._add_stack_event(f"{change_set.change_set_type}_IN_PROGRESS", resource_status_reason="User Initiated")  # noqa: SLF001
    if change_set.change_set_type == "CREATE":
        after = Stack(  # type: ignore[abstract]  # moto itself makes stacks so
            stack_id=before.stack_id,
            name=before.name,
            template=change_set.template,
            parameters=change_set.parameters,
            account_id=backend.account_id,
            region_name=backend.region_name,
            tags=change_set.tags,
        )
        backend.stacks[before.stack_id] = after
        after.create_resources()
        after.events[:0] = before.events
    else:
        before.update(change_set.template, parameters=change_set.parameters, tags=change_set.tags)
        after = before
    after.status = f"{change_set.change_set_type}_COMPLETE"
    after._add_stack_event(after.status)  # noqa: SLF001
    change_set.execution_status = "EXECUTE_COMPLETE"
