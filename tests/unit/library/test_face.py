"""`import worstsort` offers what a user of the library needs, and costs nothing until it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import worstsort


def test_every_name_of_the_face_is_there() -> None:
    """What `__all__` says and what `dir` shows, without a gap."""
    assert dir(worstsort) == sorted(worstsort.__all__)
    assert [name for name in worstsort.__all__ if not hasattr(worstsort, name)] == []


def test_type_checkers_see_the_same_names() -> None:
    """They read the imports under TYPE_CHECKING, which nothing else runs."""
    tree = ast.parse(Path(worstsort.__file__).read_text(encoding="utf-8"))
    (guarded,) = (node for node in tree.body if isinstance(node, ast.If))
    imported = {
        name.asname or name.name: (node.module, name.name)
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    assert set(imported) == set(worstsort.__all__) - {"__version__"}
    for name, (module, original) in imported.items():
        assert module is not None
        __import__(module)
        assert getattr(worstsort, name) is getattr(sys.modules[module], original), name


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    """Hence an ImportError in `from worstsort import`."""
    with pytest.raises(AttributeError, match="no attribute 'sort_badly'"):
        worstsort.sort_badly  # noqa: B018


def test_the_import_alone_loads_no_library() -> None:
    """A function in the cloud pays for its own imports only."""
    program = "import worstsort, sys; print(sorted({'numpy', 'numba', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("call", [lambda: worstsort.count([2, 1]), lambda: worstsort.antiquicksort(4)])  # type: ignore[call-arg]
def test_counting_has_no_default_target(call: object) -> None:
    """A worst case is worth nothing without the version that it is for."""
    assert callable(call)
    with pytest.raises(TypeError, match="target"):
        call()


@pytest.mark.parametrize(
    "package", [found.name for found in walk_packages(worstsort.__path__, "worstsort.") if found.ispkg]
)
def test_every_package_has_what_it_says_it_has(package: str) -> None:
    """Each name that it lists is there."""
    found = import_module(package)
    assert [name for name in getattr(found, "__all__", ()) if not hasattr(found, name)] == []
