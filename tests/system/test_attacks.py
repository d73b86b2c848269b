"""Attacks on the served cloud, by a web page in a real browser, by curl, and by another user of the machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import COMMAND, ROOT
from tests.support.executions import Started, start
from tests.system.browser import browser, needs_browser

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort_embedded import EmbeddedCloud

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("attacks")]

REBOUND = "rebind.example"
"""A name that the attacker's name server gives out for this machine."""

SEND = """
const [url, method, headers, body, mode] = arguments;
return fetch(url, {method, headers, body: body || undefined, mode, credentials: 'include'})
  .then(async answer => [answer.type, answer.status, await answer.text()], error => ['failed', 0, String(error)])
"""

FORM = """
const form = document.createElement('form'), image = new Image();
form.action = image.src = arguments[0];
form.method = 'POST';
form.enctype = 'text/plain';
form.target = 'elsewhere';
document.body.append(form);
form.submit();
"""

MACHINE = {
    "StartAt": "Change",
    "States": {
        "Change": {
            "Type": "Task", "Next": "Invoke", "Resource": "arn:aws:states:::aws-sdk:lambda:updateFunctionConfiguration",
            "Parameters": {"FunctionName": "f", "Handler": "cProfile.run"},
        },
        "Invoke": {
            "Type": "Task", "End": True, "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "f", "Payload": "import os; os.system('touch owned')"},
        },
    },
}  # fmt: skip
"""A state machine that runs code of the attacker's, if the services take it."""


class Page(SimpleHTTPRequestHandler):
    """A page of another origin, which stays silent about its visitors."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def finished(cloud: EmbeddedCloud) -> Started:
    """Finish a run, whose files an attacker would like to delete."""
    execution = start(cloud, "victim", stop={"max_epochs": 1})
    assert execution.wait()["status"] == "SUCCEEDED"
    return execution


def kept(cloud: EmbeddedCloud) -> tuple[Any, ...]:
    """Return what an attack would change: the run's files, the machines, and what the function is."""
    objects = cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["BucketName"])["Contents"]
    machines = cloud.client("stepfunctions").list_state_machines()["stateMachines"]
    executions = cloud.client("stepfunctions").list_executions(stateMachineArn=cloud.outputs["StateMachineArn"])
    functions = cloud.client("lambda").list_functions()["Functions"]
    return (
        sorted(item["Key"] for item in objects),
        sorted(machine["name"] for machine in machines),
        sorted(execution["name"] for execution in executions["executions"]),
        sorted((function["FunctionName"], function["Handler"]) for function in functions),
    )


def attacks(cloud: EmbeddedCloud, host: str) -> list[tuple[str, str, dict[str, str], str]]:
    """Return requests that an attacker would send: URL, method, headers and body."""
    at, bucket = f"http://{host}:{cloud.endpoint_url.rpartition(':')[2]}", cloud.outputs["BucketName"]
    plain, known = (
        {"Content-Type": "text/plain"},
        "AWS4-HMAC-SHA256 Credential=embedded/20260101/us-east-1/{}/aws4_request",
    )
    target = {"X-Amz-Target": "AWSStepFunctions.CreateStateMachine", "Authorization": known.format("states")}
    begin = target | {"X-Amz-Target": "AWSStepFunctions.StartExecution"}
    change = {"Authorization": known.format("lambda")}
    machine = json.dumps(
        {"name": "evil", "definition": json.dumps(MACHINE), "roleArn": "arn:aws:iam::123456789012:role/r"}
    )
    started = json.dumps({"stateMachineArn": cloud.outputs["StateMachineArn"], "name": "evil", "input": "{}"})
    deletion = "<Delete><Object><Key>runs/victim/champion.json</Key></Object></Delete>"
    return [
        (f"{at}/moto-api/reset", "POST", plain, ""),
        (f"{at}/moto-api/state-manager/set-transition", "POST", plain, "{}"),
        (f"{at}/moto-api/data.json", "GET", {}, ""),
        (f"{at}/{bucket}?delete", "POST", plain, deletion),
        (f"{at}/{bucket}/runs/victim/champion.json", "DELETE", {}, ""),
        (f"{at}/{bucket}/runs/victim/champion.json", "GET", {}, ""),
        (f"{at}/{bucket}/runs/evil", "PUT", plain, "x"),
        (f"{at}/", "POST", target, machine),
        (f"{at}/", "POST", {**plain, **target}, machine),
        (f"{at}/", "POST", begin, started),
        (f"{at}/states_us-east-1/", "POST", plain, machine),
        (f"{at}/?Action=DeleteStack&StackName=worstsort&Version=2010-05-15", "POST", plain, ""),
        (f"{at}/2015-03-31/functions/x/configuration", "PUT", change, '{"Handler": "cProfile.run"}'),
        (f"{at}/2015-03-31/functions/", "GET", {}, ""),
        (f"{at}/", "OPTIONS", {}, ""),
        (f"{at}/", "GET", {}, ""),
    ]  # fmt: skip


@needs_browser
@pytest.mark.usefixtures("finished")
def test_no_page_of_another_origin_reaches_the_cloud(cloud: EmbeddedCloud, tmp_path: Path) -> None:
    """Neither with preflight nor without, by fetch, form, image or rebound name; nothing is changed or read."""
    (tmp_path / "index.html").write_text("<!doctype html><title>A page</title>")
    before = kept(cloud)
    serve = partial(Page, directory=str(tmp_path))
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), serve) as site,
        browser(f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1") as page,
    ):
        threading.Thread(target=site.serve_forever, daemon=True).start()
        port = site.server_address[1]
        for origin in (f"http://127.0.0.1:{port}/", f"http://localhost:{port}/", f"http://{REBOUND}:{port}/"):
            for host in ("localhost", "127.0.0.1", REBOUND):
                page.visit(origin)
                for attack in attacks(cloud, host):
                    for mode in ("cors", "no-cors"):
                        kind, status, text = page.run(SEND, *attack, mode)
                        assert (status, text) == (0, "") or kind == "failed", (origin, attack, kind, status, text)
                page.run(FORM, *attacks(cloud, host)[0][:1])
        rebound = f"http://{REBOUND}:{cloud.endpoint_url.rpartition(':')[2]}/"
        page.visit(rebound)
        for url, method, headers, body in attacks(cloud, REBOUND):
            _, status, _ = page.run(SEND, url, method, headers, body, "cors")
            assert status == 403, url
        site.shutdown()
    assert kept(cloud) == before


@pytest.mark.usefixtures("finished")
def test_curl_is_refused_without_the_secret(cloud: EmbeddedCloud) -> None:
    """Each attack gets 403 before anything reads it, also with an Origin, a Referer or another Host."""
    before = kept(cloud)
    extras = [
        [], ["-H", "Origin: http://evil.example"], ["-H", "Origin: null"], ["-e", "http://evil.example/"],
        ["-H", f"Host: {REBOUND}:4566"], ["-H", "Host:"], ["--http1.0"],
        ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", "embedded:embedded"],
    ]  # fmt: skip
    for url, method, headers, body in attacks(cloud, "localhost"):
        fields = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        for extra in extras:
            assert curl(url, "-X", method, *fields, "--data", body, *extra)[0] == 403, (url, extra)
    assert kept(cloud) == before


def test_curl_with_the_secret_is_answered_unless_it_speaks_for_a_page(cloud: EmbeddedCloud) -> None:
    """It signs as any AWS client does; with an Origin even the right signature is refused."""
    secret = cloud.environment["AWS_SECRET_ACCESS_KEY"]
    signed = ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", f"embedded:{secret}"]
    url = f"{cloud.endpoint_url}/{cloud.outputs['BucketName']}?list-type=2&prefix=runs%2Fvictim"
    status, text, headers = curl(url, *signed)
    assert status == 200
    assert "<ListBucketResult" in text
    assert "access-control" not in headers.lower()
    assert curl(url, *signed, "-H", "Origin: http://evil.example")[0] == 403
    assert curl(f"{cloud.endpoint_url}/moto-api/reset", "-X", "POST", *signed)[0] == 404


def test_presigned_urls_are_for_their_object_and_time(cloud: EmbeddedCloud, finished: Started) -> None:
    """A URL that was presigned with the secret works in curl; changed in any part it does not."""
    arguments = {"Bucket": cloud.outputs["BucketName"], "Key": f"runs/{finished.run_id}/champion.json"}
    url = cloud.client("s3").generate_presigned_url("get_object", Params=arguments, ExpiresIn=60)
    status, text, _ = curl(url)
    assert status == 200
    assert json.loads(text)["run_id"] == finished.run_id
    assert curl(url.replace("champion.json", "report.html"))[0] == 403
    assert curl(url, "-X", "DELETE")[0] == 403
    assert curl(url.replace("Expires=", "Expires=9"))[0] == 403


def curl(url: str, *arguments: str) -> tuple[int, str, str]:
    """Send a request with curl; return the status, the body and the headers."""
    command = ["curl", "--silent", "--noproxy", "*", "--path-as-is", "--include", *arguments, url]
    said = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode(errors="replace")
    head, _, body = said.replace("\r\n", "\n").partition("\n\n")
    return int(head.split()[1]), body, head


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="becoming another user takes root")
def test_another_user_of_the_machine_is_told_where_the_secret_is_but_cannot_read_it(tmp_path: Path) -> None:
    """The answer is 403 and names the folder, which only the user who started the cloud may open."""
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    with subprocess.Popen(
        [*COMMAND, "up", "--port", "0", "--json"], stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    ) as served:
        assert served.stdout is not None
        endpoint = json.loads(served.stdout.readline())["endpoint"]
        other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        said = subprocess.run([*other, "curl", "-s", endpoint], capture_output=True, text=True, check=True).stdout
        (path,) = (tmp_path / "state").rglob("*.json")
        reading = subprocess.run([*other, "cat", str(path)], capture_output=True, text=True, check=False)
        served.terminate()
        assert served.wait(30) == 0
    assert str(path.parent) in said
    assert reading.returncode != 0
    assert not reading.stdout
