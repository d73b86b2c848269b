"""Configuration from environment variables, and the store that they name."""

from __future__ import annotations

import os
from functools import cache
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from worstsort.storage.retry import OUTAGE_SECONDS
from worstsort.storage.run_store import CHECKPOINT_DAYS, RunStore


class Environment(BaseModel):
    """Environment variables as a frozen value."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def load(cls) -> Self:
        """Read and validate the variables; raise pydantic.ValidationError, which names missing and empty ones."""
        return cls.model_validate(dict(os.environ))


class StoreEnvironment(Environment):
    """Where runs are stored."""

    generations_table: str = Field(alias="GENERATIONS_TABLE", min_length=1)
    champions_table: str = Field("", alias="CHAMPIONS_TABLE")
    bucket: str = Field(alias="BUCKET", min_length=1)
    checkpoint_days: int = Field(CHECKPOINT_DAYS, alias="CHECKPOINT_DAYS", ge=1)


@cache
def run_store() -> RunStore:
    """Return the store that the environment names, one per process, so that warm invocations reuse its connections."""
    environment = StoreEnvironment.load()
    names = environment.generations_table, environment.bucket, environment.champions_table
    return RunStore(*names, outage_seconds=OUTAGE_SECONDS, checkpoint_days=environment.checkpoint_days)
