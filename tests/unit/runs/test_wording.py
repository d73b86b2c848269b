"""Numbers with their nouns."""

from __future__ import annotations

import pytest

from worstsort.runs.wording import counted


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 epochs"), (1, "1 epoch"), (2, "2 epochs"), (1234567, "1,234,567 epochs")]
)
def test_only_one_is_singular(number: int, expected: str) -> None:
    """And thousands are separated."""
    assert counted(number, "epoch") == expected
