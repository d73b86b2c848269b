"""What a rule's target is told of an event."""

from __future__ import annotations

import json
from typing import Any

from worstsort_embedded.events import is_json, message

EVENT: dict[str, Any] = {"source": "aws.states", "detail": {"name": "run", "status": "ABORTED", "cause": None, "n": 1}}


def test_a_target_without_transformer_gets_the_event() -> None:
    """As JSON."""
    assert json.loads(message({"Arn": "any"}, EVENT)) == EVENT


def test_a_transformer_makes_a_text_of_the_event() -> None:
    """Names stand for what their paths point to, for nothing where there is nothing; what is no name stays."""
    transformer = {
        "InputPathsMap": {"name": "$.detail.name", "cause": "$.detail.cause", "n": "$.detail.n", "no": "$.none.such"},
        "InputTemplate": '"execution <name> (<n>): <cause><no> <b>"',
    }
    assert message({"Arn": "any", "InputTransformer": transformer}, EVENT) == '"execution run (1):  <b>"'


def test_a_text_that_a_value_breaks_is_not_delivered() -> None:
    """EventBridge escapes no quotation mark."""
    transformer = {"InputPathsMap": {"cause": "$.detail.cause"}, "InputTemplate": '"it ended: <cause>"'}
    target = {"Arn": "any", "InputTransformer": transformer}
    assert is_json(message(target, {"detail": {"cause": "given 'x'"}}))
    assert not is_json(message(target, {"detail": {"cause": 'given "x"'}}))
