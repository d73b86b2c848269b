"""The folder of a run that was interrupted is damaged in every way; nothing in it is ever used as something else."""

from __future__ import annotations

import random
import shutil
import zipfile
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from tests.fault.harness import tries
from tests.support.stores import evolve, make_store
from worstsort.runs.config import RunConfig
from worstsort.storage import checkpoint
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.run_folder import kept_epochs
from worstsort_cli.files.run_folder.beginning import Beginning
from worstsort_cli.files.run_folder.folder import RunFolder, is_finished, reopen
from worstsort_cli.files.run_folder.keeper import Keeper
from worstsort_cli.files.run_folder.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from worstsort_cli.files.run_folder.kept_epochs import Kept

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("kept state")]

RUN, EPOCHS = "a-run", 3

CONFIG = {
    "preset": "classic", "size": 20, "population": 20, "islands": 2, "generations_per_epoch": 3,
    "stop": {"max_epochs": EPOCHS},
}  # fmt: skip

LAST_RECORDS = f"epoch-{EPOCHS:06d}.npz"

Content = Any
"""Everything that what is loaded has an effect by: records, and populations to the bit."""


@dataclass(frozen=True)
class Scene:
    """All that a run keeps, and what must be found in it.

    Attributes:
        whole: The run's folder, undamaged.
        foreign: What a run of the same name and another seed keeps, and what another run of the same seed keeps.
        contents: What is to be loaded, by the epoch after which the run continues.
    """

    whole: Path
    foreign: Sequence[Path]
    contents: dict[int, Content]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Keep three runs."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        whole, seeded, named = (tmp_path_factory.mktemp("runs") / run for run in (RUN, RUN, "another-run"))
        contents = {0: ([], [])} | dict(keep_a_run(whole, CONFIG))
        assert len(list(keep_a_run(seeded, CONFIG | {"seed": 2}))) == EPOCHS
        assert len(list(keep_a_run(named, CONFIG))) == EPOCHS
        yield Scene(whole, (seeded, named), contents)


def keep_a_run(path: Path, fields: dict[str, Any]) -> Iterator[tuple[int, Content]]:
    """Run a run in a cloud of its own, keep it in a folder, and yield what is loaded after each epoch."""
    path.mkdir()
    config, lock = RunConfig.parse(fields), Lock(path / "state" / "lock", path)
    lock.acquire()
    folder = RunFolder(path, Beginning.of(path.name, config), lock)
    folder.begin()
    with mock_aws():
        store = make_store()
        keeper = Keeper(folder, store, 0, pytest.fail)
        for closed in evolve(store, folder.run_id, config):
            keeper.keep(closed)
            yield closed.epoch, content(kept_epochs.load(folder.state, folder.beginning))
    lock.release()


def content(kept: Kept) -> Content:
    """Return the content of what was loaded."""
    populations = [
        checkpoint.from_bytes(body, "", run_id=RUN, island=island, epoch=kept.epoch)
        for island, body in enumerate(kept.populations)
        if kept.backups[0].run.run_id == RUN
    ]
    records = [(backup.run, backup.items) for backup in kept.backups]
    return records, [checkpoint.state_digest(population.state) for population in populations]


def flip_bits(path: Path, scene: Scene, draw: random.Random) -> None:  # noqa: ARG001 - all damages are called alike
    """Change one to three bits."""
    body = bytearray(path.read_bytes())
    for _ in range(draw.randint(1, 3) if body else 0):
        body[draw.randrange(len(body))] ^= 1 << draw.randrange(8)
    path.write_bytes(body)


def repack(path: Path, scene: Scene, draw: random.Random) -> None:
    """Change a bit of a part and pack it again, so that the file's own checksums match the change."""
    if not zipfile.is_zipfile(path):
        flip_bits(path, scene, draw)
        return
    with zipfile.ZipFile(path) as packed:
        parts = {name: bytearray(packed.read(name)) for name in packed.namelist()}
    part = parts[draw.choice(sorted(parts))]
    part[draw.randrange(len(part))] ^= 1 << draw.randrange(8)
    with zipfile.ZipFile(path, "w") as packed:
        for name, body in parts.items():
            packed.writestr(name, bytes(body))


def overwrite(path: Path, scene: Scene, draw: random.Random) -> None:  # noqa: ARG001
    """Fill a stretch with zeros or with random bytes, as a failing disk does."""
    body = bytearray(path.read_bytes())
    start, length = draw.randrange(len(body) + 1), draw.choice([1, 16, 512, 4096])
    body[start : start + length] = bytes(length) if draw.random() < 0.5 else draw.randbytes(length)
    path.write_bytes(body)


def truncate(path: Path, scene: Scene, draw: random.Random) -> None:  # noqa: ARG001
    """Cut it anywhere, also to nothing."""
    body = path.read_bytes()
    path.write_bytes(body[: draw.choice([0, draw.randrange(len(body) + 1)])])


def append(path: Path, scene: Scene, draw: random.Random) -> None:  # noqa: ARG001
    """Add bytes to its end."""
    path.write_bytes(path.read_bytes() + draw.randbytes(draw.randint(1, 100)))


def delete(path: Path, scene: Scene, draw: random.Random) -> None:  # noqa: ARG001
    """Delete it."""
    path.unlink()


def make_a_folder(path: Path, scene: Scene, draw: random.Random) -> None:  # noqa: ARG001
    """Put a folder in its place."""
    path.unlink()
    path.mkdir()


def confuse(path: Path, scene: Scene, draw: random.Random) -> None:
    """Put another file of the same run in its place."""
    shutil.copy(draw.choice([file for file in files(scene.whole) if file.name != path.name]), path)


def import_foreign(path: Path, scene: Scene, draw: random.Random) -> None:
    """Put the file of the same name of another run in its place."""
    foreign = draw.choice(scene.foreign)
    shutil.copy(foreign / path.relative_to(path.parents[1] if path.parent.name == "state" else path.parent), path)


DAMAGES: dict[str, Callable[[Path, Scene, random.Random], None]] = {
    "bits": flip_bits, "bits, packed again": repack, "bytes": overwrite,
    "truncation": truncate, "more bytes": append, "deletion": delete,
    "a folder": make_a_folder, "another file": confuse, "a foreign file": import_foreign,
}  # fmt: skip


def files(folder: Path) -> list[Path]:
    """Return the files of a run's folder, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def outcome(folder: Path, scene: Scene, damaged: Sequence[Path]) -> str:
    """Return what `--resume` would do, having checked that it is right.

    It is "refused" if the message names one of the damaged files; "the same" or "the epoch before" if what is loaded is
    what was kept then. Anything else is an assertion that fails, or an error that a user should never see.
    """
    names = [path.name for path in damaged]
    try:
        assert not is_finished(folder)
        with reopen(folder) as opened:
            assert opened.beginning.config == RunConfig.parse(CONFIG)
            kept = kept_epochs.load(opened.state, opened.beginning)
    except (CommandFailed, OSError) as error:
        said = str(error)
    else:
        return used(kept, scene, names)
    assert any(name in said for name in names) or ("there is no run" in said and "run.npz" in names), said
    return "refused"


def used(kept: Kept, scene: Scene, names: Sequence[str]) -> str:
    """Return which epoch's copy is used, having checked that it is what was kept."""
    assert content(kept) == scene.contents[kept.epoch]
    assert kept.epoch >= EPOCHS - 1
    if kept.epoch == EPOCHS:
        return "the same"
    assert any(name in reason for name in names for reason in kept.refused) or LAST_RECORDS in names
    return "the epoch before"


def test_a_damaged_folder_is_never_silently_different(tmp_path: Path, scene: Scene, table: Callable[..., None]) -> None:
    """One or two files of the folder are damaged, in one of nine ways each, at random, 1,000 times.

    Broken on purpose: without the comparison of checksums, of populations with the digests in the records, of the run
    in a header, or of the configuration, cases of this test load something else.
    """
    draw, found = random.Random(0), Counter[str]()
    for number in range(tries(1_000)):
        folder = tmp_path / str(number) / RUN
        shutil.copytree(scene.whole, folder)
        damaged = draw.sample(files(folder), draw.choice([1, 1, 2]))
        for path in damaged:
            DAMAGES[draw.choice(list(DAMAGES))](path, scene, draw)
        found[outcome(folder, scene, damaged)] += 1
        shutil.rmtree(folder)
    said = ", ".join(f"{count} {what}" for what, count in sorted(found.items()))
    table("damaged folder of a run", found.total(), found.total(), said, True)
    assert set(found) == {"refused", "the same", "the epoch before"}
