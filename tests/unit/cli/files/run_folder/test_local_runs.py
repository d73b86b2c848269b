"""The runs of this machine, read from their folders."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tests.support.hostile import a_champion
from worstsort.artefacts.known_counts import best_known
from worstsort.runs.config import RunConfig
from worstsort.runs.status import Status
from worstsort_cli.clouds import served
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.run_folder import local_runs
from worstsort_cli.files.run_folder.folder import create
from worstsort_cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

CONFIG = RunConfig.parse({"size": 12, "target": "stable", "population": 8})


@pytest.fixture(autouse=True)
def nothing_is_served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no cloud of this machine's user be found, and work in a folder of its own."""
    monkeypatch.setattr(served, "is_any", lambda: False)
    monkeypatch.chdir(tmp_path)


def worstsort(*arguments: str, code: int = 0) -> Result:
    """Run the command in this process."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    return result


def leave_champion(out: Path, **changes: object) -> Path:
    """Leave the champion of a finished run in a folder of its own."""
    champion = a_champion() | changes
    folder = out / str(champion["run_id"])
    folder.mkdir(parents=True)
    (folder / "champion.json").write_text(json.dumps(champion))
    (folder / "input.json").write_text(json.dumps(champion["config"]))
    return folder


def test_a_run_of_which_nothing_is_kept_but_its_beginning_is_listed(tmp_path: Path) -> None:
    """It runs while somebody owns its folder, and is interrupted afterwards."""
    with create(tmp_path / "runs", CONFIG) as folder:
        (running,) = local_runs.runs(tmp_path / "runs")
        assert (running.run_id, running.status, running.epoch) == (folder.run_id, Status.RUNNING, 0)
        assert running.config == CONFIG
    # The lock's file still names this process, which lives; that of a process that has ended is nobody's.
    (folder.state / "lock").write_text(f"{_ended_process()}\n")
    (interrupted,) = local_runs.runs(tmp_path / "runs")
    assert interrupted.status is Status.ABORTED
    assert interrupted.reason == "interrupted; --resume continues it"


def _ended_process() -> int:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def test_listing_changes_nothing(tmp_path: Path) -> None:
    """Not even to mend a damaged file, which is its owner's to do."""
    with create(tmp_path / "runs", CONFIG) as folder:
        (folder.state / "run.npz").write_bytes(b"damaged")
        assert [run.run_id for run in local_runs.runs(tmp_path / "runs")] == [folder.run_id]
        assert (folder.state / "run.npz").read_bytes() == b"damaged"


def test_a_finished_run_is_told_by_its_champion(tmp_path: Path) -> None:
    """What its record in a cloud would say, as far as the champion knows."""
    folder = leave_champion(tmp_path / "runs")
    champion = json.loads((folder / "champion.json").read_text())
    (run,) = local_runs.runs(tmp_path / "runs")
    assert (run.status, run.best, run.evaluations) == (
        Status.SUCCEEDED, champion["comparisons"], champion["evaluations"],
    )  # fmt: skip
    assert json.loads(worstsort("runs", "--json").stdout)[0]["best"] == champion["comparisons"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"run_id": "other"}'])
def test_what_is_no_run_is_left_out(tmp_path: Path, content: str) -> None:
    """Other folders, files, and champions of other names or none."""
    (tmp_path / "runs/notes").mkdir(parents=True)
    (tmp_path / "runs/notes/champion.json").write_text(content)
    (tmp_path / "runs/file").touch()
    leave_champion(tmp_path / "runs").rename(tmp_path / "runs/another-name")
    assert local_runs.runs(tmp_path / "runs") == []
    assert "there are no runs yet; `worstsort run` starts one" in worstsort("runs").stdout


@pytest.mark.parametrize("name", ["champion.json", "result.json", "state/lock", "state/run.npz"])
def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path, name: str) -> None:
    """It may never have a writer."""
    folder = leave_champion(tmp_path / "runs")
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    assert [run.run_id for run in local_runs.runs(tmp_path / "runs")] == (
        [] if name == "champion.json" else [folder.name]
    )
    assert local_runs.known(tmp_path / "runs", CONFIG, "any") is None


def test_commands_say_that_they_read_a_folder() -> None:
    """Nobody mistakes it for a cloud."""
    assert "no embedded cloud is served: reading the runs in runs/" in worstsort("runs").stderr


def test_a_named_folder_is_read_even_if_a_cloud_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word, as it was asked for; a stack besides is a contradiction."""
    monkeypatch.setattr(served, "is_any", lambda: True)
    folder = leave_champion(tmp_path / "mine")
    result = worstsort("runs", "--in", str(tmp_path / "mine"))
    assert folder.name in result.stdout
    assert result.stderr == ""
    assert "choose one" in worstsort("runs", "--in", "mine", "--stack", "prod", code=2).stderr


def test_the_leaderboard_ranks_the_champions_of_all_runs(tmp_path: Path) -> None:
    """An input that two runs have found counts once."""
    first = leave_champion(tmp_path / "runs")
    leave_champion(tmp_path / "runs", run_id="second")
    (row,) = json.loads(worstsort("leaderboard", "--json").stdout)
    assert row["artefact"] in {f"runs/{first.name}/champion.json", "runs/second/champion.json"}
    assert json.loads(worstsort("leaderboard", "--size", "99", "--json").stdout) == []
    assert ("proven optimal" in worstsort("leaderboard").stdout) is row["optimal"]


def test_the_leaderboard_says_how_much_of_the_worst_that_is_known_a_champion_takes(tmp_path: Path) -> None:
    """A share in percent for people; nothing at sizes of which nothing is listed."""
    small = {"size": 5, "values": [1, 2, 3, 5, 4], "comparisons": 5}
    leave_champion(tmp_path / "runs", **small, config=a_champion()["config"] | {"size": 5})
    (row,) = json.loads(worstsort("leaderboard", "--json").stdout)
    assert row["of_best_known"] == 5 / (best_known(5, row["target"], "any") or 0)
    assert "50.0 %" in worstsort("leaderboard").stdout


def test_the_page_that_a_run_has_left_is_its_report(tmp_path: Path) -> None:
    """Byte for byte, under the name of the run."""
    folder = leave_champion(tmp_path / "runs")
    (folder / "report.html").write_text("<p>the page</p>")
    worstsort("report")
    assert (tmp_path / f"{folder.name}.html").read_text() == "<p>the page</p>"
    assert "--picture needs the records" in worstsort("report", "--picture", "x.svg", code=2).stderr


@pytest.mark.parametrize("command", ["report", "open"])
def test_a_run_without_a_page_says_when_it_gets_one(tmp_path: Path, command: str) -> None:
    """And an unknown one how to list them."""
    folder = leave_champion(tmp_path / "runs")
    assert f"run {folder.name} has no report yet" in worstsort(command, folder.name, code=1).stderr
    assert "there is no run unknown in runs" in worstsort(command, "unknown", code=1).stderr


def test_a_run_is_watched_by_its_folder(tmp_path: Path) -> None:
    """To its end; one that was interrupted ends with its reason."""
    with create(tmp_path / "runs", CONFIG) as folder:
        assert f"run: {folder.run_id}  RUNNING" in worstsort("watch", "--once").stdout
    (folder.state / "lock").write_text(f"{_ended_process()}\n")
    result = worstsort("watch", code=1)
    assert "ended: interrupted; --resume continues it" in result.stdout


def test_no_runs_at_all_is_said(tmp_path: Path) -> None:
    """With what makes one."""
    for command in ("watch", "report", "open"):
        assert "there are no runs in runs; `worstsort run` makes one" in worstsort(command, code=1).stderr
    assert local_runs.runs(tmp_path / "nowhere") == []


def test_a_run_id_is_no_path(tmp_path: Path) -> None:
    """Nothing outside the folder is read."""
    assert worstsort("report", "../other", code=2)
    with pytest.raises(CommandFailed, match="there is no run"):
        local_runs.find(tmp_path, "absent")
