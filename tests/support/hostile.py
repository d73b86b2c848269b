"""Files as somebody might write them who wants to do harm with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.support.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES = [1, 6, 3, 4, 5, 2]

TEXTS = (
    '*/ __attribute__((constructor)) static void owned(void) { puts("owned"); } /*',
    "x\n*/\nint owned;\n/*", 'x\nfunc init() { panic("owned") }\n//', "x\\", "x??/", "${origin}$", "`+panic()+`",
    "\x1b]0;owned\x07\x1b[31m", "\x9b2J", "\u202e\u2066owned", "\u2028\u2029\x85\x0b\x0c", "\ud800", "\x00\x7f",
    "[red]owned[/red]", "[/]", ":bug:", "=cmd|' /C calc'!A0", "+1", "@SUM(A1)", '-1,2\r\n3,"',
    "</svg><script>owned()</script>", "<!--", "]]>", "&owned;", "' onload='owned()",
    "../../owned", "-o", "a" * 10_000, "", " ", "go1.12", "default",
)  # fmt: skip
"""Text that ends a comment, a line, a string, an element or a formula where it is not escaped, or drives a terminal."""

_SCALARS = st.sampled_from(TEXTS) | st.text(st.characters()) | st.integers() | st.floats() | st.booleans() | st.none()
ANYTHING = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)
"""Any JSON, with hostile text in it."""

_FILE_NAMES = st.sampled_from(TEXTS) | st.text(st.characters(exclude_categories=(), exclude_characters="/\x00"))


def a_champion() -> dict[str, Any]:
    """Return a champion of six integers as a run leaves it."""
    content: dict[str, Any] = json.loads((ROOT / "examples" / "champion.json").read_text())
    config = content["config"] | {"size": len(VALUES)}
    return content | {"size": len(VALUES), "values": VALUES, "config": config, "comparisons": 12}


@st.composite
def champions(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
    """Return a champion with some of its fields, or those of its configuration, replaced, taken away or added."""
    content = a_champion()
    place = content["config"] if draw(st.booleans()) else content
    names = st.sampled_from([*place, "values", "run_id", "minimised", *TEXTS])
    place |= draw(st.dictionaries(names, ANYTHING, max_size=3))
    for name in draw(st.sets(st.sampled_from([*a_champion()]), max_size=2)):
        content.pop(name)
    return draw(st.sampled_from([content, content, content, content.get("values")]))


@st.composite
def file_names(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    """Return a name that a file can have: no more than 255 bytes, of which none is a slash or zero."""
    name = "".join(character for character in draw(_FILE_NAMES) if character not in "/\x00")
    encoded = name.encode("utf-8", "surrogateescape" if _is_undecodable(name) else "replace")[:200]
    return f"x{encoded.decode('utf-8', 'surrogateescape')}.json"


def _is_undecodable(name: str) -> bool:
    try:
        name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True
