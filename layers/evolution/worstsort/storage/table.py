"""One DynamoDB table, with the few kinds of reads and writes that runs need."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from worstsort.storage.answers import Answer, judge
from worstsort.storage.items import attributes
from worstsort.storage.retry import call_with_retries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_SERVICE = "DynamoDB"

_MAX_BATCH_READ = 100
"""Items that DynamoDB returns from one BatchGetItem."""

_MAX_BATCH_WRITE = 25
"""Items that DynamoDB takes in one BatchWriteItem."""


class Table:
    """A table by name, its items in DynamoDB's form; every method raises StoreUnavailable if it is out of reach."""

    def __init__(self, name: str, dynamodb: Any, outage_seconds: float = 0.0) -> None:
        """Repeat calls for `outage_seconds` while DynamoDB is out of reach."""
        self._name, self._dynamodb = name, dynamodb
        self._call = partial(call_with_retries, _SERVICE, outage_seconds)

    def get(self, **key: str) -> dict[str, Any] | None:
        """Return the item as it is now, or None."""
        request = {"TableName": self._name, "Key": attributes(key), "ConsistentRead": True}
        answer = self._call(self._dynamodb.get_item, **request)
        item: dict[str, Any] | None = answer.get("Item")
        return item

    def get_many(self, keys: Sequence[Mapping[str, str]]) -> Iterator[dict[str, Any]]:
        """Yield those of the items that exist, in no particular order.

        Only a batch of them is held at a time: in DynamoDB's form they take six times the memory of records.
        """
        wanted = [attributes(dict(key)) for key in keys]
        while wanted:
            request = {self._name: {"Keys": wanted[:_MAX_BATCH_READ], "ConsistentRead": True}}
            answer = self._call(self._dynamodb.batch_get_item, RequestItems=request)
            yield from answer["Responses"].get(self._name, [])
            # DynamoDB may leave keys unprocessed under load; each answer makes progress, so this ends.
            wanted = wanted[_MAX_BATCH_READ:] + answer["UnprocessedKeys"].get(self._name, {}).get("Keys", [])

    def query(self, run_id: str, first: str, last: str) -> list[dict[str, Any]]:
        """Return the items of a run whose sort keys are from `first` to `last`, in the order of the keys."""
        return self._pages(
            self._dynamodb.query,
            KeyConditionExpression="run_id = :run AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues=attributes({":run": run_id, ":first": first, ":last": last}),
            ConsistentRead=True,
        )

    def query_index(self, index: str, **key: str) -> list[dict[str, Any]]:
        """Return the items of an index under one hash key, highest range key first."""
        ((name, value),) = key.items()
        return self._pages(
            self._dynamodb.query,
            IndexName=index,
            KeyConditionExpression="#key = :key",
            ExpressionAttributeNames={"#key": name},
            ExpressionAttributeValues=attributes({":key": value}),
            ScanIndexForward=False,
        )

    def scan(self) -> list[dict[str, Any]]:
        """Return all items, in no particular order."""
        return self._pages(self._dynamodb.scan)

    def _pages(self, read: Callable[..., Any], **request: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        while True:
            answer = self._call(read, TableName=self._name, **request)
            items += answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return items
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def put_many(self, items: Sequence[Mapping[str, Any]]) -> None:
        """Write items, replacing any with the same keys."""
        requests = [{"PutRequest": {"Item": item}} for item in items]
        while requests:
            batch = {self._name: requests[:_MAX_BATCH_WRITE]}
            answer = self._call(self._dynamodb.batch_write_item, RequestItems=batch)
            # Unprocessed items come back under load; the client has backed off by then, and each answer makes progress.
            requests = requests[_MAX_BATCH_WRITE:] + answer["UnprocessedItems"].get(self._name, [])

    def put_new(self, item: Mapping[str, Any], key: str = "run_id") -> bool:
        """Write an item; return False if its key is taken."""
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
        """Set attributes of an item; return False if it does not exist or the condition does not hold.

        Args:
            key: The item's key.
            changes: The attributes to set, and their values, which the condition may use as `:name`.
            condition: A condition expression whose attributes are written as `#name`.
            values: Further values that the condition uses, with their colons.
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
            self._call(getattr(self._dynamodb, operation), TableName=self._name, **request)
        except ClientError as error:
            if judge(error) is not Answer.CONDITION_FAILED:
                raise
            return False
        return True
