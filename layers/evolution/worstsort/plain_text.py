"""Text from outside, made harmless to look at: a file's name or field is shown, never obeyed."""

from __future__ import annotations


def visible(text: str) -> str:
    r"""Return text with every character that cannot be seen written as Python writes it: `\x1b`, `\n`, `\u202e`.

    Those are control characters, which drive a terminal; marks that change the direction of what follows; invisible
    ones; separators other than the space; and surrogates, which no file can hold.
    """
    return text if text.isprintable() else "".join(map(_visible_character, text))


def visible_lines(text: str) -> str:
    """Return text as `visible` does, line by line: its own line breaks stay."""
    return "\n".join(map(visible, text.split("\n")))


def _visible_character(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()
