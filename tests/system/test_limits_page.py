"""docs/aws-limits.md lists the limits that the template and the requests of the code are really held to."""

from __future__ import annotations

import pytest

from tools import list_limits

pytestmark = pytest.mark.xdist_group("cloud")


def test_the_page_has_every_limit_of_the_template() -> None:
    """`make limits` writes it anew."""
    written = list_limits.PAGE.read_text()
    missing = [line for line in list_limits.table(list_limits.of_template()) if line not in written.splitlines()]
    assert missing == []


def test_the_page_has_every_rule() -> None:
    """With its sentence and where that stands."""
    without_tables = list_limits.page(set(), set()).splitlines()
    assert [line for line in without_tables if line not in list_limits.PAGE.read_text().splitlines()] == []


@pytest.mark.slow
def test_the_page_has_every_limit_of_the_codes_requests() -> None:
    """Of runs that end in each way; the number of checks made at the wire is printed."""
    written = list_limits.PAGE.read_text().splitlines()
    assert [line for line in list_limits.table(list_limits.of_run()) if line not in written] == []
