"""Text from outside."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from worstsort.plain_text import visible, visible_lines

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode's categories of what cannot be seen."""


@settings(deadline=None)
@given(st.text(st.characters()))
@example("\x1b]0;title\x07\u202e\ud800\x9b31m\u2066\r\n")
def test_whatever_is_given_nothing_unseen_is_left(given: str) -> None:
    """No control character, no mark of direction, no surrogate."""
    said = visible(given)
    assert not UNSEEN & {unicodedata.category(character) for character in said}
    said.encode()


@pytest.mark.parametrize("text", ["", "runs/a b.json", "größe-大きさ.json", "C:\\new"])
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    """In any script."""
    assert visible(text) == text


def test_only_what_cannot_be_seen_is_replaced() -> None:
    """Whatever stands beside it, in any script."""
    assert visible("größe\t大きさ\u202e.json") == "größe\\t大きさ\\u202e.json"


def test_a_message_keeps_its_own_lines() -> None:
    """But nothing else that cannot be seen."""
    assert visible_lines("a\n  b\x1b[0m\r") == "a\n  b\\x1b[0m\\r"
