"""An epoch of an island on the template's tables: what it reads, what it leaves, and what a second attempt finds."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import boto3
import numpy as np
import pytest
from functions.close_epoch import app as close_epoch
from functions.finish_run import app as finish_run
from functions.seed_populations import app as seed_populations

from worstsort.control.plan import prepare
from worstsort.genetic import elites, evolve_island, immigrate, migrants, senders
from worstsort.runs.composition import algorithm, first_state, fitness
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import CheckpointMissing, Diverged, RecountMismatch
from worstsort.runs.progress import advance, begin
from worstsort.runs.results.crowning import crown
from worstsort.storage.checkpoint import Checkpoint, state_digest
from worstsort.worker.evolve_epoch import Job, evolve_epoch
from worstsort.worker.saver import Saver

if TYPE_CHECKING:
    from worstsort.genetic import IslandState
    from worstsort.runs.progress import Progress
    from worstsort.storage.run_store import RunStore

GIVEN = {
    "preset": "classic", "size": 12, "population": 12, "islands": 2, "generations_per_epoch": 4, "migrants": 2,
    "stop": {"max_epochs": 2}, "seed": 5,
}  # fmt: skip
CONFIG = RunConfig.parse(GIVEN)


@pytest.fixture
def seeded(store: RunStore) -> RunStore:
    """Return a store with a run of two islands that has been seeded."""
    prepare(store, "r", GIVEN, "arn:r", "2026-01-01T00:00:00Z", job_mib=2_048)
    seed_populations.seed(store, "r", range(2))
    return store


def job(epoch: int, island: int, save_seconds: float = 3_600) -> Job:
    return Job.model_validate(
        {"RUN_ID": "r", "EPOCH": epoch, "ISLAND": island, "THREADS": 1, "SAVE_SECONDS": save_seconds}
    )


def evolve_both(store: RunStore, epoch: int) -> None:
    for island in range(2):
        evolve_epoch(store, job(epoch, island))
    close_epoch.close(store, "r", epoch)


def expected_states() -> list[list[IslandState]]:
    """Evolve the run in memory: the states of both islands at the ends of epochs 0, 1 and 2."""
    search, score = algorithm(CONFIG, 1), fitness(CONFIG, 1)
    states = [[first_state(CONFIG, island) for island in range(2)]]
    for epoch in (1, 2):
        begun = states[-1]
        if epoch > 1:
            sent = [elites(state, CONFIG.migrants) for state in begun]
            begun = [
                immigrate(
                    state,
                    migrants({other: sent[other] for other in senders("ring", island, 2, CONFIG.seed, epoch)}, 2),
                )
                for island, state in enumerate(begun)
            ]
        states.append([evolve_island(state, search, score, 4)[0] for state in begun])
    return states


def test_two_epochs_of_two_islands_leave_what_evolution_alone_would(seeded: RunStore) -> None:
    """States, their digests and their records agree with an evolution in memory, migration included."""
    for epoch in (1, 2):
        evolve_both(seeded, epoch)
    for epoch, states in enumerate(expected_states()):
        for island, state in enumerate(states):
            stored = seeded.populations.checkpoint("r", island, epoch).state
            assert state_digest(stored) == state_digest(state)
            if epoch:
                series = seeded.island_series("r", island, epoch)
                assert series is not None
                assert series.digest == state_digest(state)
                assert (series.best_fitness, series.best_generation) == (state.record, state.record_generation)


def test_evaluations_add_up_over_epochs(seeded: RunStore) -> None:
    """What the epochs' records say is what the islands have spent, and so are the generations' sums."""
    for epoch in (1, 2):
        evolve_both(seeded, epoch)
    spent = [sum(state.evaluations for state in states) for states in expected_states()]
    closed = [seeded.epoch("r", epoch) for epoch in (1, 2)]
    assert [epoch.evaluations for epoch in closed if epoch] == spent[1:]
    assert sum(record.generation_evaluations for record in seeded.generations("r")) == spent[2]
    assert [record.generation for record in seeded.generations("r")] == list(range(9))


def test_means_are_recorded_to_the_hundredth(seeded: RunStore) -> None:
    """Items are paid for by the kilobyte; bests are exact."""
    evolve_both(seeded, 1)
    _, evolved = evolve_island(expected_states()[0][0], algorithm(CONFIG, 1), fitness(CONFIG, 1), 4)
    series = seeded.island_series("r", 0, 1)
    assert series is not None
    assert series.mean == [round(mean, 2) for mean in evolved.mean]
    assert series.mean != list(evolved.mean)
    assert series.best == list(evolved.best)


def test_an_epoch_that_has_been_evolved_is_not_evolved_again(seeded: RunStore) -> None:
    """A second delivery writes nothing, and deletes what an attempt has left behind."""
    evolve_epoch(seeded, job(1, 0))
    stored = seeded.populations.checkpoint_bytes("r", 0, 1)
    seeded.populations.put_progress(under_way(seeded, 2), None)
    evolve_epoch(seeded, job(1, 0))
    assert seeded.populations.checkpoint_bytes("r", 0, 1) == stored
    assert seeded.populations.saved_progress("r", 0, 1) is None


def under_way(store: RunStore, generations: int) -> Progress:
    """Return epoch 1 of island 0 after some generations."""
    progress = begin("r", 1, store.populations.checkpoint("r", 0, 0).state, CONFIG.generations_per_epoch)
    for _ in range(generations):
        progress = advance(progress, algorithm(CONFIG, 1), fitness(CONFIG, 1))
    return progress


def test_an_attempt_continues_from_what_the_one_before_has_saved(seeded: RunStore) -> None:
    """It evolves the generations that are missing and no others, ends in the same state, and removes the save."""
    seeded.populations.put_progress(under_way(seeded, 3), None)
    noted: list[int] = []

    class Noting(Saver):
        def note(self, progress: Progress) -> None:
            noted.append(progress.state.generation)
            super().note(progress)

    evolve_epoch(seeded, job(1, 0), Noting(seeded, 3_600))
    assert noted == [4]
    assert state_digest(seeded.populations.checkpoint("r", 0, 1).state) == state_digest(expected_states()[1][0])
    assert seeded.populations.saved_progress("r", 0, 1) is None


def test_an_attempt_looks_for_a_save_at_the_end_if_there_may_be_one(seeded: RunStore) -> None:
    """Each island of each epoch would pay for a request that finds nothing."""
    for saves, looked in ((3600, 0), (1e-9, 1)):
        saver, looks = Saver(seeded, saves), list[int]()
        with pytest.MonkeyPatch.context() as patch:
            look = type(seeded.populations).saved_progress
            patch.setattr(
                type(seeded.populations),
                "saved_progress",
                lambda *asked, look=look, looks=looks: looks.append(1) or look(*asked),
            )
            evolve_epoch(seeded, job(1, int(looked)), saver)
        assert (len(looks), saver.is_unused) == (looked, not looked)
        assert seeded.populations.saved_progress("r", int(looked), 1) is None


def test_when_an_attempt_began_and_with_what_is_recorded(seeded: RunStore) -> None:
    """For the timeline of the report: an attempt that is not the first picks up what was saved, if anything was."""
    begun = time.time()
    seeded.populations.put_progress(under_way(seeded, 3), None)
    evolve_epoch(seeded, job(1, 0).model_copy(update={"attempt": 2}))
    evolve_epoch(seeded, job(1, 1))
    again, first = (seeded.island_series("r", island, 1) for island in (0, 1))
    assert again
    assert first
    assert (again.attempt, again.picked_up, first.attempt, first.picked_up) == (2, 3, 1, None)
    for series in (again, first):
        assert begun - 0.01 <= (series.started_at or 0) <= (series.ended_at or 0) <= time.time() + 0.01
        assert re.fullmatch(r"\S+, \d+ CPUs?", series.machine or "")


@pytest.mark.parametrize("damage", [b"", b"not a save", None])
def test_a_save_that_cannot_be_trusted_is_replaced(seeded: RunStore, damage: bytes | None) -> None:
    """Cut off, overwritten or of another island: the epoch is evolved from its beginning, to the same end."""
    seeded.populations.put_progress(under_way(seeded, 3), None)
    key = "runs/r/islands/0/partial/1.npz"
    body = damage if damage is not None else seeded.populations.checkpoint_bytes("r", 1, 0)
    boto3.client("s3").put_object(Bucket="bucket", Key=key, Body=body)
    evolve_epoch(seeded, job(1, 0, save_seconds=1e-9))
    assert state_digest(seeded.populations.checkpoint("r", 0, 1).state) == state_digest(expected_states()[1][0])
    assert seeded.populations.saved_progress("r", 0, 1) is None


def test_an_island_waits_for_no_neighbour_that_has_not_reported(seeded: RunStore) -> None:
    """The error names the population that is missing."""
    evolve_epoch(seeded, job(1, 0))
    with pytest.raises(CheckpointMissing, match="islands/1/1"):
        evolve_epoch(seeded, job(2, 0))


def test_an_epoch_that_ends_otherwise_than_recorded_is_an_error(seeded: RunStore) -> None:
    """Diverged: the code or a checkpoint has changed since; what was recorded stays."""
    evolve_epoch(seeded, job(1, 0))
    recorded = seeded.island_series("r", 0, 1)
    boto3.client("s3").delete_object(Bucket="bucket", Key="runs/r/islands/0/1.npz")
    boto3.client("s3").delete_object(Bucket="bucket", Key="runs/r/islands/0/0.npz")
    seed = first_state(CONFIG, 0)
    other = replace(seed, genomes=np.ascontiguousarray(seed.genomes[::-1]))
    seeded.populations.put_checkpoint(Checkpoint("r", 0, other))
    with pytest.raises(Diverged, match="island 0, epoch 1"):
        evolve_epoch(seeded, job(1, 0))
    assert seeded.island_series("r", 0, 1) == recorded


def test_an_epoch_whose_population_was_lost_is_evolved_again(seeded: RunStore) -> None:
    """The series alone is not enough; the population comes back byte for byte."""
    evolve_epoch(seeded, job(1, 0))
    stored = seeded.populations.checkpoint_bytes("r", 0, 1)
    boto3.client("s3").delete_object(Bucket="bucket", Key="runs/r/islands/0/1.npz")
    evolve_epoch(seeded, job(1, 0))
    assert seeded.populations.checkpoint_bytes("r", 0, 1) == stored


def test_a_champion_that_takes_other_comparisons_than_recorded_is_not_published(seeded: RunStore) -> None:
    """RecountMismatch: the record cannot be trusted, and neither artefact nor leaderboard entry is written."""
    evolve_both(seeded, 1)
    run, closed = seeded.run("r"), seeded.epoch("r", 1)
    assert closed is not None
    state = seeded.populations.checkpoint("r", closed.best_island, 1).state
    assert crown(run, closed, state).comparisons == closed.best
    wrong = closed.model_copy(update={"best": closed.best + 1})
    with pytest.raises(RecountMismatch, match=f"recorded with {closed.best + 1} .* finds {closed.best}"):
        crown(run, wrong, state)
    table = boto3.client("dynamodb")
    table.update_item(
        TableName="GenerationsTable", Key={"run_id": {"S": "r"}, "sk": {"S": "EPOCH#000001"}},
        UpdateExpression="SET best = :best", ExpressionAttributeValues={":best": {"N": str(closed.best + 1)}},
    )  # fmt: skip
    end = finish_run.Event(run_id="r", execution_arn="arn:r", finished_at="now")
    with pytest.raises(RecountMismatch):
        finish_run.finish(seeded, end)
    assert seeded.artefacts.names("r") == []
    assert seeded.leaderboard.champions() == []
