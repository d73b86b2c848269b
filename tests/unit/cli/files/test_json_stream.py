"""JSON documents one after another."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from worstsort.runs.errors import InputRefused
from worstsort_cli.files import json_file
from worstsort_cli.files.json_stream import documents

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet='[]{}"\\x'), inner),
    max_leaves=5,
)
DOCUMENTS = st.lists(VALUES) | st.dictionaries(st.text(alphabet='[]{}"\\x'), VALUES)


def read(content: bytes) -> list[tuple[str, Any]]:
    """Return all documents, and where they were."""
    return list(documents(io.BytesIO(content), "JSON"))


@pytest.mark.long
@settings(deadline=None)
@given(
    st.lists(
        st.tuples(DOCUMENTS, st.sampled_from([None, 1]), st.sampled_from(["", "\n", "\r\n", "\n\n", " "])), max_size=4
    )
)
@example([({"a]": ["}"]}, 1, ""), ([[], {}], None, "")])
def test_every_document_is_found_however_it_is_laid_out(given: list[tuple[Any, int | None, str]]) -> None:
    """On one line, over several, next to another."""
    text = "".join(json.dumps(value, indent=indent) + end for value, indent, end in given)
    assert [content for _, content in read(text.encode())] == [value for value, _, _ in given]


def test_a_document_says_where_it_was() -> None:
    """By its lines, counted from 1."""
    assert [lines for lines, _ in read(b"[1]\n\n[\n2\n]\n[3][4]")] == ["line 1", "lines 3 to 5", "line 6", "line 6"]


def test_a_document_comes_as_soon_as_it_is_complete() -> None:
    """What follows need not have been written yet."""
    assert next(documents(io.BytesIO(b"[1]\nnonsense"), "JSON")) == ("line 1", [1])


def test_the_mark_with_which_windows_begins_a_file_is_no_part_of_it() -> None:
    """Nor where files were put together."""
    assert [content for _, content in read(b"\xef\xbb\xbf[1]\xef\xbb\xbf[2]\r\n\xef\xbb\xbf[\r\n3]")] == [[1], [2], [3]]


@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b"\n\xef\xbb\xbf \n"])
def test_nothing_is_no_document(content: bytes) -> None:
    """With that mark or without it."""
    assert read(content) == []


@pytest.mark.parametrize("content", [b"nonsense", b"[1", b"[1\n2]", b"]", b'["a\nb"]', b"[1]]", b"{\n[]\n[]"])
def test_what_is_no_json_is_refused_by_its_lines(content: bytes) -> None:
    """Wherever it begins."""
    with pytest.raises(InputRefused, match=r"lines? .*: given .*, allowed: JSON"):
        read(b"[0]\n" + content)


@pytest.mark.parametrize("content", [b"[" + b" " * 100 + b"]", b"[\n" + b"1,\n" * 50 + b"1]", b" " * 101])
def test_a_document_that_is_too_large_is_refused_when_that_shows(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one line or over many, with the limit; no more is read."""
    monkeypatch.setattr(json_file, "MAX_FILE_BYTES", 100)
    file = io.BytesIO(content + b"x" * 1000)
    with pytest.raises(InputRefused, match="allowed: at most"):
        list(documents(file, "JSON"))
    assert file.tell() <= 210


def test_a_number_of_too_many_digits_is_refused_in_words_for_people() -> None:
    """Not by what a Python program could do about it."""
    with pytest.raises(InputRefused, match=r"Exceeds the limit .* value has 5000 digits\)$"):
        read(b"[" + b"1" * 5000 + b"]")


@pytest.mark.parametrize("part", [b"[", b"{", b":"])
def test_a_document_of_too_many_parts_is_refused_before_it_is_decoded(part: bytes) -> None:
    """Each takes far more memory than it has bytes."""
    with pytest.raises(InputRefused, match="10,001 lists, objects and fields"):
        json_file.parse(part * (json_file.MAX_PARTS + 1), "a file")
    with pytest.raises(InputRefused, match="JSON"):
        json_file.parse(part * json_file.MAX_PARTS, "a file")
