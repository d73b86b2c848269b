"""FinishRun: recount the champion independently, publish it and close the run's record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from worstsort.artefacts import report
from worstsort.artefacts.go_test_file import champion_test
from worstsort.control.executions import status_of
from worstsort.gosort import TARGETS
from worstsort.gosort.go_releases import NOT_IN_GO
from worstsort.runs.baselines import random_sample
from worstsort.runs.errors import EpochIncomplete
from worstsort.runs.results.crowning import crown
from worstsort.runs.results.digest import run_digest
from worstsort.runs.results.history import history_csv
from worstsort.runs.results.leaderboard import leaderboard_entry
from worstsort.runs.status import Status
from worstsort.runtime import metrics
from worstsort.runtime.environment import run_store
from worstsort.runtime.foreign_target import bring_target
from worstsort.runtime.observability import lambda_handler, logger

if TYPE_CHECKING:
    from worstsort.runs.records import EpochRecord, GenerationRecord, RunRecord
    from worstsort.runs.results.champion import Champion
    from worstsort.storage.run_store import RunStore


class Event(BaseModel):
    """The run whose last epoch is closed, the execution that finishes it, and the time at which it does."""

    run_id: str
    execution_arn: str
    finished_at: str


@lambda_handler(Event)
def handler(end: Event) -> dict[str, Any]:
    """Finish a run; raise RecountMismatch if the champion does not take as many comparisons as recorded."""
    summary = finish(run_store(), end)
    metrics.publish({"RunsFinished": 1})
    logger().info("champion published", extra={"summary": summary})
    return summary


def finish(store: RunStore, end: Event) -> dict[str, Any]:
    """Crown the champion of the run's last closed epoch, write the artefacts and close the run's record."""
    run = store.run(end.run_id)
    bring_target(store, run.config)
    closed = store.last_epoch(run)
    if closed is None:
        raise EpochIncomplete(run.run_id, run.epoch, list(range(run.config.islands)))
    champion = crown(run, closed, store.populations.checkpoint(run.run_id, closed.best_island, closed.epoch).state)
    generations = store.generations(run.run_id)
    ended = run.model_copy(update={"status": Status.SUCCEEDED, "reason": closed.reason, "finished_at": end.finished_at})
    artefact = publish(store, ended, champion, generations)
    populations = [series.digest for series in store.series(run.run_id, run.config.islands, closed.epoch)]
    digest = run_digest(run.config, generations, populations, champion)
    if not close_record(store, run, end, closed.reason, digest):
        logger().warning("the run's record stays as it is: it is closed, or belongs to another execution")
    return summarise(champion, closed, artefact) | {"digest": digest}


def close_record(store: RunStore, run: RunRecord, end: Event, reason: str, digest: str) -> bool:
    """Record that the run has succeeded; return False if the record belongs to another execution or says otherwise."""
    last = (run.run_id, end.execution_arn, Status.SUCCEEDED, reason, end.finished_at, digest)
    if store.end_run(*last) or run.status is Status.SUCCEEDED:
        return True
    # A redriven execution finishes a run whose record was closed when the execution was aborted or timed out.
    if run.status is not Status.RUNNING and status_of(end.execution_arn) is Status.RUNNING:
        store.restore_run(run.run_id, end.execution_arn)
        return store.end_run(*last)
    return False


def publish(store: RunStore, run: RunRecord, champion: Champion, generations: list[GenerationRecord]) -> str:
    """Write the artefacts and the leaderboard entry; return the key of champion.json."""
    body = champion.model_dump_json().encode()
    artefact = store.artefacts.put(champion.run_id, "champion.json", body, "application/json")
    history = history_csv(generations).encode()
    store.artefacts.put(champion.run_id, "history.csv", history, "text/csv")
    if TARGETS[champion.target].versions != NOT_IN_GO:
        store.artefacts.put(
            run.run_id, "champion_test.go", champion_test(champion).encode(), "text/plain; charset=utf-8"
        )
    page = report.of_champion(store, run, champion, generations).page()
    store.artefacts.put(run.run_id, "report.html", page.encode(), "text/html; charset=utf-8")
    store.leaderboard.put(leaderboard_entry(champion, artefact, run.finished_at or ""))
    return artefact


def summarise(champion: Champion, closed: EpochRecord, artefact: str) -> dict[str, Any]:
    """Return what a person wants to know first: the output of the execution."""
    sample = random_sample(champion.size, champion.target, champion.seed, champion.islands)
    return {
        "run_id": champion.run_id,
        "target": champion.target,
        "size": champion.size,
        "comparisons": champion.comparisons,
        "random_mean": sample.mean,
        "random_deviation": sample.deviation,
        "random_inputs": sample.inputs,
        "antiquicksort": champion.baselines.antiquicksort,
        "epochs": closed.epoch,
        "generations": champion.generations,
        "evaluations": champion.evaluations,
        "reason": closed.reason,
        "champion": artefact,
    }
