"""The embedded cloud: the project's template, deployed and running on this machine until it is closed."""

from __future__ import annotations

import json
import os
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import boto3
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.stepfunctions.parser.utils import TMP_THREADS

from worstsort_embedded import template
from worstsort_embedded.errors import EmbeddedCloudError
from worstsort_embedded.events import Events
from worstsort_embedded.executor import Executor
from worstsort_embedded.functions import Functions, FunctionSource
from worstsort_embedded.image import Image
from worstsort_embedded.jobs import Jobs
from worstsort_embedded.patches import Patches
from worstsort_embedded.processes import ChildProcesses
from worstsort_embedded.server import Server, remember_services, write_one_at_a_time
from worstsort_embedded.stepfunctions import StepFunctions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

STACK = "worstsort"
_DOCKERFILE = "batch_worker/Dockerfile"
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_KEY = "embedded"
_NO_PROXY = dict.fromkeys(("NO_PROXY", "no_proxy"), "localhost,127.0.0.1")
_GRACE_SECONDS = 2.0  # for children to end by themselves when the cloud closes
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")
_one_at_a_time = threading.Lock()


class EmbeddedCloud:
    """A context in which the project is deployed; moto is global to the process, so there is one cloud at a time.

    project_root: the folder of template.yaml. port: 0 for any free one. vcpus: what jobs may use together, by default
    the machine's. stop_seconds: from a job's SIGTERM to its SIGKILL, 30 in AWS. parameters: of the template.
    """

    def __init__(
        self,
        project_root: str | Path,
        port: int = 0,
        vcpus: float | None = None,
        *,
        stop_seconds: float = 30.0,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self.root = Path(project_root).resolve()
        self.vcpus = vcpus or os.cpu_count() or 1
        self.outputs: dict[str, str] = {}
        self._port, self._stop_seconds, self._parameters = port, stop_seconds, dict(parameters or {})
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if not _one_at_a_time.acquire(blocking=False):
            raise EmbeddedCloudError("this process has an embedded cloud already; close it first")
        with ExitStack() as opening:
            opening.callback(_one_at_a_time.release)
            self._start(opening)
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every execution, job and function, within 5 seconds; no child process is left."""
        self._open.close()

    def client(self, service: str) -> Any:
        """A boto3 client of this cloud."""
        return self.session.client(service, endpoint_url=self.endpoint_url)

    def _start(self, opening: ExitStack) -> None:
        server = Server.start(self._port)
        region = os.environ.get("AWS_DEFAULT_REGION") or os.environ.get("AWS_REGION") or "us-east-1"
        self.endpoint_url = f"http://localhost:{server.port}"
        self.environment = _environment(self.endpoint_url, region)
        self.session = boto3.Session(_KEY, _KEY, region_name=region)
        patches = opening.enter_context(Patches())
        remember_services(patches)
        write_one_at_a_time(patches)
        opening.callback(_forget)
        opening.enter_context(_process_environment(server.port, region))
        opening.callback(server.close)
        adapted = template.adapt(*template.load(self.root / "template.yaml"), self._parameters)
        layers = self._packages(adapted.layers)
        processes = ChildProcesses()  # warms up while the template is deployed
        opening.callback(processes.close, _GRACE_SECONDS)
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        children = inherited | self.environment
        functions = Functions(processes, children, concurrency=max(2, os.cpu_count() or 1))
        executor = Executor(processes, self.vcpus, self._stop_seconds)
        opening.callback(executor.close)
        search = os.pathsep.join(map(str, layers))
        jobs = Jobs(executor, Image(self.root / _DOCKERFILE), {**children, "PYTHONPATH": search}, self.root)
        events = Events()
        for seam in (functions, jobs, StepFunctions(jobs, events.announce)):
            seam.install(patches)
        opening.callback(_stop_executions)
        opening.callback(events.close)
        self._deploy(adapted, functions)

    def _packages(self, layers: Iterable[str]) -> tuple[Path, ...]:
        """Return where the layers' Python packages are: a built layer has them in a folder of that name.

        An installed wheel carries no layer: its functions and jobs import the packages installed beside it.
        """
        folders = [self.root / layer for layer in layers if (self.root / layer).is_dir()]
        return tuple(folder / "python" if (folder / "python").is_dir() else folder for folder in folders)

    def _deploy(self, adapted: template.Adapted, functions: Functions) -> None:
        cloudformation = self.client("cloudformation")
        parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in self._parameters.items()]
        body = json.dumps(adapted.template)
        cloudformation.create_stack(
            StackName=STACK, TemplateBody=body, Parameters=parameters, Capabilities=_CAPABILITIES
        )
        stack = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        if stack["StackStatus"] != "CREATE_COMPLETE":
            raise EmbeddedCloudError(f"the template was not deployed: {stack['StackStatus']}")
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
        resources = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
        made = [each for each in resources if "LogicalResourceId" in each]  # its condition is false where it has none
        names = {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in made}
        for name, code in adapted.functions.items():
            group = code.log_group or f"/aws/lambda/{names[name]}"
            functions.sources[names[name]] = FunctionSource(
                self.root / code.code, self._packages(code.layers), names.get(group, group)
            )


def _environment(endpoint: str, region: str) -> dict[str, str]:
    """The variables that point any AWS client at this cloud, and at nothing else."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_ACCESS_KEY_ID": _KEY,
        "AWS_SECRET_ACCESS_KEY": _KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        **_NO_PROXY,
    }


@contextmanager
def _process_environment(port: int, region: str) -> Iterator[None]:
    """What moto and the transformation read from this process's environment."""
    wanted = {"MOTO_PORT": str(port), "AWS_DEFAULT_REGION": region, **_NO_PROXY}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _stop_executions() -> None:
    """Abort what runs; a thread that still waits for a function goes on when its process has ended."""
    for regions in list(stepfunctions_parser_backends.values()):
        for backend in list(regions.values()):
            for machine in list(backend.state_machines):
                for execution in list(machine.executions):
                    execution.stop(None, None, None)


def _forget() -> None:
    """Empty moto, which is global to the process, when those who write to it are done."""
    for thread in threading.enumerate():
        if thread.name.startswith(("job", "log", "event")):
            thread.join(1)
    BackendDict.reset()
    reset_model_data()
    TMP_THREADS.clear()
