"""The package that an exported Go file belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.go_package import beside
from worstsort_cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def write(folder: Path, **sources: str) -> Path:
    """Write Go files, and return the path of the one that is to be exported."""
    for name, source in sources.items():
        (folder / f"{name}.go").write_text(source)
    return folder / "worst_test.go"


def export(folder: Path, *arguments: str) -> Result:
    """Export a small input for the newest Go."""
    (folder / "in.json").write_text("[3, 1, 2]")
    return CliRunner().invoke(main, ["export", str(folder / "in.json"), "--target", "go1.24", "--go", *arguments])


@pytest.mark.parametrize(
    ("sources", "package"),
    [
        ({}, "worstcase"),
        ({"a": "package mine\n"}, "mine"),
        ({"a": "// package other\n/*\npackage another\n*/\n\npackage mine // so\n"}, "mine"),
        ({"a": "package mine", "a_test": "package mine_test"}, "mine"),
        ({"a_test": "package mine_test"}, "mine_test"),
        ({"a": "package mine", "gen": "//go:build ignore\n\npackage main"}, "mine"),
        ({"a": "package mine", "gen": "// +build ignore\n\npackage main"}, "mine"),
        ({"a": "no Go at all"}, "worstcase"),
    ],
)
def test_a_file_belongs_to_the_package_of_the_files_beside_it(
    tmp_path: Path, sources: dict[str, str], package: str
) -> None:
    """Comments and programs that a package ignores do not count."""
    assert beside(write(tmp_path, **sources)) == package


def test_the_file_that_is_written_again_says_nothing(tmp_path: Path) -> None:
    """A package that was renamed is followed."""
    output = write(tmp_path, a="package mine")
    output.write_text("package old")
    assert beside(output) == "mine"


def test_several_packages_are_a_question(tmp_path: Path) -> None:
    """The answer is an option, and nothing is written before."""
    output = write(tmp_path, a="package mine", b="package other")
    with pytest.raises(CommandFailed, match="several packages: choose one with --package: mine, other"):
        beside(output)
    assert export(tmp_path, "-o", str(output)).exit_code == 1
    assert not output.exists()
    assert export(tmp_path, "-o", str(output), "--package", "other").exit_code == 0
    assert "\npackage other\n" in output.read_text()


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a.b", "func", "_", "a b", "ä", "x;import"])
def test_what_no_package_can_be_called_is_refused(tmp_path: Path, name: str) -> None:
    """Before the file would not compile."""
    result = export(tmp_path, "--package", name)
    assert result.exit_code == 2
    assert "is not the name of a Go package" in result.stderr


def test_a_package_is_only_for_the_go_file(tmp_path: Path) -> None:
    """It would be ignored without a word."""
    (tmp_path / "in.json").write_text("[3, 1, 2]")
    result = CliRunner().invoke(main, ["export", str(tmp_path / "in.json"), "--json", "--package", "mine"])
    assert result.exit_code == 2
    assert "--package is for the Go file" in result.stderr


@pytest.mark.parametrize("forms", [("--json", "--svg"), ("--csv", "--c-test"), ("--c", "--npy", "--go")])
def test_one_format_is_written(tmp_path: Path, forms: tuple[str, ...]) -> None:
    """Of two, one would be left out without a word; export and construct have the same options."""
    (tmp_path / "in.json").write_text("[3, 1, 2]")
    for command in (["export", str(tmp_path / "in.json")], ["construct", "--size", "3"]):
        result = CliRunner().invoke(main, [*command, *forms, "-o", str(tmp_path / "out")])
        assert result.exit_code == 2
        assert "choose one format, not --" in result.stderr
        assert not (tmp_path / "out").exists()


def test_a_second_file_calls_package_slices(tmp_path: Path) -> None:
    """It is written beside a test, of the same package, and again over itself."""
    output = write(tmp_path, a="package mine")
    for _ in range(2):
        result = export(tmp_path, "-o", str(output))
        assert result.exit_code == 0, result.output
    second = (tmp_path / "worst_slices_test.go").read_text()
    assert "slices.SortFunc(data.values" in second
    assert "\npackage mine\n" in second
    assert "worst_slices_test.go" in result.stdout


def test_a_file_of_the_user_is_not_written_over(tmp_path: Path) -> None:
    """Neither file is written."""
    output = write(tmp_path, a="package mine", worst_slices_test="package mine // my own")
    result = export(tmp_path, "-o", str(output))
    assert result.exit_code == 1
    assert "worst_slices_test.go goes with it and was not made by Worstsort" in result.stderr
    assert not output.exists()
