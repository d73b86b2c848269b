"""The bounds of the system: what the largest allowed configuration takes of them, and the refusal of the next one."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import botocore.session
import pytest

from worstsort.control.plan import Plan, chunks
from worstsort.runs.config import MAX_ISLANDS, RunConfig
from worstsort.runs.errors import EpochIncomplete, InputRefused, Problem
from worstsort.runs.limits import (
    DEFAULT_JOB_MIB,
    MAX_ENTRIES,
    MAX_ITEM_BYTES,
    MAX_SEEDING_BYTES,
    max_worker_bytes,
    memory_violations,
    seeding_bytes,
    series_item_bytes,
    violations,
    worker_bytes,
)
from worstsort.runs.records import IslandSeries, RunRecord
from worstsort.storage.items import to_item

MAX_PAYLOAD_BYTES = 64 * 1024


def config(**changes: Any) -> RunConfig:
    """Return a configuration."""
    return RunConfig.parse({"preset": "classic"} | changes)


def refused(**changes: Any) -> dict[str, str]:
    """Return what is refused, and the allowed range with the figure that is too large."""
    return {problem.field: problem.allowed for problem in violations(config(**changes))}


def item_bytes(value: Any) -> int:
    """Return the size of an attribute by DynamoDB's developer guide."""
    ((kind, content),) = value.items()
    if kind == "N":
        return (len(content.replace(".", "").replace("-", "")) + 1) // 2 + 1
    if kind == "L":
        return 3 + sum(1 + item_bytes(entry) for entry in content)
    return len(str(content).encode())


def size_of(item: dict[str, Any]) -> int:
    """Return the size of an item."""
    return sum(len(name) + item_bytes(value) for name, value in item.items())


def largest_series(given: RunConfig) -> IslandSeries:
    """Return the largest numbers that an epoch of this configuration could record."""
    entries = given.generations_per_epoch + 1
    return IslandSeries(
        run_id="r" * 80, island=999, epoch=100_000, first_generation=10**7, best=[given.size**2] * entries,
        mean=[given.size**2 - 0.01] * entries, generation_evaluations=[given.population * 99] * entries,
        best_fitness=given.size**2, best_generation=10**7, finished="no improvement in 1000000 generations",
        seconds=86_399.999, cpu_seconds=86_399.999, digest="f" * 64, pid=4_194_304,
        started_at=9_999_999_999.999, ended_at=9_999_999_999.999, attempt=10, picked_up=10**7, machine="m" * 40,
    )  # fmt: skip


@pytest.mark.parametrize("changes", [{"size": 1000}, {"size": 100, "population": 100_000}, {"preset": "strong"}])
def test_the_item_of_the_largest_epoch_is_no_larger_than_projected(changes: dict[str, Any]) -> None:
    """And stays below ten kilobytes."""
    given = config(generations_per_epoch=500, **changes)
    taken = size_of(to_item(largest_series(given), sk="ISLAND#00999#100000"))
    assert taken <= series_item_bytes(given) <= MAX_ITEM_BYTES


def test_an_epoch_whose_item_would_be_too_large_is_refused_with_the_figure() -> None:
    """The number of generations that would do is named, and does."""
    asked = {"size": 20_000, "population": 400}
    allowed = refused(generations_per_epoch=500, **asked)["generations_per_epoch"]
    most = int(allowed.split()[2])
    assert f"an item of {series_item_bytes(config(generations_per_epoch=500, **asked)):,} bytes exceeds" in allowed
    assert "generations_per_epoch" not in refused(generations_per_epoch=most, **asked)
    assert "generations_per_epoch" in refused(generations_per_epoch=most + 1, **asked)


def test_the_record_of_a_run_is_a_small_item() -> None:
    """With the longest name and every field set."""
    stop = {"max_epochs": 100_000, "stall_epochs": 1, "target_comparisons": 1, "max_seconds": 1, "max_evaluations": 1}
    run = RunRecord(
        run_id="r" * 80, config=config(stop=stop, seed=2**63 - 1), execution_arn="a" * 200, started_at="2026" * 8,
        code_version="v" * 40, reason="x" * 4000, digest="f" * 64,
    )  # fmt: skip
    assert size_of(to_item(run, sk="META")) < MAX_ITEM_BYTES


def test_no_payload_comes_near_its_limit() -> None:
    """What PrepareRun hands on for the largest number of islands."""
    plan = Plan(
        run_id="r" * 80,
        start="seed",
        epoch=100_000,
        islands=MAX_ISLANDS,
        chunks=chunks(MAX_ISLANDS),
        part=103,
        until=100_000,
    )
    assert len(plan.model_dump_json()) < MAX_PAYLOAD_BYTES // 16


def test_there_are_as_many_islands_as_an_array_job_has_children() -> None:
    """The number stands in botocore's description of Batch."""
    service = botocore.session.get_session().get_service_model("batch")
    said = service.operation_model("SubmitJob").input_shape.members["arrayProperties"].documentation
    assert f"The array size can be between 2 and {MAX_ISLANDS:,}." in said
    assert config(islands=MAX_ISLANDS).islands == MAX_ISLANDS
    with pytest.raises(InputRefused, match="islands"):
        config(islands=MAX_ISLANDS + 1)


def test_an_epoch_that_close_epoch_cannot_read_in_time_is_refused() -> None:
    """With the number of generations that it can, of so many islands."""
    most = MAX_ENTRIES // MAX_ISLANDS
    assert violations(config(islands=MAX_ISLANDS, generations_per_epoch=most)) == []
    asked = refused(islands=MAX_ISLANDS, generations_per_epoch=most + 1)
    assert asked["generations_per_epoch"].startswith(f"1 to {most} with 10,000 islands")


def test_islands_that_would_read_thousands_of_others_are_refused() -> None:
    """Fully connected, up to 1,000 islands are allowed; where no migrants travel, nobody reads."""
    assert violations(config(islands=1000, topology="full")) == []
    assert refused(islands=1001, topology="full")["topology"].startswith("ring, random or none")
    assert violations(config(islands=MAX_ISLANDS, topology="full", migrants=0)) == []


def test_missing_islands_are_named_up_to_a_number_that_can_be_read() -> None:
    """Of ten thousand that recorded nothing, twenty are named."""
    assert str(EpochIncomplete("r", 3, list(range(MAX_ISLANDS)))).endswith("18, 19 and 9,980 more recorded nothing.")


def test_no_refusal_is_too_long_to_be_read() -> None:
    """However many fields are wrong, and however long their names are."""
    raw = {f"{number}{'x' * 5000}": "y" * 5000 for number in range(1000)}
    with pytest.raises(InputRefused) as refusal:
        RunConfig.parse(raw)
    assert len(str(refusal.value)) < 32_768
    assert "and 960 more" in str(refusal.value)
    assert len(str(Problem("f" * 10**6, "g" * 10**6, "less"))) < 250


def test_more_copies_to_polish_than_memory_holds_are_refused() -> None:
    """With the largest number that fits, which is then accepted."""
    given = {"size": 100_000, "tuning": {"polish_copies": 10_000}}
    allowed = {problem.field: problem.allowed for problem in violations(RunConfig.parse(given))}["tuning.polish_copies"]
    most = int(allowed.split()[2])
    assert violations(RunConfig.parse(given | {"tuning": {"polish_copies": most}})) == []
    assert violations(RunConfig.parse(given | {"tuning": {"polish_copies": most + 1}})) != []


def most_individuals(job_mib: int, **changes: Any) -> int:
    """Return the population that a refusal names as the largest that fits into a job."""
    (problem,) = memory_violations(config(population=100_000, **changes), job_mib)
    assert problem.field == "population"
    return int(problem.allowed.split()[2])


@pytest.mark.parametrize("job_mib", [512, 1024, DEFAULT_JOB_MIB])
def test_a_population_that_its_jobs_cannot_hold_is_refused_and_the_largest_that_they_can_is_not(job_mib: int) -> None:
    """Whatever memory jobs are given; the refusal names it."""
    most = most_individuals(job_mib, size=4000)
    assert memory_violations(config(size=4000, population=most), job_mib) == []
    (problem,) = memory_violations(config(size=4000, population=most + 1), job_mib)
    assert f"jobs with {job_mib:,} MiB (JobMemory)" in problem.allowed


def test_more_memory_allows_larger_populations_until_the_function_that_draws_them_is_full() -> None:
    """The job's memory is not the only one that a population must fit into."""
    allowed = [most_individuals(job_mib, size=4000) for job_mib in (512, 1024, 2048, 4096, 122_880)]
    assert allowed[0] < allowed[1] < allowed[2] <= allowed[3] == allowed[4]
    assert seeding_bytes(config(size=4000, population=allowed[-1])) <= MAX_SEEDING_BYTES


def test_small_genes_take_as_many_random_words_to_draw() -> None:
    """A worker would hold four times as many decisions as values; the function that draws them would not."""
    decisions = {"preset": "classic", "representation": "decisions", "crossover": "none", "mutation": "flips"}
    asked = RunConfig.parse({"size": 4000, "population": 40_000} | decisions)
    assert worker_bytes(asked) < max_worker_bytes(DEFAULT_JOB_MIB)
    (problem,) = memory_violations(asked, DEFAULT_JOB_MIB)
    assert "the function that draws" in problem.allowed


MEASURE = """
import sys
import boto3
import worstsort.worker.evolve_epoch
from worstsort.storage import checkpoint
from worstsort.runs.composition import algorithm, first_state, fitness
from worstsort.runs.config import RunConfig
from worstsort.runs.progress import advance, begin
def peak():  # of this program alone: ru_maxrss begins with what the process that started it has taken
    (line,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024
def generation(config):
    progress = begin("r", 1, first_state(config, 0), 2)
    for _ in range(2):
        progress = advance(progress, algorithm(config), fitness(config, 1))
    body = checkpoint.progress_to_bytes(progress)
    checkpoint.progress_from_bytes(body, "key", run_id="r", island=0, epoch=1)
size, population = map(int, sys.argv[1:])
raw = {"preset": "classic", "size": size, "generations_per_epoch": 2}
generation(RunConfig.parse(raw | {"population": 3}))
before = peak()
generation(RunConfig.parse(raw | {"population": population}))
print(peak() - before, peak())
"""


def measured(size: int, population: int) -> tuple[int, int]:
    """Return the bytes that a population takes in a process of its own, and those of the whole process."""
    command = [sys.executable, "-c", MEASURE, str(size), str(population)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=200)
    taken, whole = map(int, done.stdout.split())
    return taken, whole


@pytest.mark.slow
def test_a_worker_takes_no_more_memory_than_projected() -> None:
    """Measured in a process of its own, at a fifth of the bound; a job has room for a quarter more."""
    projected = worker_bytes(config(size=4000, population=2200))
    assert max_worker_bytes(DEFAULT_JOB_MIB) / 6 < projected < max_worker_bytes(DEFAULT_JOB_MIB) / 4
    assert measured(4000, 2200)[0] < projected * 1.05


@pytest.mark.slow
@pytest.mark.parametrize("job_mib", [512, DEFAULT_JOB_MIB])
def test_the_largest_run_that_is_allowed_fits_into_its_jobs(job_mib: int) -> None:
    """The whole process with its libraries and compiled counters, as Batch would measure it before it kills a job."""
    measured(10, 10)  # compiles
    assert measured(4000, most_individuals(job_mib, size=4000))[1] < job_mib << 20
