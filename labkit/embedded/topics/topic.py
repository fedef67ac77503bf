"""A topic: takes messages, once each where it is FIFO, and gives every subscriber its copy, in order."""

import itertools
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from moto.moto_api._internal import mock_random
from moto.sns import models

from labkit.embedded.access.callers import Caller
from labkit.embedded.sqs.context import Context
from labkit.embedded.sqs.errors import SqsError
from labkit.embedded.sqs.fifo import DEDUPLICATION_INTERVAL, content_deduplication_id
from labkit.embedded.topics import topic_settings
from labkit.embedded.topics.errors import invalid
from labkit.embedded.topics.message import Message, texts_by_protocol
from labkit.embedded.topics.message_attributes import Attributes

if TYPE_CHECKING:
    from labkit.embedded.topics.backend import Topics

FIRST_SEQUENCE_NUMBER = 10_000_000_000_000_000_000  # 20 digits, as AWS's have
SEQUENCE_STEP = 1000


class Taken(NamedTuple):
    """A message that a FIFO topic has taken, as far as its duplicates need it: when, and what Publish returned."""

    at: float
    answer: dict[str, str]


class Topic(models.Topic):  # type: ignore[misc]
    """moto keeps its access policy and tags; `settings` are its attributes as AWS shows them."""

    sns_backend: "Topics"

    def __init__(self, name: str, sns_backend: "Topics", settings: Mapping[str, str], *, fifo: bool) -> None:
        """`settings` have been checked."""
        super().__init__(name, sns_backend)
        self.fifo_topic = fifo
        self.effective_delivery_policy = topic_settings.EFFECTIVE_DELIVERY_POLICY
        self.settings = topic_settings.defaults(fifo=fifo)
        for setting, value in settings.items():
            self.set(setting, value)
        self._sequence = itertools.count(FIRST_SEQUENCE_NUMBER, SEQUENCE_STEP)
        self._recent: OrderedDict[tuple[str, str], Taken] = OrderedDict()  # by what makes a duplicate
        self._caller = Caller.for_service("sns.amazonaws.com", source_arn=self.arn)

    def set(self, name: str, value: str) -> None:
        """Raises InvalidAttribute."""
        value = topic_settings.checked(name, value, fifo=self.fifo_topic)
        if name == "Policy":
            self.policy = value
        else:
            self.settings[name] = value

    def shown(self) -> dict[str, str]:
        """What GetTopicAttributes returns."""
        pending = sum(subscription.pending for subscription in self.subscriptions)
        return {
            "TopicArn": self.arn,
            "Owner": self.account_id,
            "Policy": self.policy,
            "EffectiveDeliveryPolicy": self.effective_delivery_policy,
            "SubscriptionsConfirmed": str(len(self.subscriptions) - pending),
            "SubscriptionsPending": str(pending),
            "SubscriptionsDeleted": str(self.subscriptions_deleted),
            **self.settings,
        }

    @property
    def subscriptions(self) -> list[Any]:
        return self.sns_backend.subscriptions_of(self)

    @property
    def size_limit(self) -> int:
        return int(self.settings.get("MaximumMessageSize", topic_settings.DEFAULT_LIMIT))

    @property
    def signature_version(self) -> str:
        return self.settings.get("SignatureVersion", "1")

    def publish(self, message: str, subject: str | None = None, **_: Any) -> str:
        """As moto's, for AWS's own services, which do not call the API."""
        request = {"Message": message, **({"Subject": subject} if subject else {})}
        return self.take(request)["MessageId"]

    def check_type(self, request: Mapping[str, Any]) -> None:
        """Raises Refusal for a request that lacks what a FIFO topic needs, or has what a standard topic refuses."""
        if not self.fifo_topic:
            if request.get("MessageDeduplicationId"):
                raise invalid(
                    "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not "
                    "valid for this topic type"
                )
            return
        if not request.get("MessageGroupId"):
            raise invalid("The MessageGroupId parameter is required for FIFO topics")
        if not request.get("MessageDeduplicationId") and self.settings["ContentBasedDeduplication"] != "true":
            raise invalid(
                "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
                "explicitly"
            )

    def take(self, request: Mapping[str, Any]) -> dict[str, str]:
        """Accept a checked request, deliver it unless it is a duplicate, and return what Publish returns."""
        group_id, deduplication_id = request.get("MessageGroupId"), request.get("MessageDeduplicationId")
        if self.fifo_topic:
            deduplication_id = deduplication_id or content_deduplication_id(request["Message"])
            earlier = self._earlier(group_id, deduplication_id)
            if earlier:
                return earlier.answer
        message = Message(
            id=str(mock_random.uuid4()),
            at=self.sns_backend.sqs.now(),
            body=request["Message"],
            subject=request.get("Subject"),
            attributes=request.get("MessageAttributes") or {},
            group_id=group_id,
            deduplication_id=deduplication_id,
            sequence_number=f"{next(self._sequence):020}" if self.fifo_topic else None,
            texts=texts_by_protocol(request),
        )
        answer = {"MessageId": message.id}
        if message.sequence_number:
            answer["SequenceNumber"] = message.sequence_number
            self._recent[self._duplicates_key(group_id, deduplication_id)] = Taken(message.at, answer)
        self.count("NumberOfMessagesPublished", message)
        for subscription in self.subscriptions:
            subscription.deliver(message)
        return answer

    def count(self, metric: str, message: Message) -> None:
        """One more of the topic's messages of which this is true."""
        self.sns_backend.count(self.arn, metric, message.at)

    def send(self, queue_arn: str, body: str, message: Message, attributes: Attributes) -> bool:
        """Whether the queue took it: it exists, its policy lets this topic send, and the message suits it."""
        sqs = self.sns_backend.sqs
        queue = sqs.queue_by_arn(queue_arn)
        if queue is None:
            return False
        request: dict[str, Any] = {"QueueUrl": queue.name, "MessageBody": body, "MessageAttributes": attributes}
        if queue.attributes.fifo:
            request["MessageDeduplicationId"] = message.deduplication_id
        if message.group_id and queue.attributes.fifo == self.fifo_topic:  # standard to standard: fair queues
            request["MessageGroupId"] = message.group_id
        try:
            sqs.call(Context("SendMessage", region=queue_arn.split(":")[3], caller=self._caller), request)
        except SqsError:
            return False
        return True

    def _earlier(self, group_id: str | None, deduplication_id: str | None) -> Taken | None:
        """What makes a message with these ids, now, a duplicate; None if nothing does."""
        oldest = self.sns_backend.sqs.now() - DEDUPLICATION_INTERVAL
        while self._recent and next(iter(self._recent.values())).at <= oldest:
            self._recent.popitem(last=False)
        return self._recent.get(self._duplicates_key(group_id, deduplication_id))

    def _duplicates_key(self, group_id: str | None, deduplication_id: str | None) -> tuple[str, str]:
        within_group = self.settings.get("FifoThroughputScope") == "MessageGroup"
        return (group_id or "" if within_group else "", deduplication_id or "")
