"""What the pages load: their own files, small, and libraries as their packages have them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

import worstsort.artefacts
import worstsort_cli.console

ASSETS = Path(worstsort_cli.console.__file__).parent / "assets"
CHARTS = Path(worstsort.artefacts.__file__).parent / "assets" / "uPlot.iife.min.js"

DAGRE_3_1_3 = {
    "dagre.min.js": "54a503e346f93ca0bb10abe7999587e037262935687aca45eb4e4b0f64bbb578",
    "dagre.LICENSE": "6a349742a6cb219d5a2fc8d0844f6d89a6efc62e20c664450d884fc7ff2d6015",
}
"""SHA-256 of the files in the npm package @dagrejs/dagre 3.1.3; `make assets` fetches them."""

OWN = sorted(path.name for path in ASSETS.iterdir() if path.suffix == ".js" and path.name not in DAGRE_3_1_3)

MAX_BYTES = 500_000


@pytest.mark.parametrize("name", DAGRE_3_1_3)
def test_the_layout_library_is_what_its_package_has(name: str) -> None:
    """Byte for byte, so that nobody edits it in passing."""
    assert hashlib.sha256((ASSETS / name).read_bytes()).hexdigest() == DAGRE_3_1_3[name]


def test_all_that_the_pages_load_is_small() -> None:
    """The console's files and the libraries together."""
    assert sum(path.stat().st_size for path in ASSETS.iterdir()) + CHARTS.stat().st_size < MAX_BYTES


@pytest.mark.parametrize("name", OWN)
def test_no_text_becomes_an_element_or_a_script(name: str) -> None:
    """What runs and logs say goes into text nodes: there is nothing here that reads markup."""
    text = (ASSETS / name).read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(|srcdoc", text)


@pytest.mark.parametrize("name", [*OWN, "console.html", "console.css"])
def test_nothing_is_loaded_from_elsewhere(name: str) -> None:
    """No address of another host; the name of SVG's elements is none."""
    assert set(re.findall(r"https?://[^\s\"'`]+", (ASSETS / name).read_text())) <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("name", OWN)
def test_every_script_imports_only_what_is_there(name: str) -> None:
    """By a path relative to itself."""
    for imported in re.findall(r'from "([^"]+)"', (ASSETS / name).read_text()):
        assert imported.removeprefix("./") in OWN
