"""Batch jobs are real processes, and behave as on AWS."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from moto.batch.models import Job

from tests.integration.embedded.helpers import IGNORES_TERM, SLEEPS, Batch, alive, eventually, running_pid
from tests.support.patience import patience

if TYPE_CHECKING:
    from worstsort_embedded import EmbeddedCloud


def test_a_job_runs_with_its_environment_and_layer(batch: Batch) -> None:
    """A job gets its definition's and its own variables, AWS's, and the layer, but not the caller's environment."""
    code = """import os, probe_layer
print(probe_layer.NAME, os.environ['GREETING'], os.environ['EXTRA'], os.environ['AWS_BATCH_JOB_ATTEMPT'])
print(sorted(name for name in os.environ if name.startswith(('PYTEST', 'MOTO'))), os.getpid() == os.getpgid(0))"""
    environment = [{"name": "CODE", "value": code}, {"name": "EXTRA", "value": "more"}]
    job = batch.run("", containerOverrides={"environment": environment})
    assert job["status"] == "SUCCEEDED", batch.log(job)
    assert job["container"]["exitCode"] == 0
    assert batch.log(job) == ["the layer hello more 1", "[] True"]


def test_a_module_of_the_layer_is_imported_in_the_jobs_own_environment(batch: Batch) -> None:
    """A module that reads the environment when imported finds its job's, although the process was warm before."""
    environment = [{"name": "CODE", "value": "import probe_layer; print(probe_layer.GREETING)"}]
    job = batch.run("", containerOverrides={"environment": [*environment, {"name": "GREETING", "value": "other"}]})
    assert batch.log(job) == ["other"]


def test_log_lines_arrive_in_order_while_the_job_runs(batch: Batch) -> None:
    """Standard output and standard error are one stream, readable before the job ends."""
    code = "import sys, time\nfor i in range(50): print(i, file=[sys.stdout, sys.stderr][i % 2])\ntime.sleep(60)"
    job = batch.submit(code)
    batch.until(job, "RUNNING")
    eventually(lambda: len(batch.log(batch.describe(job))) == 50)
    assert batch.log(batch.describe(job)) == [str(number) for number in range(50)]
    batch.client.terminate_job(jobId=job, reason="seen enough")


def test_only_the_exit_code_that_the_definition_names_is_retried(batch: Batch) -> None:
    """130 is retried, up to the definition's number of attempts; 1 is not."""
    interrupted = batch.run("import sys; sys.exit(130)")
    assert [attempt["container"]["exitCode"] for attempt in interrupted["attempts"]] == [130, 130, 130]
    failed = batch.run("raise ValueError('no')")
    assert [attempt["container"]["exitCode"] for attempt in failed["attempts"]] == [1]
    assert failed["status"] == "FAILED"
    assert batch.log(failed)[-1] == "ValueError: no"


def test_a_retried_job_can_succeed(batch: Batch) -> None:
    """Each attempt is a process of its own, with its number and its own log."""
    code = "import os, sys; n = os.environ['AWS_BATCH_JOB_ATTEMPT']; print(n); sys.exit(130 if n == '1' else 0)"
    job = batch.run(code)
    assert job["status"] == "SUCCEEDED"
    assert [batch.log(job, attempt) for attempt in (0, 1)] == [["1"], ["2"]]


def test_a_submission_can_have_its_own_retry_strategy(batch: Batch) -> None:
    """It takes precedence over the definition's; without rules every failure is retried."""
    job = batch.run("import sys; sys.exit(9)", retryStrategy={"attempts": 2})
    assert len(job["attempts"]) == 2


def test_a_signal_is_an_exit_code_as_in_a_container(batch: Batch) -> None:
    """A job killed by signal 9 has exit code 137."""
    job = batch.run("import os; os.kill(os.getpid(), 9)")
    assert job["container"]["exitCode"] == 137


def test_sigterm_alone_ends_no_container(batch: Batch) -> None:
    """A container's first process does not see a signal that it has no handler for; SIGKILL follows, with code 137."""
    job = batch.run("import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
    assert {attempt["container"]["exitCode"] for attempt in job["attempts"]} == {137}


def test_an_attempt_that_takes_too_long_is_ended_and_not_retried(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets SIGTERM at the time-out, and SIGKILL after the stop time; a second stands for the least, a minute."""
    monkeypatch.setattr(Job, "_get_attempt_duration", lambda _job: 1)
    job = batch.run(IGNORES_TERM, timeout={"attemptDurationSeconds": 60})
    assert job["status"] == "FAILED"
    assert job["statusReason"] == "Job attempt duration exceeded timeout"
    assert [attempt["container"]["exitCode"] for attempt in job["attempts"]] == [137]


def test_terminating_lets_a_job_clean_up(batch: Batch) -> None:
    """It gets SIGTERM first; the reason is recorded; whatever the exit code, there is no retry."""
    code = """import signal, sys, time
def stop(*_): print('cleaning up'); sys.exit(130)
signal.signal(signal.SIGTERM, stop); print('ready'); time.sleep(60)"""
    job = batch.submit(code)
    eventually(lambda: batch.describe(job)["status"] == "RUNNING" and batch.log(batch.describe(job)))
    batch.client.terminate_job(jobId=job, reason="enough")
    ended = batch.until(job, "FAILED")
    assert ended["statusReason"] == "enough"
    assert ended["container"]["exitCode"] == 130
    assert len(ended["attempts"]) == 1
    assert batch.log(ended) == ["ready", "cleaning up"]


def test_terminating_ends_the_processes_that_a_job_started(batch: Batch) -> None:
    """The whole process group ends with the job."""
    job = batch.submit("import subprocess; p = subprocess.Popen(['sleep', '60']); print(p.pid); p.wait()")
    pid = running_pid(batch, job)
    assert alive(pid)
    batch.client.terminate_job(jobId=job, reason="enough")
    batch.until(job, "FAILED")
    eventually(lambda: not alive(pid))


def test_a_queued_job_can_be_cancelled(batch: Batch) -> None:
    """A job without a free vCPU waits, and never starts if it is cancelled."""
    environment = [{"name": "CODE", "value": SLEEPS}]
    wide = {"environment": environment, "resourceRequirements": [{"type": "VCPU", "value": "2"}]}
    first = batch.submit("", containerOverrides=wide)
    second = batch.submit("", containerOverrides=wide)
    batch.until(first, "RUNNING")
    assert batch.describe(second)["status"] == "RUNNABLE"
    batch.client.cancel_job(jobId=second, reason="changed my mind")
    assert batch.until(second, "FAILED")["attempts"] == []
    batch.client.terminate_job(jobId=first, reason="enough")
    batch.until(first, "FAILED")


def test_an_array_runs_every_child_and_fails_if_one_does(batch: Batch) -> None:
    """Each child has its index; the array fails only after all of them have ended."""
    code = "import os, sys; sys.exit(os.environ['AWS_BATCH_JOB_ARRAY_INDEX'] == '1')"
    job = batch.run(code, arrayProperties={"size": 4})
    assert job["status"] == "FAILED"
    summary = job["arrayProperties"]["statusSummary"]
    assert (summary["SUCCEEDED"], summary["FAILED"]) == (3, 1)
    children = batch.client.list_jobs(arrayJobId=job["jobId"])["jobSummaryList"]
    assert [child["container"]["exitCode"] for child in children] == [0, 1, 0, 0]
    assert [child["arrayProperties"]["index"] for child in children] == [0, 1, 2, 3]
    assert batch.describe(f"{job['jobId']}:1")["statusReason"] == "Essential container in task exited"


def test_a_queue_lists_arrays_and_not_their_children(cloud: EmbeddedCloud, batch: Batch) -> None:
    """list-jobs of a queue shows what was submitted."""
    job = batch.run("", arrayProperties={"size": 2})["jobId"]
    summaries = batch.client.list_jobs(jobQueue=cloud.outputs["JobQueueArn"])["jobSummaryList"]
    listed = [summary["jobId"] for summary in summaries]
    assert job in listed
    assert f"{job}:0" not in listed


def test_an_array_of_one_is_refused(batch: Batch) -> None:
    """The message has the allowed sizes, as on AWS."""
    with pytest.raises(ClientError, match="between 2 and 10,000"):
        batch.submit("", arrayProperties={"size": 1})


def test_terminating_an_array_ends_all_of_its_children(batch: Batch) -> None:
    """That holds for running and for waiting children."""
    job = batch.submit(SLEEPS, arrayProperties={"size": 5})
    pids = [running_pid(batch, f"{job}:{index}") for index in (0, 1)]
    batch.client.terminate_job(jobId=job, reason="enough")
    ended = batch.until(job, "FAILED")
    assert ended["arrayProperties"]["statusSummary"]["FAILED"] == 5
    assert not any(map(alive, pids))


def test_no_more_vcpus_are_used_than_there_are(batch: Batch) -> None:
    """On two vCPUs, at most two of four one-vCPU jobs run at a time."""
    job = batch.run("import time; print(time.time()); time.sleep(0.3); print(time.time())", arrayProperties={"size": 4})
    spans = [[float(line) for line in batch.log(batch.describe(f"{job['jobId']}:{index}"))] for index in range(4)]
    for start, _ in spans:
        assert sum(begun <= start < ended for begun, ended in spans) <= 2


@pytest.mark.parametrize(
    "overrides",
    [
        {"command": ["sh", "-c", "true"]},
        {"command": []},
        {"environment": [{"name": "PYTHONPATH", "value": "/elsewhere"}]},
        {"environment": [{"name": "LD_PRELOAD", "value": "/elsewhere/x.so"}]},
        {"environment": [{"name": "CODE", "value": ""}, {"name": "PATH", "value": "/elsewhere"}]},
        {"environment": [{"name": "AWS_ENDPOINT_URL", "value": "http://evil.example"}]},
    ],
)  # fmt: skip
def test_a_job_runs_the_templates_program_whatever_its_submitter_asks_for(
    batch: Batch, overrides: dict[str, Any]
) -> None:
    """Neither another command nor a variable that would make the interpreter run something else is taken."""
    with pytest.raises(batch.client.exceptions.ClientException, match="cannot be overridden"):
        batch.submit("", containerOverrides=overrides)


def test_a_job_definition_that_the_template_does_not_have_is_refused(batch: Batch) -> None:
    """Nobody brings a program of their own by registering it, as a new name or as a new revision."""
    for name in ("other", "worstsort-probe"):
        made = batch.client.register_job_definition(
            jobDefinitionName=name, type="container", retryStrategy={"attempts": 1},
            containerProperties={"image": "x", "command": ["true"], "vcpus": 1, "memory": 128},
        )  # fmt: skip
        for given in (made["jobDefinitionArn"], name):
            with pytest.raises(batch.client.exceptions.ClientException, match="not in the template"):
                batch.client.submit_job(jobName="x", jobQueue=batch.cloud.outputs["JobQueueArn"], jobDefinition=given)
        batch.client.deregister_job_definition(jobDefinition=made["jobDefinitionArn"])


def test_ps_shows_what_a_job_is(batch: Batch) -> None:
    """By its short name and by its arguments; the job itself sees nothing of that in its environment."""
    seen = "open('/proc/self/comm').read(), open('/proc/self/cmdline').read(), 'EMBEDDED_PROCESS_TITLE' in os.environ"
    code = f"import os; print({seen})"
    job = batch.run(code, arrayProperties={"size": 2})
    said = " ".join(batch.log(batch.describe(f"{job['jobId']}:1")))
    assert said.startswith("worker")
    assert "worstsort: worker probe, child 1" in said
    assert said.endswith("False")


def test_a_job_starts_fast(batch: Batch) -> None:
    """Its libraries are imported already, so a worker's imports cost nearly nothing."""
    batch.run("import numpy, numba, boto3, pydantic")
    begun = time.monotonic()
    batch.run("import numpy, numba, boto3, pydantic")
    assert time.monotonic() - begun < patience(4)


def test_describing_a_job_does_not_change_it(batch: Batch) -> None:
    """Two descriptions of an ended job are equal."""
    job = batch.run("")
    assert batch.describe(job["jobId"]) == batch.describe(job["jobId"]) == job
