"""Finds a deployment: a stack in an account, or the embedded cloud on this machine. This is where boto3 is needed."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from worstsort_cli.clouds import served
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.errors import CommandFailed
from worstsort_embedded.serving.clients import isolated_session

if TYPE_CHECKING:
    from collections.abc import Callable

EMBEDDED_STACK = "worstsort"

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=5, read_timeout=30)
_REQUIRED_OUTPUTS = ("StateMachineArn", "GenerationsTableName", "ChampionsTableName", "BucketName")


def connect_stack(name: str) -> Deployment:
    """Return the stack of that name in the account and region that the usual AWS_* variables and files point to."""
    session = boto3.Session()
    client = partial(session.client, config=_CONFIG)
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    try:
        return _describe(client, name, embedded=_is_loopback(endpoint))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise CommandFailed(f"stack {name!r} cannot be read: {error}") from error
        where = endpoint or f"region {session.region_name}"
        raise CommandFailed(f"there is no stack {name!r} in {where}; `make deploy` creates one") from error
    except EndpointConnectionError as error:
        raise CommandFailed(f"nothing answers at {endpoint or 'the AWS endpoint'}: {error}") from error
    except BotoCoreError as error:
        raise CommandFailed(
            f"AWS cannot be reached: {error}; `aws configure` sets up region and credentials"
        ) from error


def connect_embedded() -> Deployment:
    """Return what `worstsort up` serves on this machine, whatever the user has configured for AWS."""
    access = served.find()
    config = _CONFIG.merge(Config(retries={"total_max_attempts": 2}, connect_timeout=2, proxies={}))
    client = partial(isolated_session(access.secret).client, endpoint_url=access.endpoint, config=config)
    try:
        return _describe(client, EMBEDDED_STACK, embedded=True)
    except ClientError as error:
        raise CommandFailed(f"what answers at {access.endpoint} is not this user's embedded cloud: {error}") from error
    except BotoCoreError as error:
        raise CommandFailed(
            f"no embedded cloud answers at {access.endpoint}; start one with `worstsort up` in another terminal, "
            "or name a deployed stack with --stack"
        ) from error


def _describe(client: Callable[[str], Any], name: str, *, embedded: bool) -> Deployment:
    (stack,) = client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    parameters = {pair["ParameterKey"]: pair["ParameterValue"] for pair in stack.get("Parameters", [])}
    missing = [output for output in _REQUIRED_OUTPUTS if output not in outputs]
    if missing:
        raise CommandFailed(f"stack {name!r} is not a Worstsort stack: its outputs lack {', '.join(missing)}")
    return Deployment(outputs, client, parameters, embedded)


def _is_loopback(endpoint: str) -> bool:
    return urlsplit(endpoint).hostname in _LOOPBACK
