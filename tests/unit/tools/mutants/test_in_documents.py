"""The faults that `make mutants` puts into documents."""

from __future__ import annotations

import json
from itertools import islice

from samtranslator.yaml_helper import yaml_parse

from tools.mutants import in_documents
from tools.mutants.mutant import ROOT, make

MACHINE = "statemachine/evolve.asl.json"


def test_every_fault_of_the_state_machine_leaves_a_document_that_says_something_else() -> None:
    """One that no parser takes would be noticed by anything, and one that changes nothing by nobody."""
    whole = json.loads((ROOT / MACHINE).read_text())
    built = [build() for faults in in_documents.faults(MACHINE).values() for build in islice(faults, 1)]
    assert len(built) > 300
    assert all(json.loads(mutant.text) != whole for mutant in built)


def test_faults_of_the_template_leave_yaml_that_says_something_else() -> None:
    """Entries and items left out, in blocks and in braces, and changed values; every two-hundredth line."""
    whole = yaml_parse((ROOT / "template.yaml").read_text())
    lines = in_documents.faults("template.yaml")
    built = [build() for line in list(lines)[::200] for build in lines[line]]
    assert len(built) > 5
    assert all(yaml_parse(mutant.text) != whole for mutant in built)


def test_what_people_read_has_no_faults() -> None:
    """No test has to notice that a comment or a description changed."""
    lines = (ROOT / MACHINE).read_text().splitlines()
    assert not [line for line in in_documents.faults(MACHINE) if lines[line - 1].lstrip().startswith('"Comment"')]


def test_a_mutant_says_what_stood_there_and_what_stands_there_now() -> None:
    """Without indentation, with its file and line."""
    mutant = make("a.py", 2, "x\n  y = 1\n", "x\n  y = 2\n")
    assert str(mutant) == "a.py:2\n    - y = 1\n    + y = 2"
