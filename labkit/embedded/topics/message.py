"""What is published: checked once, and given to each subscriber in the form that it wants."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from labkit.embedded.topics import message_attributes
from labkit.embedded.topics.errors import invalid
from labkit.embedded.topics.message_attributes import Attributes
from labkit.embedded.topics.signing import signer

MAX_SUBJECT = 100  # characters

_FIFO_ID = re.compile(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]{1,128}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Message:
    """A message as one topic has taken it. `at` is in epoch seconds; FIFO topics give a sequence number."""

    id: str
    at: float
    body: str
    subject: str | None = None
    attributes: Attributes = field(default_factory=dict)
    group_id: str | None = None
    deduplication_id: str | None = None
    sequence_number: str | None = None
    texts: Mapping[str, Any] | None = None  # by protocol, of a message with MessageStructure=json
    _signatures: dict[tuple[str, str], str] = field(default_factory=dict, compare=False)

    def text_for(self, protocol: str) -> str:
        if self.texts is None:
            return self.body
        text = self.texts.get(protocol)
        return text if isinstance(text, str) else str(self.texts["default"])

    def envelope(self, topic_arn: str, subscription_arn: str, protocol: str, signature_version: str) -> str:
        """The JSON document in which a subscriber gets a message unless it wants it raw."""
        region = topic_arn.split(":")[3]
        host = f"https://sns.{region}.amazonaws.com"
        fields: dict[str, Any] = {"Type": "Notification", "MessageId": self.id}
        if self.sequence_number:
            fields["SequenceNumber"] = self.sequence_number
        fields["TopicArn"] = topic_arn
        if self.subject is not None:
            fields["Subject"] = self.subject
        fields["Message"] = self.text_for(protocol)
        fields["Timestamp"] = timestamp(self.at)
        if not self.sequence_number:  # FIFO topics do not sign
            fields["SignatureVersion"] = signature_version
            fields["Signature"] = self._signature(fields, signature_version)
            fields["SigningCertURL"] = f"{host}/{signer().file_name}"
        fields["UnsubscribeURL"] = f"{host}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}"
        if self.attributes:
            fields["MessageAttributes"] = message_attributes.in_envelope(self.attributes)
        return "{\n" + ",\n".join(f'  "{name}" : {_json(value)}' for name, value in fields.items()) + "\n}"

    def _signature(self, fields: Mapping[str, Any], version: str) -> str:
        """Made once for all subscribers who get the same text: it costs more than all the rest."""
        key = (fields["Message"], version)
        if key not in self._signatures:
            self._signatures[key] = signer().sign(fields, version)
        return self._signatures[key]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def timestamp(at: float) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def size_of(request: Mapping[str, Any]) -> int:
    """Bytes of a Publish request, or a batch's entry, that count towards the limits: body and attributes."""
    body = len(request["Message"].encode("utf-8", "surrogatepass"))
    return body + message_attributes.size_of(request.get("MessageAttributes") or {})


def texts_by_protocol(request: Mapping[str, Any]) -> dict[str, Any] | None:
    """The texts of a message with MessageStructure=json, None for any other. Raises Refusal."""
    structure = request.get("MessageStructure")
    if not structure:
        return None
    if structure != "json":
        raise invalid("MessageStructure")
    try:
        texts = json.loads(request["Message"])
    except (ValueError, RecursionError):
        raise invalid("Message Structure - JSON message body failed to parse") from None
    if not isinstance(texts, dict) or not isinstance(texts.get("default"), str):
        raise invalid("Message Structure - No default entry in JSON message body")
    return texts


def check_texts(request: Mapping[str, Any]) -> None:
    """Raises Refusal for an empty message, or a bad subject."""
    if not request["Message"]:
        raise invalid("Empty message")
    subject = request.get("Subject")
    if subject is not None and (not subject or len(subject) > MAX_SUBJECT or _CONTROL.search(subject)):
        raise invalid("Subject")


def check_fifo_ids(request: Mapping[str, Any]) -> None:
    """Raises Refusal for a group or deduplication id with other characters than SNS takes, or too many."""
    for parameter in ("MessageGroupId", "MessageDeduplicationId"):
        value = request.get(parameter)
        if value is not None and not _FIFO_ID.fullmatch(value):
            raise invalid(
                f"{parameter} Reason: {parameter} can only include alphanumeric and punctuation characters. "
                "1 to 128 in length."
            )
