"""JSON from outside."""

from __future__ import annotations

import pytest

from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.json_text import load_json


@pytest.mark.parametrize("text", ["", "{", "nonsense", '{"size": NaN}', "[" * 100_000])
def test_text_that_is_not_json_is_refused(text: str) -> None:
    """By the name of the field that holds it, like any other bad input."""
    with pytest.raises(InputRefused, match="here: given"):
        load_json(text, "here")


@pytest.mark.parametrize("text", ['{"a": 1, "a": 1}', '[{"b": {"a": 1, "a": 2}}]'])
def test_a_field_that_is_there_twice_is_refused(text: str) -> None:
    """By its name; else one of the two would count, and nobody would know which."""
    with pytest.raises(InputRefused, match=r"here: a: given .*, allowed: each field once"):
        load_json(text, "here")


@pytest.mark.parametrize("text", ['"\\ud800"', '{"a": ["x\\uDFff"]}', '{"\\uD83d": 1}'])
def test_half_a_character_is_refused(text: str) -> None:
    """Nothing could write it again."""
    with pytest.raises(InputRefused, match="half a character"):
        load_json(text, "here")


def test_a_character_in_two_halves_is_one() -> None:
    """JSON writes what is beyond the first 65,536 characters so; and a backslash may stand before a u."""
    assert load_json('["\\ud83d\\ude00", "\\\\ud800"]', "here") == ["😀", "\\ud800"]


class Item:
    """Something that counts how often it was written."""

    written = 0

    def __repr__(self) -> str:
        Item.written += 1
        return "item"


@pytest.mark.parametrize("given", [[Item()] * 10**5, {"a": [[Item()] * 10**5]}, tuple([Item()] * 10**5)])
def test_a_message_shows_a_little_of_what_is_large(given: object) -> None:
    """Without writing all of it first."""
    before = Item.written
    assert len(str(Problem("here", given, "less"))) < 200
    assert Item.written - before < 100


def test_a_message_shows_what_cannot_be_seen() -> None:
    """In the field, what was given and what is allowed."""
    assert str(Problem("a\x1b", ["b\x1b"], "c\x1b")) == "a\\x1b: given ['b\\x1b'], allowed: c\\x1b"
