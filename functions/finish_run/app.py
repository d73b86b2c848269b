"""FinishRun: recount the champion independently, publish it, close the run's record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Tracer
from pydantic import BaseModel

from worstsort.artefacts import report
from worstsort.artefacts.go_test_file import champion_test
from worstsort.control.executions import status_of
from worstsort.runs.champion import Champion, crown, history_csv, leaderboard_entry
from worstsort.runs.digest import run_digest
from worstsort.runs.errors import EpochIncomplete
from worstsort.runs.records import EpochRecord, GenerationRecord, RunRecord, Status
from worstsort.runtime import metrics
from worstsort.runtime.environment import run_store

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from worstsort.storage.run_store import RunStore

logger = Logger()
tracer = Tracer()


class Event(BaseModel):
    """The run whose last epoch has closed, the execution that finishes it, and the time."""

    run_id: str
    execution_arn: str
    finished_at: str


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Finish a run.

    Raises:
        RecountMismatch: the champion's count is not the one that the run recorded.
    """
    end = Event.model_validate(event)
    logger.append_keys(run_id=end.run_id)
    summary = finish(run_store(), end)
    metrics.publish({"RunsFinished": 1})
    logger.info("run finished", extra={"summary": summary})
    return summary


def finish(store: RunStore, end: Event) -> dict[str, Any]:
    """Recount the champion of the run's last closed epoch, and write the artefacts and records."""
    run = store.run(end.run_id)
    closed = store.epoch(run.run_id, run.epoch)
    if closed is None:
        raise EpochIncomplete(run.run_id, run.epoch, list(range(run.config.islands)))
    champion = crown(run, closed, store.populations.checkpoint(run.run_id, closed.best_island, closed.epoch).state)
    generations = store.generations(run.run_id)
    ended = run.model_copy(update={"status": Status.SUCCEEDED, "reason": closed.reason, "finished_at": end.finished_at})
    artefact = publish(store, ended, champion, generations)
    populations = [series.digest for series in store.series(run.run_id, run.config.islands, closed.epoch)]
    digest = run_digest(run.config, generations, populations, champion)
    last = (run.run_id, end.execution_arn, Status.SUCCEEDED, closed.reason, end.finished_at, digest)
    # A redriven execution finishes a run whose record was closed when it was aborted or timed out.
    if not store.end_run(*last) and run.status not in {Status.RUNNING, Status.SUCCEEDED}:
        restore(store, run.run_id, end.execution_arn)
        store.end_run(*last)
    return summarise(champion, closed, artefact) | {"digest": digest}


def restore(store: RunStore, run_id: str, execution_arn: str) -> None:
    """Reopen the record of a run whose execution is running after all."""
    if status_of(execution_arn) is Status.RUNNING:
        store.restore_run(run_id, execution_arn)


def publish(store: RunStore, run: RunRecord, champion: Champion, generations: list[GenerationRecord]) -> str:
    """Write the artefacts and the leaderboard entry, and return the key of champion.json."""
    body = champion.model_dump_json().encode()
    artefact = store.artefacts.put(champion.run_id, "champion.json", body, "application/json")
    history = history_csv(generations).encode()
    store.artefacts.put(champion.run_id, "history.csv", history, "text/csv")
    store.artefacts.put(run.run_id, "champion_test.go", champion_test(champion).encode(), "text/plain; charset=utf-8")
    page = report.of_champion(store, run, champion, generations).page()
    store.artefacts.put(run.run_id, "report.html", page.encode(), "text/html; charset=utf-8")
    store.leaderboard.put(leaderboard_entry(champion, artefact, run.finished_at or ""))
    return artefact


def summarise(champion: Champion, closed: EpochRecord, artefact: str) -> dict[str, Any]:
    """Return the output of the execution: what a person wants to know first."""
    return {
        "run_id": champion.run_id,
        "target": champion.target,
        "size": champion.size,
        "comparisons": champion.comparisons,
        "random_mean": champion.baselines.random_mean,
        "antiquicksort": champion.baselines.antiquicksort,
        "epochs": closed.epoch,
        "generations": champion.generations,
        "evaluations": champion.evaluations,
        "reason": closed.reason,
        "champion": artefact,
    }
