"""What moto's services do faster or otherwise here: each change is a replacement within moto, with its reason."""

from __future__ import annotations

import json
import re
import threading
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from botocore import session as sessions
from moto.cloudformation.models import Stack
from moto.core import responses as moto_responses
from moto.core import utils as moto_utils
from moto.core.loaders import create_loader
from moto.core.serialize import AttributePickerContext, BaseJSONSerializer, XFormedAttributePicker
from moto.dynamodb.models import DynamoDBBackend
from moto.moto_server import werkzeug_app
from moto.s3.responses import S3Response
from werkzeug.routing import Rule

from worstsort_embedded.environment import REGION
from worstsort_embedded.serving.clients import models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from moto.moto_server.werkzeug_app import DomainDispatcherApplication

    from worstsort_embedded.patches import Patches

WRITING = threading.RLock()
"""Held while something is written to a table or a bucket."""


_SCOPE = re.compile(r"(?:^|&)X-Amz-Credential=([^&]+)")
"""What a presigned URL says it was signed for."""

_ATTRIBUTE, _TEXTS = "AttributeValue", {"S", "N"}
"""The shape of what DynamoDB stores, and the kinds of it that are text, a number being one, too."""


def install(patches: Patches) -> None:
    """Make all changes but that of the gate, which comes last."""
    for change in _CHANGES:
        change(patches)


def cache_services(patches: Patches) -> None:
    """Look up the service of a host name once: moto lists its own folders for every request."""
    services: dict[str | None, Any] = {}

    def find(original: Callable[..., Any], app: DomainDispatcherApplication, host: str | None) -> Any:
        if host not in services:
            services[host] = original(app, host)
        return services[host]

    patches.wrap(werkzeug_app.DomainDispatcherApplication, "get_backend_for_host", find)


def share_models(patches: Patches) -> None:
    """Let moto list the models of all services once, not for each service that it serves.

    They are its own: those of botocore name some answers otherwise than S3 does.
    """
    patches.replace(moto_utils, "create_loader", cache(create_loader))


def find_regions_with_shared_models(patches: Patches) -> None:
    """Let moto find the regions of each service in models that are read once, not by a new reader for each service."""
    patches.replace(sessions, "create_loader", lambda _path: models())


def read_templates_as_json(patches: Patches) -> None:
    """Let CloudFormation read a template that is JSON as such; moto's parser of YAML takes fifty times as long."""
    original = Stack.parse_template

    def parse(text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            return original(text)

    patches.replace(Stack, "parse_template", staticmethod(parse))


def look_up_names_once(patches: Patches) -> None:
    """Let moto find out once what a class can do and what a member of an answer may be called, not for each request.

    It looks for a member of an answer under up to ten names. In a plain dictionary these depend on nothing but how the
    member is described. What has no value, which is most members of most answers, takes all of them.
    """
    patches.replace(moto_responses, "method_names_from_class", cache(moto_utils.method_names_from_class))
    names: dict[tuple[Any, str], tuple[str, ...]] = {}

    def possible(
        original: Callable[..., Iterable[str]], picker: XFormedAttributePicker, context: AttributePickerContext
    ) -> Iterable[str]:
        if type(context.obj) is not dict:
            return original(picker, context)
        member = context.shape, context.key
        if member not in names:
            names[member] = tuple(dict.fromkeys(original(picker, context)))
        return names[member]

    patches.wrap(XFormedAttributePicker, "get_possible_keys", possible)


def send_texts_as_they_are(patches: Patches) -> None:
    """Let DynamoDB put texts and numbers into its answers as they are stored, which is in the form of answers.

    moto would look for each of the ten kinds of value in each of them: half the time of reading an item.
    """

    def serialise(
        original: Callable[..., None], serializer: Any, serialized: dict[str, Any], value: Any, shape: Any, key: str
    ) -> None:
        if key and shape.name == _ATTRIBUTE and type(value) is dict and len(value) == 1:
            ((kind, content),) = value.items()
            if kind in _TEXTS and type(content) is str:
                serialized[serializer.get_serialized_name(shape, key)] = {kind: content}
                return
        original(serializer, serialized, value, shape, key)

    patches.wrap(BaseJSONSerializer, "_serialize_type_structure", serialise)


def close_moto(patches: Patches) -> None:
    """Let no page of another origin read an answer: moto would allow that to all of them."""
    patches.replace(werkzeug_app, "DISABLE_GLOBAL_CORS", True)


def send_where_it_was_signed_for(patches: Patches) -> None:
    """Let a presigned URL lead to the service that it was signed for: moto looks into the body, which nobody signed."""

    def infer(
        original: Callable[..., str | None], app: DomainDispatcherApplication, environ: dict[str, Any], path: str
    ) -> str | None:
        if "HTTP_AUTHORIZATION" not in environ:
            environ = {**environ, "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={_scope_of_url(environ)}"}
        return original(app, environ, path)

    patches.wrap(werkzeug_app.DomainDispatcherApplication, "infer_service_region_host", infer)


def serialise_writes(patches: Patches) -> None:
    """Let no write come between another's condition and its effect: moto handles each request in its own thread."""

    def locked(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with WRITING:
            return original(*args, **kwargs)

    patches.wrap(S3Response, "put_object", locked)
    for operation in ("put_item", "update_item", "delete_item", "transact_write_items"):
        patches.wrap(DynamoDBBackend, operation, locked)


def compile_in_turn(patches: Patches) -> None:
    """Let one thread at a time make routes: they are compiled from Python source on a service's first request.

    Python 3.11 counts the depth of syntax trees for all threads together, and two that build one at once end in
    SystemError: AST constructor recursion depth mismatch (malthe/chameleon#361, python/cpython#106905).
    """
    lock = threading.RLock()

    def locked(original: Callable[[Rule], None], rule: Rule) -> None:
        with lock:
            original(rule)

    patches.wrap(Rule, "compile", locked)


def _scope_of_url(environ: dict[str, Any]) -> str:
    """Return the scope of a presigned URL's signature; S3 alone takes URLs that were signed without one."""
    found = _SCOPE.search(environ.get("QUERY_STRING", ""))
    return unquote(found[1]) if found else f"key/date/{REGION}/s3/aws4_request"


_CHANGES = (
    cache_services,
    share_models,
    find_regions_with_shared_models,
    read_templates_as_json,
    look_up_names_once,
    send_texts_as_they_are,
    close_moto,
    send_where_it_was_signed_for,
    compile_in_turn,
    serialise_writes,
)
