"""Runs steps through stripe-python: one step per line of standard input, one outcome per line of standard output.

An outcome is `{"value": …, "unknown": […]}` or `{"error": …}`. `unknown` lists what the library's types do not have.
"""

import json
import os
import sys
import urllib.request
from decimal import Decimal
from typing import Any, ClassVar, ForwardRef, Union, get_args, get_origin

import stripe
from stripe import StripeClient, StripeObject
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import Literal

BASE = os.environ["STRIPE_API_BASE"]
KEY = os.environ["STRIPE_API_KEY"]

# The neutral names of error classes. Subclasses that only v2 has are named as the library names them.
CLASSES = {
    stripe.AuthenticationError: "authentication",
    stripe.PermissionError: "permission",
    stripe.InvalidRequestError: "invalid_request",
    stripe.IdempotencyError: "idempotency",
    stripe.RateLimitError: "rate_limit",
    stripe.APIConnectionError: "connection",
    stripe.SignatureVerificationError: "signature",
    stripe.APIError: "api",
}


def client(options):
    return StripeClient(
        options.get("api_key", KEY),
        base_addresses={"api": BASE, "files": BASE},
        stripe_version=options["version"],
        stripe_account=options.get("account"),
        stripe_context=options.get("context"),
        max_network_retries=options.get("max_retries", 0),
    )


def request_options(options):
    return {"idempotency_key": options["idempotency_key"]} if "idempotency_key" in options else {}


def service(stripe_client, names):
    """Returns the service of a resource, or `None` if the library has none: the request is then sent raw."""
    found = stripe_client
    for name in names:
        try:
            found = getattr(found, name)
        except AttributeError:
            return None
    return found


def request(step):
    stripe_client, options, params = client(step["options"]), request_options(step["options"]), step.get("params", {})
    *names, verb = step["call"].split(".")
    typed = service(stripe_client, names)
    if typed is None:
        raw = stripe_client.raw_request(step["method"], step["path"], **params, **options)
        result = stripe_client.deserialize(raw, api_mode=step["call"][:2].upper())
    elif "id" in step:
        result = getattr(typed, verb)(step["id"], params, options)
    else:
        result = getattr(typed, verb)(params, options)
    if verb == "list":
        return list(result.auto_paging_iter())
    return result


def contents(step):
    """Requests a file by its URL, as programs do: the library has no method for it."""
    headers = {"Authorization": f"Bearer {KEY}", "Stripe-Version": step["options"]["version"]} if step["authorized"] else {}
    with urllib.request.urlopen(urllib.request.Request(step["url"], headers=headers)) as response:
        return response.read().decode()


def snapshot(step):
    return client(step["options"]).construct_event(step["payload"], step["header"], step["secret"])


def thin(step):
    """Parses a notification and, if requested, retrieves its object and the whole event."""
    notification = client(step["options"]).parse_event_notification(step["payload"], step["header"], step["secret"])
    reason, related = notification.reason, getattr(notification, "related_object", None)
    value = {
        "notification": {
            "id": notification.id,
            "object": notification.object,
            "type": notification.type,
            "created": notification.created,
            "livemode": notification.livemode,
            "context": str(notification.context) if notification.context else None,
            "reason": {"type": reason.type, "request": vars(reason.request)} if reason else None,
            "related_object": vars(related) if related else None,
        }
    }
    if step["fetch"]:
        value["event"] = notification.fetch_event()
        value["object"] = notification.fetch_related_object()
    return value


def sign(step):
    return stripe.WebhookSignature.generate_signature_header(step["payload"], step["secret"], step["timestamp"])


def verify(step):
    return stripe.WebhookSignature.verify_header(step["payload"], step["header"], step["secret"], step["tolerance"])


CALLS = {"contents": contents, "events.snapshot": snapshot, "events.thin": thin, "webhooks.sign": sign, "webhooks.verify": verify}


class Names(dict):
    """The names of annotations, which modules import for type checkers only."""

    def __init__(self, owner):
        super().__init__()
        self.owner = owner

    def __missing__(self, name):
        for place in (self.owner, sys.modules[self.owner.__module__], stripe, stripe.v2, stripe.v2.core):
            if hasattr(place, name):
                return getattr(place, name)
        raise NameError(name)


def resolved(annotation, owner):
    """Returns an annotation that is written as a string."""
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        try:
            return eval(annotation, {}, Names(owner))  # an annotation of the library
        except NameError:
            return Any
    return annotation


def fields(owner):
    """Returns the annotations of a class of objects and of its bases."""
    found = {}
    for base in reversed(owner.__mro__):
        if issubclass(base, StripeObject) and base is not StripeObject:
            for name, annotation in base.__dict__.get("__annotations__", {}).items():
                if not name.startswith("_") and get_origin(annotation) is not ClassVar:
                    found[name] = resolved(annotation, base)
    return found


def unknown(value, owner=None, path=""):
    """Lists what a class, by default that of the value, does not have: fields, values of enums, types of fields."""
    if isinstance(value, list):
        for item in value:
            yield from unknown(item, owner, f"{path}[]")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from unknown(item, None, f"{path}.{name}")
    elif isinstance(value, StripeObject):
        owner = owner or type(value)
        declared = fields(owner)
        if issubclass(owner, stripe.ListObject):
            declared["object"] = Any  # all lists have it, and no type
        for name, annotation in declared.items():
            if name in value._data:
                yield from unlike(value._data[name], annotation, owner, f"{path}.{name}")
            elif type(None) not in get_args(annotation) and annotation is not Any:
                yield f"{path}.{name} is missing"
        for name, item in value._data.items():
            if name not in declared:
                if declared:
                    yield f"{path}.{name} is not known"
                yield from unknown(item, None, f"{path}.{name}")


def unlike(value, annotation, owner, path):
    """Lists what an annotation does not have."""
    options = [resolved(option, owner) for option in get_args(annotation)] if get_origin(annotation) is Union else [annotation]
    literals = [literal for option in options if get_origin(option) is Literal for literal in get_args(option)]
    if literals and isinstance(value, str):
        if value not in literals:
            yield f"{path} is not known to be `{value}`"
        return
    for option in options:
        origin, arguments = get_origin(option) or option, [resolved(argument, owner) for argument in get_args(option)]
        if origin is Any:
            return (yield from unknown(value, None, path))
        if not isinstance(origin, type):
            continue
        if isinstance(value, StripeObject) and issubclass(origin, (UntypedStripeObject, dict)):
            # A map. The library decodes it as one of its values.
            items = arguments[-1] if arguments and isinstance(arguments[-1], type) else None
            for name, item in value._data.items():
                yield from unknown(item, items, f"{path}.{name}")
            return
        if isinstance(value, StripeObject) and issubclass(origin, StripeObject):
            return (yield from unknown(value, origin if fields(origin) else None, path))
        if isinstance(value, list) and origin is list:
            return (yield from unknown(value, arguments[0] if arguments and isinstance(arguments[0], type) else None, path))
        if isinstance(value, bool) == (origin is bool) and isinstance(value, (int, Decimal) if origin is float else origin):
            return
    yield f"{path} is a {type(value).__name__}"


def plain(value):
    """Returns JSON, with numbers as the wire has them."""
    if isinstance(value, StripeObject):
        encoded = type(value)._field_encodings
        return {name: plain(str(item) if item is not None and name in encoded else item) for name, item in value._data.items()}
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def error(reason):
    if not isinstance(reason, stripe.StripeError):
        return {"class": type(reason).__name__, "status": None, "code": None, "param": None, "message": str(reason)}
    name = next((name for known, name in CLASSES.items() if isinstance(reason, known)), type(reason).__name__)
    body = reason.json_body if isinstance(reason.json_body, dict) else {}
    details = body.get("error", {})
    return {
        "class": name,
        "status": reason.http_status,
        "code": reason.code or details.get("code"),
        "param": getattr(reason, "param", None) or details.get("param"),
        "message": details.get("message"),
    }


def main():
    for line in sys.stdin:
        step = json.loads(line)
        try:
            value = CALLS.get(step["call"], request)(step)
            outcome = {"value": plain(value), "unknown": list(unknown(value))}
        except Exception as reason:  # what a library raises is its outcome
            outcome = {"error": error(reason)}
        print(json.dumps(outcome), flush=True)


main()
