"""How moto and what it brings along are imported: without what takes long and nobody here asks for."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from botocore import session as sessions

from worstsort_embedded.environment import process_environment
from worstsort_embedded.loading.garbage import collecting_later
from worstsort_embedded.patches import Patches
from worstsort_embedded.serving.clients import models

if TYPE_CHECKING:
    from collections.abc import Iterator

_GRAMMAR, _CHECK = "rfc3987_syntax", "is_valid_syntax"
"""What jsonschema checks international addresses with: its import makes a dozen parsers in 0.7 s of CPU time."""


@contextmanager
def imported_quickly() -> Iterator[None]:
    """Import moto within this context: nothing of the user's is read, and nothing made that is not needed yet."""
    with collecting_later(), process_environment(), _regions_by_name(), _grammar_later():
        yield


@contextmanager
def _grammar_later() -> Iterator[None]:
    """Give those who import the grammar a stand-in, which imports it once an address is to be checked."""
    if _GRAMMAR in sys.modules or find_spec(_GRAMMAR) is None:
        yield
        return
    stand_in = ModuleType(_GRAMMAR, "A stand-in that imports the real module when it is used.")

    def check(*arguments: Any) -> Any:
        if sys.modules.get(_GRAMMAR) is stand_in:
            del sys.modules[_GRAMMAR]
        return getattr(import_module(_GRAMMAR), _CHECK)(*arguments)

    setattr(stand_in, _CHECK, check)
    sys.modules[_GRAMMAR] = stand_in
    try:
        yield
    finally:
        if sys.modules.get(_GRAMMAR) is stand_in:
            del sys.modules[_GRAMMAR]


@contextmanager
def _regions_by_name() -> Iterator[None]:
    """Let moto find the regions of EC2 without reading the whole model of EC2 for its prefix, three times.

    botocore looks regions up by a service's endpoint prefix, and that of EC2 is its name.
    """
    with Patches() as patches:
        patches.replace(sessions.Session, "get_service_data", lambda *_: {"metadata": {}})
        patches.replace(sessions, "create_loader", lambda _path: models())
        yield
