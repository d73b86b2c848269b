"""Limits that AWS's service descriptions state in words only, such as "Array of up to 5 objects"."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from worstsort_embedded.strict.limit import Limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort_embedded.strict.limit import Kind

_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "twenty": 20, "fifty": 50}
_NUMBER = rf"(?P<{{}}>\d[\d,]*|{'|'.join(_WORDS)})"
_MOST, _LEAST = _NUMBER.format("most"), _NUMBER.format("least")
_UNIT = r"(?: (?:bytes|seconds|minutes|hours|days))?(?: \([^)]*\))?"
_DASH = "\N{EN DASH}"
_CHARACTERS = r"(?:alphanumeric |Unicode |UTF-8 |ASCII )?(?:characters|letters)"
_ITEMS = (
    r"(?:objects|conditions|items|elements|values|entries|pairs|key-value pairs|tags|rules|subnets|security groups|"
    r"compute environments|environments|jobs|containers|statements|subscribers)"
)
_CONDITIONAL = ("If ", "When ", "For a ")
"""Beginnings of sentences that do not hold for every value."""

_NUMERIC = {"integer", "long", "double", "float"}

_LENGTHS = (
    rf"(?:can|may|must) (?:be|contain) (?:up to |no more than |a maximum of )?{_MOST} {_CHARACTERS}",
    (
        r"(?:has a limit of|limited to|maximum (?:length|size) (?:is|of)|[Uu]p to|[Mm]aximum of|longer than)"
        rf" {_MOST} {_CHARACTERS}"
    ),
    rf"{_MOST} {_CHARACTERS} or (?:less|fewer)",
    rf"between \d+ and {_MOST} {_CHARACTERS}",
)
"""Sentences about the length of a text."""

_SIZES = (
    rf"(?:[Aa]rray|[Ll]ist) of up to {_MOST}\b",
    (
        r"(?:can|may) (?:contain|have|add|specify|associate|define|depend upon)[\w ]*?"
        rf"(?: up to| a maximum of| no more than) {_MOST} (?:[\w-]+ )?{_ITEMS}"
    ),
    rf"[Ll]imited to (?:size )?{_MOST}(?: {_ITEMS}|\.)",
    rf"\(the maximum is {_MOST}\)",
)
"""Sentences about the number of a list's or map's items."""

_LEASTS = (
    rf"[Mm]inimum (?:supported )?value(?: for (?:the |this )?(?:\w+ ?)+?)? (?:is|of) {_LEAST}\b",
    rf"[Mm]inimum: {_LEAST}\b",
)
_MOSTS = (
    rf"[Mm]aximum (?:supported )?value(?: for (?:the |this )?(?:\w+ ?)+?)? (?:is|of) {_MOST}\b",
    rf"[Mm]aximum: {_MOST}\b",
)
_RANGES = (
    rf"(?:can|must|should) be (?:a value |an integer |a number )?(?:between|from) {_LEAST}{_UNIT} (?:and|to) {_MOST}\b",
    rf"can specify (?:between|from) {_LEAST} (?:and|to) {_MOST}\b",
    rf"[Vv]alid values(?: are|:)(?: whole numbers)? (?:between|from) {_LEAST} (?:and|to) {_MOST}\b",
    rf"[Ii]ntegers? from {_LEAST}{_UNIT} to {_MOST}\b",
    rf"{_LEAST}{_UNIT} to {_MOST} (?:minutes|seconds|days)\b",
)
"""Sentences about a number."""

_FORM = re.compile(
    r"(?:[Cc]an(?: only)? contain|(?:must|can)(?: only)? (?:consist of|have)) (?:only )?"
    r"(?P<what>(?:[\w-]+ letters|letters|numbers|uppercase)\b[^;]*)"
)
_CHARACTERS_THEMSELVES = re.compile(
    r"(?:Valid|Allowed) characters(?: are|:) (?P<ranges>(?:\w-\w, )+)(?P<spaces>spaces, )?and (?P<marks>\S+)"
)
_SINGLE = re.compile(r"\((.)\)")
_FIRST_IS_ALPHANUMERIC = re.compile(
    r"[Ff]irst character must be alphanumeric|[Mm]ust (?:start|begin) with an alphanumeric"
)
_MAY_END_WITH_ASTERISK = re.compile(r"can (?:optionally )?end with an asterisk")
_LISTED_NUMBERS = re.compile(r"(?:Possible|Valid) values are:? (?P<listed>(?:\d+, )+(?:and|or) \d+)")
_LISTED_NAMES = re.compile(
    r"[Vv]alid values are:? (?P<listed>(?:[A-Z][A-Z0-9_]+, )*[A-Z][A-Z0-9_]+,? (?:and|or) [A-Z][A-Z0-9_]+)\b"
)


def sentences(documentation: str) -> Iterator[str]:
    """Yield the sentences of a description without its markup."""
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", documentation)))
    text = re.sub(r" ([.,;:)])(?=\s|$)", r"\1", text)
    yield from (sentence.strip() for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])|(?<=\.\)) ", text) if sentence.strip())


def limits(documentation: str, type_name: str, source: str) -> Iterator[Limit]:
    """Yield the limits that a field's description states for a value of its type."""
    for sentence in sentences(documentation):
        if sentence.startswith(_CONDITIONAL):
            continue
        if type_name == "string":
            yield from _matches(_LENGTHS, "longest", sentence, source)
            if names := _LISTED_NAMES.search(sentence):
                yield Limit("one of", tuple(re.findall(r"[A-Z][A-Z0-9_]+", names["listed"])), sentence, source)
        elif type_name in {"list", "map"}:
            yield from _matches(_SIZES, "longest", sentence, source)
        elif type_name in _NUMERIC:
            yield from _numbers(sentence, source)
    if type_name == "string" and (form := _form(documentation, source)):
        yield form


def of_member(documentation: str, source: str) -> Iterator[tuple[str, Limit]]:
    """Yield the limits of numbers that a structure's description states for a member, by the member's name."""
    for sentence in sentences(documentation):
        pattern = rf"(?P<member>\w+) (?:can|must) be between {_LEAST} and {_MOST}\b"
        for found in re.finditer(pattern, sentence):
            yield found["member"], Limit("at least", _number(found["least"]), sentence, source)
            yield found["member"], Limit("at most", _number(found["most"]), sentence, source)


def of_key(documentation: str, source: str) -> Iterator[tuple[str, Limit]]:
    """Yield the limits of numbers that a map's description states for the value of a key, by the key."""
    text = " ".join(sentences(documentation))
    for name, words in re.findall(rf"([A-Z][A-Za-z]+) {_DASH} ((?:(?! {_DASH} ).)*)", text):
        yield from ((name, limit) for limit in dict.fromkeys(_numbers(words, source)))


def _numbers(sentence: str, source: str) -> Iterator[Limit]:
    yield from _matches(_LEASTS, "at least", sentence, source, "least")
    yield from _matches(_MOSTS, "at most", sentence, source)
    yield from _matches(_RANGES, "at least", sentence, source, "least")
    yield from _matches(_RANGES, "at most", sentence, source)
    if "non-zero positive integer" in sentence:
        yield Limit("at least", 1, sentence, source)
    if listed := _LISTED_NUMBERS.search(sentence):
        yield Limit("one of", tuple(re.findall(r"\d+", listed["listed"])), sentence, source)


def _matches(patterns: tuple[str, ...], kind: Kind, sentence: str, source: str, group: str = "most") -> Iterator[Limit]:
    for pattern in patterns:
        for found in re.finditer(pattern, sentence):
            yield Limit(kind, _number(found[group]), sentence, source)


def _number(text: str) -> int:
    return _WORDS.get(text) or int(text.replace(",", ""))


def _form(documentation: str, source: str) -> Limit | None:
    """Return the form that sentences such as "It can contain letters, numbers, hyphens (-), and ..." describe."""
    for sentence in sentences(documentation):
        if themselves := _CHARACTERS_THEMSELVES.search(sentence):
            accepted = themselves["ranges"].replace(", ", "") + (" " if themselves["spaces"] else "")
            return Limit("form", f"[{accepted}{re.escape(themselves['marks'])}]*", sentence, source)
        found = _FORM.search(sentence)
        if not found or not (accepted := _accepted(found["what"])):
            continue
        asterisk = ""
        if _MAY_END_WITH_ASTERISK.search(documentation):
            accepted, asterisk = accepted.replace(r"\*", ""), r"\*?"
        first = "[A-Za-z0-9]" if _FIRST_IS_ALPHANUMERIC.search(documentation) else ""
        return Limit("form", f"{first}[{accepted}]*{asterisk}", sentence, source)
    return None


def _accepted(words: str) -> str:
    """Return the inside of a character class for a list of kinds of characters."""
    kinds = {
        "A-Za-z": r"(?<!lowercase )(?<!uppercase )\bletters|uppercase and lowercase|uppercase letters, lowercase",
        "a-z": r"(?<!uppercase, )(?<!uppercase and )\blowercase letters",
        "0-9": r"\bnumbers|\bdigits|numeric",
        r"\s": r"white ?space",
    }
    accepted = "".join(inside for inside, pattern in kinds.items() if re.search(pattern, words))
    return accepted + "".join(re.escape(mark) for mark in dict.fromkeys(_SINGLE.findall(words)))
