"""Where the project is: the template, the functions and the worker that the embedded cloud runs."""

from __future__ import annotations

from pathlib import Path

from worstsort_cli.errors import CommandFailed


def project_root() -> Path:
    """The folder with template.yaml: the working directory, or the one this command was installed from."""
    candidates = [Path.cwd(), Path(__file__).resolve().parents[2]]
    for folder in candidates:
        if (folder / "template.yaml").is_file() and (folder / "statemachine").is_dir():
            return folder
    raise CommandFailed(f"no template.yaml in {' or '.join(map(str, candidates))}; run this in a clone of the project")
