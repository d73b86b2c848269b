"""What a function learns from its environment variables."""

from __future__ import annotations

import os
from functools import cache
from typing import Self

from aws_lambda_powertools import Logger
from pydantic import BaseModel, ConfigDict, Field

from worstsort.storage.retry import OUTAGE_SECONDS
from worstsort.storage.run_store import RunStore


class Environment(BaseModel):
    """Environment variables as a frozen value; a missing or empty one is an error that names it."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def load(cls) -> Self:
        """Read and validate the variables named by the fields; raises pydantic.ValidationError."""
        return cls.model_validate(dict(os.environ))


class StoreEnvironment(Environment):
    """Where runs are kept."""

    generations_table: str = Field(alias="GENERATIONS_TABLE", min_length=1)
    champions_table: str = Field("", alias="CHAMPIONS_TABLE")
    bucket: str = Field(alias="BUCKET", min_length=1)


@cache
def run_store() -> RunStore:
    """The store that the environment names, made once a process so that warm invocations reuse its connections."""
    environment = StoreEnvironment.load()
    names = environment.generations_table, environment.bucket, environment.champions_table
    return RunStore(*names, outage_seconds=OUTAGE_SECONDS)


@cache
def logger() -> Logger:
    """The process's logger, made at first use: whoever imports this may not have its environment yet."""
    return Logger()
