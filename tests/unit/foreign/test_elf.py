"""Files that are no libraries are told from those that are, before anything of them is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.foreign_sorts import build, needs_cc
from worstsort.foreign import elf

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "something else"),
        (b"#!/bin/sh\n", "something else"),
        (b"MZ\x90\x00" + bytes(60), "a Windows library"),
        (b"\x7fELF\x01\x01\x01" + bytes(57), "another kind of ELF file"),
        (b"\x7fELF\x02\x02\x01" + bytes(57), "another kind of ELF file"),
        (b"\x7fELF\x02\x01\x01", "damaged or linked statically"),
        (b"\x7fELF\x02\x01\x01" + bytes(57), "another kind of ELF file"),
    ],
)
def test_what_is_no_library_is_refused_in_words(content: bytes, words: str) -> None:
    """And the words say what it is."""
    with pytest.raises(elf.NotALibrary, match=words):
        elf.inspect(content)


@needs_cc
def test_a_library_that_was_cut_off_is_refused_or_described(tmp_path: Path) -> None:
    """Wherever it was cut: no other error gets out."""
    content = build("sorts", tmp_path).read_bytes()
    whole, refused = elf.inspect(content), 0
    for end in range(0, len(content), 97):
        try:
            assert elf.inspect(content[:end]).machine == whole.machine
        except elf.NotALibrary:
            refused += 1
    assert refused
