"""How foreign sorts are named, described, refused and made known."""

from __future__ import annotations

import hashlib
import platform
from typing import TYPE_CHECKING

import pytest

from tests.support import foreign_sorts
from tests.support.foreign_sorts import needs_cc
from worstsort.foreign import elf
from worstsort.foreign.address import is_address, parse
from worstsort.foreign.errors import TargetRefused
from worstsort.foreign.library import Library, identify
from worstsort.foreign.targets import bring, open_target, player_of
from worstsort.gosort import TargetAbsent, count_plain, find_target

if TYPE_CHECKING:
    from pathlib import Path

MACHINE_OFFSET, OTHER_MACHINE = 18, b"\xf3\x00"
"""Where an ELF file says its processor, and RISC-V, which it is not."""


@pytest.mark.parametrize("name", ["./mysort.so", "build/mysort.so:sort", "mysort.so:sort", "libc:qsort", "/a/b.so"])
def test_files_are_told_from_names(name: str) -> None:
    assert is_address(name)


@pytest.mark.parametrize("name", ["go1.22:sort.Stable", "slices.Sort", "pdqsort", "heapsort", "lib-0123456789ab:sort"])
def test_names_of_go_and_recorded_names_are_no_files(name: str) -> None:
    assert not is_address(name)


@needs_cc
@pytest.mark.parametrize(
    ("given", "symbol", "convention"),
    [
        ("{}", "worstsort_sort", "sort"),
        ("{}:quick", "quick", "sort"),
        ("{}@nth", "worstsort_nth", "nth"),
        ("{}:plain_qsort@qsort", "plain_qsort", "qsort"),
    ],
)
def test_an_address_names_a_function_and_how_it_is_called(
    sorts: Path, given: str, symbol: str, convention: str
) -> None:
    found = parse(given.format(sorts))
    assert (found.path, found.symbol, found.convention) == (sorts, symbol, convention)


@needs_cc
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("{}:no_such_sort", "exports no function no_such_sort; among those it does: go_heapsort"),
        ("{}:quick@bsearch", "given @bsearch, allowed: @sort, @qsort, @qsort_r, @nth"),
        ("{}:not-a-name", "a C name of at most 40 characters"),
        ("{}/nothing.so", "no such file"),
    ],
)
def test_what_is_not_there_is_refused(sorts: Path, given: str, why: str) -> None:
    """The message says what was expected, and what there is."""
    with pytest.raises(TargetRefused, match=why):
        open_target(given.format(sorts))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "something else"),
        (b"MZ\x90\x00", "a Windows library"),
        (b"\xcf\xfa\xed\xfe", "a library of macOS"),
        (b"\x7fELF\x01\x01", "64-bit"),
        (b"\x7fELF\x02\x01" + b"\0" * 10 + b"\x03\0" + b"\0" * 100, "damaged or linked statically"),
    ],
)
def test_what_is_no_library_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    """A file's first bytes tell what it is instead."""
    (tmp_path / "mysort.so").write_bytes(content)
    with pytest.raises(TargetRefused, match=why):
        open_target(str(tmp_path / "mysort.so"))


@needs_cc
def test_a_library_of_another_machine_is_refused(sorts: Path, tmp_path: Path) -> None:
    """Both machines are named."""
    content = sorts.read_bytes()
    other = tmp_path / "other.so"
    other.write_bytes(content[:MACHINE_OFFSET] + OTHER_MACHINE + content[MACHINE_OFFSET + 2 :])
    with pytest.raises(TargetRefused, match=f"this machine, {platform.machine()}, got riscv64"):
        open_target(str(other))


@needs_cc
def test_another_version_of_the_contract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetRefused, match=r"version 1 of worstsort\.h, got 2"):
        open_target(str(foreign_sorts.build("wrong_abi", tmp_path)))


@needs_cc
@pytest.mark.parametrize("cut", [70, 200, 4_000])
def test_a_library_that_is_cut_off_is_refused(sorts: Path, tmp_path: Path, cut: int) -> None:
    """It may be short in any place; what is read of it leads nowhere else."""
    (tmp_path / "cut.so").write_bytes(sorts.read_bytes()[:cut])
    with pytest.raises(TargetRefused):
        open_target(str(tmp_path / "cut.so"))


@needs_cc
def test_a_name_is_made_of_bytes_not_of_a_path(sorts: Path, tmp_path: Path) -> None:
    """A copy in another folder is the same target, which is known from then on."""
    copy = tmp_path / "renamed.so"
    copy.write_bytes(sorts.read_bytes())
    first, second = open_target(f"{sorts}:quick"), open_target(f"{copy}:quick")
    digest = hashlib.sha256(sorts.read_bytes()).hexdigest()
    assert first.name == second.name == f"lib-{digest[:12]}:quick"
    assert find_target(first.name) is first
    assert count_plain([3, 1, 2], first.name) == 3


@needs_cc
def test_what_a_library_needs_and_says_is_described(bad: Path) -> None:
    """The description is what champion.json holds."""
    open_target(f"{bad}:good")
    found = identify(parse(f"{bad}:good"))
    player = player_of(found.name)
    assert player is not None
    assert player.code.library.about == "sorts that break the rules"
    assert found.machine == platform.machine()
    assert any(name.startswith("libc.so.6 GLIBC_2") for name in found.needed)


def test_a_target_that_is_not_at_hand_can_be_named_and_not_counted() -> None:
    """A champion of somebody else's can be shown; to count it, its library has to be given."""
    name = "lib-0123456789ab:sort"
    assert find_target(name).title == name
    with pytest.raises(TargetAbsent, match="SHA-256 begins with 0123456789ab"):
        count_plain([2, 1], name)


@needs_cc
def test_other_bytes_than_recorded_are_not_played(sorts: Path) -> None:
    """What a run began with is what it continues with."""
    found = identify(parse(f"{sorts}:merging"))
    recorded = Library(**found.model_dump() | {"sha256": "0" * 64})
    with pytest.raises(TargetRefused, match="expected the bytes with the SHA-256 0000"):
        bring(recorded, sorts.read_bytes())


def test_versions_are_ordered_by_number() -> None:
    assert max(["GLIBC_2.9", "GLIBC_2.34", "GLIBC_2.4"], key=elf.version_key) == "GLIBC_2.34"


@needs_cc
def test_a_library_of_many_megabytes_is_loaded(sorts: Path, tmp_path: Path) -> None:
    """What a sort may write to files does not bound the library itself."""
    large = tmp_path / "large.so"
    large.write_bytes(sorts.read_bytes() + bytes(5 * 2**20))
    assert count_plain([2, 1], open_target(f"{large}:merging").name) == 1
