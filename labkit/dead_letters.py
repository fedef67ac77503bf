"""Look into a dead-letter queue, and send back what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from labkit.errors import LabError
from labkit.texts import dead_letters as texts

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

LOOK_TIMEOUT = 20  # seconds for which a look hides messages at most, if it is broken off
MOST_LOOKED_AT = 100  # messages; more than that nobody reads one by one


@dataclass(frozen=True)
class DeadLetter:
    """A message as a look shows it. `received`: how often, in all its queues; looks count."""

    id: str
    body: str
    received: int
    group: str = ""  # of a FIFO queue
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DeadLetters:
    """A dead-letter queue. Methods raise botocore's ClientError for what AWS refuses."""

    sqs: SQSClient
    queue_url: str

    def look(self) -> list[DeadLetter]:
        """What is in the queue, up to `MOST_LOOKED_AT`, and put back at once, so that others miss it for a moment only.

        There is no way of looking that leaves no trace: a look is a receive, and counts as one. In a dead-letter queue
        that has no dead-letter queue of its own this does no harm. On AWS, a look may miss some.
        """
        received = self._receive_all()
        for message in received:
            self._put_back(message)
        return [_shown(message) for message in received]

    def send_back(self, message_id: str, target_url: str) -> None:
        """Send one message to `target_url` as a new one, with its body and attributes, and delete it here.

        In this order: a crash in between leaves it in both queues, and in none if it were the other way round.
        Raises LabError if no message with this id can be received now.
        """
        found = None
        for message in self._receive_all():
            if message["MessageId"] == message_id:
                found = message
            else:
                self._put_back(message)
        if found is None:
            raise LabError(texts.NOT_THERE.format(id=message_id))
        self.sqs.send_message(QueueUrl=target_url, MessageBody=found["Body"], **_parameters(found))
        self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=found["ReceiptHandle"])

    def send_all_back(self) -> str:
        """Have SQS move all messages to the queues that they came from. Returns the task's handle.

        Source: SQS API Reference, StartMessageMoveTask. Only queues that are some queue's dead-letter queue.
        """
        return self.sqs.start_message_move_task(SourceArn=self._attribute("QueueArn"))["TaskHandle"]

    def sources(self) -> list[str]:
        """The URLs of the queues whose dead-letter queue this is."""
        return self.sqs.list_dead_letter_source_queues(QueueUrl=self.queue_url).get("queueUrls", [])

    def source_of(self, message_id: str) -> str:
        """The URL of the queue to which a message goes back: the only source of this queue, or the one it came from.

        Raises LabError if that cannot be told.
        """
        sources = self.sources()
        if len(sources) == 1:
            return sources[0]
        for letter in self.look():
            arn = letter.attributes.get("DeadLetterQueueSourceArn", "")
            for url in sources:
                if letter.id == message_id and url.rpartition("/")[2] == arn.rpartition(":")[2]:
                    return url
        raise LabError(texts.NO_SOURCE.format(id=message_id))

    def _receive_all(self) -> list[MessageTypeDef]:
        received: list[MessageTypeDef] = []
        while len(received) < MOST_LOOKED_AT:
            answer = self.sqs.receive_message(
                QueueUrl=self.queue_url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=LOOK_TIMEOUT,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
            if not answer.get("Messages"):
                break
            received += answer["Messages"]
        return received

    def _put_back(self, message: MessageTypeDef) -> None:
        self.sqs.change_message_visibility(
            QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )

    def _attribute(self, name: Any) -> str:
        return self.sqs.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=[name])["Attributes"][name]


def _shown(message: MessageTypeDef) -> DeadLetter:
    system = message["Attributes"]
    return DeadLetter(
        message["MessageId"],
        message["Body"],
        int(system["ApproximateReceiveCount"]),
        system.get("MessageGroupId", ""),
        {str(name): value for name, value in system.items()},
    )


def _parameters(message: MessageTypeDef) -> dict[str, Any]:
    """What a message takes with it when it is sent anew."""
    parameters: dict[str, Any] = {}
    if "MessageAttributes" in message:
        parameters["MessageAttributes"] = {
            name: {key: value for key, value in attribute.items() if not key.endswith("ListValues")}
            for name, attribute in message["MessageAttributes"].items()
        }
    if group := message["Attributes"].get("MessageGroupId"):
        parameters["MessageGroupId"] = group
    if message["Attributes"].get("SequenceNumber"):  # of a FIFO queue, where not every queue goes by the content
        parameters["MessageDeduplicationId"] = message["MessageId"]
    return parameters
