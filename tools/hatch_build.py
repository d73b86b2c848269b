"""Put the files of the deployed system into the wheel, for the embedded cloud of users without a clone."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProjectInWheel(BuildHookInterface):  # type: ignore[type-arg]
    """The files that pyproject.toml lists; an editable install uses the checkout and gets no copy."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Map each file to its place in the wheel, which `worstsort_cli.project` knows."""
        if version != "editable":
            build_data["force_include"] |= {path: f"{self.config['folder']}/{path}" for path in self.config["files"]}
