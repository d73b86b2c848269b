"""A run that is kept epoch by epoch, and goes on in another cloud."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from functions.close_epoch.app import close
from functions.finish_run import app as finish_run

from tests.support.stores import aws_in_memory, evolve, make_store
from worstsort.control.plan import resume
from worstsort.runs.config import RunConfig
from worstsort.runs.status import Status
from worstsort.worker.evolve_epoch import Job, evolve_epoch
from worstsort_cli.files.run_folder import kept_epochs
from worstsort_cli.files.run_folder.folder import create, reopen
from worstsort_cli.files.run_folder.keeper import Keeper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from worstsort.storage.run_store import RunStore

EPOCHS = 3

BEGINNING = ("run.npz", "copy-of-run.npz")
"""What the run was begun with."""

CONFIG = RunConfig.parse({
    "preset": "classic", "size": 16, "population": 16, "islands": 2, "generations_per_epoch": 3, "migrants": 2,
    "stop": {"max_epochs": EPOCHS},
})  # fmt: skip


@contextmanager
def cloud() -> Iterator[RunStore]:
    """Open an empty cloud."""
    with aws_in_memory():
        yield make_store()


def finish(store: RunStore, run_id: str, execution_arn: str) -> str:
    """Finish a run; return its digest."""
    end = finish_run.Event(run_id=run_id, execution_arn=execution_arn, finished_at="now")
    return str(finish_run.finish(store, end)["digest"])


@pytest.mark.parametrize("kept", [1, 2])
def test_a_run_goes_on_in_another_cloud_to_the_same_end(tmp_path: Path, kept: int) -> None:
    """Two islands, kept after an epoch or two: every record is as it would be, and so is the digest."""
    with create(tmp_path, CONFIG) as folder:
        run_id = folder.run_id
        with cloud() as store:
            keeper = Keeper(folder, store, 0, pytest.fail)
            for closed in evolve(store, run_id, CONFIG):
                if closed.epoch <= kept:
                    keeper.keep(closed)
            expected = finish(store, run_id, f"arn:{run_id}"), store.generations(run_id), store.epoch(run_id, EPOCHS)
    with reopen(folder.path) as again, cloud() as store:
        kept_epochs.load(again.state, again.beginning).put_back(store)
        run = store.run(run_id)
        assert (run.epoch, run.status) == (kept, Status.ABORTED)
        plan = resume(store, {"resume": run_id}, "arn:again", lambda _arn: Status.ABORTED)
        assert (plan.start, plan.epoch) == ("evolve", kept + 1)
        keeper = Keeper(again, store, kept, pytest.fail)
        for epoch in range(plan.epoch, EPOCHS + 1):
            for island in range(CONFIG.islands):
                evolve_epoch(store, Job.model_validate({"RUN_ID": run_id, "EPOCH": epoch, "ISLAND": island}))
            keeper.keep(close(store, run_id, epoch))
        ended = finish(store, run_id, "arn:again"), store.generations(run_id), store.epoch(run_id, EPOCHS)
        loaded = kept_epochs.load(again.state, again.beginning)
        assert (loaded.epoch, loaded.refused) == (EPOCHS, [])
    assert ended[:2] == expected[:2]
    assert ended[2] is not None
    assert expected[2] is not None
    assert ended[2].model_dump(exclude={"seconds"}) == expected[2].model_dump(exclude={"seconds"})


def test_populations_of_the_last_two_epochs_are_kept_and_records_of_all(tmp_path: Path) -> None:
    """Each file of records beside its copy."""
    with create(tmp_path, CONFIG) as folder, cloud() as store:
        keeper = Keeper(folder, store, 0, pytest.fail)
        for closed in evolve(store, folder.run_id, CONFIG):
            keeper.keep(closed)
            names = sorted(path.name for path in folder.state.glob("*.npz"))
            records = [f"epoch-{epoch:06d}.npz" for epoch in range(1, closed.epoch + 1)]
            recent = range(max(1, closed.epoch - 1), closed.epoch + 1)
            populations = [f"island-{island}-{epoch}.npz" for island in range(2) for epoch in recent]
            assert names == sorted([*records, *(f"copy-of-{name}" for name in records), *populations, *BEGINNING])


def test_epochs_that_could_not_be_kept_are_kept_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user is told once that they are not, and once that they are again."""
    said: list[str] = []
    with create(tmp_path, CONFIG) as folder, cloud() as store:
        keeper = Keeper(folder, store, 0, said.append)
        for closed in evolve(store, folder.run_id, CONFIG):
            with monkeypatch.context() as full:
                if closed.epoch < EPOCHS:
                    full.setattr(kept_epochs, "write", _full)
                keeper.keep(closed)
        loaded = kept_epochs.load(folder.state, folder.beginning)
    assert said == [
        "epoch 1 is not kept: [Errno 28] No space left on device; the run goes on",
        "all epochs up to 3 are kept again",
    ]
    assert (loaded.epoch, len(loaded.populations)) == (EPOCHS, 2)


def test_a_folder_that_was_removed_under_way_gets_everything_again(tmp_path: Path) -> None:
    """From the first epoch on."""
    with create(tmp_path, CONFIG) as folder, cloud() as store:
        keeper = Keeper(folder, store, 0, pytest.fail)
        for closed in evolve(store, folder.run_id, CONFIG):
            if closed.epoch == EPOCHS:
                shutil.rmtree(folder.path)
            keeper.keep(closed)
        assert kept_epochs.load(folder.state, folder.beginning).epoch == EPOCHS


def _full(*_given: object, **_named: object) -> None:
    raise OSError(28, "No space left on device")
