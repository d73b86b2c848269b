"""The image's tag follows from everything that goes into the image, and from nothing else."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT
from tools.deployment.errors import DeploymentFailed
from tools.deployment.image import BASE_IMAGE_FILE, Image, base_image, dockerfile_base, platform_of, this_platform

if TYPE_CHECKING:
    from pathlib import Path

COPIED = (
    "batch_worker/Dockerfile",
    "batch_worker/evolve_island.py",
    ".dockerignore",
    "requirements/worker.lock",
    "layers/evolution/worstsort/runs/epoch.py",
)
DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.fixture
def image(tmp_path: Path) -> Image:
    """Return the image of a small checkout."""
    for name in COPIED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return Image("linux/arm64", "localhost/python:3.13-slim", tmp_path)


@pytest.mark.parametrize("name", COPIED)
def test_a_change_of_any_source_changes_the_tag(image: Image, name: str) -> None:
    """The Dockerfile, what it leaves out, the lock file, the worker and the layer."""
    before = image.tag
    with (image.root / name).open("a") as file:
        file.write("\n")
    assert image.tag != before


def test_a_renamed_source_changes_the_tag(image: Image) -> None:
    """The same content under another name is another program."""
    before, source = image.tag, image.root / COPIED[-1]
    source.rename(source.with_name("epochs.py"))
    assert image.tag != before


def test_another_platform_or_base_is_another_image(image: Image) -> None:
    """Tags are immutable in the repository: machine code for another processor must not take this one's."""
    others = [
        replace(image, platform="linux/amd64"),
        replace(image, base="localhost/python:3.14-slim"),
        replace(image, base=f"{image.base}@{DIGEST}"),
    ]
    assert len({image.tag, *(other.tag for other in others)}) == 4


def test_caches_and_what_is_not_copied_do_not_count(image: Image) -> None:
    """Whoever builds the image and whenever, the same sources give the same tag."""
    before = image.tag
    for name in ("layers/evolution/worstsort/__pycache__/x.pyc", "README.md", "layers/evolution/requirements.txt"):
        (image.root / name).parent.mkdir(exist_ok=True)
        (image.root / name).write_text("other")
    assert image.tag == before


def test_every_source_that_the_dockerfile_copies_counts() -> None:
    """A new COPY line is an input too."""
    lines = (ROOT / "batch_worker/Dockerfile").read_text().splitlines()
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line}
    counted = {path.as_posix() for path in Image("linux/arm64", "python").files()}
    assert [source for source in copied if not any(f"{path}/".startswith(f"{source}/") for path in counted)] == []


@pytest.mark.parametrize(("architecture", "platform"), [("ARM64", "linux/arm64"), ("X86_64", "linux/amd64")])
def test_each_architecture_has_a_platform(architecture: str, platform: str) -> None:
    assert platform_of(architecture) == platform


def test_an_unknown_architecture_is_refused() -> None:
    """The message says which there are."""
    with pytest.raises(DeploymentFailed, match="Architecture: given 'arm64', but it is one of ARM64, X86_64"):
        platform_of("arm64")


def test_a_platform_may_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise an image is for the machine that builds it."""
    monkeypatch.delenv("PLATFORM", raising=False)
    assert this_platform() in {"linux/amd64", "linux/arm64"}
    monkeypatch.setenv("PLATFORM", "linux/s390x")
    assert this_platform() == "linux/s390x"


def test_the_base_image_is_the_given_one_or_the_found_one_or_the_dockerfiles(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this order."""
    monkeypatch.delenv("PYTHON_IMAGE", raising=False)
    assert base_image(image.root) == dockerfile_base(image.root) == "public.ecr.aws/docker/library/python:3.13-slim"
    (image.root / BASE_IMAGE_FILE).write_text(f"{dockerfile_base(image.root)}@{DIGEST}\n")
    assert base_image(image.root) == f"{dockerfile_base(image.root)}@{DIGEST}"
    monkeypatch.setenv("PYTHON_IMAGE", "localhost/python:3.13-slim")
    assert base_image(image.root) == "localhost/python:3.13-slim"


@pytest.mark.parametrize("name", ["", "Python:3.13", "python:3.13@sha256:abc", "python 3.13", "None:tag"])
def test_a_base_image_that_docker_would_refuse_is_refused_first(
    image: Image, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The message says where it stands."""
    monkeypatch.setenv("PYTHON_IMAGE", name)
    with pytest.raises(DeploymentFailed, match="PYTHON_IMAGE: given"):
        base_image(image.root)
