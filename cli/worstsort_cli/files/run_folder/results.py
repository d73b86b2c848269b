"""What a run that has succeeded leaves for its user."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import atomic
from worstsort_cli.files.run_folder.finished import CHAMPION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worstsort.storage.run_store import RunStore
    from worstsort_cli.files.run_folder.folder import RunFolder


def leave(store: RunStore, folder: RunFolder) -> None:
    """Write the files that the run has left in its bucket into its folder, champion.json last.

    Raises:
        CommandFailed: That cannot be done; the files are in another folder, which it names.
    """
    files = {name: store.artefacts.get(folder.run_id, name) for name in store.artefacts.names(folder.run_id)}
    try:
        folder.make_again()
        _write(files, folder.path)
    except (CommandFailed, OSError) as error:
        found = _write_elsewhere(files, folder.run_id)
        raise CommandFailed(f"run {folder.run_id} succeeded, but {error}; {found}") from error


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    for name in sorted(files, key=lambda name: (name == CHAMPION, name)):
        atomic.write(folder / name, files[name])


def _write_elsewhere(files: Mapping[str, bytes], run_id: str) -> str:
    """Write the files into a new folder for temporary ones, and say where, so that hours of evolution are not lost."""
    try:
        place = Path(tempfile.mkdtemp(prefix=f"{run_id}-"))
        _write(files, place)
    except (CommandFailed, OSError) as error:
        return f"nor could its files be put elsewhere: {error}"
    return f"its files are in {place}/ instead"
