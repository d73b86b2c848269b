"""How commands speak: what is foreign is shown, and obeyed by nobody."""

from __future__ import annotations

import ast
import io
import json
import os
import subprocess
from typing import TYPE_CHECKING, TypeGuard

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from tests.support.command import COMMAND, ROOT
from worstsort_cli import output
from worstsort_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CLI = ROOT / "cli" / "worstsort_cli"
SOURCES = sorted(path for path in CLI.rglob("*.py") if path != CLI / "output.py")
SPEAKERS = {"echo", "secho", "echo_via_pager", "print", "print_exc", "print_exception", "from_markup"}
"""Functions that would print, or read markup, past `worstsort_cli.output`."""

HOSTILE = "[red]x[/red] [/] :bug: \x1b]0;t\x07\x1b[31m\x9b\u202e\u2066\udcff\r\n\x7f"


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call in a module, by the last part of its name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node


def is_plain(argument: ast.expr) -> bool:
    """Whether a cell is text in which no markup is read."""
    return isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name) and argument.func.id == "text"


def is_stream(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """Whether this is sys.stdout or sys.stderr."""
    return isinstance(node, ast.Attribute) and ast.unparse(node) in {"sys.stdout", "sys.stderr"}


def markup_readers(path: Path) -> list[int]:
    """Return the lines of a module that let text be printed, or read for markup, past `worstsort_cli.output`."""
    streams = [node for node in ast.walk(ast.parse(path.read_text())) if is_stream(node)]
    found = [stream.lineno for stream in streams]
    for name, call in calls(path):
        reads = name in SPEAKERS
        if name == "TextColumn":
            reads = not any(
                keyword.arg == "markup" and not ast.literal_eval(keyword.value) for keyword in call.keywords
            )
        if name == "add_row":
            reads = not all(map(is_plain, call.args))
        if reads:
            found.append(call.lineno)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(CLI)))
def test_no_module_prints_or_reads_markup_past_the_one_that_speaks(path: Path) -> None:
    """Whatever it says, `worstsort_cli.output` says."""
    assert markup_readers(path) == []


@pytest.mark.parametrize(
    "line",
    [
        'console.print(f"[bold]{x}[/bold]")',
        "click.echo(name)",
        "print(name)",
        "sys.stdout.write(name)",
        'TextColumn("{task.description}")',
        "table.add_row(label, text(content))",
    ],
)
def test_the_scan_notices_markup_and_printing(tmp_path: Path, line: str) -> None:
    """Each way on its own."""
    path = tmp_path / "module.py"
    path.write_text(line)
    assert markup_readers(path) == [1]


def spoken(speak: Callable[[], object]) -> tuple[str, str]:
    """Return what a function prints on standard output and error, as bytes of a terminal would be read."""
    with CliRunner().isolation() as (out, err, _):
        speak()
    return out.getvalue().decode(), err.getvalue().decode()


@settings(deadline=None)
@given(st.text(st.characters()))
@example(HOSTILE)
def test_text_is_shown_and_never_obeyed(given: str) -> None:
    """As a line, a cell, a message, a document: no control character but our own line break."""
    for speak in (
        lambda: output.print_line(given),
        lambda: output.print_result(given),
        lambda: output.print_table(["x", given], [[given, 1], [given, None]]),
        lambda: output.print_error(given),
        lambda: output.print_json({given: given}),
    ):
        out, err = spoken(speak)
        assert (out + err).replace("\n", "").isprintable()


@pytest.mark.parametrize("given", ["runs[old]/x.json", "a[/b].json", "[bold]x[/bold]", ":bug:", "\\[x]"])
def test_nothing_that_looks_like_markup_is_lost(given: str) -> None:
    """In a line, and in a table."""
    assert given in spoken(lambda: output.print_line(given))[0]
    assert given in spoken(lambda: output.print_table([given], [[given]]))[0]


def test_a_terminal_too_narrow_for_a_table_gets_a_line_for_each_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole, in the order of the columns, without what is empty; one that is wide enough gets the table."""
    rows: list[list[object]] = [["go1.24", "proven optimal"], ["go1.12", None]]
    shown = {}
    for columns in (20, 40):
        terminal = Console(
            file=(out := io.StringIO()), width=columns, force_terminal=True, color_system=None, _environ={}
        )
        monkeypatch.setattr(output, "console", lambda terminal=terminal: terminal)
        output.print_table(["target", "of bound"], rows)
        shown[columns] = [line.rstrip() for line in out.getvalue().splitlines()]
    assert shown[20] == ["target    go1.24", "of bound  proven optimal", "", "target    go1.12"]
    assert shown[40] == ["target  of bound", "go1.24  proven optimal", "go1.12"]


def test_a_terminal_gets_the_colours_of_the_command_alone() -> None:
    """A style is asked for by the command, not by the text."""
    terminal = Console(file=(out := io.StringIO()), force_terminal=True, color_system="truecolor", _environ={})
    output.print_line("[red]x\x1b[31m", terminal, style="bold")
    assert out.getvalue() == "\x1b[1m[red]x\\x1b[31m\x1b[0m\n"


def test_json_is_read_back_as_it_was() -> None:
    """Whatever is in it."""
    assert json.loads(spoken(lambda: output.print_json([HOSTILE]))[0]) == [HOSTILE]


@pytest.mark.parametrize(
    "arguments", [(HOSTILE,), (f"--{HOSTILE}",), ("verify", HOSTILE), ("count", "--target", HOSTILE)]
)
def test_what_the_command_line_refuses_is_said_harmlessly(arguments: tuple[str, ...]) -> None:
    """Exit code 2, and no control character in the message."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "Error:" in result.stderr
    assert result.output.replace("\n", "").isprintable()


def left_after_one_line(*arguments: str, lines: bytes) -> tuple[int, bytes, bytes]:
    """Run a command whose reader leaves after one line; return its exit code, that line and its messages."""
    with subprocess.Popen(
        [*COMMAND, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(lines[:1000])
        process.stdin.flush()
        first = process.stdout.readline()
        process.stdout.close()
        try:
            process.stdin.write(lines[1000:])
            process.stdin.close()
        except BrokenPipeError:
            pass  # the command has ended already
        return process.wait(timeout=60), first, process.stderr.read()


@pytest.mark.long
def test_count_ends_quietly_when_its_reader_leaves() -> None:
    """As with `| head -1`."""
    assert left_after_one_line("count", lines=b"[3, 1, 2]\n" * 100_000) == (0, b"3\n", b"")


@pytest.mark.long
def test_a_command_whose_reader_has_left_still_does_its_work(tmp_path: Path) -> None:
    """It writes its file, and its exit code still tells what it found."""
    values, written = tmp_path / "values.json", tmp_path / "out.csv"
    values.write_text("[3, 1, 2]")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, "export", str(values), "--csv", "-o", str(written)],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
    assert written.read_text() == "position,value\n0,3\n1,1\n2,2\n"


@pytest.mark.long
def test_a_terminal_without_a_letter_gets_it_written_out(tmp_path: Path) -> None:
    """Instead of an error."""
    path = tmp_path / "größe.json"
    path.write_text("[3, 1, 2]")
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PATH": ""}
    done = subprocess.run([*COMMAND, "transfer", str(path)], env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"gr\\xf6\\xdfe.json" in done.stdout


@pytest.mark.parametrize(
    "say", [lambda: output.print_json({}), lambda: output.print_result("line"), lambda: output.print_file(b"file")]
)
def test_a_reader_who_has_left_is_noticed(monkeypatch: pytest.MonkeyPatch, say: Callable[[], None]) -> None:
    """ReaderLeft ends the command; what is printed after it goes nowhere, and is no error."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        with pytest.raises(output.ReaderLeft):
            say()
        output.print_line("more")
        stream.write("and more")
        monkeypatch.undo()


def test_a_terminal_gets_long_lines_wrapped_on_words_and_a_pipe_gets_them_whole() -> None:
    """What continues a line is four columns further in than its beginning; a path is not cut apart."""
    line = (
        "  upper bound  2,378   no 100 distinct integers take more; files: runs/a-very-long-name-of-a-run/report.html"
    )
    for width in (30, 60):
        written = io.StringIO()
        output.print_wrapped(line, Console(file=written, width=width, force_terminal=True, color_system=None))
        shown = written.getvalue().splitlines()
        assert " ".join(" ".join(shown).split()) == " ".join(line.split())
        assert max(len(part) for part in shown if "/" not in part) <= width
        assert all(len(part) - len(part.lstrip()) == 6 for part in shown[1:])
    written = io.StringIO()
    output.print_wrapped(line, Console(file=written, width=30))
    assert written.getvalue() == f"{line}\n"
