"""One region's topics and subscriptions, in moto's place."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from moto.sns import models, urls
from moto.sns.exceptions import SNSInvalidParameter

from labkit.embedded.sqs.service import Sqs
from labkit.embedded.topics.errors import InvalidAttribute, Refusal, invalid, not_an_arn, not_found
from labkit.embedded.topics.subscription import ATTRIBUTES, PROTOCOLS, Subscription
from labkit.embedded.topics.topic import Topic
from labkit.embedded.topics.topic_settings import boolean

Count = Callable[[str, str, float], None]
"""One more in a metric: the topic's ARN, the metric's name in CloudWatch, when, in epoch seconds."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PHONE = re.compile(r"\+?\d+([./-]\d+)*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class Topics(models.SNSBackend):  # type: ignore[misc]
    """moto keeps permissions, tags, phones and mobile applications. Methods with moto's signatures are for moto."""

    _url_module = urls  # moto would look for one beside this module
    sqs: Sqs
    count: Count

    def topic(self, arn: str, parameter: str = "TopicArn") -> Topic:
        """Raises Refusal for what is no topic's ARN, or the ARN of another region's topic or of none."""
        self.check_topic_arn(arn, parameter)
        found = self.topics.get(arn)
        if found is None:
            raise not_found("Topic")
        return found  # type: ignore[no-any-return]

    get_topic = topic

    def check_topic_arn(self, arn: str, parameter: str = "TopicArn") -> None:
        parts = arn.split(":")
        if len(parts) < 6:
            raise not_an_arn(parameter, arn)
        if parts[2] != "sns" or parts[3] != self.region_name:
            raise invalid(parameter)

    def create_topic(
        self, name: str, attributes: Mapping[str, Any] | None = None, tags: Mapping[str, str] | None = None
    ) -> Topic:
        """Raises Refusal; the same again is no mistake."""
        settings = {key: str(value) for key, value in (attributes or {}).items()}
        try:
            fifo = boolean("FifoTopic", settings.pop("FifoTopic", "false")) == "true"
            if fifo != name.endswith(".fifo") or not _NAME.fullmatch(name.removesuffix(".fifo")) or len(name) > 256:
                raise invalid("Topic Name")
            topic = Topic(name, self, settings, fifo=fifo)
        except InvalidAttribute as error:
            raise error.as_refusal(creating=True) from None
        existing = self.topics.get(topic.arn)
        if existing is None:
            topic._tags = dict(tags or {})
            self.topics[topic.arn] = topic
            return topic
        if any(existing.shown().get(key) != topic.shown()[key] for key in settings):
            raise invalid("Attributes Reason: Topic already exists with different attributes")
        if tags and tags != existing._tags:
            raise invalid("Tags Reason: Topic already exists with different tags")
        return existing  # type: ignore[no-any-return]

    def delete_topic(self, arn: str) -> None:
        """With all its subscriptions. There need not be one."""
        self.check_topic_arn(arn)
        topic = self.topics.pop(arn, None)
        for subscription in self.subscriptions_of(topic):
            del self.subscriptions[subscription.arn]

    def subscriptions_of(self, topic: Topic | None) -> list[Subscription]:
        return [subscription for subscription in self.subscriptions.values() if subscription.topic is topic]

    def subscription(self, arn: str) -> Subscription:
        """Raises Refusal."""
        self.check_subscription_arn(arn)
        found = self.subscriptions.get(arn)
        if found is None:
            raise not_found("Subscription")
        return found  # type: ignore[no-any-return]

    @staticmethod
    def check_subscription_arn(arn: str) -> None:
        parts = arn.split(":")
        if len(parts) < 6:
            raise not_an_arn("SubscriptionArn", arn)
        if len(parts) < 7:
            raise invalid("SubscriptionId")

    def subscribe(
        self,
        topic_arn: str,
        endpoint: str,
        protocol: str,
        settings: Mapping[str, str] | None = None,
        principal: str = "",
    ) -> Subscription:
        """The new subscription, or the one that is there already with these settings. Raises Refusal."""
        topic, settings = self.topic(topic_arn), settings or {}
        self._check_endpoint(topic, endpoint, protocol)
        wanted = Subscription(topic, endpoint, protocol, principal)
        try:
            for name in sorted(settings, key=lambda name: ATTRIBUTES.index(name) if name in ATTRIBUTES else -1):
                wanted.set(name, settings[name])
        except InvalidAttribute as error:
            raise error.as_refusal(creating=True) from None
        for existing in self.subscriptions_of(topic):
            if (existing.endpoint, existing.protocol) == (endpoint, protocol):
                if any(existing.setting(name) != wanted.setting(name) for name in settings):
                    raise invalid("Attributes Reason: Subscription already exists with different attributes")
                return existing
        self.subscriptions[wanted.arn] = wanted
        return wanted

    def unsubscribe(self, subscription_arn: str) -> None:
        """There need not be one."""
        self.check_subscription_arn(subscription_arn)
        subscription = self.subscriptions.pop(subscription_arn, None)
        if subscription is not None:
            subscription.topic.subscriptions_deleted += 1

    def publish(self, message: str, arn: str | None, subject: str | None = None, **more: Any) -> str:
        """As moto's, for AWS's own services and for phones."""
        if arn in self.topics:
            return self.topics[arn].publish(message, subject)  # type: ignore[no-any-return]
        return super().publish(message, arn, subject=subject, **more)  # type: ignore[no-any-return]

    def add_permission(self, *args: Any, **more: Any) -> None:
        """As moto's, refused in AWS's words."""
        try:
            super().add_permission(*args, **more)
        except SNSInvalidParameter as error:
            raise invalid(error.message) from None

    def _get_values_nexttoken(self, values_map: dict[str, Any], next_token: str | None = None) -> Any:
        """As moto's, for tokens that are ours."""
        if next_token and not next_token.isdecimal():
            raise invalid("NextToken")
        return super()._get_values_nexttoken(values_map, next_token)

    def _check_endpoint(self, topic: Topic, endpoint: str, protocol: str) -> None:
        if protocol not in PROTOCOLS:
            raise invalid(f"Amazon SNS does not support this protocol string: {protocol}")
        if topic.fifo_topic and protocol != "sqs":
            raise invalid(f"Invalid protocol type: {protocol}")
        if protocol == "sqs":
            if endpoint.count(":") != 5 or not endpoint.startswith("arn:") or endpoint.split(":")[2] != "sqs":
                raise invalid("SQS endpoint ARN")
            if endpoint.endswith(".fifo") and not topic.fifo_topic:
                raise invalid(
                    "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"
                )
        elif protocol in ("http", "https") and not endpoint.startswith(f"{protocol}://"):
            raise invalid("Endpoint must match the specified protocol")
        elif protocol.startswith("email") and not _EMAIL.fullmatch(endpoint):
            raise invalid("Email address")
        elif protocol == "sms" and not _PHONE.fullmatch(endpoint):
            raise Refusal("InvalidParameter", f"Invalid SMS endpoint: {endpoint}")
        elif protocol == "application" and endpoint not in self.platform_endpoints:
            raise invalid(f"Endpoint Reason: Endpoint does not exist for endpoint arn{endpoint}")
