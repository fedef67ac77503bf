"""The lecture's application on one queue and one table: send a message, process what waits, list all with their state.

The queue carries the work, the table tells what became of it. No transaction spans the two, so their order is what
keeps them honest; `send` and `process` say why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from labkit import texts
from labkit.errors import LabError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# DynamoDB Developer Guide, "Constraints": an item has at most 400 KB, attribute names included. A kilobyte is for the
# item's other attributes. The queue would take more: 1 MiB (SQS API Reference, SendMessage).
LARGEST_TEXT = 399 * 1024
# SQS API Reference, SendMessage: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.
_NOT_ALLOWED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ID = re.compile(r"[!-~]{1,100}")  # visible ASCII: any such text can be a key of the table
_LONGEST_REASON = 300  # characters of an error kept beside the message that met it
_LONGEST_EXCERPT = 1000  # characters kept of a body that cannot be read


class State(StrEnum):
    """Where a message is in its life."""

    PENDING = "pending"
    COMPLETE = "complete"
    FAIL = "fail"


# What each state may follow. Only a pending message is decided on, and once: a late duplicate cannot turn it back.
FOLLOWS: dict[State, frozenset[State]] = {
    State.PENDING: frozenset(),
    State.COMPLETE: frozenset({State.PENDING}),
    State.FAIL: frozenset({State.PENDING}),
}


@dataclass(frozen=True)
class Message:
    """A message as the table has it."""

    id: str
    text: str
    state: str  # a State, or what another program wrote
    sent_at: str  # AWS's time, ISO 8601, UTC: as text these sort by time
    reason: str = ""  # why it failed


@dataclass(frozen=True)
class Messages:
    """The application. Its table has the partition key `id`, a string, and no sort key.

    `handle` is the work that a message asks for: called with its text, it raises if the work cannot be done.
    Every method may raise botocore's ClientError for what AWS refuses.
    """

    sqs: SQSClient
    dynamodb: DynamoDBClient
    queue_url: str
    table_name: str
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    handle: Callable[[str], object] = lambda text: None

    def send(self, text: str) -> Message:
        """Write the message as `pending`, then send it.

        In this order, because a crash between the two leaves a pending message that was never sent: it can be seen
        in the table and sent again. The other way round a consumer may be done before the message is in the table,
        and a crash leaves work in the queue that no list shows.
        Raises LabError for a text that cannot be sent or an id that is taken; nothing is written or sent then.
        """
        check_text(text)
        message = Message(self.new_id(), text, State.PENDING, self._time())
        if not self._write(message):
            raise LabError(texts.ID_IS_TAKEN.format(id=message.id))
        # Not as ASCII: escapes could make of a text that fits the table a body that does not fit the queue.
        body = json.dumps({"id": message.id, "text": text}, ensure_ascii=False)
        self.sqs.send_message(QueueUrl=self.queue_url, MessageBody=body)
        return message

    def process(self) -> list[Message]:
        """Receive up to ten messages and decide on each: `handle` it, write `complete` or `fail`, then delete it.

        The delete comes last, because it is what ends a message's life: a crash before it brings the message back
        after its visibility timeout, and a second look at a decided message only deletes it. A delete that came
        first would lose the message in a crash.
        Returns the messages decided on now, as the table has them. A message that the table does not know yet stays
        in the queue and comes back later.
        """
        received = self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10).get("Messages", [])
        decided = []
        for delivery in received:
            message, known = self._decide(delivery)
            if message:
                decided.append(message)
            if known:
                self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=delivery["ReceiptHandle"])
        return decided

    def find_all(self) -> list[Message]:
        """All messages, oldest first. A Scan: it reads, and on AWS bills, the whole table."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table_name)
        found = [_from_item(item) for page in pages for item in page["Items"]]
        return sorted(found, key=lambda message: (message.sent_at, message.id))

    def counts(self) -> tuple[int, int]:
        """How many messages wait in the queue, and how many are in flight. On AWS both may lag by a minute and more.

        Source: SQS API Reference, GetQueueAttributes.
        """
        attributes = self.sqs.get_queue_attributes(
            QueueUrl=self.queue_url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        waiting = attributes["ApproximateNumberOfMessages"]
        return int(waiting), int(attributes["ApproximateNumberOfMessagesNotVisible"])

    def _decide(self, delivery: MessageTypeDef) -> tuple[Message | None, bool]:
        """What became of a delivered message (None: it was decided before), and whether the table knows it."""
        content = _read_body(delivery["Body"])
        if content is None:
            # Recorded under SQS's own id, so that even this one's fate can be traced.
            excerpt = delivery["Body"][:_LONGEST_EXCERPT]
            stray = Message(delivery["MessageId"], excerpt, State.FAIL, self._time(), texts.BODY_IS_UNREADABLE)
            return (stray if self._write(stray) else None), True
        message_id, text = content
        try:
            self.handle(text)
        except Exception as error:  # noqa: BLE001 (the handler is anyone's code, and its failure is a result)
            return self._finish(message_id, State.FAIL, f"{type(error).__name__}: {error}"[:_LONGEST_REASON])
        return self._finish(message_id, State.COMPLETE)

    def _time(self) -> str:
        return self.now().isoformat(timespec="milliseconds")

    def _write(self, message: Message) -> bool:
        """Put a new message into the table; False if there is one with this id already, which stays as it is."""
        item = {**vars(message), "state": State(message.state)}
        try:
            self.dynamodb.put_item(
                TableName=self.table_name,
                Item={name: {"S": str(value)} for name, value in item.items()},
                ConditionExpression="attribute_not_exists(id)",
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _finish(self, message_id: str, state: State, reason: str = "") -> tuple[Message | None, bool]:
        """Move a message to `state` if it may go there: one conditional write, so two consumers cannot both do it."""
        before = {f":{s}": {"S": str(s)} for s in FOLLOWS[State(state)]}
        try:
            answer = self.dynamodb.update_item(
                TableName=self.table_name,
                Key={"id": {"S": message_id}},
                UpdateExpression="SET #state = :new, reason = :reason",
                ConditionExpression=f"#state IN ({', '.join(before)})",
                ExpressionAttributeNames={"#state": "state"},  # a reserved word in expressions
                ExpressionAttributeValues={":new": {"S": str(state)}, ":reason": {"S": reason}, **before},
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException as refused:
            return None, "Item" in refused.response
        return _from_item(answer["Attributes"]), True


def check_text(text: object) -> None:
    """Raise LabError, in words for a student, if this cannot be the text of a message."""
    if not isinstance(text, str):
        raise LabError(texts.TEXT_IS_NO_TEXT.format(kind=type(text).__name__))
    if not text.strip():
        raise LabError(texts.TEXT_IS_EMPTY)
    if bad := _NOT_ALLOWED.search(text):
        character = f"U+{ord(bad.group()):04X}"
        raise LabError(texts.TEXT_HAS_BAD_CHARACTER.format(character=character, position=bad.start() + 1))
    size = len(text.encode())
    if size > LARGEST_TEXT:
        raise LabError(texts.TEXT_IS_TOO_LONG.format(size=size, largest=LARGEST_TEXT))


def _read_body(body: str) -> tuple[str, str] | None:
    """The id and text in a message's body, or None if it is not one of ours."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):  # no JSON, or brackets without end
        return None
    if not isinstance(content, dict):
        return None
    message_id, text = content.get("id"), content.get("text")
    if not (isinstance(message_id, str) and _ID.fullmatch(message_id) and isinstance(text, str)):
        return None
    return message_id, text


def _from_item(item: dict[str, Any]) -> Message:
    """A message from its item. What another program left out is empty, what it put in besides is passed over."""
    return Message(**{field.name: item.get(field.name, {}).get("S", "") for field in fields(Message)})
