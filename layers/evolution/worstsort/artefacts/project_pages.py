"""Where the project's documentation is, as far as the installed package knows."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata
from urllib.parse import urlsplit

from worstsort.artefacts import fragments

PAGES = (
    ("concepts.md", "how the search works"),
    ("bounds.md", "the proofs of the bounds"),
    ("glossary.md", "the words"),
)
"""Pages of the documentation that a reader of a report may want, each with what it has."""


def documentation() -> str:
    """Return the address of the documentation, without a slash at its end; empty if nobody has published it.

    Whoever builds the package says where it lives (tools/hatch_metadata.py).
    """
    try:
        addresses = metadata("worstsort").get_all("Project-URL") or []
    except PackageNotFoundError:  # in the cloud, the package is a layer
        return ""
    named = dict(address.split(", ", 1) for address in addresses if ", " in address)
    found = named.get("Documentation", "").rstrip("/")
    return found if urlsplit(found).scheme in {"http", "https"} else ""


def listed(address: str) -> str:
    """Return the pages as HTML, as links if there is an address."""
    return ", ".join(f"{_named(page, address)} ({fragments.text(what)})" for page, what in PAGES)


def _named(page: str, address: str) -> str:
    name = f"<code>docs/{page}</code>"
    return f'<a href="{fragments.text(address)}/{page}" rel="noreferrer">{name}</a>' if address else name
