"""The last net: what a cell shows goes out without the credentials in use, whoever printed them.

`print(os.environ)` or an exception with a request in it would else put them into the notebook's file. A value that is
printed in two halves passes: this is against accidents.
"""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import quote

from IPython import get_ipython

from labkit.credentials.secret import Credentials

_SHOWN = frozenset({"stream", "display_data", "update_display_data", "execute_result", "error", "execute_reply"})
_hidden: dict[str, str] = {}  # from a value, as it is or as a web address writes it, to what is shown in its place


def hide(credentials: Credentials) -> None:
    """From now on show these masked in all that this kernel's cells show. Outside a kernel there is nothing to do."""
    for part in (credentials.session_token, credentials.secret_access_key, credentials.access_key_id):
        if part is not None:
            _hidden[part.reveal()] = _hidden[quote(part.reveal(), safe="")] = str(part)
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is not None and not hasattr(kernel.session.send, "__wrapped__"):
        kernel.session.send = _masking(kernel.session.send)


def masked(content: Any) -> Any:
    """The content of a message, however deep it goes, without the hidden values."""
    if isinstance(content, str):
        for value, shown in _hidden.items():
            content = content.replace(value, shown)
        return content
    if isinstance(content, dict):
        return {key: masked(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [masked(value) for value in content]
    return content


def _masking(send: Any) -> Any:
    @functools.wraps(send)
    def masking_send(stream: Any, msg_or_type: Any, content: Any = None, *args: Any, **named: Any) -> Any:
        if isinstance(msg_or_type, dict):
            if msg_or_type.get("msg_type") in _SHOWN:
                msg_or_type = {**msg_or_type, "content": masked(msg_or_type.get("content"))}
        elif msg_or_type in _SHOWN:
            content = masked(content)
        return send(stream, msg_or_type, content, *args, **named)

    return masking_send
