"""What a person reads who names a stack and has not set up AWS for it, or not any more."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from worstsort_cli.clouds import served
from worstsort_cli.clouds.connection import connect_stack
from worstsort_cli.errors import CommandFailed
from worstsort_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long

NOBODY = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
}
SOMEBODY = {**NOBODY, "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-west-1"}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start without any setting for AWS."""
    for name in (
        "PROFILE",
        "REGION",
        "DEFAULT_REGION",
        "ENDPOINT_URL",
        "SESSION_TOKEN",
        "ACCESS_KEY_ID",
        "SECRET_ACCESS_KEY",
    ):
        monkeypatch.delenv(f"AWS_{name}", raising=False)


def said(environment: dict[str, str]) -> str:
    """Return what `worstsort runs --stack prod` says when it fails."""
    result = CliRunner().invoke(main, ["runs", "--stack", "prod"], env=environment)
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("error: ")
    return result.stderr


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({**SOMEBODY, "AWS_PROFILE": "bogus"}, ("no such AWS profile", "list-profiles", "bogus")),
        ({**NOBODY, "AWS_DEFAULT_REGION": "eu-west-1"}, ("no AWS credentials were found", "aws configure")),
        ({**NOBODY, "AWS_ACCESS_KEY_ID": "AKIA", "AWS_DEFAULT_REGION": "eu-west-1"}, ("incomplete", "both keys")),
        (SOMEBODY | {"AWS_DEFAULT_REGION": ""}, ("no AWS region is set", "AWS_DEFAULT_REGION")),
        (SOMEBODY | {"AWS_DEFAULT_REGION": "eu west!"}, ("no such AWS region", "AWS_DEFAULT_REGION")),
        (SOMEBODY | {"AWS_ENDPOINT_URL": "http://localhost:1"}, ("cannot be reached", "network", "region")),
    ],
)  # fmt: skip
def test_what_is_not_set_up_is_named_with_what_to_do(environment: dict[str, str], words: tuple[str, ...]) -> None:
    message = said(environment)
    for word in words:
        assert word in message


def test_a_configuration_file_that_does_not_parse_is_named(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[default\nregion")
    message = said(SOMEBODY | {"AWS_CONFIG_FILE": str(tmp_path / "config")})
    assert "the AWS configuration cannot be read" in message
    assert str(tmp_path / "config") in message


@contextmanager
def answering(code: str) -> Iterator[str]:
    """Answer every call with an error, as CloudFormation does, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = f"<ErrorResponse><Error><Code>{code}</Code><Message>so it is</Message></Error></ErrorResponse>"
            self.send_response(403)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ExpiredToken", ("have expired", "aws sso login")),
        ("ExpiredTokenException", ("have expired", "aws sso login")),
        ("RequestExpired", ("have expired", "aws sso login")),
        ("InvalidClientTokenId", ("does not accept the credentials", "get-caller-identity")),
        ("SignatureDoesNotMatch", ("does not accept the credentials", "get-caller-identity")),
        ("AccessDenied", ("lack a permission", "AWS_PROFILE")),
        ("OptInRequired", ("not enabled this region",)),
        ("ValidationError", ("no stack 'prod'", "make deploy", "AWS_DEFAULT_REGION")),
        ("SomethingNew", ("AWS refused a call", "so it is")),
    ],
)
def test_what_aws_refuses_is_said_with_what_to_do(code: str, words: tuple[str, ...]) -> None:
    with answering(code) as endpoint:
        message = said(SOMEBODY | {"AWS_ENDPOINT_URL": endpoint, "NO_PROXY": "localhost"})
    for word in words:
        assert word in message


@pytest.mark.parametrize("endpoint", ["http://localhost:4566", "http://127.0.0.1:80/"])
def test_the_variables_of_an_embedded_cloud_lead_to_it(
    endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On this machine, whatever its port."""
    given = {"AWS_ACCESS_KEY_ID": "embedded", "AWS_SECRET_ACCESS_KEY": "x", "AWS_ENDPOINT_URL": endpoint}
    for name, value in (given | {"XDG_STATE_HOME": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    assert served.find() == served.Access(endpoint, "x")


@pytest.mark.parametrize(
    "endpoint", ["garbage", "http://localhost:zz", "http://[a", "ftp://localhost:4566", "https://example.com"]
)
def test_an_address_that_is_no_embedded_clouds_counts_for_nothing(
    endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Even beside the access key of one: no cloud is served, and the message says how to start one."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    for name, value in {
        "AWS_ACCESS_KEY_ID": "embedded",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_ENDPOINT_URL": endpoint,
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CommandFailed, match="no embedded cloud is served"):
        served.find()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"AWS_ENDPOINT_URL": "garbage"}, "AWS_ENDPOINT_URL"),
        ({"AWS_ENDPOINT_URL": "http://localhost:zz"}, "AWS_ENDPOINT_URL"),
        ({"credential_process": "echo x"}, "credential_process"),
        ({"credential_process": "/nonexistent"}, "credential_process"),
        (
            {"AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent", "AWS_ROLE_ARN": "arn:aws:iam::1:role/r"},
            "web_identity_token_file",
        ),
    ],
)
def test_settings_that_botocore_fails_on_are_said_in_plain_words(
    settings: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The message names what to look at."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    config = tmp_path / "config"
    config.write_text(
        "[default]\nregion = us-east-1\n"
        + "".join(f"{name} = {value}\n" for name, value in settings.items() if name.islower())
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    for name, value in settings.items():
        if name.isupper():
            monkeypatch.setenv(name, value)
    if "AWS_ENDPOINT_URL" in settings:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    with pytest.raises(CommandFailed, match=words):
        connect_stack("worstsort")
