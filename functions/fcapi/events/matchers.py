"""Matchers: cheap tests that tell the triggers' envelopes apart, by fields that only one of them has."""

import re
from collections.abc import Callable, Mapping
from typing import TypeGuard

Matcher = Callable[[object], bool]

# Compiled only for an event that is too large to be parsed.
_BEGINNING_OF_HTTP = rb'\s*\{\s*"version"\s*:\s*"v1"\s*,\s*"rawPath"\s*:\s*"(?!/2023-03-30/functions/)'
_INVOCATIONS_PATH = re.compile(r"/2023-03-30/functions/[^/]+/invocations")


def has(*paths: str, **values: str) -> Matcher:
    """Return the matcher of an object that has something at each path (`requestContext.http`), and these values."""
    steps = [path.split(".") for path in paths]
    return lambda event: (
        is_object(event) and values.items() <= event.items() and all(_is_there(event, path) for path in steps)
    )


def has_any(*fields: str) -> Matcher:
    """Return the matcher of an object that has at least one of these fields."""
    return lambda event: is_object(event) and not event.keys().isdisjoint(fields)


def either(*matchers: Matcher) -> Matcher:
    """Return the matcher of an event that any of these matches."""
    return lambda event: any(matches(event) for matches in matchers)


is_dead_letter = has("requestPayload", "requestContext.condition")
"""Whether Function Compute wrote it to a destination."""

is_http = has("requestContext.http", version="v1")
"""Whether it is the envelope of an HTTP trigger."""


def begins_as_http(event: bytes) -> bool:
    """Tell whether the bytes of an event, which is not parsed, begin as the envelope of an HTTP trigger.

    The order of its fields is that of the vendor's page and of a captured request; that it is always so is inferred.
    """
    return re.match(_BEGINNING_OF_HTTP, event) is not None


def is_cloud_event(event: object) -> TypeGuard[Mapping[str, str]]:
    """Tell whether it is one event in the CloudEvents format."""
    return is_object(event) and all(isinstance(event.get(name), str) for name in ("specversion", "type", "source"))


def cloud_event(event_type: str) -> Matcher:
    """Return the matcher of CloudEvents of one type; `*` at its start stands for any beginning."""
    if event_type.startswith("*"):
        return lambda event: is_cloud_event(event) and event["type"].endswith(event_type[1:])
    return lambda event: is_cloud_event(event) and event["type"] == event_type


def is_invoke_api(event: object) -> bool:
    """Tell whether it is a call of InvokeFunction, at the service's own domain, in the envelope of an HTTP trigger.

    On any other domain the caller chooses the path, so there it is a request like all others.
    """
    path = event.get("rawPath") if is_object(event) else None
    if not (isinstance(path, str) and _INVOCATIONS_PATH.fullmatch(path) and is_object(event) and is_http(event)):
        return False
    context = event["requestContext"]
    domain = context.get("domainName") if is_object(context) else None
    return isinstance(domain, str) and domain.endswith(".fc.aliyuncs.com")


def is_object(event: object) -> TypeGuard[Mapping[str, object]]:
    """Tell whether it is a JSON object, parsed."""
    return isinstance(event, dict)


def _is_there(event: Mapping[str, object], path: list[str]) -> bool:
    value: object = event
    for step in path:
        if not is_object(value) or step not in value:
            return False
        value = value[step]
    return True
