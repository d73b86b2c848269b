"""The pictures of the guide are what the code draws, and the guide shows and describes each."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from tests.unit.docs.test_links import ROOT
from tools.gallery.guide.__main__ import FOLDER, pictures

pytestmark = pytest.mark.long

SHOWN = dict(re.findall(r"!\[([^\]]+)\]\((\w+\.svg)\)", (ROOT / "docs/guide/README.md").read_text()))


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    """Draw them."""
    return pictures()


def test_the_pictures_are_those_that_are_drawn_now(drawn: dict[str, str]) -> None:
    """`make gallery` writes them."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.svg")}
    assert sorted(kept) == sorted(drawn)
    assert [name for name in kept if kept[name] != drawn[name]] == []


def test_the_guide_shows_each_with_words_for_who_cannot_see_it(drawn: dict[str, str]) -> None:
    """Once each."""
    assert sorted(SHOWN.values()) == sorted(drawn)


def test_each_is_sound_has_a_title_and_follows_light_and_dark(drawn: dict[str, str]) -> None:
    """The one that moves stands still where less motion is asked for."""
    for picture in drawn.values():
        root = ET.fromstring(picture)  # noqa: S314 - our own
        assert root.find("{http://www.w3.org/2000/svg}title") is not None
        assert "prefers-color-scheme:dark" in picture
    assert [name for name in drawn if "@keyframes" in drawn[name]] == ["meeting.svg"]
    assert "prefers-reduced-motion:reduce" in drawn["meeting.svg"]
