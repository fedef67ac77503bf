"""Receipt handles: each says which receive of which message it stands for, so nothing has to be remembered."""

import base64
import hashlib
from dataclasses import dataclass

from labkit.embedded.sqs import errors

_PREFIX = "AQEB"  # as AWS's begin


@dataclass(frozen=True, slots=True)
class Receipt:
    message_id: str
    receive_count: int


class Receipts:
    """The handles of one queue: a checksum tells them from those of another, and from garbage."""

    def __init__(self, secret: str):
        self._key = hashlib.sha256(secret.encode()).digest()

    def write(self, message_id: str, receive_count: int) -> str:
        content = f"{message_id}:{receive_count}".encode()
        return _PREFIX + base64.b64encode(self._checksum(content) + content).decode()

    def read(self, handle: str) -> Receipt:
        """Raises SqsError (ReceiptHandleIsInvalid) for anything that this queue did not write."""
        try:
            if not handle.startswith(_PREFIX):
                raise ValueError(handle)
            data = base64.b64decode(handle[len(_PREFIX) :], validate=True)
            checksum, content = data[:15], data[15:]
            if checksum != self._checksum(content):
                raise ValueError(handle)
            message_id, _, receive_count = content.decode().partition(":")
            return Receipt(message_id, int(receive_count))
        except ValueError:
            raise errors.receipt_handle_is_invalid(handle) from None

    def _checksum(self, content: bytes) -> bytes:
        return hashlib.blake2b(content, digest_size=15, key=self._key).digest()
