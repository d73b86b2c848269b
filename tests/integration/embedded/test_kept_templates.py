"""What a template has come to is kept on disk, for the same template alone."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tests.integration.embedded.helpers import PROJECT
from worstsort_embedded import EmbeddedCloudError, template
from worstsort_embedded.deployment.kept_templates import adapted

if TYPE_CHECKING:
    from pathlib import Path


class Adapting:
    """Counts how often a template is adapted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times, self._original = 0, template.adapt
        monkeypatch.setattr(template, "adapt", self._adapt)

    def _adapt(self, *arguments: object) -> template.Adapted:
        self.times += 1
        return self._original(*arguments)  # type: ignore[arg-type]


@pytest.fixture
def adapting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Adapting:
    """Keep templates in a folder of the test's own."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "bytecode"))
    return Adapting(monkeypatch)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT, tmp_path / "project")
    return tmp_path / "project" / "template.yaml"


def kept(tmp_path: Path) -> Path:
    """Return the one file that is kept."""
    (found,) = (tmp_path / "bytecode").rglob("*.*")
    return found


def test_a_template_is_adapted_once(adapting: Adapting, path: Path) -> None:
    """What is read from the disk is what was made, with all that it asks of AWS."""
    first, second = adapted(path, {}), adapted(path, {})
    assert adapting.times == 1
    assert second == first
    assert second.asked.refusals() == []
    assert [call.operation for call in second.asked.calls] == [call.operation for call in first.asked.calls]


@pytest.mark.parametrize("change", ["template", "definition", "parameter"])
def test_a_template_that_has_changed_is_adapted_anew(adapting: Adapting, path: Path, change: str) -> None:
    """So is one whose state machine or parameters are others."""
    first = adapted(path, {})
    if change == "template":
        path.write_text(path.read_text().replace("One resource", "A resource"))
    elif change == "definition":
        _, definitions = template.load(path)
        definition = path.parent / next(iter(definitions))
        definition.write_text(definition.read_text().replace("{", '{"Comment": "changed",', 1))
    assert adapted(path, {"Greeting": "again"} if change == "parameter" else {}) != first
    assert adapting.times == 2


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"digest": 1}'])
def test_what_is_damaged_is_made_again(adapting: Adapting, path: Path, tmp_path: Path, damage: str) -> None:
    """Nobody has to find out that a file must be deleted."""
    first = adapted(path, {})
    kept(tmp_path).write_text(damage)
    assert adapted(path, {}) == first
    assert adapting.times == 2


def test_a_template_that_aws_would_refuse_is_refused_each_time(adapting: Adapting, path: Path, tmp_path: Path) -> None:
    """Only what has passed is kept."""
    for times in (1, 2):
        with pytest.raises(EmbeddedCloudError, match="NoSuchParameter"):
            adapted(path, {"NoSuchParameter": "1"})
        assert adapting.times == times
    assert not (tmp_path / "bytecode").exists()


def test_where_nothing_can_be_written_nothing_is_kept(adapting: Adapting, path: Path, tmp_path: Path) -> None:
    """The cloud starts all the same."""
    (tmp_path / "bytecode").touch()
    assert adapted(path, {}) == adapted(path, {})
    assert adapting.times == 2
