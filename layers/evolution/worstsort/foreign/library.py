"""A foreign sort as a value: which bytes, which function in them, and what they say about themselves."""

from __future__ import annotations

import hashlib
import platform
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from worstsort.foreign import elf
from worstsort.foreign.errors import TargetRefused
from worstsort.gosort.foreign_names import foreign_name

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort.foreign.address import Address

_PLAIN = re.compile(r"[A-Za-z0-9 ()+,.:;=@_-]")
_MAX_CHARACTERS = 80

_WASM = b"\0asm\1\0\0\0"
"""How a module of WebAssembly begins, with version 1 of the format."""

MAX_LIBRARY_BYTES = 256 * 2**20
"""The largest library that is taken."""


def shown(text: str) -> str:
    """Return text as a record may hold it: short, and without what begins something in a page or a source file."""
    return "".join(character if _PLAIN.fullmatch(character) else "_" for character in text)[:_MAX_CHARACTERS]


Shown = Annotated[str, Field(pattern=rf"^{_PLAIN.pattern}{{0,{_MAX_CHARACTERS}}}$")]


class Library(BaseModel):
    """A function in a shared library or a module of WebAssembly, or a program.

    Attributes:
        kind: What it is: a shared library, the C library of a machine, a module of WebAssembly, or a program.
        file: The library's file name, without its folder; of a program, its command with the names of files.
        symbol: The function; of a program, what it is called.
        convention: How it takes its items; see `address.CONVENTIONS`.
        sha256: Of the library's bytes, or of the command and the files that it names, in hexadecimal.
        machine: The processor it is for.
        needed: The libraries that it needs, each with the newest version that it asks for.
        about: What it says about itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Literal["lib", "libc", "wasm", "cmd"] = "lib"
    file: Shown
    symbol: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.$]{0,39}$")]
    convention: Literal["sort", "qsort", "qsort_r", "nth"]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    machine: Shown
    needed: Annotated[list[Shown], Field(max_length=100)] = []
    about: Shown = ""

    @property
    def name(self) -> str:
        """What the target is recorded as, wherever the library lies."""
        return foreign_name("lib" if self.kind == "libc" else self.kind, self.sha256, self.symbol)


class OmitsForeign(BaseModel):
    """A model whose field `foreign` is written only if it is set, so that a run of a sort of Go has no word of it."""

    @model_serializer(mode="wrap")
    def _omit_foreign(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = write(self)
        return {name: value for name, value in written.items() if name != "foreign" or value is not None}


def identify(address: Address) -> Library:
    """Read a library from its file, without loading it.

    Raises:
        TargetRefused: It cannot be read or is no library, is for another machine, or lacks the symbol.
    """
    content = read(address.path, address.given)
    if content[: len(_WASM)] == _WASM:
        return _module(address, content)
    try:
        found = elf.inspect(content)
    except elf.NotALibrary as error:
        raise TargetRefused(address.given, str(error)) from error
    if found.machine != platform.machine():
        raise TargetRefused(
            address.given, f"expected a library for this machine, {platform.machine()}, got {found.machine}"
        )
    if address.symbol not in found.functions:
        near = sorted(name for name in found.functions if "sort" in name.lower() or "nth" in name.lower())[:8]
        others = ", ".join(near) or "none with sort in its name"
        raise TargetRefused(address.given, f"it exports no function {address.symbol}; among those it does: {others}")
    _check_glibc(address.given, found)
    return Library(
        kind="libc" if address.is_libc else "lib",
        file=shown(address.path.name),
        symbol=address.symbol,
        convention=address.convention,
        sha256=hashlib.sha256(content).hexdigest(),
        machine=shown(found.machine),
        needed=[shown(f"{file} {found.newest.get(file, '')}".strip()) for file in found.needed[:100]],
    )


def _module(address: Address, content: bytes) -> Library:
    """Describe a module of WebAssembly; what it exports is seen when it is compiled."""
    if find_spec("wasmtime") is None:
        raise TargetRefused(address.given, "WebAssembly is played by wasmtime: pip install 'worstsort[wasm]'")
    if address.convention not in {"sort", "nth"}:
        raise TargetRefused(address.given, f"given @{address.convention}, allowed for WebAssembly: @sort, @nth")
    return Library(
        kind="wasm",
        file=shown(address.path.name),
        symbol=address.symbol,
        convention=address.convention,
        sha256=hashlib.sha256(content).hexdigest(),
        machine="wasm32",
    )


def read(path: Path, given: str) -> bytes:
    """Read a library's bytes; raises TargetRefused if that cannot be done."""
    try:
        if path.stat().st_size > MAX_LIBRARY_BYTES:
            raise TargetRefused(given, f"expected at most {MAX_LIBRARY_BYTES:,} bytes, got {path.stat().st_size:,}")
        return path.read_bytes()
    except OSError as error:
        raise TargetRefused(given, f"it cannot be read: {error.strerror}") from error


def _check_glibc(given: str, found: elf.Elf) -> None:
    """Refuse a library that asks for a newer C library than this process has, in words that say so."""
    here, wanted = platform.libc_ver()[1], found.newest.get("libc.so.6", "")
    if here and wanted.startswith("GLIBC_2") and elf.version_key(wanted) > elf.version_key(here):
        raise TargetRefused(given, f"it needs {wanted}, and this machine has glibc {here}; build it on an older system")
