"""Machine code of WebAssembly on disk: read back where it is ours and whole, made anew otherwise."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.support import foreign_sorts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

wasmtime = pytest.importorskip("wasmtime")

from worstsort.foreign.playing import module_cache  # noqa: E402 - needs wasmtime


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have machine code kept in a folder of the test's own."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    return tmp_path / "wasm"


@pytest.fixture
def content() -> bytes:
    """Return a small module."""
    return bytes(wasmtime.wat2wasm(foreign_sorts.MODULE))


def exports(content: bytes) -> list[str]:
    """Compile in a fork of this process, and return what the module exports; nothing for what is no module.

    Other tests fork this process to play modules, which has to be done before it compiles any itself.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as fork:
        return fork.submit(_exports, content).result()


def _exports(content: bytes) -> list[str]:
    with suppress(wasmtime.WasmtimeError):
        return [export.name for export in module_cache.compiled(wasmtime.Engine(), content).exports]
    return []


def only(folder: Path) -> Path:
    """Return the one file that is there."""
    (path,) = folder.iterdir()
    return path


@pytest.mark.usefixtures("folder")
def test_a_module_is_compiled_once(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """From then on it is read, although nothing could compile it any more."""
    made = exports(content)
    assert "worstsort_sort" in made
    monkeypatch.setattr("wasmtime.Module.__init__", None)
    assert exports(content) == made


def test_only_the_user_can_read_or_write_it(folder: Path, content: bytes) -> None:
    """The folder, and the file."""
    exports(content)
    assert (folder.stat().st_mode & 0o777, only(folder).stat().st_mode & 0o777) == (0o700, 0o600)


def _damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("spoil", [_damage, _cut, _empty])
def test_a_file_that_is_not_whole_is_made_anew(folder: Path, content: bytes, spoil: Callable[[Path], None]) -> None:
    """And replaced, so that the next one can read it."""
    made = exports(content)
    whole = only(folder).read_bytes()
    spoil(only(folder))
    assert exports(content) == made
    assert len(only(folder).read_bytes()) == len(whole)


@pytest.mark.parametrize("which", ["folder", "file", "link"])
def test_what_others_can_write_is_not_run(
    folder: Path, content: bytes, which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a folder nor a file that others may write to, nor a link."""
    exports(content)
    path = only(folder)
    if which == "link":
        path.rename(folder.parent / "elsewhere")
        path.symlink_to(folder.parent / "elsewhere")
    else:
        (folder if which == "folder" else path).chmod(0o777)
    monkeypatch.setattr("wasmtime.Module.deserialize", None)
    assert "worstsort_sort" in exports(content)


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in an image; the user's own is next."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    assert "worstsort_sort" in exports(content)
    assert only(tmp_path / "home" / "worstsort" / "wasm").is_file()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert "worstsort_sort" in exports(content)


def test_the_oldest_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder does not grow without bound."""
    monkeypatch.setattr(module_cache, "MAX_KEPT", 2)
    for number in range(4):
        exports(bytes(wasmtime.wat2wasm(f'(module (func (export "f{number}")))')))
    assert len(list(folder.iterdir())) == 2


def test_what_is_no_module_is_refused(folder: Path) -> None:
    """By wasmtime; nothing is kept of it."""
    assert exports(b"\0asm") == []
    assert not folder.exists()
