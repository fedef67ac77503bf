"""A subscription: what it lets through, in which form, and where it goes when it cannot be delivered."""

from typing import TYPE_CHECKING, Any

from moto.sns import models

from labkit.embedded.topics.errors import InvalidAttribute
from labkit.embedded.topics.filters import DEFAULT_SCOPE, SCOPES, FilterPolicy
from labkit.embedded.topics.message import Message
from labkit.embedded.topics.topic_settings import boolean, json_object, one_of, parsed_object

if TYPE_CHECKING:
    from labkit.embedded.topics.topic import Topic

PROTOCOLS = ("http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose")
CONFIRMED_BY_THEIR_OWNER = ("http", "https", "email", "email-json")  # with a token that only the endpoint is sent
RAW_PROTOCOLS = ("http", "https", "sqs", "firehose")
UNDELIVERABLE = ("lambda", "firehose")  # there are none here; what goes to people or phones counts as delivered
ATTRIBUTES = (
    "FilterPolicyScope",  # before the policy that it is for
    "FilterPolicy",
    "RawMessageDelivery",
    "RedrivePolicy",
    "DeliveryPolicy",
    "SubscriptionRoleArn",
    "ReplayPolicy",
)

_scope = one_of(*SCOPES)


class Subscription(models.Subscription):  # type: ignore[misc]
    """moto keeps and lists it; `settings` are its attributes as AWS shows them."""

    topic: "Topic"

    def __init__(self, topic: "Topic", endpoint: str, protocol: str, principal: str) -> None:
        super().__init__(topic.account_id, topic, endpoint, protocol)
        self.pending = protocol in CONFIRMED_BY_THEIR_OWNER
        self.principal = principal
        self.settings = {"RawMessageDelivery": "false"}
        self._filter: FilterPolicy | None = None

    def setting(self, name: str) -> str:
        """An attribute that can be set, or its default."""
        return self.settings.get(name) or {"FilterPolicyScope": DEFAULT_SCOPE}.get(name, "")

    def set(self, name: str, value: str) -> None:
        """Raises InvalidAttribute, and changes nothing then."""
        if name not in ATTRIBUTES:
            raise InvalidAttribute("AttributeName")
        settings = {**self.settings, name: self._checked(name, value)}
        if name in ("FilterPolicy", "FilterPolicyScope"):
            policy = settings.get("FilterPolicy")
            self._filter = FilterPolicy(policy, settings.get("FilterPolicyScope", DEFAULT_SCOPE)) if policy else None
        self.settings = settings

    def shown(self) -> dict[str, str]:
        """What GetSubscriptionAttributes returns. Without a filter policy there is no scope either."""
        settings = {name: value for name, value in self.settings.items() if value}
        settings.pop("FilterPolicyScope", None)
        if "FilterPolicy" in settings:
            settings["FilterPolicyScope"] = self.setting("FilterPolicyScope")
        if self.protocol in ("http", "https"):
            settings["EffectiveDeliveryPolicy"] = self.topic.effective_delivery_policy
        return {
            "SubscriptionArn": self.arn,
            "TopicArn": self.topic.arn,
            "Protocol": self.protocol,
            "Endpoint": self.endpoint,
            "Owner": self.owner,
            "PendingConfirmation": str(self.pending).lower(),
            "ConfirmationWasAuthenticated": str(not self.pending).lower(),
            "SubscriptionPrincipal": self.principal,
            **settings,
        }

    def listed(self) -> dict[str, str]:
        """As ListSubscriptions shows it."""
        return {
            "SubscriptionArn": "PendingConfirmation" if self.pending else self.arn,
            "Owner": self.owner,
            "Protocol": self.protocol,
            "Endpoint": self.endpoint,
            "TopicArn": self.topic.arn,
        }

    def deliver(self, message: Message) -> None:
        """Send a copy, if it passes the filter. The publisher never hears whether it arrived.

        What cannot be delivered goes to the subscription's dead-letter queue, if it has one
        (https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html). The topic counts what became of it
        (https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html).
        """
        if self.pending:
            return
        if self._filter and not self._filter.accepts(message.body, message.attributes):
            self.topic.count("NumberOfNotificationsFilteredOut", message)
            return
        delivered = self._send(self.endpoint, message) if self.protocol == "sqs" else self.protocol not in UNDELIVERABLE
        self.topic.count("NumberOfNotificationsDelivered" if delivered else "NumberOfNotificationsFailed", message)
        if not delivered and self.setting("RedrivePolicy"):
            dead_letters = parsed_object("RedrivePolicy", self.setting("RedrivePolicy"))["deadLetterTargetArn"]
            moved = self._send(dead_letters, message)
            self.topic.count(f"NumberOfNotifications{'RedrivenToDlq' if moved else 'FailedToRedriveToDlq'}", message)

    def _send(self, queue_arn: str, message: Message) -> bool:
        raw = self.setting("RawMessageDelivery") == "true"
        text = (
            message.text_for(self.protocol)
            if raw
            else message.envelope(self.topic.arn, self.arn, self.protocol, self.topic.signature_version)
        )
        return self.topic.send(queue_arn, text, message, attributes=message.attributes if raw else {})

    def _checked(self, name: str, value: str) -> str:
        if name == "RawMessageDelivery":
            if boolean(name, value) == "true" and self.protocol not in RAW_PROTOCOLS:
                raise InvalidAttribute(f"Delivery protocol [{self.protocol}] does not support raw message delivery.")
            return value.lower()
        if name == "FilterPolicyScope":
            return _scope(name, value)
        if name == "FilterPolicy":
            return "" if value.strip() == "{}" else value
        if name == "RedrivePolicy" and value:
            self._check_redrive_policy(parsed_object(name, value))
        elif name in ("DeliveryPolicy", "ReplayPolicy") and value:
            json_object(name, value)
        return value

    def _check_redrive_policy(self, policy: dict[str, Any]) -> None:
        arn = policy.get("deadLetterTargetArn")
        if (
            not isinstance(arn, str)
            or not arn.startswith("arn:")
            or arn.split(":")[2:3] != ["sqs"]
            or arn.count(":") != 5
        ):
            raise InvalidAttribute("RedrivePolicy: deadLetterTargetArn is an invalid arn")
        if self.topic.fifo_topic and self.endpoint.endswith(".fifo") and not arn.endswith(".fifo"):
            raise InvalidAttribute(
                "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."
            )
