"""Reads a shared library without running it: its machine, what it needs, and the functions that it exports.

After the ELF specification (System V ABI, gABI 4.1) and its GNU additions (symbol versions, DT_GNU_HASH).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MACHINES: Mapping[int, str] = MappingProxyType({3: "x86", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64"})

_SHARED_OBJECT = 3
_LOAD, _DYNAMIC = 1, 2
_NEEDED, _HASH, _STRINGS, _SYMBOLS = 1, 4, 5, 6
_GNU_HASH, _VERSIONS_NEEDED, _VERSIONS_NEEDED_COUNT = 0x6FFFFEF5, 0x6FFFFFFE, 0x6FFFFFFF
_SYMBOL_BYTES = 24
_FUNCTIONS = (2, 10)
"""Types of symbols that can be called: functions, and those that choose one when they are loaded, as in glibc."""

_OTHER_FORMATS = MappingProxyType({
    b"\xcf\xfa\xed\xfe": "a library of macOS",
    b"\xca\xfe\xba\xbe": "a library of macOS, or Java's bytecode",
    b"\0asm": "a WebAssembly module",
})  # fmt: skip


class NotALibrary(ValueError):
    """A file is no shared library of 64-bit Linux; the message says what it is instead."""


@dataclass(frozen=True)
class Elf:
    """What a shared library says about itself.

    Attributes:
        machine: The processor it is for, as `uname -m` says it.
        needed: The libraries that it needs.
        newest: For each of them that it asks versions of, the newest one, e.g. {"libc.so.6": "GLIBC_2.34"}.
        functions: The functions that it exports.
    """

    machine: str
    needed: tuple[str, ...]
    newest: Mapping[str, str]
    functions: frozenset[str] = field(repr=False)


def inspect(content: bytes) -> Elf:
    """Read a library.

    Raises:
        NotALibrary: It is something else, or damaged.
    """
    if content[:4] != b"\x7fELF":
        other = "a Windows library" if content[:2] == b"MZ" else _OTHER_FORMATS.get(content[:4], "something else")
        raise NotALibrary(f"expected a shared library of Linux (ELF), got {other}")
    if content[4:6] != b"\x02\x01":
        raise NotALibrary("expected a 64-bit little-endian library, got another kind of ELF file")
    try:
        return _File(content).describe()
    except (struct.error, IndexError, KeyError, StopIteration, ValueError) as error:
        if isinstance(error, NotALibrary):
            raise
        raise NotALibrary("expected a shared library, got an ELF file that is damaged or linked statically") from error


class _File:
    def __init__(self, content: bytes) -> None:
        self._bytes = content
        kind, self._machine = struct.unpack_from("<HH", content, 16)
        if kind != _SHARED_OBJECT:
            raise NotALibrary("expected a shared library (-shared -fPIC), got another kind of ELF file")
        segments = list(self._segments())
        self._loads = [(address, offset, size) for kind, offset, address, size in segments if kind == _LOAD]
        start, size = next((offset, size) for kind, offset, _, size in segments if kind == _DYNAMIC)
        self._tags = [struct.unpack_from("<QQ", content, at) for at in range(start, start + size, 16)]
        self._first = dict(reversed(self._tags))
        self._strings = self._at(self._first[_STRINGS])

    def describe(self) -> Elf:
        needed = tuple(self._text(value) for tag, value in self._tags if tag == _NEEDED)
        versions: dict[str, list[str]] = {}
        for file, version in self._versions():
            versions.setdefault(file, []).append(version)
        newest = {file: max(found, key=version_key) for file, found in versions.items()}
        machine = MACHINES.get(self._machine, f"machine {self._machine}")
        return Elf(machine, needed, MappingProxyType(newest), frozenset(self._functions()))

    def _segments(self) -> Iterator[tuple[int, int, int, int]]:
        (table,) = struct.unpack_from("<Q", self._bytes, 32)
        size, count = struct.unpack_from("<HH", self._bytes, 54)
        for number in range(count):
            kind, _, offset, address, _, file_size, _, _ = struct.unpack_from(
                "<IIQQQQQQ", self._bytes, table + number * size
            )
            yield kind, offset, address, file_size

    def _at(self, address: int) -> int:
        """Return where in the file an address of the loaded library is."""
        return next(offset + address - start for start, offset, size in self._loads if start <= address < start + size)

    def _text(self, offset: int) -> str:
        start = self._strings + offset
        return self._bytes[start : self._bytes.index(b"\0", start)].decode("ascii", "replace")

    def _versions(self) -> Iterator[tuple[str, str]]:
        if _VERSIONS_NEEDED not in self._first:
            return
        at = self._at(self._first[_VERSIONS_NEEDED])
        for _ in range(self._first[_VERSIONS_NEEDED_COUNT]):
            _, count, file, first, following = struct.unpack_from("<HHIII", self._bytes, at)
            version = at + first
            for _ in range(count):
                _, _, _, name, step = struct.unpack_from("<IHHII", self._bytes, version)
                yield self._text(file), self._text(name)
                version += step
            at += following

    def _functions(self) -> Iterator[str]:
        start = self._at(self._first[_SYMBOLS])
        for at in range(start, start + _SYMBOL_BYTES * self._symbols(), _SYMBOL_BYTES):
            name, info, _, section, _, _ = struct.unpack_from("<IBBHQQ", self._bytes, at)
            if info & 15 in _FUNCTIONS and section:
                yield self._text(name)

    def _symbols(self) -> int:
        """Count the symbols; the order of the tables in the file says nothing about it."""
        if _HASH in self._first:
            return int(struct.unpack_from("<I", self._bytes, self._at(self._first[_HASH]) + 4)[0])
        table = self._at(self._first[_GNU_HASH])
        buckets, first, bloom, _ = struct.unpack_from("<4I", self._bytes, table)
        heads = table + 16 + 8 * bloom
        count = max(struct.unpack_from(f"<{buckets}I", self._bytes, heads))
        if not count:
            return int(first)
        chains = heads + 4 * buckets
        while not struct.unpack_from("<I", self._bytes, chains + 4 * (count - first))[0] & 1:
            count += 1
        return int(count) + 1


def version_key(version: str) -> list[int]:
    """Return what orders versions such as GLIBC_2.9 and GLIBC_2.34."""
    return [int(part) for part in re.findall(r"\d+", version)]
