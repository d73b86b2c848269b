"""Rules of S3 and DynamoDB."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from worstsort_embedded.strict.rule import Rules, as_dict, as_dicts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from worstsort_embedded.strict.rule import World

RULES = Rules()
_S3 = "Amazon S3 User Guide"
MAX_S3_KEY_BYTES = 1024
MAX_LIFECYCLE_RULES = 1000
MAX_OBJECT_TAGS = 10
MAX_TAG_KEY = 128
MAX_TAG_VALUE = 256
MAX_ITEM_BYTES = 400 * 1024


@RULES.add(
    "s3 CreateBucket",
    sentence="Bucket names must be between 3 (min) and 63 (max) characters long. Bucket names can consist only of"
    " lowercase letters, numbers, dots (.), and hyphens (-).",
    source=f"{_S3}, bucketnamingrules.md",
    error="InvalidBucketName",
)
def a_bucket_has_a_lawful_name(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a bucket's name with capitals, of another length, or formed as an address."""
    name = given.get("Bucket")
    if not isinstance(name, str):
        return
    address = re.fullmatch(r"\d+(?:\.\d+){3}", name)
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name) or ".." in name or address:
        yield f"The specified bucket is not valid: {name}"


@RULES.add(
    "s3 PutObject", "s3 CreateMultipartUpload", "s3 CopyObject",
    sentence="The object key name is a sequence of Unicode characters with UTF-8 encoding of up to 1,024 bytes long.",
    source=f"{_S3}, object-keys.md",
    error="KeyTooLongError",
)  # fmt: skip
def a_key_is_at_most_1024_bytes(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a key that is too long in UTF-8."""
    if len(str(given.get("Key", "")).encode()) > MAX_S3_KEY_BYTES:
        yield "Your key is too long"


@RULES.add(
    "s3 PutObject", "s3 CreateMultipartUpload", "s3 PutObjectTagging",
    sentence="Note that Amazon S3 limits the maximum number of tags to 10 tags per object. A tag key can be up to"
    " 128 Unicode characters in length, and tag values can be up to 256 Unicode characters in length.",
    source=f"botocore: s3 PutObjectTagging; {_S3}, batch-ops-job-tags.md",
    error="InvalidTag",
)  # fmt: skip
def an_object_has_lawful_tags(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse too many tags, too long ones, the same twice, and those of AWS."""
    tagging = given.get("Tagging")
    if isinstance(tagging, str):
        tags = parse_qsl(tagging, keep_blank_values=True)
    else:
        tags = [
            (str(tag.get("Key", "")), str(tag.get("Value", ""))) for tag in as_dicts(as_dict(tagging).get("TagSet"))
        ]
    if len(tags) > MAX_OBJECT_TAGS:
        yield f"Object tags cannot be greater than {MAX_OBJECT_TAGS}"
    if len({key for key, _ in tags}) < len(tags):
        yield "Cannot provide multiple Tags with the same key"
    for key, value in tags:
        if not 1 <= len(key) <= MAX_TAG_KEY or key.lower().startswith("aws:"):
            yield f"The TagKey you have provided is invalid: {key}"
        if len(value) > MAX_TAG_VALUE:
            yield f"The TagValue you have provided is invalid: {value}"


@RULES.add(
    "s3 PutBucketLifecycleConfiguration",
    sentence="You cannot specify both a Days and an ExpiredObjectDeleteMarker tag on the same rule.",
    source=f"{_S3}, lifecycle-configuration-examples.md",
    error="MalformedXML",
)
def a_lifecycle_rule_expires_by_days_or_by_marker(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a rule that expires both by age and by marker."""
    for each in as_dicts(as_dict(given.get("LifecycleConfiguration")).get("Rules")):
        expiration = as_dict(each.get("Expiration"))
        if "ExpiredObjectDeleteMarker" in expiration and {"Days", "Date"} & set(expiration):
            yield f"{each.get('ID')} has both ExpiredObjectDeleteMarker and Days or Date"


@RULES.add(
    "s3 PutBucketLifecycleConfiguration",
    sentence="When you use the ExpiredObjectDeleteMarker S3 Lifecycle action, the rule cannot specify a tag-based"
    " filter. When you use the AbortIncompleteMultipartUpload S3 Lifecycle action, the rule cannot specify a"
    " tag-based filter.",
    source=f"{_S3}, lifecycle-configuration-examples.md",
    error="MalformedXML",
)
def delete_markers_are_not_chosen_by_tag(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a tag filter on what has no tags."""
    for each in as_dicts(as_dict(given.get("LifecycleConfiguration")).get("Rules")):
        chosen = as_dict(each.get("Filter"))
        tagged = "Tag" in chosen or "Tags" in as_dict(chosen.get("And"))
        if tagged and "ExpiredObjectDeleteMarker" in as_dict(each.get("Expiration")):
            yield f"{each.get('ID')} has ExpiredObjectDeleteMarker with a tag filter"
        if tagged and "AbortIncompleteMultipartUpload" in each:
            yield f"{each.get('ID')} has AbortIncompleteMultipartUpload with a tag filter"


@RULES.add(
    "s3 PutBucketLifecycleConfiguration",
    sentence="An S3 Lifecycle configuration can have up to 1,000 rules.",
    source=f"{_S3}, intro-lifecycle-rules.md",
    error="MalformedXML",
)
def a_lifecycle_has_at_most_1000_rules(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse too many rules."""
    rules = as_dicts(as_dict(given.get("LifecycleConfiguration")).get("Rules"))
    if len(rules) > MAX_LIFECYCLE_RULES:
        yield f"{len(rules)} rules"


@RULES.add(
    "dynamodb PutItem", "dynamodb BatchWriteItem", "dynamodb TransactWriteItems",
    sentence="The maximum item size in DynamoDB is 400 KB, which includes both attribute name binary length (UTF-8"
    " length) and attribute value binary lengths (UTF-8 length).",
    source="Amazon DynamoDB Developer Guide, CheatSheet.md",
)  # fmt: skip
def an_item_is_at_most_400_kb(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse an item that is too large."""
    for item in _items(given):
        if _item_bytes(item) > MAX_ITEM_BYTES:
            yield "Item size has exceeded the maximum allowed size"


def _items(given: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from ([as_dict(given["Item"])] if "Item" in given else [])
    for requests in as_dict(given.get("RequestItems")).values():
        yield from (as_dict(as_dict(request.get("PutRequest")).get("Item")) for request in as_dicts(requests))
    yield from (as_dict(as_dict(action.get("Put")).get("Item")) for action in as_dicts(given.get("TransactItems")))


def _item_bytes(item: Mapping[str, Any]) -> int:
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Any) -> int:
    """Return an attribute value's size as DynamoDB counts it: a number takes a byte per two digits, and one more."""
    if not isinstance(value, dict) or len(value) != 1:
        return 0
    ((kind, held),) = value.items()
    if kind in {"S", "B"}:
        return len(held.encode() if isinstance(held, str) else held)
    if kind == "N":
        return (len(re.sub(r"[^\d]", "", str(held)).strip("0")) + 1) // 2 + 1
    if kind == "L":
        return 3 + sum(1 + _value_bytes(each) for each in held)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value_bytes(each) for name, each in held.items())
    return sum(_value_bytes({kind[0]: each}) for each in held) if kind in {"SS", "NS", "BS"} else 1
