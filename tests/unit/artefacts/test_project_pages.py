"""Links from a report to the documentation."""

from __future__ import annotations

from email.message import Message

import pytest

from tests.support.command import ROOT
from worstsort.artefacts import project_pages


def installed(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Pretend that the installed package has these addresses."""
    message = Message()
    for address in addresses:
        message["Project-URL"] = address
    monkeypatch.setattr(project_pages, "metadata", lambda _: message)


def test_published_pages_are_linked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the address that the package has."""
    installed(monkeypatch, "Homepage, https://x.example", "Documentation, https://x.example/docs/")
    assert project_pages.documentation() == "https://x.example/docs"
    html = project_pages.listed(project_pages.documentation())
    assert '<a href="https://x.example/docs/bounds.md" rel="noreferrer"><code>docs/bounds.md</code></a>' in html


@pytest.mark.parametrize("address", ["Documentation, javascript:alert(1)", "Ancestor, https://x.example", "nonsense"])
def test_without_an_address_pages_are_only_named(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Nothing but a web address is linked to."""
    installed(monkeypatch, address)
    assert project_pages.documentation() == ""
    assert "<a" not in project_pages.listed("")
    assert "docs/concepts.md" in project_pages.listed("")


def test_every_page_is_there() -> None:
    """In this repository."""
    assert all((ROOT / "docs" / page).is_file() for page, _ in project_pages.PAGES)
