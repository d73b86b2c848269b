"""The embedded cloud: the project's template, deployed and running on this machine until it is closed."""

from __future__ import annotations

import json
import os
import secrets
import threading
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from moto.awslambda.models import lambda_backends
from moto.batch.models import batch_backends
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.stepfunctions.parser.utils import TMP_THREADS

from worstsort_embedded import template
from worstsort_embedded.deployment import kept_templates, updates
from worstsort_embedded.deployment.image import Image, Program
from worstsort_embedded.deployment.parameters import trimmed
from worstsort_embedded.environment import REGION, child_environment, client_environment, process_environment
from worstsort_embedded.errors import EmbeddedCloudError
from worstsort_embedded.events import Events, in_one_line
from worstsort_embedded.executor import Executor
from worstsort_embedded.functions import DeployedFunction, Functions
from worstsort_embedded.jobs import Jobs
from worstsort_embedded.loading.garbage import collecting_later
from worstsort_embedded.patches import Patches
from worstsort_embedded.processes import ChildProcesses
from worstsort_embedded.serving import services
from worstsort_embedded.serving.clients import isolated_session
from worstsort_embedded.serving.owner import owners_client
from worstsort_embedded.serving.server import Server
from worstsort_embedded.stepfunctions import StepFunctions
from worstsort_embedded.strict.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from moto.stepfunctions.parser.backend.execution import Execution

_STACK = _PACKAGE = "worstsort"
_DOCKERFILE = "batch_worker/Dockerfile"
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_CLOSE_GRACE_SECONDS = 2.0
"""How long children have to end after SIGTERM when the cloud is closed."""

_WRITER_THREADS = ("job", "log", "event")
"""Prefixes of the names of the threads that write to moto."""

_SECRET_BYTES = 20
"""Of the secret access key, which has 40 characters, as on AWS."""

_open_cloud = threading.Lock()


class EmbeddedCloud:
    """A context in which the project is deployed; moto is global to the process, so only one can be open at a time.

    Args:
        project_root: The folder of template.yaml.
        port: Where to listen, 0 for any free port.
        vcpus: What all jobs may use together, by default what the machine has.
        stop_seconds: The time from a job's SIGTERM to its SIGKILL, 30 on AWS.
        parameters: The template's parameters that differ from their defaults.
        where: What clients without the right credentials are told about where they find them.
        tell: Called with one line whenever an execution starts or ends.

    Attributes:
        endpoint_url: Where AWS clients reach it.
        environment: Environment variables that point any AWS client to it, and to nothing else.
        session: A boto3 session with its credentials.
        outputs: The stack's outputs.
        gate: The strict mode, which refuses what AWS refuses.

    Raises:
        EmbeddedCloudError: It cannot be opened.
    """

    def __init__(
        self,
        project_root: str | Path,
        port: int = 0,
        vcpus: float | None = None,
        *,
        stop_seconds: float = 30.0,
        parameters: Mapping[str, str] | None = None,
        where: str = "they belong to the program that has opened it",
        tell: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self._root = Path(project_root).resolve()
        self._vcpus = vcpus or os.cpu_count() or 1
        self.outputs: dict[str, str] = {}
        self._port, self._stop_seconds, self._parameters = port, stop_seconds, dict(parameters or {})
        self._where, self._tell, self.gate = where, tell, Gate()
        self._warm_up: Sequence[Any] = ()
        self._open, self._changed = ExitStack(), threading.Event()
        self._owners_clients: dict[str, Any] = {}
        self._processes: ChildProcesses | None = None

    def use(self, processes: ChildProcesses, call: Sequence[Any] = ()) -> Self:
        """Have functions and jobs started by processes that have been made ahead to warm up; to be used before opening.

        Args:
            processes: What starts them; the cloud closes it.
            call: A function's module and name, and its arguments in JSON's types: called where they are forked, before
                any is.
        """
        self._processes, self._warm_up = processes, call
        return self

    def __enter__(self) -> Self:
        if not _open_cloud.acquire(blocking=False):
            raise EmbeddedCloudError("this process has an embedded cloud already; close it first")
        with ExitStack() as opening, collecting_later():
            opening.callback(_open_cloud.release)
            self._start(opening)
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every execution, job and function within 5 seconds, and leave no child process."""
        self._open.close()

    def client(self, service: str) -> Any:
        """Return a boto3 client of this cloud."""
        return self.session.client(service, endpoint_url=self.endpoint_url)

    def owners_client(self, service: str) -> Any:
        """Return a client for this process alone, one per service, which reads from its memory what it can."""
        if service not in self._owners_clients:
            self._owners_clients[service] = owners_client(service, partial(self.client, service))
        return self._owners_clients[service]

    def wait_until_warm(self) -> None:
        """Wait until what `use` asked for is done, so that its time is not that of the first execution."""
        if self._processes:
            self._processes.wait_until_warm()

    def wait_for_change(self, timeout_seconds: float) -> None:
        """Wait until an execution has come further since the last call, or until the time is over."""
        self._changed.wait(timeout_seconds)
        self._changed.clear()

    def update(self, project_root: str | Path | None = None, parameters: Mapping[str, str] | None = None) -> None:
        """Deploy another version of the project, or other parameters, over this one while executions are under way.

        As on AWS, they keep their definition of the state machine and their revision of the job, with its image, while
        functions change at once.

        Args:
            project_root: The folder of the other version's template.yaml, by default that of this one.
            parameters: Parameters to change; the others keep their values.

        Raises:
            EmbeddedCloudError: AWS would refuse the update; nothing has changed.
        """
        root, given = Path(project_root or self._root).resolve(), self._parameters | dict(parameters or {})
        adapted = template.adapt(*template.load(root / "template.yaml"), given, self._deployed.asked)
        self._root, self._parameters = root, given
        self._deploy(adapted, self.client("cloudformation").update_stack)

    def _start(self, opening: ExitStack) -> None:
        """Start one part after another; closing undoes that in the opposite order."""
        opening.enter_context(process_environment())
        patches = opening.enter_context(Patches())
        self._serve(opening, patches)
        self._processes = processes = self._processes or ChildProcesses(self._tell)
        opening.callback(processes.close, _CLOSE_GRACE_SECONDS)
        adapted = kept_templates.adapted(self._root / "template.yaml", self._parameters)
        variables = child_environment(self.environment)
        processes.preload(self._packages(adapted.layers), _PACKAGE, self._warm_up, variables)
        self._variables, invocations = variables, max(2, os.cpu_count() or 1)
        self._functions = Functions(processes, variables, concurrency=invocations)
        executor = Executor(processes, self._vcpus, self._stop_seconds)
        opening.callback(executor.close)
        self._jobs = jobs = Jobs(executor)
        events = Events()

        def announce(execution: Execution) -> None:
            events.announce(execution)
            self._tell(in_one_line(execution))
            self._changed.set()

        for part in (
            updates,
            self._functions,
            jobs,
            StepFunctions(jobs, announce, self._changed.set, self.environment["AWS_SECRET_ACCESS_KEY"], invocations),
        ):
            part.install(patches)
        opening.callback(_stop_executions)
        opening.callback(events.close)
        self._deploy(adapted, self.client("cloudformation").create_stack)
        events.keep_schedules()

    def _serve(self, opening: ExitStack, patches: Patches) -> None:
        """Start moto's server, and point this process and its clients to it."""
        services.install(patches)
        self.gate.install(patches)
        opening.callback(_reset_moto)
        secret = secrets.token_hex(_SECRET_BYTES)
        server = Server.start(self._port, secret, self._where)
        opening.callback(server.close)
        self.endpoint_url = f"http://localhost:{server.port}"
        self.environment = client_environment(self.endpoint_url, secret)
        self.session = isolated_session(secret)
        os.environ["MOTO_PORT"] = str(server.port)

    def _packages(self, layers: Iterable[str]) -> tuple[Path, ...]:
        """Return the layers' folders of Python packages: in a built layer the folder `python`, else the layer itself.

        An installed wheel carries no layer: its functions and jobs import the packages installed beside it.
        """
        folders = [self._root / layer for layer in layers if (self._root / layer).is_dir()]
        return tuple(folder / "python" if (folder / "python").is_dir() else folder for folder in folders)

    def _deploy(self, adapted: template.Adapted, request: Callable[..., Any]) -> None:
        """Change the stack, and note what functions and jobs are: what moto says of them later is not taken."""
        physical_ids = self._change_stack(adapted.template, request)
        self._deployed = adapted
        for logical_id, code in adapted.functions.items():
            name = physical_ids[logical_id]
            group = code.log_group or f"/aws/lambda/{name}"
            made = lambda_backends[DEFAULT_ACCOUNT_ID][REGION].get_function(name)
            source = self._root / code.code, self._packages(code.layers), physical_ids.get(group, group)
            self._functions.deploy(name, DeployedFunction.of(made, *source, code.handler))
        search_path = os.pathsep.join(map(str, self._packages(adapted.layers)))
        variables = {**self._variables, "PYTHONPATH": search_path}
        program = Program(Image(self._root / _DOCKERFILE), variables, self._root)
        revisions = batch_backends[DEFAULT_ACCOUNT_ID][REGION]._job_definitions  # noqa: SLF001 - as in jobs
        for arn in revisions.keys() & set(physical_ids.values()):
            self._jobs.deploy(revisions[arn], program)

    def _change_stack(self, body: dict[str, Any], request: Callable[..., Any]) -> dict[str, str]:
        """Change the stack, take its outputs, and return its resources' physical ids by their logical ones."""
        given = trimmed(body, self._parameters)  # moto would keep the spaces
        request(
            StackName=_STACK,
            TemplateBody=json.dumps(body),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
            Capabilities=_CAPABILITIES,
        )
        cloudformation = self.client("cloudformation")
        stack = cloudformation.describe_stacks(StackName=_STACK)["Stacks"][0]
        if not stack["StackStatus"].endswith("E_COMPLETE"):
            raise EmbeddedCloudError(f"the template was not deployed: {stack['StackStatus']}")
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
        resources = cloudformation.describe_stack_resources(StackName=_STACK)["StackResources"]
        return {
            resource["LogicalResourceId"]: resource.get("PhysicalResourceId", "")
            for resource in resources
            if "LogicalResourceId" in resource  # moto also lists resources whose condition is false, without an id
        }


def _stop_executions() -> None:
    """Abort all executions; a thread that still waits for a function continues once its process has ended."""
    for regions in list(stepfunctions_parser_backends.values()):
        for backend in list(regions.values()):
            for machine in list(backend.state_machines):
                for execution in list(machine.executions):
                    execution.stop(None, None, None)


def _reset_moto() -> None:
    """Empty moto, which is global to the process, once the threads that write to it have ended."""
    for thread in threading.enumerate():
        if thread.name.startswith(_WRITER_THREADS) and thread.is_alive():  # one that is about to start is listed, too
            thread.join(1)
    BackendDict.reset()
    reset_model_data()
    TMP_THREADS.clear()
