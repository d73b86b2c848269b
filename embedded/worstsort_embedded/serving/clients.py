"""Clients of an embedded cloud: the one place that builds them, from nothing that the user has configured for AWS."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfigValueStore, ConstantProvider
from botocore.loaders import Loader

from worstsort_embedded.environment import ACCESS_KEY, REGION


def isolated_session(secret: str, access_key: str = ACCESS_KEY) -> Any:
    """Return a boto3 session with a cloud's credentials that reads no file, variable or proxy of the user's."""
    core = botocore.session.Session()
    values = {name: default for name, (_, _, default, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    values |= {"region": REGION, "config_file": os.devnull, "credentials_file": os.devnull}
    providers = {name: ConstantProvider(value) for name, value in values.items()}
    core.register_component("config_store", ConfigValueStore(mapping=providers))
    core.register_component("data_loader", models())
    core.set_default_client_config(Config(proxies={}))
    return boto3.Session(access_key, secret, region_name=REGION, botocore_session=core)


@cache
def models() -> Loader:
    """Return botocore's own models of the services; each loader would list and read all of them again."""
    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
