"""Completion in real shells, as their users press the tab key."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.command import COMMAND

if TYPE_CHECKING:
    from collections.abc import Callable

BASH = """
eval "$(worstsort completion bash)"
COMP_WORDS=({words}) COMP_CWORD={last}
_worstsort_completion worstsort
printf '%s\\n' "${{COMPREPLY[@]}}"
"""

ZSH = """
eval "$(worstsort completion zsh)"
_describe() {{ print -l ${{(P)3}} }}
compadd() {{ print -l ${{(P)argv[-1]}} }}
words=({words}) CURRENT={last_from_one}
_worstsort_completion
"""

FISH = """
worstsort completion fish | source
complete --do-complete "{line}"
"""


def in_bash(words: list[str]) -> str:
    """Return the script that completes the last word in bash."""
    return BASH.format(words=" ".join(f"'{word}'" for word in words), last=len(words) - 1)


def in_zsh(words: list[str]) -> str:
    """Return the script that completes the last word in zsh."""
    return ZSH.format(words=" ".join(f"'{word}'" for word in words), last_from_one=len(words))


def in_fish(words: list[str]) -> str:
    """Return the script that completes the last word in fish."""
    return FISH.format(line=" ".join(words))


SHELLS: dict[str, tuple[list[str], Callable[[list[str]], str]]] = {
    "bash": (["bash", "--norc", "-c"], in_bash),
    "zsh": (["zsh", "-f", "-c"], in_zsh),
    "fish": (["fish", "--no-config", "-c"], in_fish),
}


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Return a folder in which one run is finished, one is under way, and a sweep was begun."""
    (tmp_path / "runs" / "finished-run").mkdir(parents=True)
    state = tmp_path / "runs" / "interrupted-run" / "state"
    state.mkdir(parents=True)
    (state / "run.npz").touch()
    (tmp_path / "sweeps" / "rates").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "offered", "withheld"),
    [
        (["worstsort", "run", "--target", "go1.2"], ["go1.24"], ["heapsort"]),
        (["worstsort", "run", "--preset", ""], ["classic", "strong"], ["go1.24"]),
        (["worstsort", "run", "--resume", ""], ["interrupted-run"], ["finished-run"]),
        (["worstsort", "watch", ""], ["finished-run", "interrupted-run"], []),
        (["worstsort", "sweep", "--resume", ""], ["rates"], ["finished-run"]),
        (["worstsort", "compare", ""], ["rates", "finished-run"], []),
        (["worstsort", "wa"], ["warm-up", "watch"], ["leaderboard"]),
    ],
    ids=lambda value: value[-2] if isinstance(value, list) and len(value) > 1 else None,
)
def test_the_tab_key_offers_what_fits(
    shell: str, words: list[str], offered: list[str], withheld: list[str], runs: Path
) -> None:
    """Targets, presets, runs that can be continued, runs, sweeps, commands; in zsh also without compinit."""
    program, script_of = SHELLS[shell]
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not installed")
    environment = os.environ | {"HOME": str(runs), "PATH": f"{Path(COMMAND[0]).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        [*program, script_of(words)], cwd=runs, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    found = done.stdout.replace(",", "\n").split()
    for name in offered:
        assert any(name in word for word in found), done.stdout + done.stderr
    assert not [word for word in found if word.split(":")[0] in withheld]
