"""Whatever arrives at the port is answered as a service would, and never by a traceback."""

from __future__ import annotations

import http.client
import json
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

if TYPE_CHECKING:
    from worstsort_embedded import EmbeddedCloud

DEEP = b'{"a":' * 50_000 + b"1" + b"}" * 50_000

SIGNED: dict[str, tuple[str, str, str, str | None, bytes]] = {
    # service, method, path, target, body
    "no JSON": ("dynamodb", "POST", "/", "DynamoDB_20120810.GetItem", b"{"),
    "no object": ("dynamodb", "POST", "/", "DynamoDB_20120810.GetItem", b"[1]"),
    "nested deeply": ("dynamodb", "POST", "/", "DynamoDB_20120810.GetItem", DEEP),
    "no fields": ("dynamodb", "POST", "/", "DynamoDB_20120810.GetItem", b"{}"),
    "fields of other types": ("dynamodb", "POST", "/", "DynamoDB_20120810.GetItem", b'{"TableName":[],"Key":1}'),
    "no text": ("dynamodb", "POST", "/", "DynamoDB_20120810.GetItem", b"\xff\xfe"),
    "no such operation": ("dynamodb", "POST", "/", "DynamoDB_20120810.Nothing", b"{}"),
    "no such service": ("nothing", "POST", "/", "Nothing_1.Nothing", b"{}"),
    "a target that is none": ("states", "POST", "/", "../../etc", b"{}"),
    "a machine that is a number": ("states", "POST", "/", "AWSStepFunctions.StartExecution", b'{"stateMachineArn":7}'),
    "an ARN that is none": ("states", "POST", "/", "AWSStepFunctions.DescribeExecution", b'{"executionArn":"x"}'),
    "a definition that is none": ("states", "POST", "/", "AWSStepFunctions.CreateStateMachine", b'{"definition":"{"}'),
    "a job without anything": ("batch", "POST", "/v1/submitjob", None, b"{}"),
    "a job that is not JSON": ("batch", "POST", "/v1/submitjob", None, b"job"),
    "no such path": ("batch", "POST", "/v1/nothing", None, b"{}"),
    "a bucket that cannot be": ("s3", "PUT", "/..", None, b""),
    "XML that is none": ("s3", "POST", "/bucket?delete", None, b"<Delete"),
    "a version that is none": ("s3", "GET", "/bucket/key?versionId=%00", None, b""),
    "a query that is none": ("sqs", "POST", "/", None, b"Action=Nothing&Action=&=%zz"),
    "a stack without a name": ("cloudformation", "POST", "/", None, b"Action=DescribeStackEvents&StackName="),
    "a function that is none": ("lambda", "POST", "/2015-03-31/functions/%00/invocations", None, b"{}"),
}

UNSIGNED = (
    b"GET / HTTP/1.1\r\n\r\n",
    b"NONSENSE\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /%zz?%zz HTTP/9.9\r\nHost: \xff\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
)


def answer(cloud: EmbeddedCloud, service: str, method: str, path: str, target: str | None, body: bytes) -> Any:
    """Send a signed request whose content no client would send; return the answer's status and body."""
    headers = {"Content-Type": "application/x-amz-json-1.0"} | ({"X-Amz-Target": target} if target else {})
    if body.startswith(b"Action="):
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    request = AWSRequest(method, cloud.endpoint_url + path, headers, body)
    SigV4Auth(cloud.session.get_credentials(), service, "us-east-1").add_auth(request)
    port = urlsplit(cloud.endpoint_url).port
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    try:
        connection.request(method, path, body, dict(request.headers.items()))
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize("name", SIGNED)
def test_a_malformed_request_gets_an_answer_that_says_whose_fault_it_is(cloud: EmbeddedCloud, name: str) -> None:
    """A status of 400 to 499, and no traceback, though the signature is right."""
    status, body = answer(cloud, *SIGNED[name])
    assert 400 <= status < 500, body
    assert b"Traceback" not in body


def test_an_input_that_is_no_json_is_refused_by_its_name(cloud: EmbeddedCloud) -> None:
    """As Step Functions does: InvalidExecutionInput."""
    machine = cloud.client("stepfunctions").list_state_machines()["stateMachines"][0]["stateMachineArn"]
    body = json.dumps({"stateMachineArn": machine, "input": "nojson"}).encode()
    status, answered = answer(cloud, "states", "POST", "/", "AWSStepFunctions.StartExecution", body)
    assert (status, json.loads(answered)["__type"]) == (400, "InvalidExecutionInput")


@pytest.mark.parametrize(
    ("service", "prefix"),
    [
        ("states", "AWSStepFunctions"),
        ("dynamodb", "DynamoDB_20120810"),
        ("events", "AWSEvents"),
        ("logs", "Logs_20140328"),
    ],
)
def test_an_operation_that_is_none_is_unknown(cloud: EmbeddedCloud, service: str, prefix: str) -> None:
    status, answered = answer(cloud, service, "POST", "/", f"{prefix}.Nothing", b"{}")
    assert (status, json.loads(answered)["__type"]) == (400, "UnknownOperationException")


@pytest.mark.parametrize(
    ("service", "target", "body", "field"),
    [
        ("states", "AWSStepFunctions.StartExecution", b"{}", "stateMachineArn"),
        ("states", "AWSStepFunctions.DescribeExecution", b'{"executionArn":null}', "executionArn"),
        ("dynamodb", "DynamoDB_20120810.GetItem", b"{}", "TableName"),
        ("dynamodb", "DynamoDB_20120810.TransactWriteItems", b'{"TransactItems":[{"Put":{}}]}', "[0].Put.TableName"),
        ("events", "AWSEvents.PutRule", b"{}", "Name"),
        ("logs", "Logs_20140328.GetLogEvents", b"{}", "logStreamName"),
    ],
)
def test_a_field_that_is_missing_is_named(
    cloud: EmbeddedCloud, service: str, target: str, body: bytes, field: str
) -> None:
    """Not by the error with which moto looks for it."""
    status, answered = answer(cloud, service, "POST", "/", target, body)
    error = json.loads(answered)
    assert (status, error["__type"]) == (400, "ValidationException")
    assert f"{field}' failed to satisfy constraint: Member must not be null" in error["message"]


@pytest.mark.parametrize(
    ("service", "path", "target", "body", "said"),
    [
        ("batch", "/v1/describejobs", None, b'{"jobs":"all"}', "DescribeJobs.jobs' is a text, and not a list"),
        ("batch", "/v1/describejobs", None, b'{"jobs":[7]}', "jobs[0]' is a number, and not a text"),
        (
            "batch",
            "/v1/submitjob",
            None,
            b'{"arrayProperties":{"size":"2"}}',
            "size' is a text, and not a whole number",
        ),
        ("batch", "/v1/listjobs", None, b'{"maxResults":true}', "maxResults' is true, and not a whole number"),
        ("batch", "/v1/describejobs", None, b"[]", "DescribeJobs' is a list, and not an object"),
        ("lambda", "/2015-03-31/functions", None, b'{"Environment":[]}', "Environment' is a list, and not an object"),
        ("dynamodb", "/", "DynamoDB_20120810.GetItem", b'{"Key":{"a":"b"}}', "Key.a' is a text, and not an object"),
        ("dynamodb", "/", "DynamoDB_20120810.Query", b'{"ConsistentRead":"no"}', "is a text, and not true or false"),
        ("states", "/", "AWSStepFunctions.StartExecution", b'{"input":{}}', "input' is an object, and not a text"),
        ("events", "/", "AWSEvents.PutEvents", b'{"Entries":{}}', "Entries' is an object, and not a list"),
        ("logs", "/", "Logs_20140328.GetLogEvents", b'{"limit":1.5}', "limit' is a fraction, and not a whole number"),
    ],
)
def test_a_value_of_another_type_is_named(
    cloud: EmbeddedCloud, service: str, path: str, target: str | None, body: bytes, said: str
) -> None:
    """It is read neither as something else nor as nothing."""
    status, answered = answer(cloud, service, "POST", path, target, body)
    error = json.loads(answered)
    assert (status, error["__type"]) == (400, "SerializationException")
    assert said in error["message"]


@pytest.mark.parametrize(("service", "path"), [("batch", "/v1/nothing"), ("lambda", "/2015-03-31/nothing")])
def test_an_address_that_is_none_is_an_unknown_operation(cloud: EmbeddedCloud, service: str, path: str) -> None:
    """And no page of a web server's."""
    status, answered = answer(cloud, service, "POST", path, None, b"{}")
    assert (status, json.loads(answered)["__type"]) == (404, "UnknownOperationException")


def test_a_payload_that_is_no_json_is_refused_by_its_name(cloud: EmbeddedCloud) -> None:
    """As Lambda does: InvalidRequestContentException."""
    function = cloud.client("lambda").list_functions()["Functions"][0]["FunctionName"]
    status, answered = answer(cloud, "lambda", "POST", f"/2015-03-31/functions/{function}/invocations", None, b"{")
    assert (status, json.loads(answered)["__type"]) == (400, "InvalidRequestContentException")


@pytest.mark.parametrize(
    ("service", "method", "path", "target"),
    [
        ("dynamodb", "POST", "/", "DynamoDB_20120810.ListContributorInsights"),
        ("logs", "POST", "/", "Logs_20140328.DescribeQueryDefinitions"),
        ("events", "POST", "/", "AWSEvents.ListEventSources"),
        ("cloudformation", "POST", "/?Action=DescribeAccountLimits&Version=2010-05-15", None),
        ("batch", "POST", "/v1/listconsumableresources", None),
        ("lambda", "GET", "/2016-08-19/account-settings", None),
    ],
)
def test_an_operation_that_aws_has_and_moto_lacks_is_named(
    cloud: EmbeddedCloud, capfd: pytest.CaptureFixture[str], service: str, method: str, path: str, target: str | None
) -> None:
    """It is said to be missing here; the request is not at fault, and nothing has failed."""
    status, answered = answer(cloud, service, method, path, target, b"{}" if method == "POST" else b"")
    assert (status, b"NotImplemented" in answered) == (501, True), answered
    assert b"Traceback" not in answered
    assert capfd.readouterr().err == ""


def exchange(cloud: EmbeddedCloud, sent: bytes) -> bytes:
    """Send bytes to the port; return all that comes back."""
    with socket.create_connection(("localhost", urlsplit(cloud.endpoint_url).port or 0), timeout=30) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.parametrize("address", [b"http://[x", b"http://[", b"//[x/", b"http://]/"])
def test_an_address_that_cannot_be_read_is_refused_in_silence(
    cloud: EmbeddedCloud, capfd: pytest.CaptureFixture[str], address: bytes
) -> None:
    """The client gets an answer, and whoever started the server reads nothing."""
    received = exchange(cloud, b"GET " + address + b" HTTP/1.1\r\nHost: evil\r\n\r\n")
    assert received.split()[1] in {b"400", b"403"}
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("sent", UNSIGNED)
def test_bytes_that_are_no_request_are_turned_away(cloud: EmbeddedCloud, sent: bytes) -> None:
    """With an error or a closed connection; the server answers others as before."""
    received = exchange(cloud, sent)
    assert b"Traceback" not in received
    assert b" 200 " not in received.partition(b"\r\n")[0]
    assert cloud.client("dynamodb").list_tables()["TableNames"] is not None
