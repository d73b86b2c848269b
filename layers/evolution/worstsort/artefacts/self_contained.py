"""A page in one file that needs no network: its styles, its scripts and its data stand in it."""

from __future__ import annotations

import json
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def asset(name: str) -> str:
    """Return the text of one of the files in assets."""
    return (resources.files("worstsort.artefacts") / "assets" / name).read_text(encoding="utf-8")


def render(name: str, data: Any, parts: Mapping[str, str]) -> str:
    """Render a page with the chart library and what all pages share.

    Args:
        name: The page's template, style and script in assets, without their extensions.
        data: What its script draws, as plain data.
        parts: HTML for the template's other places.
    """
    return Template(asset(f"{name}.html")).substitute(
        parts,
        css=asset("uPlot.min.css") + asset("page.css") + asset(f"{name}.css"),
        license=asset("uPlot.LICENSE").replace("--", "- -"),
        uplot=asset("uPlot.iife.min.js"),
        js=asset("charts.js") + asset(f"{name}.js"),
        # Escaped, "<" cannot end the script element early; to JSON it means the same.
        data=json.dumps(data, separators=(",", ":")).replace("<", "\\u003c"),
    )
