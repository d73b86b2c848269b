"""Limits are read from the sentences in which AWS's service descriptions state them."""

from __future__ import annotations

import pytest

from worstsort_embedded.strict import prose

READ = [
    ("list", "Array of up to 5 objects that specify the conditions.", [("longest", 5)]),
    ("list", "You can associate up to three compute environments with a job queue.", [("longest", 3)]),
    ("list", "Fargate compute resources can contain up to 16 subnets.", [("longest", 16)]),
    ("list", "An array of objects. Limited to size 1.", [("longest", 1)]),
    ("list", "One or more global secondary indexes (the maximum is 20) to be created.", [("longest", 20)]),
    ("string", "It can be up to 128 letters long.", [("longest", 128)]),
    ("string", "It can be 255 characters long.", [("longest", 255)]),
    ("string", "Constraints: Up to 255 characters in length", [("longest", 255)]),
    ("string", "The value cannot be longer than 255 characters.", [("longest", 255)]),
    ("string", "The pattern can contain up to 512 characters.", [("longest", 512)]),
    ("string", "This parameter has a limit of 1024 characters.", [("longest", 1024)]),
    ("string", "Valid values are X86_64 and ARM64.", [("one of", ("X86_64", "ARM64"))]),
    (
        "string",
        "It can contain uppercase and lowercase letters, numbers, hyphens (-), and underscores (_).",
        [("form", r"[A-Za-z0-9\-_]*")],
    ),
    (
        "string",
        "It can contain only numbers, and can end with an asterisk (*) so that only the start must match.",
        [("form", r"[0-9]*\*?")],
    ),
    (
        "string",
        "It can contain letters, numbers, periods (.), and white spaces. It can optionally end with an asterisk (*).",
        [("form", r"[A-Za-z0-9\s\.]*\*?")],
    ),
    (
        "string",
        "The first character must be alphanumeric, can contain uppercase and lowercase letters and numbers.",
        [("form", "[A-Za-z0-9][A-Za-z0-9]*")],
    ),
    ("string", "Valid characters: a-z, 0-9, spaces, and ._-$*", [("form", r"[a-z0-9 \._\-\$\*]*")]),
    ("integer", "You can specify between 1 and 10 attempts.", [("at least", 1), ("at most", 10)]),
    ("integer", "The minimum value for the timeout is 60 seconds.", [("at least", 60)]),
    (
        "integer",
        "The minimum value is 600 (10 minutes) and the maximum value is 86,400 (24 hours).",
        [("at least", 600), ("at most", 86_400)],
    ),
    ("integer", "Possible values: Integers from 1 to 64", [("at least", 1), ("at most", 64)]),
    ("integer", "The value must be a non-zero positive integer.", [("at least", 1)]),
    ("integer", "Possible values are: 1, 3, and 5.", [("one of", ("1", "3", "5"))]),
]
READ_NOT = [
    ("string", "If you specify only the function name, it is limited to 64 characters in length."),
    ("string", "For a FIFO topic, the name can be up to 75 characters long."),
    ("integer", "Valid values are 10, 20, 30, and any multiple of 60."),
    ("integer", "For example, you can run up to 50 instances concurrently."),
    ("list", "The instance types that can be launched."),
]


@pytest.mark.parametrize(("type_name", "sentence", "expected"), READ)
def test_a_sentence_is_read(type_name: str, sentence: str, expected: list[tuple[str, object]]) -> None:
    """Each form of sentence gives the kind of limit and its value, and is quoted with it."""
    read = list(dict.fromkeys(prose.limits(f"<p>{sentence}</p>", type_name, "here")))
    assert [(limit.kind, limit.value) for limit in read] == expected
    assert all(limit.sentence in sentence and limit.source == "here" for limit in read)


@pytest.mark.parametrize(("type_name", "sentence"), READ_NOT)
def test_a_sentence_that_states_no_limit_for_all_values_gives_none(type_name: str, sentence: str) -> None:
    """A condition or an example is no limit."""
    assert list(prose.limits(sentence, type_name, "here")) == []


def test_a_structures_description_limits_its_members() -> None:
    """The size of an array job is described where the job is."""
    read = dict(prose.of_member("The array size can be between 2 and 10,000.", "here"))
    assert {name: limit.value for name, limit in read.items()} == {"size": 10_000}


def test_a_maps_description_limits_the_values_of_its_keys() -> None:
    """The attributes of a queue are described in one text."""
    text = "DelaySeconds \N{EN DASH} The time. Valid values: An integer from 0 to 900 seconds (15 minutes). Default: 0."
    assert [(name, limit.value) for name, limit in prose.of_key(text, "here")][-1] == ("DelaySeconds", 900)
