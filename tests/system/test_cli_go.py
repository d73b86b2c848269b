"""Real Go confirms what the commands make of an input."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.hostile import TEXTS
from worstsort.gosort import TARGETS, antiquicksort, count_plain
from worstsort.gosort.go_calls import FUNCTIONS
from worstsort_cli.main import main
from worstsort_cli.tools.go_toolchain import Toolchain, find

FOUND = find()
GO = [toolchain for toolchain in FOUND if not toolchain.is_gccgo]

pytestmark = [pytest.mark.oracle, pytest.mark.skipif(not FOUND, reason="no Go compiler is here")]


def input_file(folder: Path, target: str, size: int = 80) -> Path:
    """Write an input made by antiquicksort, with its count."""
    values = antiquicksort(size, target)
    path = folder / f"{target}.json"
    path.write_text(json.dumps({"target": target, "comparisons": count_plain(values, target), "values": values}))
    return path


def export(path: Path, folder: Path) -> None:
    """Put the Go file of an input into a Go module of its own."""
    folder.mkdir(exist_ok=True)
    (folder / "go.mod").write_text("module worstcase\n\ngo 1.12\n")
    output = folder / f"{path.stem.replace('.', '_')}_test.go"
    result = CliRunner().invoke(main, ["export", str(path), "--go", "-o", str(output)])
    assert result.exit_code == 0, result.output


def go(compiler: Toolchain, folder: Path, *arguments: str, **environment: str) -> str:
    """Run the go command, and return its output."""
    done = subprocess.run(
        [compiler.command, *arguments], cwd=folder, env=os.environ | {"GOTOOLCHAIN": "local"} | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("target", TARGETS)
def test_verify_compares_real_go_with_plain_python(tmp_path: Path, target: str) -> None:
    """Every compiler whose release has the sort gives the same count."""
    result = CliRunner().invoke(main, ["verify", str(input_file(tmp_path, target)), "--json"])
    assert result.exit_code == 0, result.output
    (verdict,) = json.loads(result.stdout)
    assert {count["command"] for count in verdict["go"]} == {found.command for found in FOUND if found.serves(target)}
    assert {count["comparisons"] for count in verdict["go"]} <= {verdict["plain_python"]}


def test_verify_notices_a_wrong_count(tmp_path: Path) -> None:
    """Real Go and plain Python contradict the recorded count."""
    path = input_file(tmp_path, "stable")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"comparisons": 1}))
    result = CliRunner().invoke(main, ["verify", str(path), "--json"])
    assert result.exit_code == 1
    assert not json.loads(result.stdout)[0]["agrees"]


@pytest.mark.skipif(not GO, reason="no go command was found")
@pytest.mark.parametrize("compiler", GO, ids=lambda toolchain: f"1.{toolchain.minor}")
def test_the_exported_file_asserts_its_count_or_skips_with_the_reason(tmp_path: Path, compiler: Toolchain) -> None:
    """All targets in one package: tests pass within their releases and skip on others; vet finds nothing."""
    for target in TARGETS:
        export(input_file(tmp_path, target), tmp_path / "module")
    printed = go(compiler, tmp_path / "module", "test", "-v", ".")
    for sort in TARGETS.values():
        name = sort.name.replace(".", "").title()
        passed = compiler.minor in sort.releases
        assert f"--- {'PASS' if passed else 'SKIP'}: TestWorstsort{name}N80" in printed
    assert f"this is go1.{compiler.minor}" in printed
    go(compiler, tmp_path / "module", "vet", ".")


@pytest.mark.skipif(not GO, reason="no go command was found")
def test_what_a_hostile_file_is_called_is_a_comment_to_go(tmp_path: Path) -> None:
    """Names that would end a comment or a line: all in one package, whose tests pass and do nothing else."""
    for size, text in enumerate(TEXTS, start=10):
        name = text.replace("/", "").replace("\x00", "").replace("\ud800", "\udcff")[:100]
        source = tmp_path / f"x{name}"
        source.write_text(json.dumps(antiquicksort(size, "stable")))
        output = tmp_path / "module" / f"{size}_test.go"
        output.parent.mkdir(exist_ok=True)
        assert (
            CliRunner().invoke(main, ["export", str(source), "--go", "--target", "stable", "-o", str(output)]).exit_code
            == 0
        )
    (tmp_path / "module" / "go.mod").write_text("module worstcase\n\ngo 1.12\n")
    printed = go(GO[0], tmp_path / "module", "test", "-v", ".")
    assert printed.count("--- PASS: TestWorstsortStableN") == len(TEXTS)


@pytest.mark.skipif(not GO, reason="no go command was found")
def test_the_exported_file_is_formatted_as_gofmt_would(tmp_path: Path) -> None:
    """An editor that runs gofmt changes nothing in it."""
    candidates = (Path(toolchain.command).resolve().with_name("gofmt") for toolchain in GO)
    gofmt = next((path for path in candidates if path.exists()), None)
    if gofmt is None:
        pytest.skip("no go command has a gofmt in its folder")
    for target in TARGETS:
        export(input_file(tmp_path, target), tmp_path / "module")
    done = subprocess.run([gofmt, "-l", "."], cwd=tmp_path / "module", capture_output=True, text=True, check=True)
    assert done.stdout == ""


@pytest.mark.skipif(not GO, reason="no go command was found")
def test_a_wrong_count_in_the_exported_file_fails_its_test(tmp_path: Path) -> None:
    """The assertion can fail."""
    path = tmp_path / "module"
    export(input_file(tmp_path, "stable"), path)
    source = path / "stable_test.go"
    source.write_text(source.read_text().replace("data.comparisons != ", "data.comparisons != 1"))
    done = subprocess.run([GO[0].command, "test", "."], cwd=path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "comparisons, want" in done.stdout


@pytest.mark.skipif(not GO, reason="no go command was found")
def test_the_exported_file_benchmarks_against_random_input(tmp_path: Path) -> None:
    """It has two sub-benchmarks."""
    export(input_file(tmp_path, "heapsort"), tmp_path / "module")
    printed = go(GO[0], tmp_path / "module", "test", "-run", "-", "-bench", "Worstsort", "-benchtime", "10x")
    assert "/champion" in printed
    assert "/random" in printed


@pytest.mark.skipif(
    len(GO) == len(FOUND) or min((toolchain.minor for toolchain in GO), default=99) > 20,
    reason="no gccgo is here, or no go command old enough to drive it",
)
def test_the_exported_file_runs_with_gccgo_when_told_its_release(tmp_path: Path) -> None:
    """Gccgo does not report its release, so WORSTSORT_GO gives it."""
    gccgo = next(toolchain for toolchain in FOUND if toolchain.is_gccgo)
    export(input_file(tmp_path, "go1.12"), tmp_path / "module")
    arguments = ("test", "-vet=off", "-compiler", "gccgo", "-v", ".")
    oldest = min(GO, key=lambda toolchain: toolchain.minor)
    printed = go(oldest, tmp_path / "module", *arguments, GCCGO=gccgo.command, WORSTSORT_GO=f"go1.{gccgo.minor}")
    assert "--- PASS" in printed


@pytest.mark.skipif(not GO, reason="no go command was found")
@pytest.mark.parametrize("compiler", GO, ids=lambda toolchain: f"1.{toolchain.minor}")
def test_the_exported_files_fit_into_a_package_of_the_user(tmp_path: Path, compiler: Toolchain) -> None:
    """They are tested and benchmarked among its own files, by every function that its Go has; gofmt and vet agree."""
    package = tmp_path / "mine"
    package.mkdir()
    (package / "mine.go").write_text("package mine\n\n// Answer is a part of the package.\nconst Answer = 42\n")
    for target in TARGETS:
        export(input_file(tmp_path, target), package)
    printed = go(compiler, package, "test", "-v", "-bench", "Worstsort", "-benchtime", "2x", ".")
    pattern = r"^BenchmarkWorstsort\S+/(\S+)/champion\S*\s.* comparisons/op\s.* times-random"
    slices = {"slices.SortFunc", "slices.SortStableFunc"}
    has_slices = compiler.minor >= FUNCTIONS["slices.SortFunc"].since
    everywhere = {"sort.Sort", "sort.Slice", "sort.Stable", "sort.SliceStable", "heapsort"}
    assert set(re.findall(pattern, printed, re.MULTILINE)) == everywhere | (slices if has_slices else set())
    go(compiler, package, "vet", ".")
    formatter = Path(go(compiler, package, "env", "GOROOT").strip()) / "bin" / "gofmt"
    unformatted = subprocess.run([formatter, "-l", "."], cwd=package, capture_output=True, text=True, check=True)
    assert unformatted.stdout == ""
