"""What `pip install worstsort` leaves out, and how a command that needs it says so."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_REQUIREMENT = re.compile(r"""([\w.-]+)(?:\[[^]]*\])?(?:==([^\s;]+))?[^;]*; extra == ['"]([\w-]+)['"]""")
"""Name, exact version if there is one, and extra, as the package's own metadata has them."""


def require(extra: str) -> None:
    """Refuse to go on without an extra.

    Args:
        extra: A name under [project.optional-dependencies] in pyproject.toml.

    Raises:
        CommandFailed: a package of the extra is missing or has the wrong version; the message is the way out.
    """
    problems = list(_problems(requires("worstsort") or (), extra))
    if problems:
        raise CommandFailed(f"{', '.join(problems)}; install what this needs with: pip install 'worstsort[{extra}]'")


def _problems(requirements: Iterable[str], extra: str) -> Iterator[str]:
    for requirement in requirements:
        found = _REQUIREMENT.fullmatch(requirement)
        if found is None or found[3] != extra:
            continue
        name, pinned = found[1], found[2]
        try:
            installed = version(name)
        except PackageNotFoundError:
            yield f"{name} is not installed"
        else:
            if pinned not in {None, installed}:
                yield f"{name} is {installed}, not {pinned}"
