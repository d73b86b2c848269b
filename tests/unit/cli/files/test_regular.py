"""What the command has written is read back; nothing else is waited for."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from worstsort_cli.files import regular

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_read_also_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to("file")
    assert regular.read(tmp_path / "link") == b"content"


@pytest.mark.timeout(20)
@pytest.mark.parametrize("kind", ["a pipe", "a socket", "a folder", "/dev/zero", "/dev/tty", "nothing", "a circle"])
def test_whatever_else_is_there_is_an_error_at_once(tmp_path: Path, kind: str) -> None:
    """A pipe would wait for a writer, and a device might never end."""
    path = tmp_path / "path"
    if kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a folder":
        path.mkdir()
    elif kind == "a circle":
        path.symlink_to(path)
    elif kind == "a socket":
        socket.socket(socket.AF_UNIX).bind(str(path))
    elif kind != "nothing":
        path.symlink_to(kind)
    with pytest.raises(OSError, match="path"):
        regular.read(path)
