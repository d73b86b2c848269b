"""Records as DynamoDB items and back: floats become decimals, the configuration becomes a JSON string."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
    from pydantic import BaseModel

    Model = TypeVar("Model", bound=BaseModel)


def to_item(record: BaseModel, **keys: str) -> dict[str, Any]:
    """Return the item that stores a record, with `keys` added and without the fields that are None."""
    values = {name: value for name, value in record.model_dump(mode="json").items() if value is not None}
    return {name: _serialize(_storable(value)) for name, value in (values | keys).items()}


def from_item(model: type[Model], item: dict[str, Any]) -> Model:
    """Return the record that an item stores, dropping attributes that the record lacks (keys, TTL)."""
    names = {field.alias or name for name, field in model.model_fields.items()}
    values = {name: _native(_deserialize(value)) for name, value in item.items() if name in names}
    if isinstance(values.get("config"), str):
        values["config"] = json.loads(values["config"])
    return model.model_validate(values)


def attributes(values: dict[str, Any]) -> dict[str, Any]:
    """Return plain values in DynamoDB's attribute form, for keys and expression values."""
    return {name: _serialize(_storable(value)) for name, value in values.items()}


def _serialize(value: Any) -> Any:
    return _converters()[0].serialize(value)


def _deserialize(value: Any) -> Any:
    return _converters()[1].deserialize(value)


@cache
def _converters() -> tuple[TypeSerializer, TypeDeserializer]:
    from boto3.dynamodb.types import TypeDeserializer, TypeSerializer  # noqa: PLC0415 - boto3 belongs to an extra

    return TypeSerializer(), TypeDeserializer()


def _storable(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, list):
        return [_storable(entry) for entry in value]
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True)
    return value


def _native(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [_native(entry) for entry in value]
    return value
