import json
from typing import Any


def read_event(body: str) -> dict[str, Any] | None:
    """The event in a message's body, as a dict, whether it is raw or in SNS's envelope.

    An event is a JSON object with a `kind`. An envelope's `Type` is "Notification". For all else: None.
    """
    try:
        event = json.loads(body)
        if isinstance(event, dict) and event.get("Type") == "Notification":
            event = json.loads(event["Message"])
    except (ValueError, TypeError, KeyError):
        return None
    return event if isinstance(event, dict) and "kind" in event else None
