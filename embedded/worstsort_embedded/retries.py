"""Whether AWS Batch tries a failed job again: evaluateOnExit, as the Batch API reference has it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CONDITIONS = ("onExitCode", "onReason", "onStatusReason")


def tries_again(rules: Sequence[Mapping[str, Any]], exit_code: int, reason: str, status_reason: str) -> bool:
    """The action of the first rule whose conditions all match; a job that no rule matches is tried again."""
    facts = dict(zip(_CONDITIONS, (str(exit_code), reason, status_reason), strict=True))
    for rule in rules:
        if all(fnmatchcase(facts[name], rule[name]) for name in _CONDITIONS if rule.get(name)):
            return str(rule["action"]).upper() == "RETRY"
    return True
