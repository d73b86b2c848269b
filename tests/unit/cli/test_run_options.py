"""The options that describe a run, the variables that stand for them, and the file below both."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner

from worstsort_cli import run_options
from worstsort_cli.commands.run import run
from worstsort_cli.commands.start import start
from worstsort_cli.files import run_input
from worstsort_cli.main import main

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from click.testing import Result


@click.command()
@run_options.configuration
def probe(input_file: BinaryIO | None, **fields: Any) -> None:
    """Print the configuration that was given."""
    click.echo(run_input.read(input_file, fields).model_dump_json())


def given(*arguments: str, **variables: str) -> dict[str, Any]:
    """Return the configuration that arguments and variables stand for."""
    done = CliRunner().invoke(probe, arguments, env=variables, catch_exceptions=False)
    return dict(json.loads(done.stdout))


def refused(*arguments: str, **variables: str) -> Result:
    """Run the command, which is to refuse what it is given."""
    done = CliRunner().invoke(main, ["run", *arguments], env=variables)
    assert done.exit_code == 2, done.output
    return done


def test_an_option_overrides_its_variable_and_both_override_the_file(tmp_path: Path) -> None:
    """Which overrides the default."""
    path = tmp_path / "input.json"
    path.write_text(json.dumps({"size": 20, "population": 30, "islands": 4, "stop": {"max_epochs": 3}}))
    variables = {"WORSTSORT_SIZE": "21", "WORSTSORT_POPULATION": "31", "WORSTSORT_MAX_SECONDS": "1.5"}
    found = given("--input", str(path), "--size", "22", **variables)
    assert (found["size"], found["population"], found["islands"], found["seed"]) == (22, 31, 4, 1)
    assert (found["stop"]["max_epochs"], found["stop"]["max_seconds"]) == (3, 1.5)
    assert given(WORSTSORT_INPUT=str(path))["islands"] == 4


def test_each_condition_to_stop_has_an_option() -> None:
    """They stand side by side in the configuration."""
    stop = given("--max-epochs", "7", "--stall-epochs", "2", "--max-seconds", "9")["stop"]
    assert (stop["max_epochs"], stop["stall_epochs"], stop["max_seconds"]) == (7, 2, 9.0)


@pytest.mark.parametrize("command", [run, start], ids=lambda command: command.name)
def test_every_option_of_a_command_that_begins_a_run_has_a_variable(command: click.Command) -> None:
    """It is named after the option, in capitals; --json is for one answer at a time."""
    named = {param.name: param.envvar for param in command.params if param.name != "as_json"}
    flags = {param.name: max(param.opts, key=len) for param in command.params}
    assert named == {name: run_options.variable_of(flags[name or ""]) for name in named}


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("WORSTSORT_SIZE", "many", "'WORSTSORT_SIZE': 'many' is not a valid integer"),
        ("WORSTSORT_SIZE", "1", "WORSTSORT_SIZE (size): given 1, allowed: an integer from 2"),
        ("WORSTSORT_STALL_EPOCHS", "0", "WORSTSORT_STALL_EPOCHS (stop.stall_epochs): given 0, allowed"),
        ("WORSTSORT_TARGET", "go1.99", "WORSTSORT_TARGET (target): given 'go1.99', allowed: one of go1.12"),
        ("WORSTSORT_PRESET", "mild", "WORSTSORT_PRESET (preset): given 'mild', allowed"),
        ("WORSTSORT_VCPUS", "0", "'WORSTSORT_VCPUS': 0 is not in the range"),
        ("WORSTSORT_NAME", "a b", "WORSTSORT_NAME: given 'a b', allowed"),
    ],
)
def test_a_bad_value_of_a_variable_is_refused_by_the_variables_name(variable: str, value: str, said: str) -> None:
    """Whoever has set it long ago would look for an option in vain."""
    assert said in refused(**{variable: value}).stderr


def test_a_bad_value_of_an_option_is_refused_by_the_options_name() -> None:
    """Also where a variable is set, too, which the option overrides."""
    said = refused("--size", "1", WORSTSORT_SIZE="50").stderr
    assert "  size: given 1, allowed" in said
    assert "WORSTSORT" not in said


def test_only_what_is_typed_is_refused_beside_resume(tmp_path: Path) -> None:
    """Variables are set for many runs, and a resumed one has its configuration."""
    said = refused("--resume", "r", "--out", str(tmp_path), "--size", "50", "--name", "other").stderr
    assert "size: given 50, allowed: nothing: --resume" in said
    assert "name: given 'other', allowed: nothing: --resume" in said
    done = CliRunner().invoke(main, ["run", "--resume", "r", "--out", str(tmp_path)], env={"WORSTSORT_SIZE": "50"})
    assert (done.exit_code, "there is no run" in done.stderr) == (1, True)


def test_a_name_is_for_one_run_only(tmp_path: Path) -> None:
    """Nothing of the run that has it is touched."""
    (tmp_path / "mine").mkdir()
    done = CliRunner().invoke(main, ["run", "--name", "mine", "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert f"{tmp_path / 'mine'} is there already, and a name is for one run only" in done.stderr
