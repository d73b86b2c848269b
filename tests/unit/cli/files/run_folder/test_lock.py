"""A folder has one owner, until that process ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from worstsort_cli.errors import FileNotWritten
from worstsort_cli.files.run_folder.lock import FolderInUse, Lock

if TYPE_CHECKING:
    from pathlib import Path

OWN = """
import pathlib, sys, time
from worstsort_cli.files.run_folder.lock import Lock
folder = pathlib.Path(sys.argv[1])
Lock(folder / "state" / "lock", folder).acquire()
print("owned", flush=True)
time.sleep(600)
"""


def lock_of(folder: Path) -> Lock:
    """Return the lock of a folder, not acquired."""
    return Lock(folder / "state" / "lock", folder)


def test_a_second_owner_is_refused_by_the_folders_name_and_the_first_ones_process(tmp_path: Path) -> None:
    """Until the first one lets go."""
    first, second = lock_of(tmp_path), lock_of(tmp_path)
    first.acquire()
    with pytest.raises(FolderInUse, match=rf"{tmp_path} is in use: process {os.getpid()} is working on this run"):
        second.acquire()
    assert first.is_held()
    assert not second.is_held()
    first.release()
    second.acquire()
    assert second.is_held()


def test_a_crash_releases_the_lock(tmp_path: Path) -> None:
    """Another process owned the folder, and was killed."""
    with subprocess.Popen([sys.executable, "-c", OWN, str(tmp_path)], stdout=subprocess.PIPE) as owner:
        assert owner.stdout
        assert owner.stdout.readline() == b"owned\n"
        with pytest.raises(FolderInUse, match=f"process {owner.pid} is"):
            lock_of(tmp_path).acquire()
        owner.send_signal(signal.SIGKILL)
    lock_of(tmp_path).acquire()


def test_a_lock_whose_file_is_deleted_is_not_held(tmp_path: Path) -> None:
    """Whoever makes the file again owns the folder, and the former owner notices."""
    former, later = lock_of(tmp_path), lock_of(tmp_path)
    former.acquire()
    (tmp_path / "state" / "lock").unlink()
    assert not former.is_held()
    later.acquire()
    assert later.is_held()
    with pytest.raises(FolderInUse):
        former.acquire()


def test_a_folder_that_is_not_there_cannot_be_owned(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten, match="missing/state/lock cannot be written: No such file"):
        lock_of(tmp_path / "missing").acquire()
