"""The wheel in fresh environments, far from any checkout: what works, and what a missing extra is told."""

from __future__ import annotations

import json
import os
import re
import subprocess
import venv
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT
from worstsort_cli.main import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

COUNT_AND_EVOLVE = """
import worstsort
print(worstsort.count([1, 6, 3, 4, 5, 2], target="go1.12"))
print(worstsort.count_population([[1, 6, 3, 4, 5, 2]], target="go1.12")[0])
print(worstsort.evolve(target="go1.12", size=8, generations=1).fitness > 0)
"""
OTHER_MOTO = "moto==5.1.22"


class Installed:
    """An environment with the wheel in it, used from an empty folder."""

    def __init__(self, folder: Path, requirement: str) -> None:
        self.empty, self._bin = folder / "empty", folder / "venv" / "bin"
        self.empty.mkdir()
        venv.create(folder / "venv", with_pip=True)
        constraints = folder / "constraints.txt"
        lock = (ROOT / "requirements" / "run.lock").read_text()
        constraints.write_text(re.sub(r"\s*\\\n\s+--hash=\S+", "", lock))
        self.pip("install", requirement, "--constraint", str(constraints))

    def pip(self, *arguments: str) -> str:
        """Use the environment's pip, which has to succeed."""
        command = [str(self._bin / "python"), "-m", "pip", "--disable-pip-version-check", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, program: str, *arguments: str, given: str = "", search: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in the empty folder."""
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        command = [str(self._bin / program), *arguments]
        return subprocess.run(
            command, cwd=self.empty, env=environment | ({"PYTHONPATH": search} if search else {}),
            input=given, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def base(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """`pip install worstsort`, nothing else."""
    return Installed(tmp_path_factory.mktemp("base"), str(wheel))


@pytest.fixture(scope="module")
def embedded(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """`pip install 'worstsort[embedded]'`."""
    return Installed(tmp_path_factory.mktemp("embedded"), f"{wheel}[embedded]")


@pytest.fixture(scope="module")
def other_moto(base: Installed, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a folder with another moto than the embedded cloud's, to put on the base environment's path."""
    folder = str(tmp_path_factory.mktemp("moto"))
    base.pip("install", "--no-deps", "--target", folder, OTHER_MOTO)
    return folder


def test_a_run_in_an_empty_folder_works(embedded: Installed) -> None:
    """The template, the state machine, the functions and the worker come from the wheel."""
    done = embedded.run("worstsort", "run", "--size", "20", "--max-epochs", "1", "--json")
    assert done.returncode == 0, done.stderr
    files = embedded.empty / json.loads(done.stdout)["files"]
    champion = json.loads((files / "champion.json").read_text())
    assert (
        embedded.run("worstsort", "count", "--target", champion["target"], given=json.dumps(champion["values"])).stdout
        == f"{champion['comparisons']}\n"
    )


def test_the_base_install_brings_neither_moto_nor_boto3(base: Installed) -> None:
    """Who counts needs no cloud."""
    installed = {package["name"] for package in json.loads(base.pip("list", "--format", "json"))}
    assert "worstsort" in installed
    assert not {"moto", "boto3", "botocore", "aws-lambda-powertools", "aws-sam-translator"} & installed


def test_the_base_install_counts_and_evolves(base: Installed) -> None:
    """By the library and by the command."""
    done = base.run("python", "-c", COUNT_AND_EVOLVE)
    assert done.stdout.split() == ["12", "12", "True"], done.stderr
    assert base.run("worstsort", "count", given="[1, 6, 3, 4, 5, 2]").stdout == "12\n"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_base_install_tells_the_help_of_every_command(base: Installed, command: str) -> None:
    """Also of those that it cannot carry out."""
    done = base.run("worstsort", *filter(None, [command]), "--help")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (["run"], "embedded"),
        (["up"], "embedded"),
        (["start"], "cloud"),
        (["watch", "some-run", "--stack", "prod"], "cloud"),
        (["stop", "some-run"], "cloud"),
        (["resume", "some-run"], "cloud"),
        (["runs", "--stack", "prod"], "cloud"),
        (["leaderboard", "--stack", "prod"], "cloud"),
        (["report", "some-run", "--stack", "prod"], "cloud"),
        (["console"], "console"),
        (["estimate", "--stack", "prod"], "cloud"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else value,
)
def test_a_missing_extra_is_named_with_the_command_that_installs_it(
    base: Installed, arguments: list[str], extra: str
) -> None:
    """In one line, and nothing is left behind."""
    done = base.run("worstsort", *arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.endswith(f"pip install 'worstsort[{extra}]'")
    assert not any(base.empty.iterdir())


def test_counting_and_evolving_do_not_mind_another_moto(base: Installed, other_moto: str) -> None:
    """Only the embedded cloud depends on one version exactly."""
    done = base.run("python", "-c", COUNT_AND_EVOLVE, search=other_moto)
    assert done.stdout.split() == ["12", "12", "True"], done.stderr


def test_a_run_with_another_moto_is_told_the_one_that_it_needs(base: Installed, other_moto: str) -> None:
    """Before anything is started."""
    done = base.run("worstsort", "run", search=other_moto)
    assert done.returncode == 1
    assert "moto is 5.1.22, not 5.2.5" in done.stderr
