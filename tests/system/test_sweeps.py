"""`worstsort sweep`, `data` and `compare`, as a researcher uses them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tests.support.command import ROOT, worstsort
from tests.system.browser import browser, needs_browser
from worstsort.analysis.tidy import COLUMNS
from worstsort_cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort_embedded import EmbeddedCloud

pytestmark = [pytest.mark.xdist_group("sweeps"), pytest.mark.long]

AXE = ROOT / "tests" / "engine" / "node_modules" / "axe-core" / "axe.min.js"

SMALL = [
    "--target",
    "go1.12",
    "--preset",
    "classic",
    "--size",
    "40",
    "--generations-per-epoch",
    "3",
    "--max-epochs",
    "2",
]
GRID = [*SMALL, "--seeds", "1-2", "--set", "population=50,60"]


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Carry out a sweep of two configurations and two seeds, and return its folder."""
    out = tmp_path_factory.mktemp("sweeps")
    done = worstsort("sweep", *GRID, "--name", "first", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "sweep first: 4 runs, 0 of them done" in done.stdout
    assert "starting the cloud on this machine" in done.stdout
    assert "4/4 go1.12, 40 items, population=60, seed 2: " in done.stdout
    return out / "first"


def test_a_run_of_a_sweep_is_the_run_of_its_configuration_alone(swept: Path, tmp_path: Path) -> None:
    """Its id and its champion are those that `worstsort run` gives it, byte for byte."""
    options = ["--population", "60", "--seed", "2", "--out", str(tmp_path)]
    assert worstsort("run", *SMALL, *options).returncode == 0
    (alone,) = tmp_path.iterdir()
    for name in ("champion.json", "history.csv", "input.json"):
        assert (swept / alone.name / name).read_bytes() == (alone / name).read_bytes()


def test_the_same_sweep_again_runs_nothing_and_another_of_that_name_is_refused(swept: Path) -> None:
    """Neither opens a cloud."""
    again = worstsort("sweep", *GRID, "--name", "first", "--out", str(swept.parent))
    assert "sweep first: 4 runs, 4 of them done" in again.stdout
    other = worstsort("sweep", *GRID, "--set", "islands=1", "--name", "first", "--out", str(swept.parent))
    assert other.returncode == 1
    assert "has another sweep" in other.stderr
    resumed = worstsort("sweep", "--resume", "first", "--out", str(swept.parent), "--json")
    assert len(json.loads(resumed.stdout)["runs"]) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--seeds", "1-2", "--set", "populations=5"], "populations: given 5, allowed: no such field; one of target"),
        (["--seeds", "1-2", "--set", "population=0"], "population: given 0, allowed: an integer from"),
        (["--seeds", "two"], "--seeds: given 'two', allowed: integers and ranges"),
        (["--seed", "1", "--seeds", "1-2"], "--seed: given 1, allowed: nothing: a sweep has --seeds"),
        ([], "--seeds: given nothing, allowed: seeds such as 1-20"),
        (["--resume", "x", "--seeds", "1"], "--seeds: given '1', allowed: nothing: --resume takes"),
        (["--resume", "x", "--size", "5"], "--size: given 5, allowed: nothing: --resume takes"),
        (["--seeds", "1", "--name", "../x"], "--name: given '../x', allowed: letters, digits"),
        (["--resume", "../x"], "--resume: given '../x', allowed: letters, digits"),
    ],
)
def test_what_cannot_be_swept_is_refused_before_anything_begins(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    """Nothing is written."""
    refused = worstsort("sweep", *arguments, "--out", str(tmp_path / "out"))
    assert refused.returncode == 2, refused.stderr
    assert said in refused.stderr
    assert not (tmp_path / "out").exists()


def test_a_dry_run_says_what_it_would_take_and_starts_nothing(tmp_path: Path) -> None:
    """In numbers for programs."""
    out = tmp_path / "out"
    said = json.loads(worstsort("sweep", *GRID, "--dry-run", "--json", "--out", str(out)).stdout)
    assert (said["runs"], len(said["run_ids"])) == (4, 4)
    assert said["evaluations"] > 0
    assert said["at_worst_dollars"] >= said["dollars"] > 0
    assert not out.exists()


def test_the_data_of_a_sweep_have_a_column_for_each_setting(swept: Path) -> None:
    """A row for each run, island and generation."""
    printed = worstsort("data", str(swept)).stdout
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert tuple(rows[0]) == (*COLUMNS, "population")
    assert len(rows) == 4 * 2 * (1 + 2 * 3)
    assert {(row["configuration"], row["population"]) for row in rows} == {
        ("population=50", "50"),
        ("population=60", "60"),
    }
    objects = json.loads(worstsort("data", str(swept), "--json").stdout)
    assert [{name: str(value) for name, value in one.items()} for one in objects] == rows
    champions = {path.parent.name: json.loads(path.read_text()) for path in swept.glob("*/champion.json")}
    for run_id, champion in champions.items():
        own = [row for row in rows if row["run"] == run_id]
        assert max(int(row["best"]) for row in own) == champion["comparisons"]
        ends = [row for row in own if int(row["generation"]) == champion["generations"]]
        assert sum(int(row["evaluations"]) for row in ends) == champion["evaluations"]


def test_a_comparison_says_what_each_configuration_found(swept: Path, tmp_path: Path) -> None:
    """As a table, as JSON and as a page."""
    page = tmp_path / "page.html"
    done = worstsort("compare", str(swept), "--page", str(page))
    assert done.returncode == 0, done.stderr
    assert "sort.Sort of Go 1.12 to 1.18, 40 integers; goal " in done.stdout
    assert "too few runs to say: 4 of each are needed" in done.stdout
    (problem,) = json.loads(worstsort("compare", str(swept), "--json").stdout)["problems"]
    assert {group["configuration"] for group in problem["groups"]} == {"population=50", "population=60"}
    bests = sorted(json.loads(path.read_text())["comparisons"] for path in swept.glob("*/champion.json"))
    assert max(group["summary"]["most"] for group in problem["groups"]) == bests[-1]
    assert page.stat().st_size < 200_000


@needs_browser
def test_the_page_draws_its_charts_without_an_error(swept: Path, tmp_path: Path) -> None:
    """On a phone nothing is wider than the screen, and axe-core, where it is installed, finds nothing to object to."""
    page = tmp_path / "page.html"
    assert worstsort("compare", str(swept), "--page", str(page)).returncode == 0
    with browser() as window:
        window.emulate(dark=True, width=390, height=844)
        window.open(page)
        assert window.errors() == []
        assert window.run("return document.querySelectorAll('canvas').length") == 3
        assert window.run("return document.documentElement.scrollWidth") <= 390
        if AXE.exists():
            window.run(AXE.read_text() + ";window.axe = axe")
            assert window.run("return axe.run().then(r => r.violations.map(v => v.id))") == []


def test_runs_are_compared_by_what_tells_them_apart(swept: Path) -> None:
    """Runs of their own are called by their preset and what they differ in, and one that is named twice is refused."""
    folders = sorted(map(str, swept.glob("*seed1*")))
    (problem,) = json.loads(worstsort("compare", *folders, "--json").stdout)["problems"]
    names = {group["configuration"] for group in problem["groups"]}
    assert names == {"classic, population=50", "classic, population=60"}
    twice = worstsort("compare", folders[0], str(swept), str(swept / "..") + "/first")
    assert twice.returncode == 2
    assert "allowed: runs that differ by configuration or seed" in twice.stderr
    missing = worstsort("compare", "nonesuch", "--in", str(swept))
    assert missing.returncode == 1
    assert "there is neither a run nonesuch in " in missing.stderr


def test_a_sweep_on_a_stack_is_executions_whose_files_are_copied(
    cloud: EmbeddedCloud, swept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same runs as on this machine; begun again, it follows what there is and starts nothing."""
    for name, value in cloud.environment.items():
        monkeypatch.setenv(name, value)
    arguments = ["sweep", *GRID, "--stack", "worstsort", "--at-once", "2", "--name", "s", "--out", str(tmp_path)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert "cost" in done.output
    for run in swept.glob("*/champion.json"):
        copied = tmp_path / "s" / run.parent.name
        assert (copied / "champion.json").read_bytes() == run.read_bytes()
        (copied / "champion.json").unlink()
        (copied / "history.csv").unlink()
    executions = cloud.client("stepfunctions").list_executions(stateMachineArn=cloud.outputs["StateMachineArn"])
    again = CliRunner().invoke(main, ["sweep", "--resume", "s", "--out", str(tmp_path)])
    assert again.exit_code == 0, again.output
    after = cloud.client("stepfunctions").list_executions(stateMachineArn=cloud.outputs["StateMachineArn"])
    assert len(after["executions"]) == len(executions["executions"])
    assert len(list((tmp_path / "s").glob("*/champion.json"))) == 4
