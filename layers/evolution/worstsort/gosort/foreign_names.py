"""The names of sorts that are not written here: made of the bytes of a library, never of where it lies."""

from __future__ import annotations

import re

DIGEST_CHARACTERS = 12
"""What a name keeps of the SHA-256 of the bytes, in hexadecimal."""

MAX_SYMBOL_CHARACTERS = 40

_KINDS = ("lib", "wasm", "cmd")
"""A shared library, a WebAssembly module, a program that is started."""

_NAME = re.compile(
    rf"(?:{'|'.join(_KINDS)})-[0-9a-f]{{{DIGEST_CHARACTERS}}}:[A-Za-z_][A-Za-z0-9_.$]{{0,{MAX_SYMBOL_CHARACTERS - 1}}}"
)


def foreign_name(kind: str, sha256: str, symbol: str) -> str:
    """Return the name under which a foreign sort is recorded, e.g. `lib-3f2a9c1b7d04:mysort`."""
    return f"{kind}-{sha256[:DIGEST_CHARACTERS]}:{symbol}"


def is_foreign(name: object) -> bool:
    """Return whether this is the name of a foreign sort, at hand or not."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None
