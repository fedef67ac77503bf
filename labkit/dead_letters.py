"""Look into a dead-letter queue, and send back what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.errors import LabError
from labkit.texts import dead_letters as texts

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

LOOK_TIMEOUT = 20  # seconds for which a look hides messages at most, if it is broken off
MOST_LOOKED_AT = 100  # messages; more than that nobody reads one by one
PAGE = 10  # messages; more no call takes or returns


@dataclass(frozen=True)
class DeadLetter:
    """A message as a look shows it. `received`: how often, in all its queues; looks count."""

    id: str
    body: str
    received: int
    group: str = ""  # of a FIFO queue
    came_from: str = ""  # the name of the queue that SQS moved it from


@dataclass(frozen=True)
class DeadLetters:
    """A dead-letter queue. Methods raise botocore's ClientError for what AWS refuses."""

    sqs: SQSClient
    queue_url: str

    def look(self) -> list[DeadLetter]:
        """What is in the queue, up to `MOST_LOOKED_AT`, and put back at once, so that others miss it for a moment only.

        There is no way of looking that leaves no trace: a look is a receive, and counts as one. Of a FIFO queue it
        shows ten at most of each group, and on AWS it may miss some of any queue.
        Raises LabError for a queue with a dead-letter queue of its own: a look too many would throw messages out.
        """
        with self._received() as messages:
            return [_shown(message) for message in messages.values()]

    def send_back(self, message_id: str, target_url: str) -> None:
        """Send one message to `target_url` as a new one, with its body and attributes, and delete it here.

        In this order: a crash in between leaves it in both queues, and in none if it were the other way round.
        Raises LabError if no message with this id can be received now.
        """
        with self._received(until=message_id) as messages:
            if message_id not in messages:
                raise LabError(texts.NOT_THERE.format(id=message_id))
            found = messages[message_id]
            self.sqs.send_message(QueueUrl=target_url, MessageBody=found["Body"], **_parameters(found))
            self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=found["ReceiptHandle"])
            del messages[message_id]

    def send_all_back(self) -> str:
        """Have SQS move all messages to the queues that they came from. Returns the task's handle.

        Source: SQS API Reference, StartMessageMoveTask. Only queues that are some queue's dead-letter queue.
        """
        return self.sqs.start_message_move_task(SourceArn=self._attributes("QueueArn")["QueueArn"])["TaskHandle"]

    def sources(self) -> list[str]:
        """The URLs of the queues whose dead-letter queue this is."""
        return self.sqs.list_dead_letter_source_queues(QueueUrl=self.queue_url).get("queueUrls", [])

    def source_of(self, letter: DeadLetter) -> str:
        """The URL of the queue to which a letter goes back: that from which it came, or else this queue's only source.

        Raises LabError if that cannot be told.
        """
        sources = {url.rpartition("/")[2]: url for url in self.sources()}
        if letter.came_from in sources:
            return sources[letter.came_from]
        if letter.came_from or len(sources) != 1:
            raise LabError(texts.NO_SOURCE.format(id=letter.id))
        return next(iter(sources.values()))

    @contextmanager
    def _received(self, until: str = "") -> Iterator[dict[str, MessageTypeDef]]:
        """What can be received, by id, up to the page with `until` on it. What is left in there is put back."""
        if "RedrivePolicy" in self._attributes("RedrivePolicy"):
            raise LabError(texts.THROWS_OUT)
        messages: dict[str, MessageTypeDef] = {}
        try:
            while len(messages) < MOST_LOOKED_AT and until not in messages:
                page = {message["MessageId"]: message for message in self._receive()}
                new = page.keys() - messages.keys()
                messages |= page  # of what came twice, the later receipt handle
                if not new:
                    break
            yield messages
        finally:
            self._put_back(list(messages.values()))

    def _receive(self) -> list[MessageTypeDef]:
        answer = self.sqs.receive_message(
            QueueUrl=self.queue_url,
            MaxNumberOfMessages=PAGE,
            VisibilityTimeout=LOOK_TIMEOUT,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def _put_back(self, messages: list[MessageTypeDef]) -> None:
        for start in range(0, len(messages), PAGE):
            self.sqs.change_message_visibility_batch(
                QueueUrl=self.queue_url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
                    for number, message in enumerate(messages[start : start + PAGE])
                ],
            )

    def _attributes(self, name: Any) -> dict[Any, str]:
        return self.sqs.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=[name]).get("Attributes", {})


def _shown(message: MessageTypeDef) -> DeadLetter:
    system = message["Attributes"]
    return DeadLetter(
        message["MessageId"],
        message["Body"],
        int(system["ApproximateReceiveCount"]),
        system.get("MessageGroupId", ""),
        system.get("DeadLetterQueueSourceArn", "").rpartition(":")[2],
    )


def _parameters(message: MessageTypeDef) -> dict[str, Any]:
    """What a message takes with it when it is sent anew."""
    parameters: dict[str, Any] = {}
    if "MessageAttributes" in message:
        parameters["MessageAttributes"] = message["MessageAttributes"]
    if group := message["Attributes"].get("MessageGroupId"):
        parameters["MessageGroupId"] = group
    if message["Attributes"].get("SequenceNumber"):  # of a FIFO queue, where not every queue goes by the content
        parameters["MessageDeduplicationId"] = message["MessageId"]
    return parameters
