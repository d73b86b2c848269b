"""JSON from outside."""

from __future__ import annotations

import pytest

from worstsort.runs.errors import InputRefused
from worstsort.runs.json_text import load_json


@pytest.mark.parametrize("text", ["", "{", "nonsense", '{"size": NaN}', "[" * 100_000])
def test_text_that_is_not_json_is_refused(text: str) -> None:
    """By the name of the field that holds it, like any other bad input."""
    with pytest.raises(InputRefused, match="here: given"):
        load_json(text, "here")
