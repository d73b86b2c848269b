"""The page on the data of runs names the columns that there are."""

from __future__ import annotations

import re
from typing import get_type_hints

from tests.unit.docs.test_links import ROOT
from worstsort.analysis.tidy import Row


def test_the_page_has_every_column_in_order_with_its_type() -> None:
    """One line of the table each."""
    text = (ROOT / "docs/data.md").read_text()
    documented = re.findall(r"^\| `(\w+)` \| (\w+) \|", text, re.MULTILINE)
    kinds = {str: "text", int: "integer", float: "number"}
    assert documented == [(name, kinds[kind]) for name, kind in get_type_hints(Row).items()]
