"""Every answer of the operators' page is shown by a test or said by AWS."""

from __future__ import annotations

import re

import pytest

from tests.unit.docs.test_links import ROOT
from tests.unit.template.system import System

PAGE = (ROOT / "docs/operating.md").read_text()
ANSWERS = {
    found[0]: found[0] + found[1]
    for found in re.findall(r"^\*\*(.+?)\*\*(.*?)(?=^\*\*|^## )",
                            PAGE.partition("## When something is wrong")[2], re.MULTILINE | re.DOTALL)
}  # fmt: skip


@pytest.mark.parametrize("question", ANSWERS)
def test_an_answer_says_what_shows_it(question: str) -> None:
    """Tests that exist, or a sentence of AWS's documentation and where it stands."""
    marks = re.findall(r"(?<!\*)\*((?:Shown by|AWS:)[^*]+)\*", ANSWERS[question])
    assert len(marks) == 1
    (mark,) = marks
    assert ANSWERS[question].rstrip().endswith("*")
    tests = re.findall(r"`(tests/[\w/.]+)`", mark)
    assert tests or mark.startswith("AWS:")
    assert [path for path in tests if not (ROOT / path).is_file()] == []
    if mark.startswith("AWS:"):
        assert re.search(r'"[^"]+\."\s+\([^)]*(?:API\s+Reference|User\s+Guide)', mark)


def test_there_are_answers() -> None:
    """The page has not been rewritten into a form that this test does not read."""
    assert len(ANSWERS) >= 10


def test_the_waits_for_a_job_that_cannot_start_are_those_of_the_queue() -> None:
    """Half an hour for what can never start, four hours for capacity."""
    for queue in System.load({}).of("Batch::JobQueue").values():
        limits = {action["Reason"]: action["MaxTimeSeconds"] for action in queue["JobStateTimeLimitActions"]}
        assert {seconds for reason, seconds in limits.items() if "CAPACITY:" in reason} == {4 * 3600}
        assert {seconds for reason, seconds in limits.items() if "MISCONFIGURATION:" in reason} == {1800}
