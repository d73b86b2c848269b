"""Whatever stands in a run's folder, commands and console say in plain words what they make of it, and go on."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner

from tests.support.hostile import TEXTS, a_champion
from worstsort.analysis.tidy import COLUMNS
from worstsort.runs.results.history import HISTORY_COLUMNS
from worstsort_cli.clouds import served
from worstsort_cli.console import opening
from worstsort_cli.console.application import Settings, make
from worstsort_cli.console.gate import Gate
from worstsort_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

CHAMPION = a_champion()
RUN, OTHER = str(CHAMPION["run_id"]), "other"
NUMBERS = ("1" * 30, "1" * 5000, "-1", "nan", "inf", "1e400", "true", "[]", '{"a": 1}', "null", '"x"')
"""What stands for a number where somebody wants to do harm; all of it but nan and inf is JSON."""

DEEP = ("[" * 100_000, '{"a":' * 100_000)
PORT = 4580


def log_line(at_ms: str, text: str) -> str:
    """Return a line of a log; the time is written as it is."""
    return f'{{"at_ms": {at_ms}, "text": {json.dumps(text)}}}\n'


def worker_line(**fields: Any) -> str:
    """Return what a worker logs."""
    return json.dumps({"level": "INFO", "run_id": RUN, "island": 0, "epoch": 1, **fields})


WRONG: tuple[Any, ...] = (10**30, -1, True, None, [], {"a": 1}, 1e300, "x", "\x1b[31m")
"""What stands for a field of a worker's line."""

PROGRESS: dict[str, Any] = {
    "message": "progress",
    "generation": 1,
    "done": 1,
    "generations": 2,
    "best": 5,
    "from": 0,
    "threads": 1,
}
ROW = [RUN, "strong", "1", "go1.12", "6", "0", "1", "12", "9.5", "10", "0.5", "0.5"]
FILES: Mapping[str, str] = {
    "champion.json": json.dumps(CHAMPION),
    "input.json": json.dumps(CHAMPION["config"]),
    "history.csv": ",".join(HISTORY_COLUMNS) + "\n" + ",".join("0" for _ in HISTORY_COLUMNS) + "\n",
    "data.csv": f"{','.join(COLUMNS)}\n{','.join(ROW)}\n",
    "log.jsonl": log_line("1795783817922", worker_line(**PROGRESS)),
    "report.html": "<!doctype html><html></html>\n",
    "result.json": "{}\n",
}
"""What a run leaves, as far as these commands read it."""


def damaged_logs() -> Iterator[str]:
    """Yield logs that no worker writes."""
    for number in (*NUMBERS, "253402300800000", "-62135596800001", "1" * 30):
        yield log_line(number, worker_line(**PROGRESS))
    for text in (*TEXTS, *DEEP, "[1]", "1e999"):
        yield log_line("1", text)
    for name in ("island", "epoch", *PROGRESS):
        for said in WRONG:
            for message in ("progress", "evolving", "evolved"):
                yield log_line("1", worker_line(**{**PROGRESS, "message": message, name: said}))
    for name in PROGRESS:
        yield log_line("1", worker_line(**{key: said for key, said in PROGRESS.items() if key != name}))


def damaged_tables(columns: tuple[str, ...], row: list[str]) -> Iterator[str]:
    """Yield tables that no run writes."""
    for place in range(len(columns)):
        for cell in (*NUMBERS, "\x1b]0;owned\x07", "</script><script>owned()</script>", "x" * 200_000):
            written = cell.replace('"', '""')
            yield ",".join(columns) + "\n" + ",".join([*row[:place], f'"{written}"', *row[place + 1 :]]) + "\n"


def damaged(name: str) -> Iterator[str]:
    """Yield what stands in the place of a file."""
    whole = FILES[name]
    yield from ("", "\x00" * 100, whole[: len(whole) // 2], "\ufeff" + whole, "\x1b]0;owned\x07", *DEEP, "1e999\n")
    yield "x" * 200_000 + "\n"
    if name == "log.jsonl":
        yield from damaged_logs()
    if name == "data.csv":
        yield from damaged_tables(COLUMNS, ROW)
    if name == "history.csv":
        yield from damaged_tables(HISTORY_COLUMNS, ["0"] * len(HISTORY_COLUMNS))


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Find no cloud and no browser, and work in a folder of its own."""
    monkeypatch.setattr(served, "is_any", lambda: False)
    monkeypatch.setattr(click, "launch", lambda _url: 0)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Leave two runs, of which one is to be damaged; return that one's folder."""
    for run_id in (RUN, OTHER):
        (tmp_path / "runs" / run_id).mkdir(parents=True)
        for name, content in FILES.items():
            (tmp_path / "runs" / run_id / name).write_text(content)
    champion = tmp_path / "runs" / OTHER / "champion.json"
    champion.write_text(json.dumps(CHAMPION | {"run_id": OTHER}))
    return tmp_path / "runs" / RUN


COMMANDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "champion.json": (("runs", "--json"), ("leaderboard", "--json"), ("report", RUN), ("open", RUN), ("data", RUN)),
    "input.json": (("runs", "--json"), ("data", RUN), ("compare", RUN)),
    "history.csv": (("run", "--resume", RUN),),
    "data.csv": (("data", RUN), ("data", RUN, "--json"), ("compare", RUN, "--json", "--page", "page.html")),
    "log.jsonl": (("logs", RUN), ("logs", RUN, "--json"), ("watch", RUN)),
    "report.html": (("report", RUN), ("open", RUN), ("run", "--resume", RUN)),
    "result.json": (("runs", "--json"), ("run", "--resume", RUN)),
}
"""The commands that read each file."""

ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "champion.json": ("", "/champion.svg"),
    "input.json": ("",),
    "history.csv": ("/convergence",),
    "data.csv": ("",),
    "log.jsonl": ("/epochs", "/epochs/1", "/epochs/1/islands/0/log"),
    "report.html": ("/report", "/files/report.html"),
    "result.json": ("",),
}
"""The console's addresses that read each file."""


def check_commands(name: str, what: str) -> None:
    """Run all commands that read a file: each succeeds, or says why not, and draws nothing on the terminal."""
    for command in COMMANDS[name]:
        where = ("--out" if command[0] == "run" else "--in", "runs")
        done = CliRunner().invoke(main, [*command, *where])
        told = f"{command} with {what[:100]!r} as {name}: {done.output[-500:]!r}"
        assert done.exit_code in {0, 1, 2}, told
        assert "unexpected" not in done.output, told
        assert "\x1b" not in done.output, told
        if command[0] in {"runs", "leaderboard"}:
            assert OTHER in {run["run_id"] for run in json.loads(done.stdout)}, told
        elif "--json" in command and command[0] != "logs" and done.exit_code == 0:
            json.loads(done.stdout, parse_constant=pytest.fail)


def check_console(folder: Path, name: str, what: str) -> None:
    """Ask for all that reads a file: no answer is a failure, and all JSON is what browsers read."""
    gate = Gate(PORT)
    client = make(gate, opening.of_machine(folder.parent), Settings()).test_client()
    for address in ADDRESSES[name]:
        path = f"/api/runs/folder/{RUN}{address}?token={gate.token}"
        answer = client.get(path, headers={"Host": f"localhost:{PORT}"})
        told = f"{address} with {what[:100]!r} as {name}: {answer.get_data()[:300]!r}"
        assert answer.status_code < 500, told
        if answer.is_json:
            json.loads(answer.get_data(as_text=True), parse_constant=pytest.fail)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", FILES)
def test_no_content_of_a_file_ends_a_command_unexpectedly(folder: Path, name: str) -> None:
    """Nor does one run's damage hide another run."""
    for content in damaged(name):
        (folder / name).write_bytes(content.encode("utf-8", "surrogatepass"))
        check_commands(name, content)
        check_console(folder, name, content)


def make_pipe(path: Path) -> None:
    """Put a pipe, into which nobody writes, in the place of a file."""
    path.unlink()
    os.mkfifo(path)


def make_huge(path: Path) -> None:
    """Make a file so long that no memory would hold it."""
    with path.open("wb") as file:
        file.truncate(1 << 42)


def link_to_zero(path: Path) -> None:
    """Make a file a link to what never ends."""
    path.unlink()
    path.symlink_to("/dev/zero")


@pytest.mark.long
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("change", [make_pipe, make_huge, link_to_zero])
def test_what_never_ends_is_neither_waited_for_nor_read_into_memory(
    folder: Path, name: str, change: Callable[[Path], None]
) -> None:
    change(folder / name)
    check_commands(name, change.__name__)
    check_console(folder, name, change.__name__)
