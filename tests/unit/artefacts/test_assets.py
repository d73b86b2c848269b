"""What the report brings with it from elsewhere."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import worstsort.artefacts

ASSETS = Path(worstsort.artefacts.__file__).parent / "assets"

UPLOT_1_6_32 = {
    "uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "uPlot.LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}
"""SHA-256 of the files in the npm package uplot 1.6.32; `make assets` fetches them."""


@pytest.mark.parametrize("name", UPLOT_1_6_32)
def test_the_chart_library_is_what_its_package_has(name: str) -> None:
    """Byte for byte, so that nobody edits it in passing."""
    assert hashlib.sha256((ASSETS / name).read_bytes()).hexdigest() == UPLOT_1_6_32[name]
