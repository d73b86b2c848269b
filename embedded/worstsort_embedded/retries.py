"""Decisions about retrying failed jobs, as the AWS Batch API reference describes evaluateOnExit."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CONDITIONS = ("onExitCode", "onReason", "onStatusReason")


def should_retry(rules: Sequence[Mapping[str, Any]], exit_code: int, reason: str, status_reason: str) -> bool:
    """Return whether the first rule whose conditions all match says RETRY; without a match the job is retried."""
    outcome = dict(zip(_CONDITIONS, (str(exit_code), reason, status_reason), strict=True))
    for rule in rules:
        if all(fnmatchcase(outcome[name], rule[name]) for name in _CONDITIONS if rule.get(name)):
            return str(rule["action"]).upper() == "RETRY"
    return True
