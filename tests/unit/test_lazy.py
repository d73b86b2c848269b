"""What is imported when it is first used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from worstsort import lazy

if TYPE_CHECKING:
    from pathlib import Path


def test_a_module_is_imported_when_something_of_it_is_first_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before, and what it lacks is missing as ever."""
    (tmp_path / "used_late.py").write_text("ANSWER = 42\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    stand_in = lazy.module("used_late")
    assert "used_late" not in sys.modules
    assert stand_in.ANSWER == 42
    assert "used_late" in sys.modules
    with pytest.raises(AttributeError, match="QUESTION"):
        _ = stand_in.QUESTION
    del sys.modules["used_late"]
