"""Sorts in programs: named, started, held to the protocol, and found out as libraries are."""

from __future__ import annotations

import json
import re
import shutil
import sys
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from tests.support.command import ROOT
from tests.support.remains import no_process_left
from worstsort.foreign import sources
from worstsort.foreign.address import COMMANDS, CONVENTIONS, Convention
from worstsort.foreign.command import parse, recorded
from worstsort.foreign.errors import TargetMisbehaved, TargetRefused
from worstsort.foreign.library import Library
from worstsort.foreign.limits import Limits
from worstsort.foreign.player import LibraryPlayer
from worstsort.foreign.playing.child import Code
from worstsort.foreign.playing.context import UNSORTED
from worstsort.foreign.playing.judging import gas_value, is_game, judge, ranks
from worstsort.foreign.probe import probe
from worstsort.foreign.targets import open_target
from worstsort.gosort.foreign_names import is_foreign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Make = Callable[..., LibraryPlayer]

ADAPTER = ROOT / "examples" / "targets" / "python_sort.py"

SORT = "    items.sort(key=cmp_to_key(compare))\n"
"""The line of the adapter that sorts."""

SELECT = """\
    low, high, middle = 0, len(items) - 1, len(items) // 2
    while low < high:
        place = low
        for i in range(low, high):
            if compare(items[i], items[high]) < 0:
                items[i], items[place] = items[place], items[i]
                place += 1
        items[place], items[high] = items[high], items[place]
        low, high = (place + 1, high) if place < middle else (low, place - 1) if place > middle else (0, 0)
"""
"""Lines that select instead: Hoare's algorithm, with the last item as the pivot."""

SIZE = 40

LIMITS = Limits(silent_cpu_seconds=0.5, silent_seconds=5.0, memory_bytes=128 * 2**20)

MISBEHAVING = {
    "crash": ("os.kill(os.getpid(), 11)", "crash", "SIGSEGV"),
    "exit": ("os._exit(0)", "exit", "exit code 0"),
    "error": ("raise ValueError('no idea')", "exit", "exit code 1"),
    "hang": ("while True: pass", "hang", "neither compared nor ended"),
    "asks for ever": ("while True: compare(0, 1)", "comparisons", "more than 100,000"),
    "recursion": ("sort(items, compare)", "exit", "exit code 1"),
    "memory": ("bytearray(2 ** 30)", "exit", "exit code 1"),
}
"""What a sort does instead, the kind of the finding, and words in it."""


def written(folder: Path, sort: str, old: str = SORT, prefix: str = "cmd:") -> str:
    """Write an adapter with another line, and return the command that starts it."""
    text = ADAPTER.read_text()
    assert old in text
    (folder / "sort.py").write_text(text.replace(old, sort).replace("import struct", "import os\nimport struct"))
    return f"{prefix} {sys.executable} {folder}/sort.py"


@pytest.fixture(autouse=True)
def nothing_stays(leaves_nothing: None) -> None:
    """Hold every test here to leaving nothing."""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Make]:
    """Make players of adapters whose sort is another line, and end them with the test."""
    made = []

    def make(sort: str = SORT, old: str = SORT, prefix: str = "cmd:") -> LibraryPlayer:
        given = written(tmp_path, sort, old, prefix)
        made.append(LibraryPlayer(Code(*sources.find(given), given), LIMITS))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_program_counts_as_it_does_when_each_question_is_heard(program: Make) -> None:
    """Its own adversary asks for the same comparisons as ours, and the inputs that games lead to take them again."""
    sort = program()
    choices = np.random.default_rng(1).integers(0, 4, (8, SIZE - 1), np.uint8)
    played = sort.play(choices, SIZE).tolist()
    frozen = [sort.freeze(row, SIZE)[0] for row in choices.tolist()]
    assert sort.ask(choices, SIZE).tolist() == played
    assert sort.count(np.array(frozen)).tolist() == played
    assert [sort.recount(values) for values in frozen] == played


@pytest.mark.parametrize("lines", [SELECT, SORT])
def test_a_program_may_select_instead(program: Make, lines: str) -> None:
    """Only the item in the middle has to be where it belongs, in games as in lists and when each question is heard."""
    selection = program(lines, prefix="cmd@nth:")
    probe(selection, "sort.py")
    choices = np.random.default_rng(1).integers(0, 4, (4, SIZE - 1), np.uint8)
    played = selection.play(choices, SIZE).tolist()
    frozen = [selection.freeze(row, SIZE)[0] for row in choices.tolist()]
    assert selection.ask(choices, SIZE).tolist() == played
    assert [selection.recount(values) for values in frozen] == played


@pytest.mark.parametrize(
    ("lines", "prefix", "words"),
    [
        (SELECT, "cmd:", "uncompared|out of order"),
        ("    items.reverse()\n", "cmd@nth:", "out of order"),
    ],
)
def test_a_program_is_held_to_what_it_is_said_to_do(program: Make, lines: str, prefix: str, words: str) -> None:
    """A selection is no sort, and reversing a list is not even a selection."""
    with pytest.raises(TargetRefused, match=words):
        probe(program(lines, prefix=prefix), "sort.py")


def test_a_program_is_played_with_answers_question_by_question(program: Make) -> None:
    """The input that they lead to takes as many comparisons."""
    sort = program()
    answers = np.random.default_rng(1).integers(0, 2, (2, 400), np.uint8)
    counts = sort.answer(answers, SIZE).tolist()
    frozen = [sort.freeze_answers(row, SIZE)[0] for row in answers.tolist()]
    assert sort.count(np.array(frozen)).tolist() == counts


def test_large_and_equal_values_are_compared_as_they_are(program: Make) -> None:
    """In 32 bits they keep their order."""
    rows = np.array([[2**62, -(2**62), 5, 5], [2, 0, 1, 1]])
    first, second = program().count(rows)
    assert first == second


@pytest.mark.long
@pytest.mark.parametrize("name", MISBEHAVING)
def test_a_program_that_fails_is_found_out(program: Make, name: str) -> None:
    """What happened is named, with the input on which it happens again, and no process waits for the end."""
    line, kind, words = MISBEHAVING[name]
    sort = program(f"    if len(items) == {SIZE}:\n        {line}\n{SORT}")
    with no_process_left(), pytest.raises(TargetMisbehaved) as caught:
        sort.play(np.zeros((2, SIZE - 1), np.uint8), SIZE)
    finding = caught.value.finding
    assert (finding.kind, words in finding.words) == (kind, True)
    assert len(finding.values) == SIZE
    with pytest.raises(TargetMisbehaved, match=re.escape(words)):
        sort.count(np.array([finding.values]))


def test_what_a_program_wrote_last_is_in_the_finding(program: Make) -> None:
    """Of a long traceback it is the last line that says what is wrong."""
    sort = program("    raise ValueError('x' * 1000 + ' no idea')\n")
    with pytest.raises(TargetMisbehaved) as caught:
        sort.count(np.arange(SIZE)[np.newaxis])
    assert caught.value.finding.output.endswith("no idea")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("    items.reverse()\n", "uncompared"),
        ("    items[0] = items[1]\n", "lost an item"),
        (f"{SORT}    compare(len(items), 0)\n", "exit code 1"),
        (f"{SORT}    compare(0, 1) if os.urandom(1)[0] & 1 else None\n", "played again|questions|game led to"),
    ],
)
def test_what_is_no_sort_is_refused(program: Make, line: str, words: str) -> None:
    """Or found out, where the adapter itself fails."""
    with pytest.raises((TargetRefused, TargetMisbehaved), match=words):
        probe(program(line), "sort.py")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('counted[0]) + array("i", items + values)', '1) + array("i", items + values)', "in a game, and"),
        ('struct.pack("<q", counted[0])', 'struct.pack("<q", size)', "in which it asked"),
        ("items + values)", "items + [7 for _ in values])", "does not play by the rules"),
        ("if gene & 2:", "if not gene & 2:", "in which it asked"),
    ],
)
def test_an_adapter_that_breaks_the_rules_is_refused(program: Make, old: str, new: str, words: str) -> None:
    """It is noticed that it counts, answers or plays otherwise than the protocol says."""
    with pytest.raises(TargetRefused, match=words):
        probe(program(new, old), "sort.py")


def test_a_count_that_no_question_bears_out_is_found_when_it_is_recounted(program: Make) -> None:
    """A champion is counted by the adapter and by us."""
    sort = program("counted[0] + 1)", "counted[0])")
    with pytest.raises(TargetMisbehaved, match="when it was asked question by question"):
        sort.recount(list(range(SIZE)))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("cmd:", "expected a command"),
        ("cmd@nth: ", "expected a command after cmd@nth:"),
        ("cmd: 'node", "No closing quotation"),
        ("cmd: no-such-program x", "there is no program no-such-program"),
        (f"cmd: {sys.executable} -c pass", "expected 'worstsort 1' as the first line .*exit code 0"),
        ("cmd: echo hello", "got 'hello"),
        ("cmd: echo worstsort 12", "got 'worstsort 12"),
    ],
)
def test_what_does_not_speak_the_protocol_is_refused(given: str, why: str) -> None:
    """The message says what was expected, and what there was."""
    with pytest.raises(TargetRefused, match=why):
        open_target(given)


def test_a_program_is_named_by_its_command_and_files_not_by_where_they_lie(tmp_path: Path) -> None:
    """A copy is the same target, and another file of the same name is not."""
    names = []
    for folder, text in (("a", "1"), ("b", "1"), ("c", "2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "my-sort.js").write_text(text)
        names.append(parse(f"cmd: python3 {tmp_path}/{folder}/my-sort.js").library().name)
    assert names[0] == names[1] != names[2]
    assert names[0].startswith("cmd-")
    assert names[0].endswith(":my_sort")
    assert is_foreign(names[0])


def test_a_command_is_read_as_it_was_written() -> None:
    """And what is none is refused. A program that selects is not the one that sorts."""
    command, selection = parse("cmd: python3 -u 'a file.py'"), parse("cmd@nth: python3 -u 'a file.py'")
    assert recorded(command.as_bytes()) == command
    assert recorded(selection.as_bytes()) == selection
    assert command.library().name != selection.library().name
    none = json.dumps({"words": [], "folder": "/", "convention": "sort"}).encode()
    other = json.dumps({"words": ["node"], "folder": "/", "convention": "qsort"}).encode()
    for content in (b"", b"[]", none, other):
        with pytest.raises(ValueError, match=r"expected a command|Expecting value"):
            recorded(content)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("kind", ["lib", "wasm", "cmd"])
def test_what_is_recorded_of_a_sort_says_how_to_name_it(
    kind: Literal["lib", "wasm", "cmd"], convention: Convention
) -> None:
    """With the form in which it takes its items, if that is not the usual one."""
    library = Library(
        kind=kind, file="my file", symbol="mine", convention=convention, sha256="0" * 64, machine="x86_64"
    )  # fmt: skip
    address = Code(library, b"").address
    if kind == "cmd":
        assert address == f"{COMMANDS.get(convention, 'cmd:')} my file"
    else:
        assert address.partition("@")[::2] == ("./my file:mine", "" if convention == "sort" else convention)


def test_a_program_whose_files_have_changed_is_not_played(tmp_path: Path) -> None:
    """Neither from a record nor by a process that is started later."""
    shutil.copy(ADAPTER, tmp_path / "sort.py")
    library, content = sources.find(f"cmd: python3 {tmp_path}/sort.py")
    assert sources.check(library, content) == content
    (tmp_path / "sort.py").write_text("another")
    with pytest.raises(TargetRefused, match="expected a command with the SHA-256"):
        sources.check(library, content)
    with pytest.raises(TargetRefused, match="files that the command names have changed"):
        LibraryPlayer(Code(library, content)).about()


def test_values_of_a_game_are_held_to_its_rules() -> None:
    """A value twice or beyond the items is none, items without one share the middle, and more than one is too many."""
    assert gas_value(np.array([0, 3, -1, 1])) == 2
    assert judge(np.array([[0, 1, 3, -1]]), np.array([[0, 1, 3, 2]]), np.array([2])).tolist() == [0]
    assert judge(np.array([[0, 1, 3, -1]]), np.array([[0, 1, 2, 3]]), np.array([2])).tolist() == [UNSORTED]
    games = ([0, 1, -1, -1], [0, 0, 1, 2], [0, 1, 2, 9])
    assert [is_game(np.array(values)) for values in games] == [True, False, False]
    assert ranks(np.array([[7, 2**40, -3, 7]])).tolist() == [[1, 2, 0, 1]]
