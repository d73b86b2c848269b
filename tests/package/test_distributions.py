"""What is published: one wheel that carries the project, and a source distribution that builds the same."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest

import worstsort
from tests.package.distributions import build, contents
from tests.support.command import ROOT

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

PACKAGES = ("layers/evolution/worstsort", "cli/worstsort_cli", "embedded/worstsort_embedded")
PROJECT = "worstsort_embedded/project"


def tree(folder: Path, prefix: str) -> dict[str, bytes]:
    """Return the files of a folder by the name that they have in a wheel, without what tools leave there."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        f"{prefix}/{path.relative_to(folder)}": path.read_bytes()
        for path in files
        if not {"__pycache__", ".numba_cache"} & set(path.parts)
    }


def metadata_of(wheel: Path) -> Message:
    """Read what a wheel says of itself."""
    (metadata,) = (data for name, data in contents(wheel).items() if name.endswith(".dist-info/METADATA"))
    return message_from_bytes(metadata)


def test_the_wheel_holds_the_packages_and_the_project_and_nothing_else(wheel: Path) -> None:
    """Byte by byte, the project's files included, which stand in the repository once."""
    expected: dict[str, bytes] = {}
    for package in PACKAGES:
        expected |= tree(ROOT / package, package.rpartition("/")[2])
    for folder in ("functions", "statemachine"):
        expected |= tree(ROOT / folder, f"{PROJECT}/{folder}")
    for name in ("template.yaml", "batch_worker/Dockerfile", "batch_worker/evolve_island.py"):
        expected[f"{PROJECT}/{name}"] = (ROOT / name).read_bytes()
    found = {name: data for name, data in contents(wheel).items() if ".dist-info/" not in name}
    assert found == expected


def test_the_source_distribution_builds_the_same_wheel(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    """To the last byte, metadata included."""
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    rebuilt = build(unpacked, tmp_path / "rebuilt", "wheel")
    assert rebuilt.name == wheel.name
    assert contents(rebuilt) == contents(wheel)


def test_an_editable_install_uses_the_checkout(tmp_path: Path) -> None:
    """It gets the three source roots and no copy of anything."""
    built = contents(build(ROOT, tmp_path, "wheel:editable"))
    (paths,) = (name for name in built if not name.startswith("worstsort-"))
    roots = built[paths].decode().split()
    assert sorted(roots) == sorted(str((ROOT / package).parent) for package in PACKAGES)


def test_the_package_index_would_take_them(wheel: Path, sdist: Path) -> None:
    """Twine finds nothing to complain about."""
    command = [sys.executable, "-m", "twine", "check", "--strict", str(wheel), str(sdist)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_nothing_is_in_the_wheel_that_does_not_belong_there(wheel: Path) -> None:
    """By the rules of check-wheel-contents."""
    command = [sys.executable, "-m", "check_wheel_contents", "--config", "pyproject.toml", str(wheel)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_description_stands_alone(wheel: Path) -> None:
    """The package index shows the README without the repository around it, so no link leads into that."""
    description = metadata_of(wheel).get_payload()
    assert isinstance(description, str)
    assert [link for link in re.findall(r"\]\(([^)]*)\)", description) if not link.startswith("https://")] == []
    assert "pipx install 'worstsort[embedded]'" in description


def test_the_publisher_says_where_the_project_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the addresses, links and pictures of the description lead there, also from the source distribution."""
    home = "https://github.com/someone/worstsort"
    monkeypatch.setenv("WORSTSORT_HOME", home + "/")
    wheel, sdist = (build(ROOT, tmp_path / target, target) for target in ("wheel", "sdist"))
    metadata = metadata_of(wheel)
    addresses = dict(address.split(", ") for address in metadata.get_all("Project-URL", []))
    assert addresses.keys() == {"Homepage", "Source", "Documentation", "Changelog", "Issues", "Ancestor"}
    assert all(address.startswith(home) for name, address in addresses.items() if name != "Ancestor")
    description = metadata.get_payload()
    assert isinstance(description, str)
    tag = f"v{worstsort.__version__}"
    assert f"]({home}/raw/{tag}/docs/images/champion.svg)" in description
    assert f"[library]({home}/blob/{tag}/docs/library.md)" in description
    assert [link for link in re.findall(r"\]\(([^)]*)\)", description) if not link.startswith("https://")] == []
    monkeypatch.delenv("WORSTSORT_HOME")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    assert contents(build(next(tmp_path.glob("worstsort-*")), tmp_path / "rebuilt", "wheel")) == contents(wheel)


def test_there_is_one_version(wheel: Path) -> None:
    """The package's own."""
    assert wheel.name == f"worstsort-{worstsort.__version__}-py3-none-any.whl"


@pytest.mark.parametrize("extra", ["cloud", "console", "embedded"])
def test_an_extra_that_commands_ask_for_exists(wheel: Path, extra: str) -> None:
    """And only the embedded cloud's brings moto."""
    requirements = metadata_of(wheel).get_all("Requires-Dist", [])
    of_extra = [requirement for requirement in requirements if requirement.endswith(f"extra == '{extra}'")]
    assert of_extra
    assert any(requirement.startswith("moto[") for requirement in of_extra) == (extra == "embedded")
    assert not [requirement for requirement in requirements if re.match(r"(moto|boto3)\b(?!.*extra)", requirement)]
