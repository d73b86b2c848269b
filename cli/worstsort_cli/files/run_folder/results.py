"""What a run that has succeeded leaves for its user."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worstsort.analysis import tidy
from worstsort.foreign.errors import COUNTEREXAMPLE
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.run_folder import copies
from worstsort_cli.files.run_folder.finished import CHAMPION, DATA, RESULT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worstsort.storage.run_store import RunStore
    from worstsort_cli.files.run_folder.folder import RunFolder


def leave(store: RunStore, folder: RunFolder, result: Mapping[str, Any]) -> None:
    """Write the files that the run has left in its bucket, its result and its data into its folder, champion.json last.

    Args:
        store: Where the run is recorded.
        folder: The run's.
        result: What its execution returned.

    Raises:
        CommandFailed: That cannot be done; the files are in another folder, which it names.
    """
    files = files_of(store, folder.run_id, result)
    try:
        folder.make_again()
        write(files, folder.path)
    except (CommandFailed, OSError) as error:
        found = _write_elsewhere(files, folder.run_id)
        raise CommandFailed(f"run {folder.run_id} succeeded, but {error}; {found}") from error


def leave_counterexample(store: RunStore, folder: RunFolder, tell: Callable[[str], None]) -> None:
    """Write the input on which a foreign sort was found out into the run's folder, if the run has left one."""
    if COUNTEREXAMPLE in store.artefacts.names(folder.run_id):
        path = folder.path / COUNTEREXAMPLE
        copies.put(path, store.artefacts.get(folder.run_id, COUNTEREXAMPLE))
        tell(f"the sort was found out; the input is in {path}")


def files_of(store: RunStore, run_id: str, result: Mapping[str, Any]) -> dict[str, bytes]:
    """Return all files that a run which has succeeded leaves its user, by name."""
    files = {name: store.artefacts.get(run_id, name) for name in store.artefacts.names(run_id)}
    files[RESULT] = json.dumps(result, indent=2).encode() + b"\n"
    files[DATA] = tidy.to_csv(tidy.rows_of_run(store, run_id)).encode()
    return files


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write a run's files into a folder, champion.json last: where it is, all are."""
    for name in sorted(files, key=lambda name: (name == CHAMPION, name)):
        copies.put(folder / name, files[name])


def _write_elsewhere(files: Mapping[str, bytes], run_id: str) -> str:
    """Write the files into a new folder for temporary ones, and say where, so that hours of evolution are not lost."""
    try:
        place = Path(tempfile.mkdtemp(prefix=f"{run_id}-"))
        write(files, place)
    except (CommandFailed, OSError) as error:
        return f"nor could its files be put elsewhere: {error}"
    return f"its files are in {place}/ instead"
