"""What a champion from somebody else can do: be counted, or be refused."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.hostile import ANYTHING, TEXTS, VALUES, a_champion, champions, file_names
from worstsort.artefacts.go_test_file import GoTest
from worstsort.artefacts.origin import file_origin
from worstsort.foreign.errors import TargetRefused
from worstsort.gosort import count_plain
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused
from worstsort_cli.files import run_input
from worstsort_cli.files.formats import FORMATS
from worstsort_cli.main import explain, main
from worstsort_cli.tools import go_toolchain

READERS = (("count",), ("verify",), ("transfer",), ("minimise", "--budget", "1"))
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
"""A comment, as Go and C end it."""

CALM = settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def no_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide Go from the machine: it gets nothing but numbers, and compiling takes seconds."""
    monkeypatch.setattr(go_toolchain, "_candidates", lambda: iter(()))


def run(*arguments: str) -> Result:
    """Run a command, which does its work or refuses, and says so harmlessly."""
    result = CliRunner().invoke(main, arguments)
    assert "unexpected" not in result.stderr, result.stderr
    assert result.exit_code in {0, 1, 2}
    assert result.exit_code != 1 or "the counts differ" in result.stderr
    assert result.stderr.replace("\n", "").isprintable()
    return result


def code_of(source: bytes) -> str:
    """Return what a compiler would see of a source, whose words in comments are harmless too."""
    text = source.decode()
    assert re.sub(r"[\n\t]", "", text).isprintable()
    return COMMENT.sub("", text)


def numbers_in(form: str, content: bytes) -> list[int]:
    """Return the numbers that a reader of a format finds in a file, in which there is nothing else."""
    if form == "json":
        found: list[int] = json.loads(content)
        return found
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode())))
        assert rows[0] == ["position", "value"]
        return [int(value) for _, value in rows[1:]]
    if form == "npy":
        return [int(value) for value in np.load(io.BytesIO(content), allow_pickle=False)]
    if form == "svg":
        picture = ET.fromstring(content)  # noqa: S314 - it is ours; a parser must be able to read it
        names = {element.tag.rpartition("}")[2] for element in picture.iter()}
        assert names <= {"svg", "title", "style", "rect", "text", "line", "path", "g", "circle"}
        assert not any(attribute.startswith("on") for element in picture.iter() for attribute in element.attrib)
        return VALUES
    literal = re.search(r"\{\n(.*?)\n\}", code_of(content), re.DOTALL)
    assert literal is not None
    return [int(number) for number in re.findall(r"-?\d+(?=[,)])", literal[1])]


def check_exports(path: Path) -> None:
    """Check that each format holds the numbers alone, or none is made."""
    for form in FORMATS:
        output = path.with_name("output")
        result = run("export", str(path), f"--{form}", "-o", str(output))
        if result.exit_code == 0:
            values = json.loads(path.read_bytes())
            values = values["values"] if isinstance(values, dict) else values
            assert numbers_in(form, output.read_bytes()) == (VALUES if form == "svg" else values)
            output.unlink()


def try_all(name: str, content: Any) -> None:
    """Hand a file to each command and have it written in each format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(json.dumps(content))
        for command in READERS:
            assert run(*command, str(path)).stdout.replace("\n", "").isprintable()
            run(*command, str(path), "--json")
        check_exports(path)


@pytest.mark.slow
@CALM
@given(champions(), file_names())
def test_whatever_is_in_a_champion_it_is_counted_or_refused(content: Any, name: str) -> None:
    """By every command, into every format, whatever its file is called."""
    try_all(name, content)


FRAGMENTS = [
    b"[",
    b"]",
    b"{",
    b"}",
    b'"',
    b"\\",
    b":",
    b",",
    b"1",
    b"-",
    b"e9",
    b"\n",
    b"\r",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\x00",
]
FRAGMENTS += [b'"values"', b'"\\ud800"', b"NaN", b"null", b"9" * 20, b"9" * 5000, b"[" * 5000, b'{"a":' * 2000]


@pytest.mark.long
@settings(CALM, max_examples=200)
@given(st.binary() | st.lists(st.sampled_from(FRAGMENTS)).map(b"".join))
@example(b"[" * 9_999)
@example(b'{"a":' * 4_999)
@example(b"[1, 2]\n" + b"9" * 4301)
def test_whatever_bytes_are_in_a_file_they_are_counted_or_refused(content: bytes) -> None:
    """As one document, and as a stream of them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bytes"
        path.write_bytes(content)
        for command in ("count", "verify"):
            assert run(command, str(path)).stdout.replace("\n", "").isprintable()


@pytest.mark.long
@settings(CALM, max_examples=100)
@given(st.dictionaries(st.sampled_from([*RunConfig.model_fields, *TEXTS]), ANYTHING, min_size=1))
def test_whatever_is_in_a_run_input_it_is_refused_harmlessly(content: dict[str, Any]) -> None:
    """Before anything is started, or it is a configuration as good as any."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input.json"
        path.write_text(json.dumps(content))
        try:
            with path.open("rb") as file:
                run_input.read(file, {})
        except (InputRefused, TargetRefused) as refused:
            message, code = explain(refused)
            assert code == 2
            assert message.replace("\n", "").isprintable()


@pytest.mark.long
@pytest.mark.parametrize("field", ["run_id", "target", "preset", "representation", "code_version"])
@pytest.mark.parametrize("text", TEXTS[:3] + TEXTS[7:10])
def test_text_that_a_champion_cannot_have_is_refused_everywhere(tmp_path: Path, field: str, text: str) -> None:
    """Before anything is written or said of it."""
    path = tmp_path / "champion.json"
    path.write_text(json.dumps(a_champion() | {field: text}))
    for command in (*READERS, *(("export", f"--{form}") for form in FORMATS)):
        result = run(*command, str(path))
        assert result.exit_code == 2
        assert f"{field}: given" in result.stderr


@settings(CALM, max_examples=200)
@given(file_names())
@example("*" + "/ int owned; /" + "*")
def test_a_file_name_changes_nothing_but_a_comment(name: str) -> None:
    """In Go and in C, whose code is the same for every name."""
    plain, hostile = (GoTest(VALUES, "go1.12", 12, origin).render() for origin in ("", file_origin(name)))
    assert code_of(hostile.encode()) == code_of(plain.encode())
    assert len(hostile.splitlines()) == len(plain.splitlines())


@pytest.mark.long
@pytest.mark.skipif(shutil.which("gcc") is None, reason="no C compiler is here")
def test_a_compiler_finds_nothing_in_a_file_name(tmp_path: Path) -> None:
    """The header of each hostile name compiles without a warning, and prints its values, nothing else."""
    for number, text in enumerate(TEXTS):
        source = tmp_path / ("x" + text.replace("/", "").replace("\x00", "").replace("\ud800", "\udcff")[:100])
        source.write_text(json.dumps(VALUES))
        output = tmp_path / f"{number}.c"
        assert run("export", str(source), "--c", "-o", str(output)).exit_code == 0
        with output.open("a") as file:
            file.write("#include <stdio.h>\nint main(void) { for (size_t i = 0; i < worstsort_size; i++) ")
            file.write('printf("%d ", (int)worstsort_values[i]); }\n')
        flags = ["-std=c99", "-trigraphs", "-Wall", "-Wextra", "-Werror", "-o", str(tmp_path / "program")]
        subprocess.run(["gcc", *flags, str(output)], check=True, capture_output=True)
        printed = subprocess.run([tmp_path / "program"], check=True, capture_output=True, text=True).stdout
        assert printed == "1 6 3 4 5 2 "


def test_what_is_exported_again_says_the_same(tmp_path: Path) -> None:
    """What minimise writes about a file with an undecodable name is read by all the others."""
    source, output = tmp_path / "x\udcff\x1b.json", tmp_path / "simple.json"
    source.write_text(json.dumps(a_champion()))
    assert run("minimise", str(source), "--budget", "1", "-o", str(output)).exit_code == 0
    counted = run("count", str(output)).stdout
    assert int(counted) == count_plain(json.loads(output.read_text())["values"], "go1.12")
