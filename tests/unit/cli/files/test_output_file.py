"""A file that cannot be written is refused before any work is done, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from worstsort_cli.files.output_file import OUTPUT_FILE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Fill a folder with what may be in the way."""
    (tmp_path / "file").write_text("old")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "dangling").symlink_to("new")
    (tmp_path / "circle").symlink_to("circle")
    return tmp_path


@pytest.mark.parametrize("name", ["file", "new", "link", "dangling", "folder/new", "two\nlines", "x" * 255])
def test_a_file_that_can_be_written_is_taken(folder: Path, name: str) -> None:
    assert OUTPUT_FILE.convert(str(folder / name), None, None) == folder / name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("folder", "is a directory"),
        ("folder/", "is a directory"),
        ("new/", "it names a folder"),
        ("file/", "it names a folder"),
        ("file/new", "there is no folder"),
        ("nowhere/new", "there is no folder"),
        ("circle", "Too many levels of symbolic links"),
        ("circle/new", "there is no folder"),
        ("x" * 256, "File name too long"),
    ],
)
def test_one_that_cannot_is_refused_with_the_reason(folder: Path, name: str, why: str) -> None:
    with pytest.raises(click.BadParameter, match=why):
        OUTPUT_FILE.convert(f"{folder}/{name}", None, None)


def test_a_name_that_is_empty_is_refused() -> None:
    """It is not the current folder's."""
    with pytest.raises(click.BadParameter, match="'': it names a folder"):
        OUTPUT_FILE.convert("", None, None)
