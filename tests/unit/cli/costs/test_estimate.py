"""What a run would cost, and how long it would take."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from tests.unit.template.system import System
from worstsort.runs.config import RunConfig
from worstsort.runs.signs_of_life import MIN_SECONDS, lines_within
from worstsort_cli.costs.capacity import STACK_DEFAULTS, Capacity
from worstsort_cli.costs.estimate import estimate
from worstsort_cli.costs.prices import FARGATE_EXTRAS_HOUR, VCPU_HOUR, WITHOUT_SPOT, cost
from worstsort_cli.costs.resource_usage import STARTUP_SECONDS, Pace, saves_per_epoch, usage
from worstsort_cli.errors import CommandFailed


def a_config(**stop: object) -> RunConfig:
    """Return a small classic run."""
    return RunConfig.parse({"preset": "classic", "population": 100, "islands": 4, "stop": stop})


def test_an_estimate_follows_the_configuration() -> None:
    """Four islands on two vCPUs take turns."""
    config, pace = a_config(max_epochs=10), Pace(seconds=1.0, evaluations=100.0)
    found = estimate(config, pace, Capacity(max_vcpus=2))
    assert found.epochs == 10
    assert found.evaluations == 4 * 20 * 100 * 10
    assert found.evolving_seconds == pytest.approx(2 * 20 * 10)
    assert found.seconds > STARTUP_SECONDS + found.evolving_seconds
    assert estimate(config, pace, Capacity(max_vcpus=4)).seconds < found.seconds


def test_a_limit_on_evaluations_ends_the_estimate_earlier() -> None:
    """And is named."""
    found = estimate(a_config(max_epochs=10, max_evaluations=9_000), Pace(1.0, 100.0), Capacity())
    assert (found.epochs, found.ended_by) == (2, "stop.max_evaluations")


def test_on_demand_costs_more_than_spot_and_more_islands_more_than_few() -> None:
    """Service by service; only vCPUs depend on how they are bought."""
    taken = usage(a_config(), 10, 3600.0, Capacity())
    spot, bought = cost(taken, "SPOT"), cost(taken, "ON_DEMAND")
    assert bought.pop("Batch on EC2") > spot.pop("Batch on EC2")
    assert bought == spot


def test_a_vcpu_that_no_job_can_use_is_paid_for() -> None:
    """With 2,048 MiB a job, an instance of 2 vCPUs holds one job only, and the run costs about twice as much."""
    tight, wide = (Capacity(job_mib=mib, instance_types=("c7g.large",)) for mib in (1536, 2048))
    filled, idle = (usage(a_config(), 10, 3600.0, given) for given in (tight, wide))
    assert (filled.vcpu_seconds, idle.vcpu_seconds) == (4 * 3600, 8 * 3600)
    assert cost(idle, "SPOT")["Batch on EC2"] == pytest.approx(2 * cost(filled, "SPOT")["Batch on EC2"])


def test_jobs_that_spot_has_no_room_for_go_to_on_demand_up_to_its_share() -> None:
    """What is left over waits; without a share all of it does."""
    given = Capacity(max_vcpus=2, on_demand_vcpus=2)
    spot, on_demand = given.fleets(10)
    assert (spot.jobs, on_demand.jobs, given.jobs_at_once) == (2, 2, 4)
    mixed, alone = (usage(a_config(), 1, 3600.0, each) for each in (given, replace(given, on_demand_vcpus=0)))
    assert (mixed.on_demand_vcpu_seconds, alone.on_demand_vcpu_seconds) == (7200, 0)
    assert cost(mixed, "SPOT")["Batch on EC2"] > 2 * cost(alone, "SPOT")["Batch on EC2"]


@pytest.mark.parametrize("purchase", ["SPOT", "FARGATE_SPOT"])
def test_a_share_that_cannot_hold_a_job_takes_no_machine(purchase: str) -> None:
    """Neither for a run nor for an hour."""
    narrow = Capacity(purchase=purchase, job_vcpus=4, max_vcpus=8, on_demand_vcpus=3)
    spot, on_demand = narrow.fleets(10)
    assert (spot.jobs, on_demand.machines, narrow.jobs_at_once, narrow.most_vcpus[1]) == (2, 0, 2, 0)
    assert replace(narrow, on_demand_vcpus=4).fleets(10)[1].jobs > 0


@pytest.mark.parametrize("purchase", VCPU_HOUR)
def test_no_price_of_spot_makes_a_run_dearer_than_at_worst(purchase: str) -> None:
    """Without Spot nothing becomes dearer."""
    found = estimate(a_config(), Pace(1.0, 100.0), Capacity(purchase=purchase))
    assert found.at_worst_dollars > found.total if purchase in WITHOUT_SPOT else found.at_worst_dollars == found.total


def test_an_hour_costs_at_most_each_maximum_and_one_instance_more() -> None:
    """With sizes, that instance is known to be small; with a family it is not."""
    assert Capacity(max_vcpus=32).most_vcpus == (32 + 8, 0)
    assert Capacity(max_vcpus=32, on_demand_vcpus=8).most_vcpus == (32 + 8, 8 + 8)
    assert Capacity(max_vcpus=32, instance_types=("c7g",)).most_vcpus == (32 + 64, 0)
    assert Capacity(purchase="FARGATE").most_vcpus == (32, 0)
    assert Capacity(purchase="FARGATE_SPOT", on_demand_vcpus=8).most_vcpus == (32, 8)


def test_nobody_is_told_a_price_for_jobs_that_can_never_start() -> None:
    """The defaults have 8 vCPUs at most."""
    assert Capacity(job_vcpus=8, job_mib=8192).problem is None
    assert "holds a job of 16 vCPUs" in str(Capacity(job_vcpus=16).problem)
    assert "holds a job" in str(Capacity(job_mib=65_536).problem)
    assert Capacity(purchase="FARGATE", job_vcpus=16).problem is None
    assert Capacity(job_vcpus=16, instance_types=("x2gd.metal",)).problem is None, "its size is not known here"
    assert Capacity(job_vcpus=16, instance_types=("c7g.large", "x2gd.metal")).problem is None, "nor is one of them"


@pytest.mark.parametrize(
    ("seconds", "save_seconds", "saves"),
    [(0, 300, 0), (299, 300, 0), (3000, 300, 10), (3000, 1, 20), (3000, 200, 10), (3000, 2999, 1), (3000, 3001, 0)],
)
def test_an_island_saves_after_whole_generations_only(seconds: float, save_seconds: float, saves: int) -> None:
    """Twenty of them per epoch."""
    assert saves_per_epoch(a_config(), seconds, save_seconds) == saves


def test_saves_are_paid_for() -> None:
    """As requests, as reads that look whether the epoch is over, and as versions that are kept for two days."""
    without, with_saves = (usage(a_config(), 10, 3600.0, Capacity(), seconds) for seconds in (0, 3000))
    saves = 10 * 4 * 10
    assert with_saves.puts - without.puts == with_saves.reads - without.reads == saves
    assert with_saves.saved_gb == pytest.approx(saves * 100 * (4 * 100 + 16) / 1e9)
    assert cost(with_saves, "SPOT")["S3"] > cost(without, "SPOT")["S3"] + saves * 0.005 / 1000


def test_what_a_stack_gives_its_jobs_is_read_from_its_parameters() -> None:
    """And the defaults are those of the template."""
    parameters = System.load({}).source["Parameters"]
    assert Capacity.of_stack({name: str(each.get("Default")) for name, each in parameters.items()}) == STACK_DEFAULTS
    chosen = {"Capacity": "FARGATE", "JobvCpus": "2", "SaveSeconds": "60", "OnDemandMaxvCpus": "0"}
    given = Capacity.of_stack(chosen)
    assert (given.purchase, given.memory_mib, given.save_seconds, given.on_demand_vcpus) == ("FARGATE", 4096, 60.0, 0)
    usual = {"X86InstanceTypes": str(parameters["X86InstanceTypes"]["Default"])}
    assert Capacity.of_stack({"Architecture": "X86_64"}) == Capacity.of_stack({"Architecture": "X86_64"} | usual)
    assert Capacity.of_stack({"Architecture": "X86_64"}).problem is None


@pytest.mark.parametrize(
    ("name", "value"), [("MaxvCpus", "2.5"), ("JobMemory", "1e3"), ("OnDemandMaxvCpus", "nan"), ("SaveSeconds", "nan")]
)
def test_a_number_that_batch_refuses_is_named(name: str, value: str) -> None:
    """A stack may have been deployed by other means than this project's."""
    with pytest.raises(CommandFailed, match=f"{name} is '{value}', but it must be a (whole )?number"):
        Capacity.of_stack({name: value})


def test_spaces_in_a_list_of_types_hide_none() -> None:
    assert Capacity.of_stack({"InstanceTypes": "c7g.large, c7g.xlarge"}).instance_types == ("c7g.large", "c7g.xlarge")


def test_tasks_beside_fargate_spot_are_not_interrupted_and_dearer() -> None:
    """As instances are beside Spot."""
    taken = usage(a_config(), 1, 3600.0, Capacity(purchase="FARGATE_SPOT", max_vcpus=2, on_demand_vcpus=8))
    assert (taken.vcpu_seconds, taken.on_demand_vcpu_seconds, taken.machine_seconds) == (7200, 7200, 4 * 3600)
    dollars = 2 * VCPU_HOUR["FARGATE_SPOT"] + 2 * VCPU_HOUR["FARGATE"] + 4 * FARGATE_EXTRAS_HOUR
    assert cost(taken, "FARGATE_SPOT")["Batch on Fargate"] == pytest.approx(dollars)


def test_logs_are_counted_by_who_writes_them() -> None:
    """Per epoch 20,000 bytes of functions and the state machine, per island 1,500, and 350 a sign of life."""
    quiet = usage(a_config(), 10, 3600.0, Capacity())
    assert quiet.logged_gb == pytest.approx(10 * (4 * 1_500 + 20_000) / 1e9, rel=1e-6)
    heard_of = usage(a_config(), 10, 3600.0, Capacity(), 30 * MIN_SECONDS)
    lines = min(20, lines_within(30 * MIN_SECONDS))
    assert lines > 0
    assert heard_of.logged_gb - quiet.logged_gb == pytest.approx(10 * 4 * lines * 350 / 1e9, rel=1e-6)


def test_an_execution_that_continues_a_run_costs_what_it_does_besides() -> None:
    """Five states, one invocation of two GB seconds, and the run's record of two units, read twice and written."""
    short = RunConfig.parse(a_config().model_dump() | {"epochs_per_execution": 4})
    whole, parts = (usage(config, 9, 3600.0, Capacity()) for config in (a_config(), short))
    more = {name: round(value - getattr(whole, name), 9) for name, value in asdict(parts).items()}
    handovers = {"transitions": 5, "lambda_requests": 1, "lambda_gb_seconds": 2.0, "writes": 2, "reads": 2}
    assert {name: value for name, value in more.items() if value} == {
        name: 2 * value for name, value in handovers.items()
    }
