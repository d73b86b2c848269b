"""Decisions about retrying failed jobs, as the AWS Batch API reference describes evaluateOnExit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CONDITIONS = ("onExitCode", "onReason", "onStatusReason")


def should_retry(
    rules: Sequence[Mapping[str, Any]], exit_code: int | None, reason: str | None, status_reason: str | None
) -> bool:
    """Return whether the first rule whose conditions all match says RETRY; without a match the job is retried.

    Args:
        rules: The rules, as the API spells them.
        exit_code: The container's exit code, None if it never ran or its host was lost.
        reason: The container's reason, None if it simply exited.
        status_reason: The attempt's status reason.
    """
    outcome = dict(zip(_CONDITIONS, (exit_code, reason, status_reason), strict=True))
    for rule in rules:
        if all(_matches(rule[name], outcome[name]) for name in _CONDITIONS if rule.get(name)):
            return str(rule["action"]).upper() == "RETRY"
    return True


def _matches(pattern: str, value: str | int | None) -> bool:
    """Return whether a pattern matches: only an asterisk at its end is special, and alone it matches nothing, too."""
    text = "" if value is None else str(value)
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern
