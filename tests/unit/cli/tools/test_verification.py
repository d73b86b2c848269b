"""What `verify` concludes from its counts."""

from __future__ import annotations

import pytest

from worstsort_cli.tools.verification import GoCount, Verdict, describe


@pytest.mark.parametrize(
    ("recorded", "go", "agrees", "words"),
    [
        (3, [], True, "the counts agree"),
        (None, [3], True, "the counts agree"),
        (3, [3, 3], True, "the counts agree"),
        (4, [3], False, "THE COUNTS DIFFER"),
        (3, [3, 4], False, "THE COUNTS DIFFER"),
        (None, [], None, "nothing to compare with: nobody else has counted"),
    ],
)
def test_counts_agree_only_with_others(recorded: int | None, go: list[int], agrees: object, words: str) -> None:
    """A single count says nothing."""
    verdict = Verdict("x.json", "go1.12", 3, recorded, 3, [GoCount("go", "go1.18", count) for count in go])
    assert verdict.agrees is agrees
    assert verdict.as_json()["agrees"] is agrees
    assert describe(verdict, [])[-1].strip() == words
