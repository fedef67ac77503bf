"""Exercise 5.1: events as beginners read them."""

import json
from typing import Any

from kit import Family

family = Family("5.1")


def load(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def is_event(found: Any) -> bool:
    return isinstance(found, dict) and "kind" in found


def opened(found: Any) -> Any:
    in_envelope = isinstance(found, dict) and found.get("Type") == "Notification"
    return load(found.get("Message", "")) if in_envelope else found


@family.wrong("raw", "type")
def returns_the_text(body):
    return body


@family.wrong("raw", "raised")
def takes_all_for_envelopes(body):
    return json.loads(json.loads(body)["Message"])


@family.wrong("raw", "printed")
def prints_it(body):
    print(load(body))


@family.wrong("raw", "other")
def returns_the_kind_alone(body):
    return {"kind": json.loads(body)["kind"]}


@family.wrong("envelope", "other")
def knows_no_envelope(body):
    return load(body)


@family.wrong("envelope", "type")
def leaves_the_message_a_text(body):
    found = load(body)
    return found["Message"] if "Message" in found else found


@family.wrong("has_a_message", "raised")
def takes_any_message_for_an_envelopes(body):
    found = json.loads(body)
    return json.loads(found["Message"]) if "Message" in found else found


@family.wrong("envelope", "other")
def finds_no_event_in_an_envelope(body):
    found = load(body)
    return found if is_event(found) else None


@family.wrong("has_a_message", "raised")
def takes_any_type_for_an_envelopes(body):
    found = json.loads(body)
    return json.loads(found["Message"]) if "Type" in found and "Message" in found else found


@family.wrong("has_a_message", "other")
def drops_a_message(body):
    found = opened(load(body))
    return {name: value for name, value in found.items() if name != "Message"}


@family.wrong("malformed", "raised")
def lets_malformed_json_raise(body):
    return opened(json.loads(body))


@family.wrong("malformed", "taken")
def takes_whatever_is_json(body):
    return opened(load(body))


@family.wrong("malformed", "taken")
def takes_any_object(body):
    found = opened(load(body))
    return found if isinstance(found, dict) else None


@family.wrong("malformed_inside", "taken")
def judges_only_what_is_raw(body):
    found = load(body)
    inside = opened(found)
    return inside if inside is not found or is_event(found) else None


@family.wrong("malformed_inside", "raised")
def trusts_the_inside(body):
    found = load(body)
    if isinstance(found, dict) and found.get("Type") == "Notification":
        return json.loads(found["Message"])
    return found if is_event(found) else None


@family.wrong("malformed_inside", "raised")
def trusts_that_a_message_is_there(body):
    found = load(body)
    if isinstance(found, dict) and found.get("Type") == "Notification":
        found = load(found["Message"])
    return found if is_event(found) else None


@family.right
def step_by_step(body):
    found = opened(load(body))
    return found if is_event(found) else None


@family.right
def with_one_try(body):
    try:
        found = json.loads(body)
        if found.get("Type") == "Notification":
            found = json.loads(found["Message"])
        found["kind"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return found


@family.right
def by_the_signature(body):
    found = load(body)
    if isinstance(found, dict) and "Signature" in found:
        found = load(found["Message"])
    return found if is_event(found) else None


@family.right
def with_a_match(body):
    match load(body):
        case {"Type": "Notification", "Message": message}:
            return with_a_match(message)
        case {"kind": _} as event:
            return event
        case _:
            return None


test_wrong, test_right = family.tests()
