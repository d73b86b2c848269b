"""The base image's digest is looked up at its registry, here a small one on loopback, and never made up."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tools.deployment import base_image
from tools.deployment.base_image import Reference, look_up
from tools.deployment.errors import DeploymentFailed
from tools.deployment.image import BASE_IMAGE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INDEX = "application/vnd.oci.image.index.v1+json"


def index(*architectures: str) -> bytes:
    """Return a list of images as a registry sends it."""
    entries = [{"digest": "sha256:0", "platform": {"os": "linux", "architecture": name}} for name in architectures]
    return json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}).encode()


@dataclass
class Registry:
    """A registry that gives one image to whoever brings a token."""

    body: bytes = field(default_factory=lambda: index("arm64", "amd64", "s390x"))
    claimed: str | None = None
    port: int = 0

    @property
    def name(self) -> str:
        """The name of its image."""
        return f"localhost:{self.port}/docker/library/python:3.13-slim"

    @property
    def digest(self) -> str:
        """The digest of what it sends."""
        return "sha256:" + hashlib.sha256(self.body).hexdigest()


@pytest.fixture
def registry() -> Iterator[Registry]:
    """Serve a registry on loopback."""
    state = Registry()

    class Handler(BaseHTTPRequestHandler):
        """The part of the registry's interface that a look-up needs."""

        def do_GET(self) -> None:
            """Answer a request for a token or for a manifest."""
            if self.path == "/token?service=here&scope=repository%3Apython":
                self._send(200, b'{"token": "t"}')
            elif self.path != "/v2/docker/library/python/manifests/3.13-slim":
                self._send(404, b"{}")
            elif self.headers.get("Authorization") != "Bearer t":
                realm = f'Bearer realm="http://localhost:{state.port}/token",service="here",scope="repository:python"'
                self._send(401, b"{}", ("WWW-Authenticate", realm))
            else:
                assert INDEX in str(self.headers.get("Accept"))
                self._send(200, state.body, ("Docker-Content-Digest", state.claimed or state.digest))

        def _send(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
            self.send_response(status)
            for name, value in (*headers, ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield state
        server.shutdown()


def test_the_digest_is_that_of_what_the_registry_sends(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is written behind the name, for all platforms, into the file that the build reads."""
    monkeypatch.setenv("PYTHON_IMAGE", registry.name)
    monkeypatch.setattr(base_image, "ROOT", tmp_path)
    (tmp_path / BASE_IMAGE_FILE).parent.mkdir()
    assert base_image.main() == 0
    assert (tmp_path / BASE_IMAGE_FILE).read_text() == f"{registry.name}@{registry.digest}\n"


def test_without_a_registry_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The build then takes the tag."""
    monkeypatch.setenv("PYTHON_IMAGE", "localhost:1/python:3.13-slim")
    monkeypatch.setattr(base_image, "ROOT", tmp_path)
    assert base_image.main() == 1
    assert "localhost cannot be reached" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"claimed": "sha256:1"}, "calls .* sha256:1, but what it sent is sha256:"),
        ({"body": index("amd64")}, "is not for linux/arm64"),
        ({"body": b'{"schemaVersion": 2}'}, "is not for linux/amd64, linux/arm64"),
    ],
)
def test_a_doubtful_answer_is_refused(registry: Registry, change: dict[str, Any], said: str) -> None:
    """Another digest than announced, or an image that does not run on both architectures."""
    for name, value in change.items():
        setattr(registry, name, value)
    with pytest.raises(DeploymentFailed, match=said):
        look_up(registry.name)


def test_an_image_that_the_registry_does_not_have_is_named(registry: Registry) -> None:
    with pytest.raises(DeploymentFailed, match=r"manifests/9\.9: HTTP Error 404"):
        look_up(f"localhost:{registry.port}/python:9.9")


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("python:3.13-slim", "https://registry-1.docker.io/v2/library/python/manifests/3.13-slim"),
        ("someone/python", "https://registry-1.docker.io/v2/someone/python/manifests/latest"),
        (
            "public.ecr.aws/docker/library/python:3.13-slim",
            "https://public.ecr.aws/v2/docker/library/python/manifests/3.13-slim",
        ),
        ("localhost:5000/python:1", "http://localhost:5000/v2/python/manifests/1"),
    ],
)
def test_a_name_leads_to_its_registry(name: str, address: str) -> None:
    """Only one on this machine is asked without TLS."""
    assert Reference.parse(name).manifest == address
