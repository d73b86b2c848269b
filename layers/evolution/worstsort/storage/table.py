"""One DynamoDB table: the few ways in which runs read and write items."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from worstsort.storage.items import attributes
from worstsort.storage.retry import ask, error_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BATCH_READ = 100
"""Items DynamoDB returns at most from one BatchGetItem."""

_BATCH_WRITE = 25
"""Items DynamoDB takes at most in one BatchWriteItem."""

_SERVICE = "DynamoDB"


class Table:
    """Items in DynamoDB's attribute form; every method raises StoreUnavailable when DynamoDB is out of reach."""

    def __init__(self, name: str, dynamodb: Any, patience: float = 0.0) -> None:
        """`patience` is for how many seconds it is asked again when it is out of reach."""
        self._name, self._dynamodb, self._ask = name, dynamodb, partial(ask, _SERVICE, patience)

    def get(self, **key: str) -> dict[str, Any] | None:
        """The item as it is now, or None."""
        request = {"TableName": self._name, "Key": attributes(key), "ConsistentRead": True}
        answer = self._ask(self._dynamodb.get_item, **request)
        item: dict[str, Any] | None = answer.get("Item")
        return item

    def get_many(self, keys: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
        """Those of the items that exist, in no order."""
        items: list[dict[str, Any]] = []
        wanted = [attributes(dict(key)) for key in keys]
        while wanted:
            request = {self._name: {"Keys": wanted[:_BATCH_READ], "ConsistentRead": True}}
            answer = self._ask(self._dynamodb.batch_get_item, RequestItems=request)
            items += answer["Responses"].get(self._name, [])
            # DynamoDB may leave keys unprocessed under load; each answer makes progress, so this ends.
            wanted = wanted[_BATCH_READ:] + answer["UnprocessedKeys"].get(self._name, {}).get("Keys", [])
        return items

    def query(self, run_id: str, prefix: str) -> list[dict[str, Any]]:
        """The items of a run whose sort keys begin so, in their order."""
        request = {
            "TableName": self._name,
            "KeyConditionExpression": "run_id = :run AND begins_with(sk, :prefix)",
            "ExpressionAttributeValues": attributes({":run": run_id, ":prefix": prefix}),
            "ConsistentRead": True,
        }
        items: list[dict[str, Any]] = []
        while True:
            answer = self._ask(self._dynamodb.query, **request)
            items += answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return items
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def put_many(self, items: Sequence[Mapping[str, Any]]) -> None:
        """Write items, whatever is there."""
        requests = [{"PutRequest": {"Item": item}} for item in items]
        while requests:
            batch = {self._name: requests[:_BATCH_WRITE]}
            answer = self._ask(self._dynamodb.batch_write_item, RequestItems=batch)
            # Unprocessed items come back under load; the client has backed off by then, and each answer makes progress.
            requests = requests[_BATCH_WRITE:] + answer["UnprocessedItems"].get(self._name, [])

    def put_new(self, item: Mapping[str, Any], key: str = "run_id") -> bool:
        """Write an item; False if there is one with its key."""
        return self._conditionally(
            "put_item",
            Item=item,
            ConditionExpression="attribute_not_exists(#key)",
            ExpressionAttributeNames={"#key": key},
        )

    def update(
        self,
        key: Mapping[str, str],
        changes: Mapping[str, Any],
        condition: str,
        values: Mapping[str, Any] | None = None,
    ) -> bool:
        """Set attributes of an item; False if it does not exist or the condition does not hold.

        Args:
            key: of the item.
            changes: the attributes to set, and their values, which the condition may use as `:name`.
            condition: a condition expression whose attributes are written as `#name`.
            values: further values that the condition uses, with their colons.
        """
        clause = f"attribute_exists(#run_id) AND {condition}"
        names = {f"#{name}": name for name in [*changes, *re.findall(r"#(\w+)", clause)]}
        return self._conditionally(
            "update_item",
            Key=attributes(dict(key)),
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in changes),
            ConditionExpression=clause,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=attributes({f":{name}": value for name, value in changes.items()})
            | attributes(dict(values or {})),
        )

    def _conditionally(self, operation: str, **request: Any) -> bool:
        try:
            self._ask(getattr(self._dynamodb, operation), TableName=self._name, **request)
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise
            return False
        return True
