"""Files that are complete or absent, whoever else writes them and whatever happens meanwhile."""

from __future__ import annotations

import ast
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import worstsort_cli
from worstsort_cli.errors import FileNotWritten
from worstsort_cli.files.atomic import remove_unfinished, write

BEFORE, AFTER = b"before" * 20_000, b"after" * 30_000

MAX_FILE_BYTES = 50_000
"""Bytes that a process may write into a file while the test of a full disk runs."""

WRITE_FOR_EVER = """
import itertools, pathlib, sys
from worstsort_cli.files.atomic import write
for round in itertools.count():
    write(pathlib.Path(sys.argv[1]), (b"before" * 20_000, b"after" * 30_000)[round % 2])
"""

WRITERS_BY_DESIGN = {"files/atomic.py", "files/run_folder/log.py", "tools/go_toolchain.py"}
"""The writer itself, one who adds lines to a log, and one who writes into a temporary folder that it deletes."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Write a file that is to be replaced."""
    path = tmp_path / "file"
    path.write_bytes(BEFORE)
    return path


def only(path: Path) -> bool:
    """Return whether a file is alone in its folder."""
    return list(path.parent.iterdir()) == [path]


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    write(tmp_path / "new", AFTER)
    assert (tmp_path / "new").read_bytes() == AFTER
    assert only(tmp_path / "new")


@pytest.mark.parametrize("links", [1, 3])
def test_links_in_a_circle_are_named(tmp_path: Path, links: int) -> None:
    """As what they are, by the path that was given; they stay as they are."""
    names = [tmp_path / f"link-{number}" for number in range(links)]
    for name, other in zip(names, [*names[1:], names[0]], strict=True):
        name.symlink_to(other)
    with pytest.raises(FileNotWritten, match=r"link-0 cannot be written: Too many levels of symbolic links"):
        write(names[0], AFTER)
    assert sorted(tmp_path.iterdir()) == names


def test_a_new_file_has_the_permissions_that_the_user_chose_for_new_files(tmp_path: Path) -> None:
    write(tmp_path / "new", b"")
    (tmp_path / "plain").write_bytes(b"")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_replaced_file_keeps_its_permissions(path: Path) -> None:
    path.chmod(0o640)
    write(path, AFTER)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_private_file_is_this_users_alone_even_where_it_was_not_before(path: Path) -> None:
    path.chmod(0o644)
    write(path, AFTER, private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_stays_a_link(path: Path) -> None:
    """The file that it leads to is replaced."""
    link = path.with_name("link")
    link.symlink_to(path.name)
    write(link, AFTER)
    assert link.is_symlink()
    assert path.read_bytes() == AFTER


def test_the_name_may_be_as_long_as_names_may_be(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    write(path, AFTER)
    assert only(path)


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """A pipe stays a pipe; /dev/null is one of these, too."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_bytes)
        write(pipe, AFTER)
        assert read.result(30) == AFTER
    assert pipe.is_fifo()
    write(Path(os.devnull), AFTER)
    assert Path(os.devnull).is_char_device()


def test_a_full_disk_leaves_the_file_as_it_was_and_is_reported_by_the_files_name(path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, limits[1]))
    try:
        with pytest.raises(FileNotWritten, match=r"/file cannot be written: File too large"):
            write(path, AFTER)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == BEFORE
    assert only(path)


@pytest.mark.parametrize("place", ["missing/file", "folder", "/proc/file"])
def test_a_place_where_no_file_can_be_is_reported(tmp_path: Path, place: str) -> None:
    """No such folder; a folder of that name; a file system that refuses."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileNotWritten, match="cannot be written"):
        write(tmp_path / place, AFTER)


def test_many_writers_of_one_file_all_succeed_and_a_reader_sees_whole_files_only(path: Path) -> None:
    """Broken on purpose: with one temporary name for all, half of the writers fail."""
    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, path, body) for body in (BEFORE, AFTER) * 150]
        while not all(writer.done() for writer in writers):
            assert path.read_bytes() in {BEFORE, AFTER}
    assert [writer.exception() for writer in writers] == [None] * 300
    assert only(path)


@pytest.mark.long
def test_a_killed_writer_leaves_a_whole_file(path: Path) -> None:
    """At 20 moments of writing without pause; what it leaves beside the file is swept away."""
    for number in range(20):
        with subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER, str(path)]) as writer:
            path.write_bytes(b"untouched")
            while path.read_bytes() == b"untouched":
                time.sleep(0.01)
            time.sleep(number * 0.001)
            writer.send_signal(signal.SIGKILL)
        assert path.read_bytes() in {BEFORE, AFTER}
    remove_unfinished(path.parent)
    assert only(path)


def writes_directly(module: Path) -> list[str]:
    """Return the calls in a module that would write a file in place."""
    calls = [node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Call)]
    return [ast.unparse(call) for call in calls if _writes(call)]


def _writes(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "open":
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        modes = [mode.value for mode in given if isinstance(mode, ast.Constant) and isinstance(mode.value, str)]
        return any(set("wxa+") & set(mode) and set(mode) <= set("rwxabt+") for mode in modes)
    return name in {"write_text", "write_bytes", "touch", "savez", "tofile"}


def test_the_command_writes_files_in_no_other_way() -> None:
    """Neither what -o names nor what a run keeps is ever written in place."""
    root = Path(worstsort_cli.__file__).parent
    found = {str(path.relative_to(root)): calls for path in root.rglob("*.py") if (calls := writes_directly(path))}
    assert set(found) == WRITERS_BY_DESIGN, found
