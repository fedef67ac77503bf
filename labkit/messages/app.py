"""Send a message, process what waits, list what there is.

The queue carries the work, the table tells what became of it. No transaction spans the two, so their order is what
keeps them honest; `send` and `process` say why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from labkit.errors import LabError
from labkit.messages import claims
from labkit.messages.claims import Refusal
from labkit.messages.message import Message, State, check_text, from_item, is_id, read_body, write_body
from labkit.messages.table import Page, as_time, find_page
from labkit.texts import messages as texts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

LONGEST_LEASE = timedelta(hours=12)  # the longest visibility timeout (SQS API Reference, ReceiveMessage)
_LONGEST_REASON = 300  # characters of an error kept beside the message that met it
_LONGEST_EXCERPT = 1000  # characters kept of a body that cannot be read


@dataclass(frozen=True)
class Messages:
    """The application, on a queue and on a table as `create_table` makes it.

    `handle` is the work that a message asks for: called with its text, it raises if the work cannot be done.
    `owner` is the name under which this program claims messages. `lease` is how long it may take over what it receives
    at once, up to ten messages: their visibility timeout, in place of the queue's own, and the lease on each claim;
    `claims` says why the two are one.
    Every method may raise botocore's ClientError for what AWS refuses.
    """

    sqs: SQSClient
    dynamodb: DynamoDBClient
    queue_url: str
    table_name: str
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    handle: Callable[[str], object] = lambda text: None
    owner: str = "app"
    lease: timedelta = timedelta(seconds=30)

    def __post_init__(self) -> None:
        if not timedelta(seconds=1) <= self.lease <= LONGEST_LEASE or self.lease % timedelta(seconds=1):
            longest = f"{LONGEST_LEASE.total_seconds():,.0f}"
            raise LabError(texts.LEASE_IS_BAD.format(longest=longest, value=self.lease))

    def send(self, text: str) -> Message:
        """Write the message as `pending`, then send it.

        In this order, because a crash between the two leaves a pending message that was never sent: it can be seen
        in the table and sent again. The other way round a consumer may be done before the message is in the table,
        and a crash leaves work in the queue that no list shows.
        Raises LabError for a text that cannot be sent or an id that is taken; nothing is written or sent then.
        """
        check_text(text)
        message = Message(self.new_id(), text, State.PENDING, as_time(self.now()))
        if not self._write(message):
            raise LabError(texts.ID_IS_TAKEN.format(id=message.id))
        self.sqs.send_message(QueueUrl=self.queue_url, MessageBody=write_body(message))
        return message

    def process(self, wait_seconds: int = 0) -> list[Message]:
        """Receive up to ten messages; claim each, `handle` it, write `complete` or `fail`, then delete it.

        The delete comes last, because it is what ends a message's life: a crash before it brings the message back
        after its visibility timeout, and a second look at a decided message only deletes it. A delete that came
        first would lose the message in a crash.
        Returns the messages decided on now, as the table has them. What the table does not know yet, what another
        owner works on, and what there was no time for stays in the queue and comes back later.
        With `wait_seconds`, 0 to 20, a long poll: the queue answers as soon as it has a message.
        """
        leased_until = as_time(self.now() + self.lease)  # before the receive, so that no claim outlasts its message
        received = self.sqs.receive_message(
            QueueUrl=self.queue_url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=int(self.lease.total_seconds()),
            WaitTimeSeconds=wait_seconds,
        ).get("Messages", [])
        decided = []
        for delivery in received:
            message, done_with = self._decide(delivery, leased_until)
            if message:
                decided.append(message)
            if done_with:
                self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=delivery["ReceiptHandle"])
        return decided

    def find(self, message_id: str) -> Message | None:
        """The message with this id, read strongly consistently; None if there is none."""
        if not is_id(message_id):
            return None
        key = {"id": {"S": message_id}}
        item = self.dynamodb.get_item(TableName=self.table_name, Key=key, ConsistentRead=True).get("Item")
        return from_item(item) if item else None

    def find_page(self, size: int = 50, after: str | None = None) -> Page:
        """Up to `size` messages, newest first, and where the list goes on. See `table.find_page`."""
        return find_page(self.dynamodb, self.table_name, self.now(), size, after)

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

    def _decide(self, delivery: MessageTypeDef, leased_until: str) -> tuple[Message | None, bool]:
        """What became of a delivered message now, if anything, and whether the queue can forget it."""
        now = as_time(self.now())
        content = read_body(delivery["Body"])
        if content is None:
            # Recorded under SQS's own id, so that even this one's fate can be traced.
            excerpt = delivery["Body"][:_LONGEST_EXCERPT]
            stray = Message(delivery["MessageId"], excerpt, State.FAIL, now, texts.BODY_IS_UNREADABLE)
            return (stray if self._write(stray) else None), True
        message_id, text = content
        if now >= leased_until:  # those before it took too long; by now it may be with somebody else
            return None, False
        held = claims.claim(self.dynamodb, self.table_name, message_id, self.owner, now, leased_until)
        if isinstance(held, Refusal):
            return None, held is Refusal.DECIDED
        state, reason = State.COMPLETE, ""
        try:
            self.handle(text)
        except Exception as error:  # noqa: BLE001 (the handler is anyone's code, and its failure is a result)
            words = f"{type(error).__name__}: {error}"[:_LONGEST_REASON]
            state, reason = State.FAIL, words.encode(errors="replace").decode()  # half a character cannot be written
        message = claims.finish(self.dynamodb, self.table_name, held, state, reason)
        return message, message is not None

    def _write(self, message: Message) -> bool:
        """Put a new message into the table; False if there is one with this id already, which stays as it is."""
        item = {**vars(message), "state": State(message.state), "day": message.sent_at[:10]}
        try:
            self.dynamodb.put_item(
                TableName=self.table_name,
                Item={name: {"S": str(value)} for name, value in item.items()},
                ConditionExpression="attribute_not_exists(id)",
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True
