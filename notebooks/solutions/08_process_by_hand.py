from collections.abc import Callable, Mapping
from typing import Any


def process_by_hand(process: Callable[[], Any], environ: Mapping[str, str]) -> tuple[int, Any]:
    """What the server answers to POST /process: a status, and what goes with it.

    While processing is automatic: 409 and a sentence that names the variable; `process` is not called then. Else call
    `process()`, and answer 200 and what it returned.

    It is automatic if `environ`, such as os.environ, has PROCESS_AUTOMATICALLY as 1, true, yes or on, in small or
    capital letters. It is not if it is missing, empty, 0, false, no or off. With any other value: 500 and a sentence,
    and `process` is not called.
    """
    value = environ.get("PROCESS_AUTOMATICALLY", "")
    if value.lower() in ("1", "true", "yes", "on"):
        return 409, "Messages are processed automatically, because PROCESS_AUTOMATICALLY is on."
    if value.lower() in ("", "0", "false", "no", "off"):
        return 200, process()
    return 500, f"PROCESS_AUTOMATICALLY is {value!r}, which is neither on nor off."
