"""`worstsort run` and `worstsort count`, as a user starts them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from tests.support.command import COMMAND, ROOT, worstsort
from tests.support.patience import patience
from worstsort.gosort import count_plain

if TYPE_CHECKING:
    from pathlib import Path

SMALL = ["--preset", "classic", "--size", "40", "--population", "50", "--generations-per-epoch", "3"]
TWO_EPOCHS = [*SMALL, "--max-epochs", "2"]


def champion(out: Path) -> dict[str, Any]:
    """Return the champion of the only run in a folder."""
    (path,) = out.glob("*/champion.json")
    return dict(json.loads(path.read_text()))


def descendants(pid: int) -> set[psutil.Process]:
    """Return all processes that a process started, directly or not."""
    try:
        return set(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return set()


def alive(processes: set[psutil.Process]) -> set[psutil.Process]:
    """Return the processes that are still running."""
    return {process for process in processes if process.is_running() and process.status() != psutil.STATUS_ZOMBIE}


def test_a_run_ends_with_a_champion_how_it_compares_and_where_the_files_are(tmp_path: Path) -> None:
    """The exit code is 0, with one line per epoch, and the artefacts are in a folder named after the run."""
    done = worstsort("run", *TWO_EPOCHS, "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    found = champion(tmp_path)
    assert count_plain(found["values"], "go1.12") == found["comparisons"]
    for said in (
        "epoch 1/2: best",
        "epoch 2/2: best",
        "champion: ",
        "random inputs",
        "antiquicksort",
        "finished: all 2 epochs done",
    ):
        assert said in done.stdout
    assert f"files: {tmp_path / found['run_id']}" in done.stdout


def test_a_run_in_a_folder_whose_name_looks_like_markup_ends_well_and_names_its_files(tmp_path: Path) -> None:
    """Brackets, a slash between them, and a name between colons."""
    out = tmp_path / "a[" / "b] [red] :bug:"
    done = worstsort("run", *SMALL, "--max-epochs", "1", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert f"files: {out / champion(out)['run_id']}" in done.stdout


def test_a_run_whose_reader_leaves_ends_quietly_with_its_files(tmp_path: Path) -> None:
    """As with `| head -1`: hours of work are not given up for a line."""
    arguments = ["run", *TWO_EPOCHS, "--out", str(tmp_path)]
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert run.stdout.readline().startswith(b"run ")
        run.stdout.close()
        assert (run.wait(timeout=240), run.stderr.read()) == (0, b"")
    assert champion(tmp_path)["config"]["stop"]["max_epochs"] == 2


def test_the_same_seed_gives_the_same_champion_on_one_or_two_vcpus(tmp_path: Path) -> None:
    """Even the file is equal byte for byte; another seed gives another champion."""
    files = []
    for name, options in (("a", ["--vcpus", "1"]), ("b", ["--vcpus", "2"])):
        assert worstsort("run", *TWO_EPOCHS, "--seed", "7", "--out", str(tmp_path / name), *options).returncode == 0
        (path,) = (tmp_path / name).glob("*/champion.json")
        files.append(path.read_bytes())
    assert files[0] == files[1]
    assert worstsort("run", *TWO_EPOCHS, "--seed", "8", "--out", str(tmp_path / "c")).returncode == 0
    assert champion(tmp_path / "c")["values"] != json.loads(files[0])["values"]


def test_json_output_is_one_object_on_standard_output(tmp_path: Path) -> None:
    """Progress goes to standard error."""
    done = worstsort("run", *TWO_EPOCHS, "--out", str(tmp_path), "--json")
    assert json.loads(done.stdout)["comparisons"] == champion(tmp_path)["comparisons"]
    assert "epoch 2/2" in done.stderr


def test_a_configuration_that_has_been_run_is_not_run_again_unless_that_is_asked_for(tmp_path: Path) -> None:
    """The result is that of the first run, wherever the same configuration comes from."""
    arguments = ["run", *SMALL, "--max-epochs", "1", "--out", str(tmp_path)]
    first = json.loads(worstsort(*arguments, "--json").stdout)
    (configuration,) = tmp_path.glob("*/input.json")
    known = worstsort("run", "--input", str(configuration), "--out", str(tmp_path), "--json")
    assert f"run {first['run_id']} had this very configuration; --again" in known.stderr
    assert json.loads(known.stdout) == first
    again = json.loads(worstsort(*arguments, "--json", "--again").stdout)
    assert again["run_id"] == f"{first['run_id']}-2"
    assert again["comparisons"] == first["comparisons"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--size", "0"], "size: given 0, allowed: an integer from 2 to 100000"),
        (["--size", "-1"], "size: given -1, allowed"),
        (["--size", "1000000000"], "size: given 1000000000, allowed"),
        (["--target", "go1.99"], "target: given 'go1.99', allowed: one of go1.12"),
        (["--population", "2", "--preset", "classic"], "tournament_size: given 3, allowed: 1 to 2, the population"),
        (["--max-epochs", "0"], "stop.max_epochs: given 0, allowed"),
    ],
)
def test_refused_options_exit_with_2_and_say_what_is_allowed(tmp_path: Path, arguments: list[str], said: str) -> None:
    """Nothing is started or written."""
    refused = worstsort("run", *arguments, "--out", str(tmp_path / "out"))
    assert refused.returncode == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"sizes": 5}', "sizes: given 5, allowed: no such field; one of target, size"),
        ("not json", "--input: given 'not json', allowed: a JSON object"),
        ("[1]", "--input: given [1], allowed: a JSON object"),
        ('{"stop": {"max_epochs": "3"}}', "stop.max_epochs: given '3', allowed: an integer"),
    ],
)
def test_refused_input_files_exit_with_2(tmp_path: Path, content: str, said: str) -> None:
    """Unknown keys, wrong types, and files that are not JSON."""
    path = tmp_path / "input.json"
    path.write_text(content)
    refused = worstsort("run", "--input", str(path), "--out", str(tmp_path / "out"))
    assert refused.returncode == 2
    assert said in refused.stderr


def test_options_override_the_input_file(tmp_path: Path) -> None:
    """The other stop conditions of the file are kept."""
    path = tmp_path / "input.json"
    path.write_text(json.dumps({"preset": "classic", "size": 20, "population": 30, "stop": {"max_epochs": 500}}))
    options = ["--size", "25", "--max-epochs", "1", "--generations-per-epoch", "1", "--out", str(tmp_path / "out")]
    assert worstsort("run", "--input", str(path), *options).returncode == 0
    found = champion(tmp_path / "out")
    assert (found["size"], found["config"]["population"], found["config"]["stop"]["max_epochs"]) == (25, 30, 1)


def test_a_worker_that_crashes_fails_the_run_and_leaves_no_process(tmp_path: Path) -> None:
    """The exit code is 1, and the cause is in plain words."""
    for name in ("template.yaml", "statemachine", "functions", "layers", "batch_worker"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    (tmp_path / "batch_worker" / "evolve_island.py").write_text("import os, sys\nprint('it hurts')\nos.abort()\n")
    process = subprocess.Popen([*COMMAND, "run", *TWO_EPOCHS], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    seen: set[psutil.Process] = set()
    while process.poll() is None:
        seen |= descendants(process.pid)
        time.sleep(0.05)
    assert process.stderr
    said = process.stderr.read()
    assert process.returncode == 1
    assert "2 of 2 islands failed (0, 1)" in said
    assert "exit code 134" in said
    assert "it hurts" in said
    assert "Traceback" not in said
    assert seen
    assert not alive(seen)


def test_ctrl_c_ends_everything_within_five_seconds(tmp_path: Path) -> None:
    """The command ends, and so does every process that it started."""
    options = ["--preset", "classic", "--size", "400", "--generations-per-epoch", "400", "--out", str(tmp_path)]
    process = subprocess.Popen(
        [*COMMAND, "run", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    while len(started := descendants(process.pid)) < 4:
        time.sleep(0.1)
    time.sleep(3)
    started = descendants(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    begun = time.monotonic()
    process.communicate(timeout=120)
    assert time.monotonic() - begun < patience(5)
    assert process.returncode == 130
    assert not alive(started)


def test_count_prints_a_count_for_each_line() -> None:
    """The facts that geneticsort's tests state."""
    counted = worstsort("count", "--target", "go1.12", given="[1,6,3,4,5,2]\n[6,4,3,5,2,1]\n[6,4,3,5,10,1]\n[]\n")
    assert (counted.returncode, counted.stdout.split()) == (0, ["12", "14", "11", "0"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[1, 2.5]", "2.5 (float) at position 1"),
        ("[true]", "True (bool) at position 0"),
        ("[9223372036854775808]", "9223372036854775808"),
        ("5", "5"),
        ("nope", "a JSON array of integers"),
    ],
)
def test_count_refuses_what_is_not_an_array_of_integers_and_names_the_line(line: str, said: str) -> None:
    """The exit code is 2; the message has the line, the value and what is allowed."""
    refused = worstsort("count", given=f"[1]\n{line}\n")
    assert refused.returncode == 2
    assert "line 2" in refused.stderr
    assert said in refused.stderr
