"""What a process that forks others imports ahead of them, so that none of them pays for it.

Everything here runs in the zygote.
"""

from __future__ import annotations

import importlib
import logging
import os
import pkgutil
import sys
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

LIBRARIES = (
    "numpy.typing",
    "numba",
    "boto3.dynamodb.types",
    "pydantic.json_schema",
    "aws_lambda_powertools",
    "zoneinfo",
    "encodings.idna",
    "encodings.cp437",
)


def warm_up() -> None:
    """Import the libraries, and pay once for the first use of botocore."""
    for name in LIBRARIES:
        with suppress(ImportError):
            importlib.import_module(name)
    if loaders := sys.modules.get("botocore.loaders"):
        loaders.Loader.CUSTOMER_DATA_PATH = os.devnull  # the user's own models of services, in ~/.aws/models
    if boto3 := sys.modules.get("boto3"):
        for service in ("s3", "dynamodb"):
            boto3.client(service, region_name="us-east-1", aws_access_key_id="warm", aws_secret_access_key="up")  # noqa: S106


@dataclass(frozen=True)
class Preloaded:
    """A package of the project that is imported already, for the programs that would import the very same files.

    Attributes:
        package: Its name.
        files: When each of its files was changed last, in nanoseconds, by their paths.
    """

    package: str = ""
    files: Mapping[str, int] = field(default_factory=dict)

    def keep_if_current(self) -> None:
        """Forget the package's modules, unless this program's search path leads to it and no file has changed."""
        if not self.package or self._is_current():
            return
        for name in _loaded(self.package):
            del sys.modules[name]

    def _is_current(self) -> bool:
        found = PathFinder.find_spec(self.package)
        return found is not None and found.origin in self.files and _changed(self.files) == self.files


def preload(
    search: Sequence[str],
    package: str,
    call: Sequence[Any] = (),
    variables: Mapping[str, str] = MappingProxyType({}),
    tell: Callable[[str], None] = lambda _line: None,
) -> Preloaded:
    """Import every module of a package; none of them reads the environment, which a program gets only later.

    Args:
        search: The folders to look in, before the interpreter's own.
        package: Its name.
        call: A module, a function of it, and its arguments in JSON's types: called to warm up what importing does not.
        variables: The children's environment variables: the clients that `call` asks boto3 for are made with them, and
            kept for the children.
        tell: Called with each line that the package logs meanwhile.

    Returns:
        What is imported. A program that it is of no use to has it forgotten.
    """
    sys.path[:0] = search
    try:
        for name in _modules(package):
            with suppress(Exception):  # whatever is wrong with it, its programs are to say so; some lack an extra
                importlib.import_module(name)
        if call:
            module, function, *arguments = call
            with suppress(Exception), _heard(package, tell), _clients(variables):
                getattr(importlib.import_module(module), function)(*arguments)
        else:
            _use_numba()
    finally:
        del sys.path[: len(search)]
    files = (str(getattr(sys.modules[name], "__file__", "")) for name in _loaded(package))
    return Preloaded(package, _changed(files))


def _use_numba() -> None:
    """Pay once for the first use of Numba, where nothing that is called does so."""
    if (numba := sys.modules.get("numba")) and (numpy := sys.modules.get("numpy")):
        numba.njit(lambda numbers: numbers[0])(numpy.zeros(1))


@contextmanager
def _heard(package: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Call a function with the lines that a package's own loggers write."""
    logger, handler = logging.getLogger(package), logging.Handler()
    handler.emit = lambda record: tell(record.getMessage())  # type: ignore[method-assign]
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def _clients(variables: Mapping[str, str]) -> AbstractContextManager[None]:
    """Return a context whose clients are kept for processes with these variables, if there are any of either."""
    if not variables or "boto3" not in sys.modules:
        return nullcontext()
    from worstsort_embedded.loading.kept_clients import KeptClients  # noqa: PLC0415 - imports boto3

    return KeptClients().keeping(variables)


def _modules(package: str) -> list[str]:
    """Return the names of a package's modules, none if it cannot be found or imported."""
    with suppress(Exception):
        found = importlib.import_module(package)
        prefix = f"{package}."
        return [module.name for module in pkgutil.walk_packages(found.__path__, prefix, onerror=lambda _name: None)]
    return []


def _loaded(package: str) -> list[str]:
    return [name for name in sys.modules if name == package or name.startswith(f"{package}.")]


def _changed(files: Iterable[str]) -> dict[str, int]:
    """Return when files were changed, leaving out those that are gone."""
    changed = {}
    for path in files:
        with suppress(OSError):
            changed[path] = Path(path).stat().st_mtime_ns
    return changed
