"""What is handed to others: its licences, and its bills of materials."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.command import ROOT
from tools import list_materials

PAGE = list_materials.LICENCES.read_text()
ROWS = re.findall(r"(?m)^\| ([A-Za-z][^|]*) \| ([^|]*) \| ([^|]+) \|$", PAGE)[1:]
LIBRARIES = {"uPlot (in the report)", "dagre (in the console)"}
"""What comes from npm, as the page has it."""

SPLIT = {"numpy", "networkx"}
"""Packages of which the lock files name a version for each Python: only one of them is installed."""

Licences = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def licences() -> Licences:
    """Return the licences of what is installed here."""
    return list_materials.licences_installed()


@pytest.mark.parametrize(("name", "lock"), list_materials.LOCKS.items())
def test_the_page_lists_every_package_of_a_lock_file(name: str, lock: str) -> None:
    """And no other; after a change of a lock file `make sbom` writes it again."""
    listed = {package for package, _, places in ROWS if name in places.split(", ")}
    assert listed - LIBRARIES == list_materials.packages(ROOT / lock)


def test_every_package_has_a_licence() -> None:
    """That it names itself; one is for Windows alone, and is never installed here."""
    assert {package for package, licence, _ in ROWS if not licence or licence.startswith("not looked up")} == {
        "pywin32"
    }


@pytest.mark.parametrize("copyleft", [r"\bGPL", r"\bAGPL", r"\bLGPL", "SSPL"])
def test_no_licence_binds_those_who_use_the_package(copyleft: str) -> None:
    """Only the Mozilla licence, which binds those who change its files, is there besides permissive ones."""
    assert [package for package, licence, _ in ROWS if re.search(copyleft, licence)] == []


@pytest.mark.slow
def test_the_page_says_what_is_installed(licences: Licences) -> None:
    """Each licence, as the package's own metadata has it."""
    found = {package: list_materials.words(licences.get(package, [])) for package, _, _ in ROWS[: -len(LIBRARIES)]}
    assert {package: licence for package, licence, _ in ROWS[: -len(LIBRARIES)] if package not in SPLIT} == {
        package: licence for package, licence in found.items() if package not in SPLIT
    }


@pytest.mark.slow
@pytest.mark.parametrize(("name", "lock"), list_materials.LOCKS.items())
def test_a_bill_has_every_package_with_its_hashes_and_its_licence(name: str, lock: str, licences: Licences) -> None:
    """As CycloneDX has it, which the tool itself checks; with the chart library, and in the image its base."""
    made = list_materials.bill(name, licences)
    components = {component["name"]: component for component in made["components"]}
    bases = {"image": {"public.ecr.aws/docker/library/python"}}.get(name, set())
    assert (
        set(components)
        == list_materials.packages(ROOT / lock) | {"uplot"} | ({"@dagrejs/dagre"} if name == "wheel" else set()) | bases
    )
    incomplete = [{"aggregate": "incomplete", "assemblies": [components[base]["bom-ref"]]} for base in sorted(bases)]
    assert made.get("compositions", []) == incomplete
    for package in list_materials.packages(ROOT / lock):
        hashes = [entry for reference in components[package]["externalReferences"] for entry in reference["hashes"]]
        assert hashes
        assert all(len(entry["content"]) == 64 for entry in hashes)
        assert components[package].get("licenses") or package == "pywin32"
    assert made["metadata"]["component"]["version"]


def test_a_licence_is_told_in_the_words_of_the_package() -> None:
    """The first line of them, in which Markdown finds nothing to obey."""
    said = "License :: OSI Approved :: <b>GNU | LGPL\x1b\n\nThe whole text."
    assert list_materials.words([{"license": {"name": said}}]) == "\\<b\\>GNU \\| LGPL\\\\x1b"
