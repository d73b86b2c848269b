"""Nothing that a user has set for AWS, proxies or moto counts for what runs on this machine."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from tests.support.command import COMMAND, ROOT
from worstsort_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile")]

TINY = ("--preset", "classic", "--size", "20", "--population", "30", "--generations-per-epoch", "2", "--seed", "1")
ENDLESS = {
    "preset": "classic", "size": 30, "population": 200, "generations_per_epoch": 40, "stall_generations": 0,
    "stop": {"max_epochs": 100_000},
}  # fmt: skip
NOWHERE = "http://localhost:1"

VARIABLES = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "another",
    "AWS_SESSION_TOKEN": "token",
    "AWS_SECURITY_TOKEN": "token",
    "AWS_PROFILE": "bogus",
    "AWS_DEFAULT_PROFILE": "bogus",
    "AWS_REGION": "no where",
    "AWS_DEFAULT_REGION": "no where",
    "AWS_ENDPOINT_URL": NOWHERE,
    "AWS_ENDPOINT_URL_S3": NOWHERE,
    "AWS_ENDPOINT_URL_DYNAMODB": NOWHERE,
    "AWS_ENDPOINT_URL_SFN": NOWHERE,
    "AWS_ENDPOINT_URL_CLOUDFORMATION": NOWHERE,
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_MAX_ATTEMPTS": "0",
    "AWS_RETRY_MODE": "bogus",
    "AWS_DEFAULTS_MODE": "bogus",
    "AWS_CA_BUNDLE": "/nowhere",
    "AWS_DATA_PATH": "/nowhere",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_STS_REGIONAL_ENDPOINTS": "bogus",
    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "bogus",
    "AWS_S3_USE_ARN_REGION": "bogus",
    "AWS_REQUEST_CHECKSUM_CALCULATION": "bogus",
    "AWS_RESPONSE_CHECKSUM_VALIDATION": "bogus",
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "bogus",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "bogus",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": NOWHERE,
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
    "AWS_ROLE_ARN": "bogus",
    "AWS_EXECUTION_ENV": "bogus",
    "AWS_LAMBDA_FUNCTION_NAME": "bogus",
    "AWS_XRAY_DAEMON_ADDRESS": "bogus",
    "_X_AMZN_TRACE_ID": "bogus",
    "HTTP_PROXY": NOWHERE,
    "http_proxy": NOWHERE,
    "HTTPS_PROXY": NOWHERE,
    "ALL_PROXY": NOWHERE,
    "NO_PROXY": "example.com",
    "no_proxy": "example.com",
    "MOTO_PORT": "1",
    "MOTO_ACCOUNT_ID": "1",
    "MOTO_ALLOW_NONEXISTENT_REGION": "bogus",
    "MOTO_S3_CUSTOM_ENDPOINTS": NOWHERE,
    "MOTO_S3_DEFAULT_MAX_KEYS": "1",
    "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": "bogus",
    "MOTO_ACM_VALIDATION_WAIT": "bogus",
    "MOTO_MAX_FORM_MEMORY_SIZE": "bogus",
    "MOTO_CALL_RESET_API": "bogus",
    "MOTO_DOCKER_NETWORK_NAME": "bogus",
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "bogus",
    "TEST_SERVER_MODE": "true",
    "TEST_PROXY_MODE": "true",
    "INITIAL_NO_AUTH_ACTION_COUNT": "0",
    "SF_EXECUTION_HISTORY_TYPE": "FAILURE",
    "S3_UPLOAD_PART_MIN_SIZE": "bogus",
    "FLASK_DEBUG": "1",
    "WERKZEUG_SERVER_FD": "bogus",
    "WERKZEUG_RUN_MAIN": "true",
    "POWERTOOLS_LOG_LEVEL": "bogus",
    "NUMBA_DISABLE_JIT": "1",
    "POWERTOOLS_TRACE_DISABLED": "bogus",
}
"""Values that break a client of AWS, or moto, that takes them."""

CONFIGURATIONS = {
    "broken": "[default\nregion",
    "virtual": "[default]\ns3 =\n  addressing_style = virtual\n",
    "accelerate": "[default]\ns3 =\n  use_accelerate_endpoint = true\n  use_dualstack_endpoint = true\n",
    "elsewhere": f"[default]\nregion = nowhere-1\nendpoint_url = {NOWHERE}\nca_bundle = /nowhere\nmax_attempts = 0\n",
    "process": "[default]\ncredential_process = /nowhere\nsso_session = bogus\nrole_arn = bogus\nsource_profile = x\n",
    "services": f"[default]\nservices = mine\n[services mine]\ns3 =\n  endpoint_url = {NOWHERE}\n",
}
"""Files of a user's that break a client of AWS which reads them."""


def home(folder: Path, configuration: str) -> dict[str, str]:
    """Write a user's AWS configuration, and return the variables that lead to it."""
    (folder / ".aws" / "models").mkdir(parents=True)
    for name in ("config", "credentials"):
        (folder / ".aws" / name).write_text(configuration)
    for service in ("s3", "dynamodb", "stepfunctions"):
        model = folder / ".aws" / "models" / service / "2099-01-01"
        model.mkdir(parents=True)
        (model / "service-2.json").write_text("{}")
    files = {"AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "credentials"}
    return {"HOME": str(folder), **{name: str(folder / ".aws" / file) for name, file in files.items()}}


def environments(folder: Path) -> dict[str, dict[str, str]]:
    """Return all hostile environments: one variable, or one file, at a time, and all at once."""
    single = {name: {name: value} for name, value in VARIABLES.items()}
    files = {name: home(folder / name, text) for name, text in CONFIGURATIONS.items()}
    return {**single, **files, "all at once": {**VARIABLES, **files["broken"]}}


NAMES = [*VARIABLES, *CONFIGURATIONS, "all at once"]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the champion of a run under no setting at all."""
    return run(tmp_path_factory.mktemp("plain"), {})


def run(folder: Path, environment: dict[str, str]) -> bytes:
    """Run `worstsort run`, and return the champion's file."""
    command = [*COMMAND, "run", *TINY, "--max-epochs", "1", "--out", str(folder / "out")]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    (path,) = (folder / "out").glob("*/champion.json")
    return path.read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_a_run_of_ones_own_machine_is_the_same_whatever_is_set(name: str, expected: bytes, tmp_path: Path) -> None:
    """The owner of the cloud, its functions and its workers take no notice."""
    assert run(tmp_path, environments(tmp_path)[name]) == expected


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Serve a cloud under all settings at once, with a run that goes on; give what leads the commands to it."""
    folder = tmp_path_factory.mktemp("served")
    leads = {"XDG_STATE_HOME": str(folder / "state")}
    environment = {**os.environ, **environments(folder)["all at once"], **leads}
    command = [*COMMAND, "up", "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["endpoint"]
        invoke(leads, "start", *TINY, "--max-epochs", "1", "--name", "ended")
        invoke(leads, "watch", "ended", "--every", "0.1")
        (folder / "endless.json").write_text(json.dumps(ENDLESS))
        invoke(leads, "start", "--input", str(folder / "endless.json"), "--name", "endless")
        invoke(leads, "watch", "endless", "--once")  # waits until the run is recorded
        yield leads
        process.terminate()
        assert process.wait(30) == 0


def invoke(environment: dict[str, str], *arguments: str) -> Any:
    """Run a command in an environment, and return what it says."""
    result = CliRunner().invoke(main, arguments, env=environment)
    assert result.exit_code == 0, (arguments, result.output)
    return result.stdout


@pytest.mark.parametrize("name", NAMES)
def test_every_command_finds_the_served_cloud_whatever_is_set(
    name: str, served: dict[str, str], tmp_path: Path
) -> None:
    """Reading, starting, stopping and resuming, and what needs no cloud at all."""
    hostile = {**environments(tmp_path)[name], **served}
    assert "endless" in invoke(hostile, "runs")
    assert "ended" in invoke(hostile, "leaderboard")
    assert "page.html" in invoke(hostile, "report", "ended", "-o", str(tmp_path / "page.html"))
    assert "RUNNING" in invoke(hostile, "watch", "endless", "--once")
    assert "stopped" in invoke(hostile, "stop", "endless")
    assert "resumed" in invoke(hostile, "resume", "endless")
    started = f"started-{NAMES.index(name)}"
    assert started in invoke(hostile, "start", *TINY, "--max-epochs", "1", "--name", started)
    for arguments in (("transfer",), ("export", "--csv"), ("count",), ("verify",)):
        invoke(hostile, *arguments, str(ROOT / "examples" / "champion.json"))
    invoke(hostile, "completion", "bash")


def test_the_default_cloud_is_found_by_what_up_has_printed(served: dict[str, str]) -> None:
    """Whoever has exported the variables of one cloud of several reaches that one."""
    (path,) = Path(served["XDG_STATE_HOME"]).rglob("*.json")
    exported = json.loads(path.read_text())["environment"]
    assert "endless" in invoke(exported | {"XDG_STATE_HOME": os.devnull}, "runs")
