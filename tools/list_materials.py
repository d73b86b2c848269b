"""List what the wheel, the functions' layer and the worker's image are made of: `make sbom` writes the bills.

The bills are CycloneDX documents: every package that the lock files name, with its hashes and its licence, the
libraries inside the report and the console, and the base image by its name and tag. The base image's own packages are
not listed, since they can only be read in the image, which only a registry has; the image's bill says by CycloneDX's
own means that it is incomplete there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, NamedTuple

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from worstsort import __version__
from worstsort.plain_text import visible

ROOT = Path(__file__).parents[1]
LICENCES = ROOT / "docs" / "licences.md"

LOCKS = {
    "wheel": "requirements/run.lock",
    "layer": "layers/evolution/requirements.txt",
    "image": "requirements/worker.lock",
}
"""What is handed to others, and the lock file of all that is in it or comes with it."""


class _Library(NamedTuple):
    """A library from npm: its package, the name of its version in the Makefile, and what it is in."""

    package: str
    variable: str
    places: tuple[str, ...]


_LIBRARIES = {
    "uPlot (in the report)": _Library("uplot", "UPLOT", ("wheel", "layer", "image")),
    "dagre (in the console)": _Library("@dagrejs/dagre", "DAGRE", ("wheel",)),
}

_CYCLONEDX = str(Path(sys.executable).parent / "cyclonedx-py")
_NOT_INSTALLED = "not looked up: other systems alone need it"
_MAX_LICENCE_CHARACTERS = 100
"""Some packages put the whole text of the licence where its name belongs."""

_PROJECT_COMPONENT = "root-component"
_BASE_IMAGE = "base-image"
_INCOMPLETE = (
    "The packages of the image's base are in none of them: they can only be read in the image, from a registry."
)

_HEAD = """\
# Licences

What the wheel, the functions' layer and the worker's image bring, with the licence that each package declares in its
own metadata. `make sbom` writes this page, and into `build` the bills of materials with versions and hashes. Neither
lists the packages of the image's base, which can only be read in the image, from a registry. Worstsort itself is
BSD-3-Clause; so is Go, whose heapsort is repeated in Go tests for `heapsort`.

"""


def main() -> None:
    """Write the bills into the folder that the command line names, and the page of licences."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    licences = licences_installed()
    for name in LOCKS:
        path = folder / f"worstsort-{__version__}-{name}.cdx.json"
        path.write_text(json.dumps(bill(name, licences), indent=2) + "\n", encoding="utf-8")
        print(path)
    print(_INCOMPLETE)
    LICENCES.write_text(page(licences), encoding="utf-8")
    print(LICENCES.relative_to(ROOT))


def bill(name: str, licences: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the bill of materials of what `LOCKS` calls by this name.

    Args:
        name: What it is the bill of.
        licences: Those of each package, as CycloneDX writes them.
    """
    made = _cyclonedx("requirements", LOCKS[name], "--pyproject", "pyproject.toml")
    made["metadata"]["component"] |= {"version": __version__, "name": f"worstsort-{name}"}
    for component in made["components"]:
        component.pop("description", None)  # it repeats the line of the lock file
        if found := licences.get(normal(component["name"])):
            component["licenses"] = found
    added = [_library(*of) for of in _LIBRARIES.values() if name in of.places]
    added += [_base_image()] if name == "image" else []
    made["components"] += added
    refs = sorted(component["bom-ref"] for component in made["components"])
    made["dependencies"] = [{"ref": _PROJECT_COMPONENT, "dependsOn": refs}, *({"ref": ref} for ref in refs)]
    if name == "image":
        made["compositions"] = [{"aggregate": "incomplete", "assemblies": [_BASE_IMAGE]}]
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(made))
    if problem is not None:
        raise ValueError(f"the bill of the {name} is not as CycloneDX has it: {problem}")
    return made


def licences_installed() -> dict[str, list[dict[str, Any]]]:
    """Return the licences of all packages of this environment, as CycloneDX writes them."""
    installed = _cyclonedx("environment", sys.executable)["components"]
    return {
        normal(component["name"]): component.get("licenses") or _named(component["name"]) for component in installed
    }


def page(licences: dict[str, list[dict[str, Any]]]) -> str:
    """Return the page of licences."""
    locked = {name: packages(ROOT / lock) for name, lock in LOCKS.items()}
    rows = [
        (package, words(licences.get(package, [])), ", ".join(name for name in LOCKS if package in locked[name]))
        for package in sorted(set().union(*locked.values()))
    ]
    rows += [
        (title, words(_library(*of)["licenses"]), ", ".join(place for place in LOCKS if place in of.places))
        for title, of in _LIBRARIES.items()
    ]
    lines = ["| package | licence | in |", "| --- | --- | --- |", *(f"| {' | '.join(row)} |" for row in rows)]
    return _HEAD + "\n".join(lines) + "\n"


def packages(lock: Path) -> set[str]:
    """Return the names in a lock file."""
    return set(re.findall(r"(?m)^([a-z0-9-]+)==", lock.read_text(encoding="utf-8")))


def words(licences: list[dict[str, Any]]) -> str:
    """Return licences in words for a table in Markdown, without the way in which PyPI's classifiers say them."""
    names = [entry.get("expression") or entry["license"].get("id") or entry["license"]["name"] for entry in licences]
    return ", ".join(dict.fromkeys(_cell(name.rpartition(":: ")[2]) for name in names)) or _NOT_INSTALLED


def _cell(text: str) -> str:
    """Return the first line of what a package says of itself, in which Markdown finds neither marks nor elements."""
    line = text.strip().partition("\n")[0][:_MAX_LICENCE_CHARACTERS]
    return re.sub(r"([\\|<>`*_\[\]&])", r"\\\1", visible(line))


def normal(name: str) -> str:
    """Return a package's name as lock files write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _cyclonedx(*arguments: str) -> dict[str, Any]:
    command = [_CYCLONEDX, *arguments, "--output-reproducible", "--of", "JSON", "--sv", "1.6"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def _named(package: str) -> list[dict[str, Any]]:
    """Return the licence that a package names in words of its own."""
    try:
        name = metadata(package)["License"]
    except PackageNotFoundError:
        return []
    return [{"license": {"name": name}}] if name else []


def _library(package: str, variable: str, _places: tuple[str, ...]) -> dict[str, Any]:
    """Return a library of the pages at the version that the Makefile fetches."""
    found = re.search(rf"(?m)^{variable} := (\S+)$", (ROOT / "Makefile").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"the Makefile names no version of {package}")
    purl = f"pkg:npm/{package.replace('@', '%40')}@{found[1]}"
    return {
        "type": "library",
        "name": package,
        "version": found[1],
        "bom-ref": purl,
        "purl": purl,
        "licenses": [{"license": {"id": "MIT"}}],
    }


def _base_image() -> dict[str, Any]:
    """Return the image that the Dockerfile starts from unless it is told another."""
    found = re.search(r"(?m)^ARG PYTHON_IMAGE=(\S+):(\S+)$", (ROOT / "batch_worker/Dockerfile").read_text())
    if found is None:
        raise ValueError("the Dockerfile names no base image")
    return {"type": "container", "name": found[1], "version": found[2], "bom-ref": _BASE_IMAGE}


if __name__ == "__main__":
    main()
