"""What real Go says of what the commands make of an input."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from worstsort.artefacts.go_versions import releases
from worstsort.gosort import TARGETS, antiquicksort, count_plain
from worstsort_cli.main import main
from worstsort_cli.tools.go_toolchain import Toolchain, find

FOUND = find()
GO = [one for one in FOUND if not one.is_gccgo]

pytestmark = [pytest.mark.oracle, pytest.mark.skipif(not FOUND, reason="no Go compiler is here")]


def input_file(folder: Path, target: str, size: int = 80) -> Path:
    """An input that antiquicksort made, with the count that it should have."""
    values = antiquicksort(size, target)
    path = folder / f"{target}.json"
    path.write_text(json.dumps({"target": target, "comparisons": count_plain(values, target), "values": values}))
    return path


def export(path: Path, folder: Path) -> None:
    """Put the Go file of an input into a module of its own."""
    folder.mkdir(exist_ok=True)
    (folder / "go.mod").write_text("module worstcase\n\ngo 1.12\n")
    output = folder / f"{path.stem.replace('.', '_')}_test.go"
    result = CliRunner().invoke(main, ["export", str(path), "--go", "-o", str(output)])
    assert result.exit_code == 0, result.output


def go(compiler: Toolchain, folder: Path, *arguments: str, **environment: str) -> str:
    """Run the go command; returns what it printed."""
    done = subprocess.run(
        [compiler.command, *arguments], cwd=folder, env=os.environ | {"GOTOOLCHAIN": "local"} | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("target", TARGETS)
def test_verify_has_real_go_count_what_plain_python_counts(tmp_path: Path, target: str) -> None:
    """With every compiler found whose release has that sort."""
    result = CliRunner().invoke(main, ["verify", str(input_file(tmp_path, target)), "--json"])
    assert result.exit_code == 0, result.output
    (verdict,) = json.loads(result.stdout)
    assert {one["command"] for one in verdict["go"]} == {one.command for one in FOUND if one.serves(target)}
    assert {one["comparisons"] for one in verdict["go"]} <= {verdict["plain_python"]}


def test_verify_sees_through_a_wrong_count(tmp_path: Path) -> None:
    """Real Go and plain Python against the record."""
    path = input_file(tmp_path, "stable")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"comparisons": 1}))
    result = CliRunner().invoke(main, ["verify", str(path), "--json"])
    assert result.exit_code == 1
    assert not json.loads(result.stdout)[0]["agrees"]


@pytest.mark.skipif(not GO, reason="no go command is here")
@pytest.mark.parametrize("compiler", GO, ids=lambda one: f"1.{one.minor}")
def test_the_exported_file_asserts_its_count_or_skips_with_the_reason(tmp_path: Path, compiler: Toolchain) -> None:
    """All targets in one package: passed within their releases, skipped on others; vet and gofmt find nothing."""
    for target in TARGETS:
        export(input_file(tmp_path, target), tmp_path / "module")
    printed = go(compiler, tmp_path / "module", "test", "-v", ".")
    for sort in TARGETS.values():
        name = sort.name.replace(".", "").title()
        passed = compiler.minor in releases(sort)
        assert f"--- {'PASS' if passed else 'SKIP'}: TestWorstsort{name}N80" in printed
    assert f"this is go1.{compiler.minor}" in printed
    go(compiler, tmp_path / "module", "vet", ".")


@pytest.mark.skipif(not GO, reason="no go command is here")
def test_the_exported_file_is_formatted_as_gofmt_would(tmp_path: Path) -> None:
    """A programmer's editor changes nothing in it."""
    beside = (Path(one.command).resolve().with_name("gofmt") for one in GO)
    gofmt = next((path for path in beside if path.exists()), None)
    if gofmt is None:
        pytest.skip("no gofmt is beside a go command")
    for target in TARGETS:
        export(input_file(tmp_path, target), tmp_path / "module")
    done = subprocess.run([gofmt, "-l", "."], cwd=tmp_path / "module", capture_output=True, text=True, check=True)
    assert done.stdout == ""


@pytest.mark.skipif(not GO, reason="no go command is here")
def test_a_wrong_count_in_the_exported_file_fails_its_test(tmp_path: Path) -> None:
    """The assertion is one."""
    path = tmp_path / "module"
    export(input_file(tmp_path, "stable"), path)
    source = path / "stable_test.go"
    source.write_text(source.read_text().replace("data.comparisons != ", "data.comparisons != 1"))
    done = subprocess.run([GO[0].command, "test", "."], cwd=path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "comparisons, want" in done.stdout


@pytest.mark.skipif(not GO, reason="no go command is here")
def test_the_exported_file_benchmarks_against_random_input(tmp_path: Path) -> None:
    """Two sub-benchmarks."""
    export(input_file(tmp_path, "heapsort"), tmp_path / "module")
    printed = go(GO[0], tmp_path / "module", "test", "-run", "-", "-bench", "Worstsort", "-benchtime", "10x")
    assert "/champion" in printed
    assert "/random" in printed


@pytest.mark.skipif(
    len(GO) == len(FOUND) or min((one.minor for one in GO), default=99) > 20,
    reason="no gccgo is here, or no go command old enough to drive it",
)
def test_the_exported_file_runs_with_gccgo_when_told_its_release(tmp_path: Path) -> None:
    """Gccgo does not tell its release; WORSTSORT_GO does."""
    gccgo = next(one for one in FOUND if one.is_gccgo)
    export(input_file(tmp_path, "go1.12"), tmp_path / "module")
    arguments = ("test", "-vet=off", "-compiler", "gccgo", "-v", ".")
    oldest = min(GO, key=lambda one: one.minor)
    printed = go(oldest, tmp_path / "module", *arguments, GCCGO=gccgo.command, WORSTSORT_GO=f"go1.{gccgo.minor}")
    assert "--- PASS" in printed
