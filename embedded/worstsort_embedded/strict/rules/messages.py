"""Rules of SNS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from worstsort_embedded.strict.rule import Rules, as_dict, as_dicts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from worstsort_embedded.strict.rule import World

RULES = Rules()
MAX_DISPLAY_NAME = 100


@RULES.add(
    "sns SetTopicAttributes", "sns CreateTopic",
    sentence="You can't use Condition blocks in Amazon SNS topic policies for EventBridge.",
    source="Amazon EventBridge User Guide, eb-use-resource-based.md",
    error="InvalidParameter",
)  # fmt: skip
def eventbridge_publishes_without_condition(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a statement under which no event would arrive."""
    for statement in _statements(given):
        service = as_dict(statement.get("Principal")).get("Service", ())
        services = [service] if isinstance(service, str) else service
        if statement.get("Effect") == "Allow" and "events.amazonaws.com" in services and "Condition" in statement:
            yield f"the statement {statement.get('Sid', '')} has a Condition for events.amazonaws.com"


def _statements(given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    policy = (
        given.get("AttributeValue")
        if given.get("AttributeName") == "Policy"
        else as_dict(given.get("Attributes")).get("Policy")
    )
    document = json.loads(policy) if isinstance(policy, str) and policy else {}
    statement = document.get("Statement", [])
    return as_dicts(statement if isinstance(statement, list) else [statement])


@RULES.add(
    "sns CreateTopic",
    sentence="The display name must be maximum 100 characters long, including hyphens (-), underscores (_), spaces,"
    " and tabs.",
    source="AWS CloudFormation User Guide, aws-resource-sns-topic.md",
    error="InvalidParameter",
)
def a_display_name_is_at_most_100_characters(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a display name that is too long."""
    name = as_dict(given.get("Attributes")).get("DisplayName", "")
    if len(str(name)) > MAX_DISPLAY_NAME:
        yield f"DisplayName has {len(str(name))} characters"
