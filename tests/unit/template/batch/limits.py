"""Limits of AWS Batch, read from the sentences of its own API documentation, which botocore brings along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import botocore.session

_MODEL = botocore.session.Session().get_service_model("batch")


@dataclass(frozen=True)
class Limit:
    """A number and the sentence that sets it."""

    number: int
    sentence: str


def documented(shape: str, member: str) -> str:
    """Return the documentation of a member of a shape, as plain text."""
    model: Any = _MODEL.shape_for(shape)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", model.members[member].documentation)).strip()


def limit(shape: str, member: str, sentence: str) -> Limit:
    """Return the limit in the sentence that the pattern `sentence` finds, its number being the pattern's only group."""
    found = re.search(sentence, documented(shape, member))
    assert found, f"the documentation of {shape}.{member} does not say {sentence!r} any more"
    return Limit(int(found[1].replace(",", "")), found[0])


EVALUATE_ON_EXIT = limit("RetryStrategy", "evaluateOnExit", r"Array of up to (\d+) objects")
STOP = limit("TaskContainerProperties", "stopTimeout", r"the default value of (\d+) seconds is used")
ATTEMPTS = limit("RetryStrategy", "attempts", r"between 1 and (\d+) attempts")
_MAX_PATTERN = limit("EvaluateOnExit", "onReason", r"up to (\d+) characters").number

PATTERNS = {
    "OnReason": re.compile(rf"(?=.{{1,{_MAX_PATTERN}}}$)[A-Za-z0-9.:\s]*\*?"),
    "OnStatusReason": re.compile(rf"(?=.{{1,{_MAX_PATTERN}}}$)[A-Za-z0-9.:\s]*\*?"),
    "OnExitCode": re.compile(rf"(?=.{{1,{_MAX_PATTERN}}}$)[0-9]*\*?"),
}
"""What a pattern of a rule may be: "letters, numbers, periods (.), colons (:), and white spaces", for exit codes "only
numbers", and "it can optionally end with an asterisk (*)"."""
