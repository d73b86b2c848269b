"""The files that a finished run has left, and whether they are still what it left."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from worstsort.artefacts.go_test_file import champion_test
from worstsort.gosort import TARGETS, TargetAbsent, count_plain
from worstsort.gosort.go_releases import NOT_IN_GO
from worstsort.runs.code_version import code_version
from worstsort.runs.errors import InputRefused
from worstsort.runs.results.champion import Champion
from worstsort.runs.results.history import HISTORY_COLUMNS
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import json_file, regular
from worstsort_cli.project import layer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHAMPION, INPUT, RESULT = "champion.json", "input.json", "result.json"

DATA = "data.csv"
"""What each island did in each generation, for `worstsort data` and `compare`."""

_HISTORY, _GO_TEST, REPORT = "history.csv", "champion_test.go", "report.html"


def has_left_files(folder: Path) -> bool:
    """Whether there is anything in a folder that a run leaves at its end."""
    return any((folder / name).exists() for name in (CHAMPION, _HISTORY, _GO_TEST, REPORT))


def check(folder: Path) -> None:
    """Check that all that the run left in its folder is there, whole, and about one and the same champion.

    Raises:
        CommandFailed: It names each file that is damaged, and says what to do.
    """
    champion = _champion(folder)
    problems = [
        f"{folder / name}: {problem}"
        for name, find in _CHECKS.items()
        if (problem := _problem(folder / name, find, champion)) is not None
    ]
    if problems:
        raise _damaged(folder, "; ".join(problems))


def _champion(folder: Path) -> Champion:
    file = folder / CHAMPION
    try:
        champion = Champion.parse(json_file.read_kept(file))
    except InputRefused as error:
        raise _damaged(folder, f"{file} is not what a run leaves") from error
    except OSError as error:
        raise _damaged(folder, f"{file} cannot be read: {error.strerror}") from error
    if champion.run_id != folder.name:
        raise CommandFailed(f"{file} is of another run, {champion.run_id}")
    counted = _recount(champion)
    if counted != champion.comparisons:
        said = f"its values take {counted:,} comparisons, and it says {champion.comparisons:,}"
        raise _damaged(folder, f"{file}: {said}")
    return champion


def _recount(champion: Champion) -> int:
    """Count a champion's comparisons; a foreign sort that is not at hand is believed."""
    try:
        return count_plain(champion.values, champion.target)
    except TargetAbsent:
        return champion.comparisons


def _damaged(folder: Path, what: str) -> CommandFailed:
    return CommandFailed(
        f"run {folder.name} has finished, but what it left is damaged, and nothing else is kept of the run: {what}. "
        "The same seed gives the same run: restore the file, or move the folder away and start the run again"
    )


def _problem(path: Path, find: Callable[[str, Champion], str | None], champion: Champion) -> str | None:
    """Return what is wrong with a file, if anything is."""
    needless = path.name == _GO_TEST and TARGETS[champion.target].versions == NOT_IN_GO
    try:
        return None if needless else find(regular.read(path).decode(), champion)
    except FileNotFoundError:
        return "it is missing"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    except (ValueError, OverflowError, csv.Error):  # bytes that are no text, text that is no table
        return "it is not what a run leaves"


def _problem_of_input(text: str, champion: Champion) -> str | None:
    try:
        config = json_file.parse(text.encode(), INPUT)
    except InputRefused:
        return "it is not what a run leaves"
    return None if config == champion.config else f"it is not the configuration in {CHAMPION}"


def _problem_of_history(text: str, champion: Champion) -> str | None:
    rows = list(csv.DictReader(io.StringIO(text), strict=True)) if text.endswith("\n") else []
    if not rows or any(tuple(row) != HISTORY_COLUMNS for row in rows):
        return "it is not what a run leaves"
    numbers = [
        [float(row[column]) for column in HISTORY_COLUMNS] for row in rows if None not in row.values()
    ]  # a short one
    if [int(row[0]) for row in numbers] != list(range(champion.generations + 1)):
        return f"it does not have the generations 0 to {champion.generations}"
    if max(row[1] for row in numbers) != champion.comparisons:
        return f"its best is not the {champion.comparisons:,} comparisons of {CHAMPION}"
    if sum(row[4] for row in numbers) != champion.evaluations:
        return f"its evaluations are not the {champion.evaluations:,} of {CHAMPION}"
    return None


def _problem_of_go_test(text: str, champion: Champion) -> str | None:
    if champion.code_version == code_version(layer()):
        sound = text == champion_test(champion)
    else:  # another version may have written it otherwise
        written = "".join(text.split())
        values = "".join(f"{value}," for value in champion.values)
        sound = values in written and str(champion.comparisons) in text and text.endswith("}\n")
    return None if sound else f"it is not the test of {CHAMPION}"


def _problem_of_report(text: str, champion: Champion) -> str | None:
    whole = text.rstrip().endswith("</html>") and text.lstrip().lower().startswith("<!doctype html>")
    told = champion.run_id in text and f"{champion.comparisons:,} comparisons" in text
    return None if whole and told else f"it is not the whole report on {CHAMPION}"


_CHECKS = {
    INPUT: _problem_of_input,
    _HISTORY: _problem_of_history,
    _GO_TEST: _problem_of_go_test,
    REPORT: _problem_of_report,
}
