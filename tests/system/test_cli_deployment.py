"""The commands that work on a deployment, against the embedded cloud: by default, and as a stack by its name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any
from urllib.request import ProxyHandler, build_opener

import pytest
from click.testing import CliRunner

from tests.support.command import COMMAND
from tests.support.executions import Started, start
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    from worstsort_embedded import EmbeddedCloud

pytestmark = pytest.mark.xdist_group("cli-cloud")

LONG = {"generations_per_epoch": 40, "population": 200, "stall_generations": 0, "stop": {"max_epochs": 500}}


@pytest.fixture(scope="module")
def finished(cloud: EmbeddedCloud) -> Started:
    """Finish a run."""
    execution = start(cloud, "done", stop={"max_epochs": 2})
    assert execution.wait()["status"] == "SUCCEEDED"
    return execution


@pytest.fixture
def worstsort(cloud: EmbeddedCloud, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return the command, pointed at the cloud by the variables that `worstsort up` prints."""
    for name, value in cloud.environment.items():
        monkeypatch.setenv(name, value)

    def invoke(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == code, result.output
        return result

    return invoke


@pytest.mark.parametrize("named", [(), ("--stack", "worstsort")])
def test_runs_lists_a_finished_run_with_its_state(
    worstsort: Callable[..., Result], finished: Started, named: tuple[str, ...]
) -> None:
    """The list is the same for the embedded cloud and for a stack by its name: both are read through AWS calls."""
    listed = json.loads(worstsort("runs", *named, "--json").stdout)
    (run,) = [record for record in listed if record["run_id"] == finished.run_id]
    assert (run["status"], run["epoch"], run["config"]["size"]) == ("SUCCEEDED", 2, 30)
    assert finished.run_id in worstsort("runs", *named).stdout


def test_a_stack_that_does_not_exist_is_named(
    worstsort: Callable[..., Result],
) -> None:
    """The message says that there is no such stack."""
    assert "there is no stack 'nobody'" in worstsort("runs", "--stack", "nobody", code=1).stderr


def test_without_a_cloud_the_message_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The exit code is 1, without a traceback."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    result = CliRunner().invoke(main, ["start"])
    assert result.exit_code == 1
    assert "worstsort up" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("filters", [(), ("--target", "go1.12"), ("--target", "go1.12", "--size", "30")])
def test_the_leaderboard_ranks_champions_with_their_ratios(
    worstsort: Callable[..., Result], finished: Started, filters: tuple[str, ...]
) -> None:
    """The ratios to random input and to antiquicksort are shown."""
    rows = json.loads(worstsort("leaderboard", *filters, "--json").stdout)
    assert next(row["rank"] for row in rows if row["family"] == "go1.12:30") == 1
    (row,) = [row for row in rows if row["run_id"] == finished.run_id]
    assert row["of_random"] == pytest.approx(row["fitness"] / row["random_mean"], abs=1e-3)
    assert finished.run_id in worstsort("leaderboard", *filters).stdout


def test_a_leaderboard_without_champions_says_so(worstsort: Callable[..., Result], finished: Started) -> None:  # noqa: ARG001
    """A target without finished runs has none."""
    assert "no champions yet" in worstsort("leaderboard", "--target", "stable").stdout


def test_a_run_is_started_watched_stopped_and_resumed(worstsort: Callable[..., Result]) -> None:
    """It ends with success after the stop."""
    given = ("--preset", "classic", "--size", "30", "--population", "40", "--generations-per-epoch", "5")
    started = json.loads(worstsort("start", *given, "--max-epochs", "8", "--name", "stopped", "--json").stdout)
    assert started["run_id"] == "stopped"
    worstsort("stop", "stopped")
    assert "aborted" in worstsort("watch", "stopped", "--every", "0.05", code=1).stderr
    assert "not running" in worstsort("stop", "stopped", code=1).stderr
    worstsort("resume", "stopped")
    last = json.loads(worstsort("watch", "stopped", "--every", "0.05", "--json").stdout.splitlines()[-1])
    assert last["status"] == "SUCCEEDED"
    assert last["evaluations"] > 0
    assert "SUCCEEDED" in worstsort("resume", "stopped", code=1).stderr


def test_watch_shows_the_newest_run_in_plain_lines_without_a_terminal(
    worstsort: Callable[..., Result], cloud: EmbeddedCloud
) -> None:
    """Epoch, islands, best, evaluations per second, time left and cost, in one line without colours."""
    execution = start(cloud, "watched", **LONG)
    while not execution.items("EPOCH#000002"):
        pass
    line = worstsort("watch", "--once").stdout
    worstsort("stop", "watched")
    assert line.startswith("run: watched  RUNNING  epoch: ")
    for part in ("of 2 islands done", "best: ", "per second", "left", "cost so far: nothing here", "on AWS"):
        assert part in line
    assert "\x1b" not in line
    assert len(line.splitlines()) == 1


def test_an_unknown_run_is_an_error_in_plain_words(worstsort: Callable[..., Result]) -> None:
    """The exit code is 1, and the message names the run."""
    assert "'nobody'" in worstsort("watch", "nobody", code=1).stderr


def test_a_name_that_is_taken_is_refused_in_plain_words(worstsort: Callable[..., Result], finished: Started) -> None:
    """An ended run's name cannot be given again; the message says what to do with the run or the name."""
    options = ("--size", "20", "--preset", "classic", "--name", finished.run_id)
    said = worstsort("start", *options, code=1).stderr
    assert f"there is a run named '{finished.run_id}' already" in said
    assert f"worstsort resume {finished.run_id}" in said
    assert len(said.splitlines()) == 1


def test_start_refuses_a_bad_input_before_anything_is_started(worstsort: Callable[..., Result]) -> None:
    """The exit code is 2, and the message names the field."""
    result = worstsort("start", "--size", "0", "--preset", "classic", "--name", "never", code=2)
    assert "size: given 0" in result.stderr
    assert "never" not in worstsort("runs").stdout


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Serve the system as a user does, and return what `worstsort up` tells programs."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with subprocess.Popen([*COMMAND, "up", "--port", "0", "--json"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()
        assert process.wait(20) == 0
    assert not list((tmp_path / "state").rglob("*.json"))


def test_up_tells_programs_where_it_is_and_ends_on_ctrl_c(served: dict[str, Any]) -> None:
    """It prints one JSON document with the endpoint and the outputs, exits with 0, and leaves no secret behind."""
    assert set(served) == {"endpoint", "environment", "outputs", "console"}
    assert served["environment"]["AWS_ENDPOINT_URL"] == served["endpoint"]
    assert served["outputs"]["StateMachineArn"].startswith("arn:aws:states:")


def test_up_serves_the_console_too(served: dict[str, Any]) -> None:
    """At the address that it prints, with the token of this start."""
    opener = build_opener(ProxyHandler({}))
    with opener.open(served["console"], timeout=20) as answer:
        assert b"<title>Worstsort</title>" in answer.read()


def wait_for_end(name: str) -> None:
    """Wait until the execution of that name has ended, which is a moment after its run is recorded as finished."""
    deployment = connect(None)
    arn = deployment.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:") + f":{name}"
    stepfunctions, deadline = deployment.client("stepfunctions"), time.monotonic() + 60
    while stepfunctions.describe_execution(executionArn=arn)["status"] == "RUNNING" and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.mark.parametrize("options", [(), ("--quiet",)])
def test_up_says_what_starts_and_ends(
    options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line each on standard error, and none with --quiet."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    command = [*COMMAND, "up", "--port", "0", "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        given = ("--preset", "classic", "--size", "20", "--population", "30", "--generations-per-epoch", "2")
        assert CliRunner().invoke(main, ["start", *given, "--max-epochs", "1", "--name", "told"]).exit_code == 0
        assert CliRunner().invoke(main, ["watch", "told", "--every", "0.1"]).exit_code == 0
        wait_for_end("told")
        process.terminate()
        *said, _ = process.stderr.read().splitlines()
    assert [line.partition(" ")[2] for line in said] == ([] if options else ["told started", "told succeeded"])


def test_the_secret_is_in_a_file_that_only_its_user_can_read(served: dict[str, Any], tmp_path: Path) -> None:
    """The file has what `up` printed, and no other user may open it or its folder."""
    (path,) = (tmp_path / "state").rglob("*.json")
    assert json.loads(path.read_text())["environment"] == served["environment"]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_commands_find_the_served_cloud_by_themselves(served: dict[str, Any]) -> None:
    """Without any variable, at whatever port; with another secret they are refused and told what to do."""
    assert CliRunner().invoke(main, ["runs"]).output == "there are no runs yet; `worstsort start` starts one\n"
    wrong = served["environment"] | {"AWS_SECRET_ACCESS_KEY": "x"}
    refused = CliRunner().invoke(main, ["runs"], env=wrong | {"XDG_STATE_HOME": os.devnull})
    assert refused.exit_code == 1
    assert "`worstsort up` has printed them" in refused.stderr


def test_ctrl_c_ends_the_watch_but_not_the_run(worstsort: Callable[..., Result], cloud: EmbeddedCloud) -> None:
    """The exit code is 0, and the run continues."""
    execution = start(cloud, "left-alone", **LONG)
    watching = [*COMMAND, "watch", "left-alone", "--every", "0.1"]
    with subprocess.Popen(watching, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("run: left-alone")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert said == "stopped watching; run left-alone continues\n"
    assert cloud.client("stepfunctions").describe_execution(executionArn=execution.arn)["status"] == "RUNNING"
    worstsort("stop", "left-alone")
