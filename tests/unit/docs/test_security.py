"""What SECURITY.md says that a worker may do, compared with the template."""

from __future__ import annotations

import re

from tests.support.command import ROOT
from tests.unit.template.system import System

PAGE = (ROOT / "SECURITY.md").read_text()


def test_the_page_names_all_that_a_worker_may_do() -> None:
    """Each action of its role, and no other."""
    (policy,) = System.load({}).resources["JobRole"]["Properties"]["Policies"]
    allowed = {action for statement in policy["PolicyDocument"]["Statement"] for action in _list(statement["Action"])}
    (row,) = re.findall(r"(?m)^- \*\*The worker's own role\*\*(?:.|\n  )*", PAGE)
    assert set(re.findall(r"`([a-z0-9]+:[A-Za-z]+)`", row)) == allowed


def test_the_worker_has_no_right_to_delete_what_a_run_rests_on() -> None:
    """Only its own saves, as the page says."""
    (policy,) = System.load({}).resources["JobRole"]["Properties"]["Policies"]
    deleting = [
        statement["Resource"]
        for statement in policy["PolicyDocument"]["Statement"]
        if any("Delete" in action or "*" in action for action in _list(statement["Action"]))
    ]
    assert deleting == [{"Fn::Sub": "${Bucket.Arn}/runs/*/partial/*"}]


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
