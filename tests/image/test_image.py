"""The worker's image: its size, its rights and its start; it evolves an epoch and survives an interruption."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from functions.seed_populations import app as seed_populations

from tests.image.docker import AS_IN_BATCH, DOCKER, docker, variables
from worstsort.control.plan import prepare
from worstsort.runs.code_version import code_version
from worstsort_cli.clouds.deployment import Deployment
from worstsort_embedded.deployment.image import Image

if TYPE_CHECKING:
    import subprocess

    from worstsort.storage.run_store import RunStore
    from worstsort_embedded import EmbeddedCloud

MEGABYTE = 10**6
STARTS = """
import resource
from worstsort.genetic import evolve_island
from worstsort.runs.composition import algorithm, first_state, fitness
from worstsort.runs.config import RunConfig
config = RunConfig.parse({"target": "TARGET", "size": 100})
evolve_island(first_state(config, 0), algorithm(config), fitness(config, 1), 1)
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
"""
LOOKS = """
import json, os, pathlib
def writable(folder):
    try:
        pathlib.Path(folder, "probe").write_text("")
    except OSError:
        return False
    return True
status = pathlib.Path("/proc/self/status").read_text().splitlines()
print(json.dumps({
    "uid": os.getuid(), "pid": os.getpid(),
    "capabilities": next(line.split()[1] for line in status if line.startswith("CapEff")),
    "writable": [folder for folder in ("/", "/app", "/opt/worker", "/tmp", "/var") if writable(folder)],
    "tools": [tool for tool in ("gcc", "cc", "make", "g++") if any(
        os.access(f"{folder}/{tool}", os.X_OK) for folder in os.environ["PATH"].split(":"))],
}))
"""


def python(image: str, program: str) -> subprocess.CompletedProcess[str]:
    """Run a program with the image's Python instead of the worker."""
    return docker("run", "--rm", *AS_IN_BATCH, "--entrypoint=python3", image, "-c", program)


def begin(cloud: EmbeddedCloud, run_id: str, **config: Any) -> RunStore:
    """Prepare and seed a run."""
    store = Deployment(outputs=cloud.outputs, client=cloud.client).store
    raw = {"preset": "classic", "size": 40, "population": 50, "islands": 1} | config
    plan = prepare(store, run_id, raw, f"arn:{run_id}", "2026-01-01T00:00:00Z")
    seed_populations.seed(store, run_id, range(plan.islands))
    return store


def job(cloud: EmbeddedCloud, run_id: str) -> dict[str, str]:
    """Return the variables that Batch sets for the first epoch of the first island."""
    return cloud.environment | {
        "RUN_ID": run_id,
        "EPOCH": "1",
        "GENERATIONS_TABLE": cloud.outputs["GenerationsTableName"],
        "BUCKET": cloud.outputs["BucketName"],
    }


def test_the_image_is_under_450_megabytes(image: str) -> None:
    """Spot instances fetch the image whenever they start."""
    size = int(docker("image", "inspect", "--format={{.Size}}", image).stdout)
    print(f"\nthe image has {size / MEGABYTE:.0f} MB")
    assert size < 450 * MEGABYTE


def test_the_image_has_the_code_of_the_layer(image: str) -> None:
    """Both are built from one folder; equal versions mean equal code."""
    shown = python(image, "from worstsort.runs.code_version import code_version; print(code_version())")
    assert shown.stdout.strip() == code_version(), shown.stderr


def test_a_container_can_do_nothing_but_its_work(image: str) -> None:
    """It is not root, has no capabilities, cannot write anywhere and has no build tools."""
    seen = python(image, LOOKS)
    assert seen.returncode == 0, seen.stderr
    assert json.loads(seen.stdout) == {
        "uid": 10001,
        "pid": 1,
        "capabilities": "0" * 16,
        "writable": [],
        "tools": [],
    }


@pytest.mark.parametrize("target", ["go1.12", "go1.24", "stable"])
def test_the_first_generation_comes_within_three_seconds(image: str, target: str) -> None:
    """Nothing is left to compile; measured in processor time, so that other work on the machine does not count."""
    started = python(image, STARTS.replace("TARGET", target))
    assert started.returncode == 0, started.stderr
    print(f"\n{target}: {float(started.stdout):.2f} s")
    assert float(started.stdout) < 3


def test_a_run_of_the_embedded_cloud_is_evolved_by_containers(
    image: str, cloud: EmbeddedCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only Batch's jobs are containers; everything else is as usual."""
    store = Deployment(outputs=cloud.outputs, client=cloud.client).store
    passed = ["RUN_ID", "EPOCH", "AWS_BATCH_JOB_ARRAY_INDEX", *job(cloud, ""), "THREADS", "SAVE_SECONDS"]
    options = [f"--env={name}" for name in passed]
    host = docker("context", "inspect", "--format={{.Endpoints.docker.Host}}").stdout.strip()
    command = [DOCKER, f"--host={host}", "run", "--rm", *AS_IN_BATCH, *options, image]
    monkeypatch.setattr(Image, "command", lambda *_: command)
    config = {"preset": "classic", "size": 40, "population": 50, "islands": 2, "stop": {"max_epochs": 2}}
    stepfunctions = cloud.client("stepfunctions")
    arn = stepfunctions.start_execution(
        stateMachineArn=cloud.outputs["StateMachineArn"], name="contained", input=json.dumps(config)
    )["executionArn"]
    end = time.monotonic() + 120
    while (description := stepfunctions.describe_execution(executionArn=arn))["status"] == "RUNNING":
        assert time.monotonic() < end
        time.sleep(0.2)
    assert description["status"] == "SUCCEEDED", description.get("cause")
    series = store.series("contained", 2, 2)
    assert {recorded.pid for recorded in series} == {1}, "the worker is PID 1 of its container"


def test_the_worker_saves_and_exits_when_asked_to(image: str, cloud: EmbeddedCloud) -> None:
    """As PID 1 it receives SIGTERM itself, and exits with its own code within 10 seconds."""
    begin(cloud, "interrupted", size=1000, population=5000, generations_per_epoch=500)
    started = docker("run", "--detach", *AS_IN_BATCH, *variables(job(cloud, "interrupted")), image)
    container = started.stdout.strip()
    try:
        end = time.monotonic() + 60
        while "evolving" not in (log := docker("logs", container)).stdout + log.stderr:
            assert time.monotonic() < end, log.stderr
            time.sleep(0.2)
        time.sleep(1)  # some generations
        asked = time.monotonic()
        docker("stop", "--time=30", container)
        took = time.monotonic() - asked
        code = docker("inspect", "--format={{.State.ExitCode}}", container).stdout.strip()
        assert code == "130", docker("logs", container).stdout
        assert took < 10
    finally:
        docker("rm", "--force", container)
    objects = cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["BucketName"], Prefix="runs/interrupted/")
    assert any("partial" in item["Key"] for item in objects["Contents"])
