"""All commands: how they teach, how they speak to programs, and how they fail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from worstsort.gosort import TARGETS, Target, antiquicksort, count_plain, register
from worstsort_cli.files.formats import FORMATS
from worstsort_cli.files.sort_input import MAX_INTEGERS, SortInput
from worstsort_cli.main import COMMANDS, main
from worstsort_cli.tools import go_toolchain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

WITHOUT_JSON = {"completion", "open"}

READERS = (("count",), ("verify",), ("transfer",), ("minimise", "--budget", "100"), ("export", "--csv"))
"""Commands that read an input to sort."""


def worstsort(*arguments: str, code: int = 0, given: str | None = None) -> Result:
    """Run the command in this process."""
    result = CliRunner().invoke(main, arguments, input=given)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def champion(tmp_path: Path) -> Path:
    """Write a file with 30 integers for go1.12."""
    values = antiquicksort(30, "go1.12")
    path = tmp_path / "champion.json"
    path.write_text(json.dumps({"target": "go1.12", "comparisons": count_plain(values, "go1.12"), "values": values}))
    return path


@pytest.fixture
def no_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide Go from the machine."""
    monkeypatch.setattr(go_toolchain, "_candidates", lambda: iter(()))


def test_the_command_lists_every_command() -> None:
    """In one line each that is not cut off."""
    text = worstsort("--help").stdout
    for name in COMMANDS:
        assert f"\n  {name} " in text
    assert "..." not in text.split("Commands:")[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_teaches_with_examples(name: str) -> None:
    """Of the very command."""
    text = worstsort(name, "--help").stdout
    assert "Example" in text
    assert f"worstsort {name}" in text.split("Example")[1]


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - WITHOUT_JSON))
def test_every_command_speaks_json(name: str) -> None:
    """On request."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert "--json" in {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_there_for_every_usual_shell(shell: str) -> None:
    """A script that asks the command itself."""
    assert "_WORSTSORT_COMPLETE" in worstsort("completion", shell).stdout


def test_an_unknown_command_is_a_refused_input() -> None:
    """Exit code 2, with the reason."""
    assert "No such command" in worstsort("evolve", code=2).stderr


def test_an_error_has_a_traceback_only_for_those_who_ask(champion: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong, also what nobody has foreseen."""

    def broken(*_: object) -> int:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("worstsort_cli.tools.verification.count_plain", broken)
    said = worstsort("verify", str(champion), code=1).stderr
    assert "unexpected ZeroDivisionError: oops" in said
    assert "Traceback" not in said
    assert "Traceback" in worstsort("--debug", "verify", str(champion), code=1).stderr


def test_count_speaks_to_people_and_to_programs() -> None:
    """A number a line, or a document."""
    given = "[1, 6, 3, 4, 5, 2]\n\n[6,4,3,5,10,1]\n"
    assert worstsort("count", given=given).stdout == "12\n11\n"
    assert json.loads(worstsort("count", "--json", given=given).stdout) == {"target": "go1.24", "counts": [12, 11]}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: json.dumps(json.loads(text), indent=1),
        lambda text: json.dumps(json.loads(text)["values"], indent=2),
        lambda text: "\ufeff" + text.replace("\n", "\r\n"),
        lambda text: text,
    ],
    ids=["indented", "indented array", "from Windows", "as it is"],
)
@pytest.mark.parametrize("command", READERS)
@pytest.mark.usefixtures("no_go")
@pytest.mark.long
def test_every_command_reads_what_the_others_read(
    champion: Path, command: tuple[str, ...], change: Callable[[str], str]
) -> None:
    """A champion.json or an array, however it is laid out, with the mark of Windows or without."""
    champion.write_text(change(champion.read_text()))
    worstsort(*command, str(champion))


def test_count_takes_the_sort_that_a_champion_is_for() -> None:
    """Unless another is asked for; where they differ, each count has its own."""
    given = '{"values": [1, 6, 3, 4, 5, 2], "target": "heapsort"}{"values": [1, 6, 3, 4, 5, 2]}'
    found = json.loads(worstsort("count", "--json", given=given).stdout)
    assert found == {
        "target": None,
        "targets": ["heapsort", "go1.24"],
        "counts": [count_plain([1, 6, 3, 4, 5, 2], "heapsort"), 12],
    }
    assert worstsort("count", "--target", "go1.12", given=given).stdout == "12\n12\n"


@pytest.mark.parametrize("command", READERS)
def test_an_input_that_is_too_long_is_refused_with_the_limit(
    champion: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In integers, and in bytes before anything is decoded."""
    monkeypatch.setattr("worstsort_cli.files.sort_input.MAX_INTEGERS", 29)
    assert "given '30 integers', allowed: at most 29" in worstsort(*command, str(champion), code=2).stderr
    monkeypatch.setattr("worstsort_cli.files.json_file.MAX_FILE_BYTES", 29)
    assert "allowed: at most" in worstsort(*command, str(champion), code=2).stderr


@pytest.mark.parametrize("command", READERS)
def test_the_longest_input_is_told(command: tuple[str, ...]) -> None:
    """By the help of every command that reads one."""
    assert f"at most {MAX_INTEGERS:,}" in " ".join(worstsort(command[0], "--help").stdout.split())


@pytest.mark.parametrize(
    "content", ["[" + "[]," * 10_000 + "[]]", "{" + '"x":1,' * 10_001 + "}"], ids=["lists", "fields"]
)
def test_what_would_take_much_memory_is_refused_before_it_does(content: str) -> None:
    """Millions of empty lists or unknown fields, of which no input has any."""
    said = worstsort("count", given=content, code=2).stderr
    assert (
        "line 1: given '10,002 lists, objects and fields', allowed: a champion.json or a JSON array of integers" in said
    )


def test_of_very_many_problems_the_first_are_said(tmp_path: Path) -> None:
    """A message is no book."""
    path = tmp_path / "champion.json"
    path.write_text(json.dumps({"values": [1]} | {f"field{number}": 1 for number in range(1000)}))
    said = worstsort("verify", str(path), code=2).stderr.splitlines()
    assert said[-1].strip() == "and 960 more"
    assert len(said) == 42


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "go"])
def test_each_format_is_chosen_by_its_option(champion: Path, tmp_path: Path, form: str) -> None:
    """And written as it is made."""
    written = tmp_path / "written"
    worstsort("export", str(champion), f"--{form}", "-o", str(written))
    kept = json.loads(champion.read_text())
    source = SortInput(str(champion), kept["values"], kept["target"], kept["comparisons"], None)
    assert written.read_bytes() == FORMATS[form](source)


def test_a_go_test_comes_with_one_for_package_slices_where_that_has_the_sort(tmp_path: Path) -> None:
    """Beside it, under its name; what somebody else has written there stays, and then neither is written."""
    values = tmp_path / "values.json"
    values.write_text("[3, 1, 2]")
    command = ("export", str(values), "--target", "go1.24", "--go", "-o")
    worstsort(*command, str(tmp_path / "mine_test.go"))
    assert {path.name for path in tmp_path.glob("*.go")} == {"mine_test.go", "mine_slices_test.go"}
    worstsort(*command, str(tmp_path / "plain.go"))
    assert not (tmp_path / "plain.go_slices_test.go").exists()
    (tmp_path / "other_slices_test.go").write_text("package other")
    assert "was not made by Worstsort" in worstsort(*command, str(tmp_path / "other_test.go"), code=1).stderr
    assert not (tmp_path / "other_test.go").exists()


def test_bytes_are_not_written_to_a_terminal(champion: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Since they could be anything that a terminal obeys."""
    monkeypatch.setattr("worstsort_cli.output._Console.is_terminal", True)
    assert "name a file with -o" in worstsort("export", str(champion), "--npy", code=2).stderr


@pytest.mark.parametrize("command", [*READERS, ("run", "--input"), ("estimate", "--input")])
def test_a_device_that_never_ends_is_refused(command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """After as many bytes as are read at most."""
    monkeypatch.setattr("worstsort_cli.files.json_file.MAX_FILE_BYTES", 10_000)
    assert "allowed: at most" in worstsort(*command, "/dev/zero", code=2).stderr


@pytest.mark.usefixtures("no_go")
def test_verify_recounts_in_plain_python_and_says_that_it_found_no_go(champion: Path) -> None:
    """Both counts side by side."""
    text = worstsort("verify", str(champion)).stdout
    assert "plain Python" in text
    assert "not counted: needs a compiler of Go 1.12 to 1.18; found: none" in text
    assert "the counts agree" in text


@pytest.mark.usefixtures("no_go")
def test_verify_fails_on_a_wrong_record(champion: Path) -> None:
    """Exit code 1, naming the file; with --json both counts are told."""
    content = json.loads(champion.read_text())
    champion.write_text(json.dumps(content | {"comparisons": 1}))
    result = worstsort("verify", str(champion), "--json", code=1)
    (verdict,) = json.loads(result.stdout)
    assert (verdict["recorded"], verdict["agrees"]) == (1, False)
    assert verdict["plain_python"] == content["comparisons"]
    assert str(champion) in result.stderr


@pytest.mark.usefixtures("no_go")
def test_a_record_for_another_target_is_not_held_against_the_count(champion: Path) -> None:
    """The record is for the sort that the file names."""
    (verdict,) = json.loads(worstsort("verify", str(champion), "--target", "stable", "--json").stdout)
    assert (verdict["target"], verdict["recorded"]) == ("stable", None)


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "nonsense",
        '["a"]',
        '{"values": [1], "target": "go9"}',
        "[1.5]",
        "null",
        '{"values": [1], "target": ["go1.12"]}',
        '{"values": [1], "comparisons": "9"}',
        '{"values": [1], "comparisons": true}',
        '{"values": [1], "size": 2}',
        '{"values": [1], "values": [2]}',
        '{"values": [1], "taget": "go1.24"}',
        '{"values": [1], "run_id": "r"}',
        '["\\ud800"]',
    ],
)
@pytest.mark.parametrize("command", READERS)
def test_a_file_with_something_else_is_refused(tmp_path: Path, command: tuple[str, ...], content: str) -> None:
    """Exit code 2, naming the file, or the line of a stream, and what is allowed."""
    path = tmp_path / "bad.json"
    path.write_text(content)
    said = worstsort(*command, str(path), code=2).stderr
    assert ("line 1" if command == ("count",) else "bad.json") in said
    assert "allowed" in said


@pytest.mark.parametrize("command", [("verify",), ("transfer",), ("minimise",), ("export", "--csv")])
def test_a_file_that_is_not_there_is_told(command: tuple[str, ...]) -> None:
    """By its name."""
    assert "'nowhere.json' does not exist" in worstsort(*command, "nowhere.json", code=2).stderr


def test_a_run_id_that_no_execution_can_have_is_refused_before_anything_is_asked() -> None:
    """No cloud is there, and none is missed."""
    said = worstsort("start", "--name", "a b!", code=2).stderr
    assert "--name: given 'a b!', allowed: letters, digits, - and _, at most 80" in said


@pytest.mark.parametrize("command", [("verify",), ("count",), ("run", "--input")])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    """With where that shows, and what is expected."""
    path = tmp_path / "binary.json"
    path.write_bytes(b"[1, \xff]")
    assert "byte 4: given b'\\xff', allowed: text in UTF-8" in worstsort(*command, str(path), code=2).stderr


@pytest.mark.long
def test_transfer_counts_with_every_sort(champion: Path) -> None:
    """A row an input; the sort that it is for is marked."""
    (row,) = json.loads(worstsort("transfer", str(champion), "--json").stdout)
    values = json.loads(champion.read_text())["values"]
    assert row["comparisons"] == {name: count_plain(values, name) for name in TARGETS}
    assert set(row["of_random"]) == set(TARGETS)
    text = worstsort("transfer", str(champion)).stdout
    assert "x)*" in text
    assert "\x1b" not in text


@pytest.mark.long
def test_minimise_tells_and_writes_a_simpler_input(champion: Path, tmp_path: Path) -> None:
    """With fewer inversions, and still the share of the comparisons."""
    output = tmp_path / "simple.json"
    found = json.loads(
        worstsort("minimise", str(champion), "--budget", "2000", "-o", str(output), "--json").stdout
    )  # fmt: skip
    assert json.loads(output.read_text()) == found
    assert found["comparisons"] == count_plain(found["values"], "go1.12") >= 0.95 * found["minimised"]["comparisons"]
    assert found["minimised"]["after"] < found["minimised"]["before"]
    assert "inversions" in worstsort("minimise", str(champion), "--budget", "2000").stdout


@pytest.mark.long
def test_estimate_says_what_a_run_would_take_and_cost() -> None:
    """Service by service, from prices with their date."""
    given = ("--preset", "classic", "--population", "50", "--islands", "4", "--max-epochs", "3")
    found = json.loads(worstsort("estimate", *given, "--json").stdout)
    assert found["evaluations"] == 4 * 3 * 20 * 50
    assert found["total_dollars"] == pytest.approx(sum(found["dollars"].values()))
    assert found["prices"]["as_of"]
    assert "total" in worstsort("estimate", *given, "--on-demand").stdout


def test_estimate_refuses_what_could_not_run() -> None:
    """As the run itself would."""
    assert "islands: given 0" in worstsort("estimate", "--islands", "0", code=2).stderr


def test_a_stop_that_is_no_object_is_refused_whatever_the_options(tmp_path: Path) -> None:
    """An option laid over it hides nothing."""
    path = tmp_path / "input.json"
    path.write_text('{"stop": 3}')
    said = worstsort("estimate", "--input", str(path), "--max-epochs", "3", code=2).stderr
    assert "stop: given 3, allowed: an object" in said


def test_no_color_is_honoured(champion: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where colours are forced on."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    text = worstsort("transfer", str(champion)).stdout
    assert "\x1b[3" not in text


@pytest.mark.parametrize(("command", "options"), [("export", ["--json"]), ("minimise", [])])
def test_a_file_that_cannot_be_written_is_refused_before_any_work(
    champion: Path, tmp_path: Path, command: str, options: list[str]
) -> None:
    """A folder that is missing, and a folder instead of a file; the message names the option and the path."""
    for output in (tmp_path / "missing" / "file", tmp_path):
        said = worstsort(command, str(champion), *options, "-o", str(output), code=2).stderr
        assert "Invalid value for '--output' / '-o'" in said
        assert str(output) in said


@pytest.fixture
def own_sort(monkeypatch: pytest.MonkeyPatch) -> str:
    """Register a sort that is not Go's; returns its name."""
    monkeypatch.setitem(vars(TARGETS), "_targets", dict(vars(TARGETS)["_targets"]))
    register(Target(name="own", sort=TARGETS["heapsort"].sort))
    return "own"


def test_no_go_file_is_written_for_a_sort_that_is_not_in_go(champion: Path, own_sort: str) -> None:
    """It would call another sort, and fail."""
    result = worstsort("export", str(champion), "--target", own_sort, "--go", code=2)
    assert f"target: given '{own_sort}', allowed: one of Go's sorts" in result.stderr


def test_verify_says_that_real_go_has_no_such_sort(champion: Path, own_sort: str) -> None:
    """It looks for no compiler of "not in Go"."""
    result = worstsort("verify", str(champion), "--target", own_sort)
    assert "real Go       not counted: this sort is not Go's" in result.stdout
