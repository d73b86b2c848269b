"""The runs of this machine, as their folders tell them, in the records that a cloud keeps of runs."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused
from worstsort.runs.records import RunRecord
from worstsort.runs.results.champion import Champion
from worstsort.runs.results.leaderboard import leaderboard_entry, ranked
from worstsort.runs.run_id import check_run_id
from worstsort.runs.status import Status
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import json_file
from worstsort_cli.files.run_folder import beginning, finished, kept_epochs
from worstsort_cli.files.run_folder.finished import CHAMPION, INPUT, REPORT, RESULT
from worstsort_cli.files.run_folder.folder import LOCK, STATE
from worstsort_cli.files.run_folder.lock import owner_of

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort.runs.records import ChampionRecord


_SAID_TWICE = ("run_id", "comparisons", "generations", "evaluations")
"""What a run's result and its champion both say."""


def runs(out: Path) -> list[RunRecord]:
    """Return the runs whose folders are in a folder, newest first; what is no run's is left out."""
    paths = (path for path in (out.iterdir() if out.is_dir() else ()) if path.is_dir())
    return sorted(filter(None, map(_run, paths)), key=lambda run: (run.started_at, run.run_id), reverse=True)


def find(out: Path, run_id: str | None) -> RunRecord:
    """Return a run, by default the newest.

    Raises:
        CommandFailed: There is no such run.
    """
    if run_id is None:
        recorded = runs(out)
        if not recorded:
            raise CommandFailed(f"there are no runs in {out}; `worstsort run` makes one")
        return recorded[0]
    check_run_id(run_id, "RUN")
    run = _run(out / run_id)
    if run is None:
        raise CommandFailed(f"there is no run {run_id} in {out}; `worstsort runs --in {out}` lists them")
    return run


def report(out: Path, run: RunRecord) -> Path:
    """Return the page that a run has left.

    Raises:
        CommandFailed: It has left none yet.
    """
    path = out / run.run_id / REPORT
    if not path.is_file():
        raise CommandFailed(
            f"run {run.run_id} has no report yet: it is written when the run has succeeded "
            f"(`worstsort run --resume {run.run_id} --out {out}` continues one that was interrupted)"
        )
    return path


def champions(
    out: Path, target: str | None = None, size: int | None = None, values: str | None = None
) -> list[ChampionRecord]:
    """Return the champions of all runs that have succeeded; the rest is as on a stack's leaderboard."""
    paths = (path / CHAMPION for path in (out.iterdir() if out.is_dir() else ()))
    found = [
        leaderboard_entry(champion, str(path), _moment(path))
        for path in paths if (champion := champion_in(path.parent)) is not None
    ]  # fmt: skip
    first: dict[str, ChampionRecord] = {}  # an input that two runs have found counts once
    for record in sorted(found, key=lambda record: record.found_at):
        first.setdefault(record.key, record)
    return ranked(first.values(), target, size, values)


def known(out: Path, config: RunConfig, code: str) -> dict[str, Any] | None:
    """Return what a run with this configuration has found already; None if there is none whose files are whole.

    Args:
        out: The folder that holds the runs.
        config: What a run is asked for.
        code: The `code_version` that would run it: other code may find something else.
    """
    wanted = config.model_dump(mode="json")
    for path in sorted(out.iterdir()) if out.is_dir() else ():
        champion = champion_in(path)
        if champion is not None and champion.config == wanted and champion.code_version == code:
            with suppress(CommandFailed, InputRefused, OSError):  # it is damaged
                finished.check(path)
                return _result(path / RESULT, champion)
    return None


def _result(path: Path, champion: Champion) -> dict[str, Any]:
    result = json_file.read_kept(path)
    if not isinstance(result, dict) or any(result.get(name) != getattr(champion, name) for name in _SAID_TWICE):
        raise CommandFailed(f"{path} is not about {champion.run_id}")
    return result


def _run(path: Path) -> RunRecord | None:
    begun = beginning.look_into(path / STATE / beginning.FILE_NAME, path.name)
    if begun is None:
        champion = champion_in(path)
        return None if champion is None else _finished(path, champion)
    started_at = _moment(path / INPUT)
    begun_only = RunRecord(
        run_id=path.name, config=begun.config, execution_arn="", started_at=started_at, code_version=begun.code
    )
    record = kept_epochs.look_into(path / STATE, begun) or begun_only
    if owner_of(path / STATE / LOCK) is not None:
        return record.model_copy(update={"status": Status.RUNNING, "reason": None})
    return record.model_copy(update={"status": Status.ABORTED, "reason": "interrupted; --resume continues it"})


def _finished(path: Path, champion: Champion) -> RunRecord | None:
    with suppress(InputRefused):  # a configuration of another version
        config = RunConfig.parse(champion.config)
        return RunRecord(
            run_id=champion.run_id,
            status=Status.SUCCEEDED,
            config=config,
            execution_arn="",
            started_at=_moment(path / INPUT),
            finished_at=_moment(path / CHAMPION),
            code_version=champion.code_version,
            epoch=-(-champion.generations // config.generations_per_epoch),
            generations=champion.generations,
            evaluations=champion.evaluations,
            best=champion.comparisons,
        )
    return None


def champion_in(path: Path) -> Champion | None:
    """Return the champion that a run has left in its folder, None if there is none that can be trusted."""
    with suppress(InputRefused, OSError):
        champion = Champion.parse(json_file.read_kept(path / CHAMPION))
        return champion if champion.run_id == path.name else None
    return None


def _moment(path: Path) -> str:
    """Return when a file was written, in ISO 8601, or the beginning of time if it is gone."""
    seconds = path.stat().st_mtime if path.exists() else 0
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
