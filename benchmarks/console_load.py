"""What the console's answers take with many runs and a long one: `python -m benchmarks.console_load`.

Serves an embedded cloud and a console of it, records 1,000 runs and one of 900 epochs of 100 islands, and asks. CPU
time is that of server, cloud and client together, since all are in this process. Takes a few minutes.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

from worstsort.runs.config import RunConfig
from worstsort.runs.records import EpochRecord, GenerationRecord, IslandSeries, RunRecord
from worstsort.runs.status import Status
from worstsort.storage.epoch_backup import EpochBackup
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.console import opening, server
from worstsort_cli.console.readings.convergence import drawn_series
from worstsort_cli.console.readings.history import History
from worstsort_embedded import EmbeddedCloud

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from worstsort.storage.run_store import RunStore
    from worstsort_cli.console.server import Address

ROOT = Path(__file__).parents[1]
RUNS, EPOCHS, ISLANDS, GENERATIONS = 1_000, 900, 100, 20
ROUNDS = 20
"""Requests per figure; medians are printed."""

STARTED = datetime(2026, 1, 1, tzinfo=UTC)


def record_runs(store: RunStore, s3: Any, bucket: str) -> None:
    """Record runs that have ended, with something of each in the bucket."""
    config = RunConfig.parse({"target": "go1.12", "size": 100, "stop": {"max_epochs": 10}})
    for number in range(RUNS):
        run_id, moment = f"run-{number:04d}", STARTED + timedelta(minutes=number)
        store.create_run(
            RunRecord(
                run_id=run_id, config=config, execution_arn="arn", started_at=moment.isoformat(), code_version="c",
                status=Status.SUCCEEDED, epoch=10, generations=200, evaluations=4000, best=1000 + number,
                finished_at=(moment + timedelta(minutes=5)).isoformat(),
            )
        )  # fmt: skip
        s3.put_object(Bucket=bucket, Key=f"runs/{run_id}/champion.json", Body=b"{}")


def record_long_run(store: RunStore, machine_arn: str) -> str:
    """Record what the pages read of a run of many epochs and islands, and return its id."""
    config = RunConfig.parse({
        "target": "go1.12", "size": 100, "islands": ISLANDS, "generations_per_epoch": GENERATIONS,
        "stop": {"max_epochs": EPOCHS},
    })  # fmt: skip
    total, arn = EPOCHS * GENERATIONS, machine_arn.replace(":stateMachine:", ":execution:") + ":long"
    run = RunRecord(
        run_id="long", config=config, execution_arn=arn, started_at=STARTED.isoformat(), code_version="c",
        status=Status.SUCCEEDED, epoch=EPOCHS, generations=total, evaluations=total * ISLANDS, best=total,
        best_island=0, best_generation=total, finished_at=STARTED.isoformat(),
    )  # fmt: skip
    store.create_run(run)
    for epoch in range(1, EPOCHS + 1):
        islands = [island for island, drawn in drawn_series(run) if drawn == epoch]
        store.restore_epochs([EpochBackup(run, list(_items(epoch, islands)))])
    return run.run_id


def _items(epoch: int, islands: list[int]) -> Iterator[dict[str, Any]]:
    from worstsort.storage import keys  # noqa: PLC0415 - the benchmark writes as the store does
    from worstsort.storage.items import to_item  # noqa: PLC0415

    first = (epoch - 1) * GENERATIONS + 1
    for number in range(first, first + GENERATIONS):
        made = GenerationRecord(
            run_id="long", generation=number, comparisons=number, island=0, mean=number / 2, generation_evaluations=4000
        )
        yield to_item(made, sk=keys.generation_sk(number))
    for island in islands:
        bests = list(range(first, first + GENERATIONS))
        series = IslandSeries(
            run_id="long", island=island, epoch=epoch, first_generation=first, best=bests, mean=[1.5] * GENERATIONS,
            generation_evaluations=[40] * GENERATIONS, best_fitness=bests[-1], best_generation=bests[-1], seconds=1.0,
            cpu_seconds=1.0, digest="d" * 64, pid=1,
        )  # fmt: skip
        yield to_item(series, sk=keys.island_sk(island, epoch))
    closed = EpochRecord(
        run_id="long", epoch=epoch, best=first, best_island=0, best_generation=first,
        generations=first + GENERATIONS - 1, evaluations=first, seconds=float(epoch), stall_epochs=0,
        decision="continue", reason="",
    )  # fmt: skip
    yield to_item(closed, sk=keys.epoch_sk(epoch))


def long_history() -> History:
    """Return the history of an execution of as many epochs as one execution takes: 17 events each."""
    states = {"HowManyIslands": 2, "EvolveIslands": 6, "CloseEpoch": 5, "ContinueOrStop": 2, "NextEpoch": 2}
    events: list[dict[str, Any]] = []

    def add(kind: str, **details: Any) -> None:
        number = len(events) + 1
        moment = STARTED + timedelta(seconds=number)
        events.append(
            {
                "id": number,
                "type": kind,
                "previousEventId": number - 1,
                "timestamp": moment,
                "someEventDetails": details,
            }
        )

    for epoch in range(1, EPOCHS + 1):
        for state, count in states.items():
            add("StateEntered", name=state, input=f'{{"run_id": "long", "epoch": {epoch}}}')
            for _ in range(count - 2):
                add("TaskScheduled", resourceType="batch", parameters="x" * 400)
            add("StateExited", name=state, output="{}")
    history = History()
    history.take(events)
    return history


@dataclass(frozen=True)
class Taken:
    """What an answer takes.

    Attributes:
        first: Milliseconds of the first request.
        later: Milliseconds of a later one, in the median.
        busy: CPU milliseconds of a later one.
        whole: Milliseconds from the first request until the answer holds all there is; None if it always does.
        calls: Calls of AWS until then; None if it asks none.
    """

    first: float
    later: float
    busy: float
    whole: float | None = None
    calls: int | None = None

    def row(self, title: str) -> str:
        """Return the line of the table."""
        whole = "" if self.whole is None else f"{self.whole / 1000:,.1f} s"
        calls = "" if self.calls is None else f"{self.calls:,}"
        return f"| {title} | {self.first:,.0f} ms | {whole} | {calls} | {self.later:,.0f} ms | {self.busy:,.0f} ms |"


def measure(ask: Callable[[], Any]) -> Taken:
    """Return what a request takes, the first time and later."""
    started = time.monotonic()
    ask()
    first = time.monotonic() - started
    return replace(repeat(ask), first=1000 * first)


def repeat(ask: Callable[[], Any]) -> Taken:
    """Return what a request takes that was made before."""
    seconds, busy = [], time.process_time()
    for _ in range(ROUNDS):
        started = time.monotonic()
        ask()
        seconds.append(time.monotonic() - started)
    return Taken(0.0, 1000 * statistics.median(seconds), 1000 * (time.process_time() - busy) / ROUNDS)


class Client:
    """A page that asks a console.

    Args:
        address: Where the console is.
    """

    def __init__(self, address: Address) -> None:
        self._base = address.base
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
        self._opener.open(address.url).read()

    def get(self, path: str) -> Any:
        """Return an answer."""
        return json.loads(self._opener.open(f"{self._base}api/{path}").read())

    def measure(self, path: str) -> Taken:
        """Return what an answer takes; it is asked for every second until it holds all there is, as a page does."""
        before, started = self._calls(), time.monotonic()
        answer = self.get(path)
        first = time.monotonic() - started
        while not _is_whole(answer):
            time.sleep(1)
            answer = self.get(path)
        whole, calls = time.monotonic() - started, self._calls() - before
        return replace(repeat(lambda: self.get(path)), first=1000 * first, whole=1000 * whole, calls=calls)

    def _calls(self) -> int:
        return sum(self.get("about")["calls"].values())


def _is_whole(answer: Any) -> bool:
    return not answer.get("unread") and bool(answer.get("curves", {"whole": True})["whole"])


def main() -> None:
    """Print a table with a line for each kind of answer."""
    with EmbeddedCloud(ROOT) as cloud, tempfile.TemporaryDirectory() as empty:
        deployment = Deployment(cloud.outputs, cloud.client)
        record_runs(deployment.store, cloud.client("s3"), cloud.outputs["BucketName"])
        long = record_long_run(deployment.store, cloud.outputs["StateMachineArn"])
        with server.serving(opening.of_deployment(deployment, Path(empty)), 0) as address:
            client = Client(address)
            print("| answer | first | whole after | calls until then | later | CPU of a later one |")
            print("| --- | ---: | ---: | ---: | ---: | ---: |")
            for title, path in {
                f"the first 50 of {RUNS:,} runs": "runs?limit=50",
                "the same, found by a text, sorted by best": "runs?limit=50&text=run-09&sort=-best",
                f"the figures of a run of {EPOCHS} epochs": f"runs/cloud/{long}",
                f"its convergence, {EPOCHS * GENERATIONS:,} generations": f"runs/cloud/{long}/convergence",
            }.items():
                print(client.measure(path).row(title), flush=True)
    history, now = long_history(), STARTED + timedelta(days=1)
    events = f"{len(history.events):,} events"
    print(measure(lambda: history.states(now)).row(f"the states of {events} (without the server)"))
    print(measure(lambda: history.events_page("", "", 0, 100)).row(f"100 of {events} (without the server)"))
    print(measure(lambda: history.events_page("epoch 7", "", 0, 100)).row("the same, found by a text"))


if __name__ == "__main__":
    main()
