"""An embedded cloud whose wire and workers a test can interfere with, and the runs in it."""

from __future__ import annotations

import json
import os
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from botocore.config import Config

from tests.fault.wire import OBSERVER, Wire
from worstsort.genetic import elites, immigrate, migrants, senders
from worstsort.runs import composition
from worstsort.runs.config import RunConfig
from worstsort.runs.epoch import close_epoch, fold_series
from worstsort.runs.progress import Progress, advance, begin
from worstsort.runs.records import RunRecord
from worstsort.runs.results.champion import Champion
from worstsort.runs.results.crowning import crown
from worstsort.runs.results.digest import run_digest
from worstsort.storage.checkpoint import state_digest
from worstsort.storage.run_store import RunStore
from worstsort.worker.evolve_epoch import describe
from worstsort_embedded import EmbeddedCloud, processes
from worstsort_embedded.serving import server
from worstsort_embedded.serving.guard import Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from worstsort.genetic import Algorithm, IslandState
    from worstsort.genetic.arrays import Fitness
    from worstsort.runs.status import Status

ROOT = Path(os.environ.get("WORSTSORT_FAULT_ROOT", Path(__file__).parents[2]))
"""The project under test: this one, or a copy broken on purpose."""

SCALE = float(os.environ.get("WORSTSORT_FAULT_SCALE", "1"))
"""Factor on the number of tries."""

SAVE_SECONDS = 0.1

SMALL = {
    "preset": "classic", "size": 40, "population": 60, "islands": 2, "generations_per_epoch": 5, "seed": 3,
    "stop": {"max_epochs": 3},
}  # fmt: skip
"""A run whose epochs take an instant."""

LONG = {
    "preset": "blackbox", "target": "go1.12", "size": 80, "islands": 2, "generations_per_epoch": 100, "seed": 3,
    "stop": {"max_epochs": 2},
}  # fmt: skip
"""A run whose epochs take a second or two, long enough to interrupt."""

PLANS = {
    "preset": "strong", "target": "go1.24", "size": 200, "islands": 2, "generations_per_epoch": 15, "seed": 3,
    "stop": {"max_epochs": 2},
}  # fmt: skip
"""A run of plans, with epochs of a second or two; its plans restart, migrate, and hold equal items."""

JOB_LOGS = "/worstsort/jobs"


def tries(count: int) -> int:
    """Return the scaled number of tries, at least 1."""
    return max(1, round(count * SCALE))


@dataclass(frozen=True)
class Attempt:
    """The process of a worker, at its start."""

    run_id: str
    epoch: int
    island: int
    number: int
    child: processes.Child
    again: Callable[[Path], processes.Child]
    """A function that starts a second process for the same epoch and island, with its log in a file."""


@dataclass
class Testbed:
    """A running embedded cloud: its wire, clients without faults, and hooks for the start of a worker."""

    __test__ = False  # pytest takes a class of this name for tests

    cloud: EmbeddedCloud
    wire: Wire
    on_attempt: list[Callable[[Attempt], None]] = field(default_factory=list)
    _digests: dict[str, str] = field(default_factory=dict)
    _epoch_seconds: dict[str, float] = field(default_factory=dict)
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Return a client that no fault hits."""
        if service not in self._clients:
            config = Config(user_agent_extra=OBSERVER, retries={"total_max_attempts": 2}, read_timeout=60)
            self._clients[service] = self.cloud.session.client(
                service, endpoint_url=self.cloud.endpoint_url, config=config
            )
        return self._clients[service]

    @property
    def store(self) -> RunStore:
        """The store of the runs."""
        names = (self.cloud.outputs[name] for name in ("GenerationsTableName", "BucketName", "ChampionsTableName"))
        return RunStore(*names, dynamodb=self.client("dynamodb"), s3=self.client("s3"))

    def start(self, name: str, execution_input: Mapping[str, Any]) -> Execution:
        """Start an execution."""
        arn = self.client("stepfunctions").start_execution(
            stateMachineArn=self.cloud.outputs["StateMachineArn"], name=name, input=json.dumps(execution_input)
        )["executionArn"]
        return Execution(self, arn, execution_input.get("resume", name))

    def undisturbed(self, configuration: Mapping[str, Any]) -> str:
        """Return the digest of an undisturbed run of this configuration."""
        key = json.dumps(configuration, sort_keys=True)
        if key not in self._digests:
            self._digests[key] = pure_digest(RunConfig.parse(configuration))
        return self._digests[key]

    def epoch_seconds(self, configuration: Mapping[str, Any]) -> float:
        """Return the shortest time that an epoch takes a worker, in seconds, measured once by an undisturbed run."""
        key = json.dumps(configuration, sort_keys=True)
        if key not in self._epoch_seconds:
            hooks, self.on_attempt[:] = self.on_attempt[:], []
            run = self.start(f"alone-{len(self._epoch_seconds)}-{os.getpid()}", configuration)
            assert run.wait()["status"] == "SUCCEEDED", run.wait()
            assert run.digest() == self.undisturbed(configuration)
            self._epoch_seconds[key] = min(lines[-1]["at"] - lines[0]["at"] for lines in run.logs())
            self.on_attempt[:] = hooks
        return self._epoch_seconds[key]

    def looked(self, attempt: Attempt) -> int:
        """Return how often workers of this epoch and island have looked for a save: the last step before evolving."""
        return self._asked("S3.GET", attempt)

    def saved(self, attempt: Attempt) -> int:
        """Return how often workers of this epoch and island have saved."""
        return self._asked("S3.PUT", attempt)

    def _asked(self, operation: str, attempt: Attempt) -> int:
        key = f"runs/{attempt.run_id}/islands/{attempt.island}/partial/{attempt.epoch}.npz"
        seen = list(self.wire.seen.items())
        return sum(times for request, times in seen if request.operation == operation and request.path.endswith(key))

    def jobs(self, *statuses: str) -> list[dict[str, Any]]:
        """Return the jobs of the queue in these states."""
        batch, queue = self.client("batch"), self.cloud.outputs["JobQueueArn"]
        return [
            job for status in statuses for job in batch.list_jobs(jobQueue=queue, jobStatus=status)["jobSummaryList"]
        ]


@dataclass(frozen=True)
class Execution:
    """An execution and its run."""

    testbed: Testbed
    arn: str
    run_id: str

    def describe(self) -> dict[str, Any]:
        """Describe the execution, as Step Functions does."""
        return dict(self.testbed.client("stepfunctions").describe_execution(executionArn=self.arn))

    def wait(self, seconds: float = 240) -> dict[str, Any]:
        """Wait for the end of the execution, and return its description."""
        ended = until(lambda: (it := self.describe())["status"] != "RUNNING" and it, seconds, "the execution to end")
        return dict(ended)

    def stop(self) -> None:
        """Abort the execution."""
        self.testbed.client("stepfunctions").stop_execution(executionArn=self.arn, cause="a test")

    def status(self) -> Status:
        """Return the status in the run's record."""
        return self.testbed.store.run(self.run_id).status

    def resume(self) -> Execution:
        """Start an execution that resumes the run."""
        return self.testbed.start(f"{self.run_id}-on-{time.monotonic_ns()}", {"resume": self.run_id})

    def wait_until_recorded(self, status: Status) -> None:
        """Wait until the run's record has this status."""
        until(lambda: self.status() is status, 30, f"the record to say {status}")

    def entered(self) -> list[str]:
        """Return the names of the states that the execution has entered, in order."""
        pages = self.testbed.client("stepfunctions").get_paginator("get_execution_history")
        events = [event for page in pages.paginate(executionArn=self.arn) for event in page["events"]]
        return [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]

    def digest(self) -> str:
        """Return the run's digest, computed from everything that is stored and compared with the recorded one."""
        store = self.testbed.store
        run = store.run(self.run_id)
        series = store.series(self.run_id, run.config.islands, run.epoch)
        islands = range(run.config.islands)
        populations = [
            state_digest(store.populations.checkpoint(self.run_id, island, run.epoch).state) for island in islands
        ]
        assert populations == [recorded.digest for recorded in series]
        s3, bucket = self.testbed.client("s3"), self.testbed.cloud.outputs["BucketName"]
        body = s3.get_object(Bucket=bucket, Key=f"runs/{self.run_id}/champion.json")["Body"].read()
        champion, generations = Champion.model_validate_json(body), store.generations(self.run_id)
        digest = run_digest(run.config, generations, populations, champion)
        assert digest == run.digest
        return digest

    def objects(self, part: str = "") -> list[str]:
        """Return the keys of the run's objects that contain `part`."""
        s3, bucket = self.testbed.client("s3"), self.testbed.cloud.outputs["BucketName"]
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"runs/{self.run_id}/")
        return [item["Key"] for page in pages for item in page.get("Contents", []) if part in item["Key"]]

    def logs(self) -> list[list[dict[str, Any]]]:
        """Return the lines that the run's workers logged, one list per attempt, in the order of their starts."""
        logs = self.testbed.client("logs")
        streams = [
            stream["logStreamName"]
            for page in logs.get_paginator("describe_log_streams").paginate(logGroupName=JOB_LOGS)
            for stream in page["logStreams"]
        ]
        attempts = [_lines(logs, stream, self.run_id) for stream in streams]
        return sorted(filter(None, attempts), key=lambda lines: lines[0]["at"])

    def work(self) -> Work:
        """Return the work of the run's workers."""
        return Work(self.logs())


@dataclass(frozen=True)
class Work:
    """The work of a run's attempts, according to their logs."""

    attempts: list[list[dict[str, Any]]]

    def evolved(self) -> Counter[tuple[int, int, int]]:
        """Count how often each (island, epoch, generation) was evolved."""
        lines = (line for lines in self.attempts for line in lines if line["message"] == "generation")
        return Counter((line["island"], line["epoch"], line["generation"]) for line in lines)

    def redone(self) -> int:
        """Return the number of generations that were evolved again."""
        return sum(self.evolved().values()) - len(self.evolved())

    def longest_unsaved(self) -> float:
        """Return the longest time from an attempt's last save, or its first generation, to its end, in seconds."""
        return max((_unsaved(lines) for lines in self.attempts), default=0.0)

    def longest_generation(self) -> float:
        """Return the longest time of a generation in seconds, with saves but without loading before the first one."""
        gaps = [
            later["at"] - earlier["at"]
            for lines in self.attempts
            for earlier, later in pairwise(lines)
            if later["message"] == "generation" and earlier["message"] != "evolving"
        ]
        return max(gaps, default=0.0)

    def said(self, words: str) -> list[dict[str, Any]]:
        """Return the lines whose message contains these words."""
        return [line for lines in self.attempts for line in lines if words in line["message"]]


def _unsaved(lines: list[dict[str, Any]]) -> float:
    evolved = [line["at"] for line in lines if line["message"] == "generation"]
    over = any(line["message"] == "evolved" for line in lines)
    if over or not evolved:
        return 0.0
    saved = [line["at"] for line in lines if line["message"] == "saved"]
    return float(max(0.0, evolved[-1] - max([evolved[0], *saved])))


def _lines(logs: Any, stream: str, run_id: str) -> list[dict[str, Any]]:
    events = logs.get_log_events(logGroupName=JOB_LOGS, logStreamName=stream, startFromHead=True)["events"]
    lines = []
    for event in events:
        if f'"run_id":"{run_id}"' in event["message"]:
            line = json.loads(event["message"])
            lines.append(line | {"at": _seconds(line["timestamp"])})
    return lines


def _seconds(timestamp: str) -> float:
    whole, _, rest = timestamp.partition(",")
    return time.mktime(time.strptime(whole, "%Y-%m-%d %H:%M:%S")) + int(rest[:3]) / 1000


def pure_digest(config: RunConfig) -> str:
    """Return the digest of a run that the engine's functions make alone: no cloud, no processes, no faults."""
    algorithm, score = composition.algorithm(config), composition.fitness(config, 1)
    states, generations, closed = (
        [composition.first_state(config, island) for island in range(config.islands)],
        [],
        None,
    )
    while closed is None or closed.decision == "continue":
        epoch = closed.epoch + 1 if closed else 1
        ended = [
            evolved(begin("pure", epoch, state, config.generations_per_epoch), algorithm, score) for state in states
        ]
        series = [describe(progress, algorithm) for progress in ended]
        closed = close_epoch(config, series, closed)
        generations += fold_series(series)
        last = [progress.state for progress in ended]
        states = [with_migrants(last, config, island, epoch + 1) for island in range(config.islands)]
    run = RunRecord(run_id="pure", config=config, execution_arn="", started_at="", code_version="pure")
    champion = crown(run, closed, last[closed.best_island])
    return run_digest(config, generations, [state_digest(state) for state in last], champion)


def evolved(progress: Progress, algorithm: Algorithm, score: Fitness) -> Progress:
    """Evolve an epoch from its beginning to its end."""
    while not progress.is_finished(algorithm):
        progress = advance(progress, algorithm, score)
    return progress


def with_migrants(states: list[IslandState], config: RunConfig, island: int, epoch: int) -> IslandState:
    """Return an island at the start of an epoch after the first: with its migrants."""
    neighbours = senders(config.topology, island, config.islands, config.seed, epoch) if config.migrants else ()
    sent = {other: elites(states[other], config.migrants) for other in neighbours}
    return immigrate(states[island], migrants(sent, config.migrants))


def until(check: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait for a true result and return it."""
    end = time.monotonic() + seconds
    while not (result := check()):
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.02)
    return result


@contextmanager
def open_testbed(parameters: Mapping[str, str] | None = None) -> Iterator[Testbed]:
    """Run the project under test in an embedded cloud whose wire and workers a test can interfere with."""
    wires: list[Wire] = []
    original_spawn = processes.ChildProcesses.spawn
    numbers: dict[tuple[str, int, int], int] = defaultdict(int)

    def guarded(*arguments: Any) -> Wire:
        wires.append(Wire(Guard(*arguments)))
        return wires[-1]

    def spawn(processes: Any, command: Any, environment: Any, folder: Any, streams: Any) -> processes.Child:
        child = original_spawn(processes, command, environment, folder, streams)
        if any(str(word).endswith("evolve_island.py") for word in command):
            island = int(environment.get("AWS_BATCH_JOB_ARRAY_INDEX", 0))
            key = environment["RUN_ID"], int(environment["EPOCH"]), island
            numbers[key] += 1

            def again(log: Path) -> processes.Child:
                with Path(os.devnull).open() as nothing, log.open("w") as output:
                    return original_spawn(processes, command, environment, folder, (nothing.fileno(), output.fileno()))

            attempt = Attempt(*key, numbers[key], child, again)
            for hook in list(testbed.on_attempt):
                hook(attempt)
        return child

    chosen = {"SaveSeconds": str(SAVE_SECONDS), "JobLogLevel": "DEBUG", **(parameters or {})}
    with (
        patch.object(server, "Guard", guarded),
        patch.object(processes.ChildProcesses, "spawn", spawn),
        EmbeddedCloud(ROOT, parameters=chosen) as cloud,
    ):
        testbed = Testbed(cloud, wires[-1])
        yield testbed
