"""What `worstsort estimate` and `start` say, and what they refuse, for a stack whose parameters are known."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.commands import estimate as estimating
from worstsort_cli.commands import start as starting
from worstsort_cli.costs.resource_usage import Pace
from worstsort_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGE = ("--preset", "classic", "--size", "2000", "--population", "20000")


@pytest.fixture(autouse=True)
def known_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure nothing."""
    monkeypatch.setattr(estimating, "measure", lambda _: Pace(1.0, 100.0))


def stack(monkeypatch: pytest.MonkeyPatch, **parameters: str) -> None:
    """Let every command meet a stack with these parameters, which starts nothing."""

    def client(_: str) -> Any:
        return SimpleNamespace()

    for command in (estimating, starting):
        monkeypatch.setattr(command, "connect", lambda _: Deployment({}, client, parameters, embedded=False))


def say(*arguments: str, code: int = 0) -> str:
    """Run the command in this process; return what it says."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    return result.output


def estimated(*arguments: str) -> Mapping[str, Any]:
    """Return an estimate as JSON."""
    found: Mapping[str, Any] = json.loads(
        say("estimate", "--preset", "classic", "--islands", "8", *arguments, "--json")
    )
    return found


def test_an_estimate_says_on_what_the_jobs_run() -> None:
    """Whole instances, how many vCPUs they have, and how many jobs; and what it costs at worst."""
    text = say("estimate", "--preset", "classic", "--islands", "8", "--job-memory", "3000", "--max-vcpus", "4")
    assert "2 x c7g.large, Spot: 4 vCPUs for 2 jobs, 4 x c7g.large, On-Demand: 8 vCPUs for 4 jobs" in text
    assert "at worst" in text
    assert "28 vCPUs, as Batch may exceed each maximum by one instance" in text


def test_an_estimate_takes_what_a_stack_gives_its_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless an option says otherwise."""
    stack(monkeypatch, JobMemory="2048", InstanceTypes="c7g.large", OnDemandMaxvCpus="0", MaxvCpus="16")
    found = estimated("--stack", "prod")
    assert [fleet["vcpus"] for fleet in found["fleets"]] == [16, 0]
    assert [fleet["vcpus"] for fleet in estimated("--stack", "prod", "--job-memory", "1536")["fleets"]] == [8, 0]
    assert found["total_dollars"] < found["at_worst_dollars"]


@pytest.mark.parametrize("command", ["estimate", "start"])
def test_a_run_that_the_stacks_jobs_cannot_hold_is_refused(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is started; with more memory it is not."""
    stack(monkeypatch, JobMemory="1024")
    assert "in jobs with 1,024 MiB (JobMemory)" in say(command, *LARGE, "--stack", "prod", code=2)
    assert "evaluations" in say("estimate", *LARGE, "--stack", "prod", "--job-memory", "1536")


@pytest.mark.parametrize("command", ["estimate", "start"])
def test_a_run_whose_jobs_no_instance_has_room_for_is_refused(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They would wait until the queue cancels them."""
    stack(monkeypatch, JobvCpus="16")
    said = " ".join(say(command, "--preset", "classic", "--stack", "prod", code=1).split())
    assert "holds a job of 16 vCPUs and 1,536 MiB" in said
