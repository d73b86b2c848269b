"""Finds a deployment: a stack in an account, or the embedded cloud on this machine. This is where boto3 is needed."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

from worstsort_cli.clouds import aws_errors, served
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
    region = None
    try:
        session = boto3.Session()
        region = session.region_name
        if not region:
            raise NoRegionError  # as botocore has it, unless the variable is set and empty
        client = partial(session.client, config=_CONFIG)
        return _describe(client, name, embedded=_is_loopback(os.environ.get("AWS_ENDPOINT_URL", "")))
    except (BotoCoreError, ClientError) as error:
        missing = aws_errors.is_missing_stack(error)
        raise CommandFailed(
            aws_errors.no_such_stack(name, region)
            if missing
            else f"stack {name!r} cannot be read: {aws_errors.explain(error)}"
        ) from error
    except (OSError, ValueError) as error:  # of botocore's settings, which it does not check by itself
        raise CommandFailed(f"stack {name!r} cannot be read: {aws_errors.explain_settings(error)}") from error


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
