"""What is changed in moto's services, and that their answers stay the same."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import pytest
from moto.cloudformation.models import Stack
from moto.core.model import ShapeResolver
from moto.core.serialize import AttributePickerContext, XFormedAttributePicker, get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.routing import Map, Rule

from worstsort_embedded.patches import Patches
from worstsort_embedded.serving.services import (
    compile_in_turn,
    look_up_names_once,
    read_templates_as_json,
    send_texts_as_they_are,
)

SHAPES = {"Table": {"type": "structure", "members": {"TableArn": {"shape": "Arn"}}}, "Arn": {"type": "string"}}
TABLE = ShapeResolver(SHAPES).get_shape_by_name("Table")
MEMBER = TABLE.members["TableArn"]
"""A member of an answer: moto may find it under its own name, with underscores, or without its parent's."""

MEMBER.parent = TABLE


class _Object:
    def __init__(self, attributes: dict[str, int]) -> None:
        vars(self).update(attributes)


@pytest.mark.parametrize("found", [{"TableArn": 1}, {"table_arn": 1}, {"Arn": 1}, {"arn": 1}, {"other": 1}, {}])
def test_members_of_answers_are_found_under_the_same_names(found: dict[str, int]) -> None:
    """Looked up once, in dictionaries that hold them under different names, and in other objects as before."""

    def values() -> list[Any]:
        made = (AttributePickerContext(held, "TableArn", MEMBER) for held in ({}, found, _Object(found)))
        return [XFormedAttributePicker()(context) for context in made]

    as_before = values()
    with Patches() as patches:
        look_up_names_once(patches)
        assert values() == values() == as_before


ATTRIBUTES: dict[str, dict[str, Any]] = {
    "text": {"S": "a"},
    "empty": {"S": ""},
    "number": {"N": "1.5"},
    "flag": {"BOOL": False},
    "nothing": {"NULL": True},
    "list": {"L": [{"S": "a"}, {"M": {"inner": {"N": "1"}}}]},
    "set": {"SS": ["a", "b"]},
}


def test_items_are_sent_as_moto_would_send_them() -> None:
    """Texts and numbers directly, also within lists and maps; all other kinds of values by moto."""
    operation = get_service_model("dynamodb").operation_model("GetItem")

    def body() -> str:
        serializer = get_serializer_class("dynamodb", "json")(operation, value_picker=XFormedAttributePicker())
        return str(serializer.serialize({"Item": ATTRIBUTES})["body"])

    as_before = body()
    with Patches() as patches:
        send_texts_as_they_are(patches)
        assert body() == as_before
    assert json.loads(as_before) == {"Item": ATTRIBUTES}


def test_routes_are_compiled_by_one_thread_at_a_time() -> None:
    """Python 3.11 may end two threads that build syntax trees at once with a SystemError."""
    compiling, most, build = threading.Semaphore(1), [], Rule._compile_builder  # noqa: SLF001 - what must not overlap

    def watched(*arguments: Any) -> Any:
        most.append(compiling.acquire(blocking=False))
        time.sleep(0.002)
        built = build(*arguments)
        compiling.release()
        return built

    def routes(service: int) -> Map:
        return Map([Rule(f"/{service}/<name>/{number}") for number in range(5)])

    with patch.object(Rule, "_compile_builder", watched), Patches() as patches, ThreadPoolExecutor(4) as threads:
        compile_in_turn(patches)
        list(threads.map(routes, range(4)))
    assert most == [True] * len(most)
    assert len(most) >= 20


@pytest.mark.parametrize(
    "template", [json.dumps({"Outputs": {"Wide": {"Value": "\u00e9"}}}), "Outputs: {Wide: {Value: 1}}"]
)
def test_templates_are_read_as_what_they_are(template: str) -> None:
    """JSON without moto's slow parser of YAML, and YAML with it: both come to what moto makes of them."""
    plain = Stack.parse_template(template)
    with Patches() as patches:
        read_templates_as_json(patches)
        assert Stack.parse_template(template) == plain
    assert plain["Outputs"]
