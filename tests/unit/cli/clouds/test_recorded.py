"""What runs have recorded, as one table whose configurations are told apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from worstsort.analysis import tidy
from worstsort.runs.errors import InputRefused
from worstsort_cli.clouds import recorded
from worstsort_cli.errors import CommandFailed
from worstsort_cli.main import main


def leave(folder: Path, name: str, seed: int = 1, size: int = 20, **config: Any) -> str:
    """Leave what `recorded` reads of a run with two rows, and return its folder."""
    whole = {"target": "go1.12", "size": size, "seed": seed, "preset": "p", "stop": {"max_epochs": 2}} | config
    rows = [
        tidy.Row(name, str(whole["preset"]), seed, "go1.12", size, 0, generation, 50, 40.5, 10, 0.5, 0.25)
        for generation in range(2)
    ]
    path = folder / name
    path.mkdir()
    (path / "data.csv").write_text(tidy.to_csv(rows))
    (path / "input.json").write_text(json.dumps(whole))
    (path / "champion.json").write_text("{}")
    return str(path)


def names(*folders: str) -> dict[str, str]:
    """Return what the configurations of runs are called."""
    return {row.run: row.configuration for row in recorded.read(folders, None, None).rows}


def test_runs_of_a_preset_are_called_by_it_alone(tmp_path: Path) -> None:
    """Seed, size and target say which problem is solved, and have columns of their own."""
    made = [leave(tmp_path, "a", 1), leave(tmp_path, "b", 2), leave(tmp_path, "c", 1, 30)]
    assert names(*made) == {"a": "p", "b": "p", "c": "p"}


def test_runs_are_told_apart_by_all_that_differs_and_nothing_else(tmp_path: Path) -> None:
    """By fields within `stop`, too, and by one that the other run does not have."""
    made = [
        leave(tmp_path, "a", islands=1),
        leave(tmp_path, "b", islands=2, stop={"max_epochs": 3}),
        leave(tmp_path, "c", islands=2, stop={"max_epochs": 3}, population=20),
        leave(tmp_path, "d", islands=2, preset="q"),
    ]
    assert names(*made[:2]) == {"a": "p, stop.max_epochs=2, islands=1", "b": "p, stop.max_epochs=3, islands=2"}
    assert names(*made[1:3]) == names(*made[2:0:-1]) == {"b": "p", "c": "p, population=20"}
    assert names(*made[1::2]) == {"b": "p", "d": "q"}


def test_two_runs_that_are_one_are_refused(tmp_path: Path) -> None:
    """The same configuration and seed give the same run; both are named."""
    with pytest.raises(InputRefused, match=r"RUN: given 'b', allowed: runs that differ by .* seed: a has"):
        recorded.read([leave(tmp_path, "a"), leave(tmp_path, "b")], None, None)


@pytest.mark.parametrize("name", ["data.csv", "input.json"])
def test_a_run_that_lacks_a_file_has_not_ended(tmp_path: Path, name: str) -> None:
    """The file that is missing is named."""
    folder = Path(leave(tmp_path, "a"))
    (folder / name).unlink()
    with pytest.raises(CommandFailed, match=f"run a has no {name}: it has not ended yet"):
        recorded.read([str(folder)], None, None)


def test_a_table_goes_to_the_output_and_all_else_beside_it(tmp_path: Path) -> None:
    """A program that reads the table finds nothing but the table; a file has the same bytes, and is told of."""
    folder, file = leave(tmp_path, "a"), tmp_path / "out.csv"
    printed = CliRunner().invoke(main, ["data", folder])
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert [row._asdict() for row in tidy.from_csv(printed.stdout)] == [
        {**row._asdict(), "configuration": "p"} for row in recorded.read([folder], None, None).rows
    ]
    written = CliRunner().invoke(main, ["data", folder, "-o", str(file)])
    assert (written.exit_code, written.stdout) == (0, "")
    assert "out.csv: 2 rows" in written.stderr.replace("\n", "")
    assert file.read_text() == printed.stdout
    as_json = CliRunner().invoke(main, ["data", folder, "--json"])
    assert [row["generation"] for row in json.loads(as_json.stdout)] == [0, 1]
    assert as_json.stdout.endswith("]\n")
