"""Who reaches the console: the address of this start, from the console's own pages, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.console import no_cloud
from worstsort_cli.console.application import Settings, make
from worstsort_cli.console.gate import Gate
from worstsort_cli.console.reader import Reader

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


PORT = 4999


HERE = f"http://127.0.0.1:{PORT}"


@pytest.fixture
def gate() -> Gate:
    """Draw a token."""
    return Gate(PORT)


@pytest.fixture
def client(gate: Gate, tmp_path: Path) -> FlaskClient:
    """Return a client of a console that reads an empty folder."""
    return make(gate, Reader(no_cloud(), tmp_path), Settings()).test_client()


def get(client: FlaskClient, path: str, host: str = f"127.0.0.1:{PORT}", **headers: str) -> Any:
    """Ask for a page under a name."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, base_url=f"http://{host}", headers=named)


@pytest.mark.parametrize("path", ["/", "/runs/cloud/x", "/api/about", "/api/runs", "/assets/main.js"])
def test_nothing_is_answered_without_the_token(client: FlaskClient, path: str) -> None:
    """No page, no file and no data."""
    assert get(client, path).status_code == 403
    assert get(client, f"{path}?token=wrong").status_code == 403


def test_the_printed_address_sets_a_cookie_with_which_the_rest_is_reached(client: FlaskClient, gate: Gate) -> None:
    """No script can read it, and no other site can send it along."""
    first = get(client, f"/?token={gate.token}")
    assert first.status_code == 200
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert get(client, "/api/about").status_code == 200


def test_each_start_has_another_token() -> None:
    """Of 32 random bytes."""
    tokens = {Gate(PORT).token for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) == 43 for token in tokens)


@pytest.mark.parametrize("host", [f"localhost:{PORT}", f"127.0.0.1:{PORT}"])
def test_it_answers_under_the_names_of_this_machine(client: FlaskClient, gate: Gate, host: str) -> None:
    """With the token in the address."""
    assert get(client, f"/api/about?token={gate.token}", host).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1:1", "127.0.0.1", f"[::1]:{PORT}"])
def test_a_name_that_somebody_has_bound_to_this_machine_is_refused(client: FlaskClient, gate: Gate, host: str) -> None:
    """Even with the token: so is DNS rebinding."""
    assert get(client, f"/api/about?token={gate.token}", host).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "cross-site  ", "Cross-Site", "", "another"])
def test_what_another_page_asks_for_is_refused(client: FlaskClient, gate: Gate, site: str) -> None:
    """Browsers say where a request comes from."""
    assert get(client, f"/api/about?token={gate.token}", Sec_Fetch_Site=site).status_code == 403


def test_a_request_for_no_host_is_refused(client: FlaskClient, gate: Gate) -> None:
    """No browser sends one."""
    answer = client.get(f"/api/about?token={gate.token}", environ_overrides={"HTTP_HOST": ""})
    assert answer.status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"http://127.0.0.1:{PORT + 1}", None])
def test_nothing_is_done_for_a_foreign_page(client: FlaskClient, gate: Gate, origin: str | None) -> None:
    """Nor for a request that does not say where it comes from, although it has the cookie."""
    get(client, f"/?token={gate.token}")
    headers = {"Origin": origin} if origin else {}
    assert client.post("/api/check", base_url=HERE, json={"config": {}}, headers=headers).status_code == 403


def test_a_token_in_the_address_does_nothing_but_read(client: FlaskClient, gate: Gate) -> None:
    """What acts needs the cookie, which only the console's own pages send."""
    headers = {"Origin": HERE}
    refused = client.post(f"/api/check?token={gate.token}", base_url=HERE, json={"config": {}}, headers=headers)
    assert refused.status_code == 403
    get(client, f"/?token={gate.token}")
    assert client.post("/api/check", base_url=HERE, json={"config": {}}, headers=headers).status_code == 503  # no cloud


def test_pages_may_load_nothing_but_the_console_s_own_files(client: FlaskClient, gate: Gate) -> None:
    """No script in a page, no network, no frame around it; and nothing is left in a cache or a Referer."""
    for path in ("/", "/api/about", "/assets/main.js", "/api/nowhere"):
        headers = get(client, f"{path}?token={gate.token}").headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("action", ["start", "runs/cloud/x/stop", "runs/cloud/x/resume"])
def test_a_console_that_is_read_only_does_nothing(gate: Gate, tmp_path: Path, action: str) -> None:
    """It says how it was started."""
    client = make(gate, Reader(no_cloud(), tmp_path), Settings(read_only=True)).test_client()
    get(client, f"/?token={gate.token}")
    refused = client.post(f"/api/{action}", base_url=HERE, json={"config": {}}, headers={"Origin": HERE})
    assert refused.status_code == 403
    assert "--read-only" in refused.get_json()["error"]
