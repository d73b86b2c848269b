"""What an extra lacks is said in one line, with the command that installs it."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata

import pytest

from tests.support.command import ROOT
from worstsort_cli import extras
from worstsort_cli.errors import CommandFailed

INSTALLED = {"boto3": "1.43.0", "moto": "5.1.0"}
REQUIREMENTS = [
    "numpy>=2.3",
    "boto3>=1.40; extra == 'cloud'",
    "boto3>=1.40; extra == 'embedded'",
    "moto[batch,s3]==5.2.5; extra == 'embedded'",
    'aws-sam-translator>=1.100; extra == "embedded"',
]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name not in INSTALLED:
            raise PackageNotFoundError(name)
        return INSTALLED[name]

    monkeypatch.setattr(extras, "requires", lambda _name: REQUIREMENTS)
    monkeypatch.setattr(extras, "version", version)


def test_an_extra_that_is_installed_is_no_problem() -> None:
    """Whatever else is missing."""
    extras.require("cloud")


def test_all_that_an_extra_lacks_is_named_with_the_command_that_installs_it() -> None:
    """A package of another version than the exact one is as good as missing."""
    with pytest.raises(CommandFailed) as refused:
        extras.require("embedded")
    assert str(refused.value) == (
        "moto is 5.1.0, not 5.2.5, aws-sam-translator is not installed; "
        "install what this needs with: pip install 'worstsort[embedded]'"
    )


def test_the_requirements_of_this_package_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """As its metadata has them: the embedded cloud wants one moto exactly."""
    monkeypatch.undo()
    monkeypatch.setattr(extras, "version", lambda _name: "0")
    with pytest.raises(CommandFailed, match=r"moto is 0, not 5\.2\.5"):
        extras.require("embedded")


def test_every_extra_that_a_command_needs_is_one_of_this_package() -> None:
    """Of any other name nothing is missing, and the command would fail later, with less to say."""
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "cli").rglob("*.py"))
    needed = {name for source in sources for name in re.findall(r'extras\.require\("([^"]+)"\)', source)}
    assert needed
    assert needed <= set(metadata("worstsort").get_all("Provides-Extra", []))
