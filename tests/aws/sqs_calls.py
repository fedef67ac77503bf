"""What the SQS behaviours have in common."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

import labkit

API = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
RECORDED = "recorded on AWS by LocalStack's validated tests: "

Message = dict[str, Any]


class QueueUnderTest:
    """A queue and the calls that most tests make on it."""

    def __init__(self, sqs: Any, url: str, patience: int) -> None:
        self._sqs = sqs
        self._patience = patience  # seconds that a receive may take until it finds what is there
        self.url = url

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]

    @property
    def arn(self) -> str:
        return self.attribute("QueueArn")

    def attribute(self, name: str) -> str:
        answer = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=[name])
        return str(answer["Attributes"][name])

    def counts(self) -> tuple[int, int, int]:
        """Visible, in flight, delayed."""
        answer = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"]
        kinds = ("", "NotVisible", "Delayed")
        visible, in_flight, delayed = (int(answer[f"ApproximateNumberOfMessages{kind}"]) for kind in kinds)
        return visible, in_flight, delayed

    def send(self, body: str, group: str | None = None, deduplication_id: str | None = None, **more: Any) -> Message:
        ids = {"MessageGroupId": group, "MessageDeduplicationId": deduplication_id}
        given = {name: value for name, value in ids.items() if value is not None}
        answer: Message = self._sqs.send_message(QueueUrl=self.url, MessageBody=body, **given, **more)
        return answer

    def receive(self, count: int = 10, **more: Any) -> list[Message]:
        asked = {"MaxNumberOfMessages": count, "WaitTimeSeconds": self._patience, "AttributeNames": ["All"], **more}
        answer = self._sqs.receive_message(QueueUrl=self.url, **asked)
        return list(answer.get("Messages", []))

    def bodies(self, count: int = 10, **more: Any) -> list[str]:
        return [message["Body"] for message in self.receive(count, **more)]

    def receive_one(self, **more: Any) -> Message:
        (message,) = self.receive(1, **more)
        return message

    def delete(self, *messages: Message) -> None:
        for message in messages:
            self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def hide(self, message: Message, seconds: int) -> None:
        self._sqs.change_message_visibility(
            QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds
        )


MakeQueue = Callable[..., QueueUnderTest]


@pytest.fixture
def queue(lab: labkit.Lab, sqs: Any, make_queue: Callable[..., str]) -> MakeQueue:
    """`queue(VisibilityTimeout=5)`, `queue(fifo=True)`: as `make_queue`, with what is in QueueUnderTest."""
    patience = 0 if lab.target == "embedded" else 10

    def make(**attributes: Any) -> QueueUnderTest:
        return QueueUnderTest(sqs, make_queue("q", **attributes), patience)

    return make


def redrive_to(dead_letter_queue: QueueUnderTest, max_receive_count: object) -> str:
    """A RedrivePolicy."""
    return json.dumps({"deadLetterTargetArn": dead_letter_queue.arn, "maxReceiveCount": max_receive_count})


@contextmanager
def refused(code: str, text: str = "", kind: type[ClientError] = ClientError) -> Iterator[None]:
    """What is called inside must fail with this Error.Code, a message that contains `text`, and boto3's class `kind`."""
    with pytest.raises(kind) as refusal:
        yield
    error = refusal.value.response["Error"]
    assert (error["Code"], text in error["Message"]) == (code, True), error
