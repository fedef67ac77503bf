"""SNS's requests: read and answered by moto, done by us."""

import re
from typing import Any

from botocore.model import OperationNotFoundError
from moto.core.parse import UNDEFINED
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import get_service_model
from moto.sns.responses import SNSResponse
from moto.sns.utils import is_e164

from labkit.embedded.access.callers import CALLER_KEY
from labkit.embedded.topics import errors, publishing
from labkit.embedded.topics.backend import Topics
from labkit.embedded.topics.errors import InvalidAttribute, Refusal

_TOKEN = re.compile(r"[0-9a-f]{100,}")


class Handler(SNSResponse):  # type: ignore[misc]
    """Answers what is about topics, subscriptions and messages, and leaves phones, mobiles and tags to moto."""

    @property
    def _topics(self) -> Topics:
        topics: Topics = self.backend
        return topics

    def _dispatch(self, request: Any, full_url: str | None = None, headers: Any = None) -> Any:
        """As moto's, but a request that it cannot read, or an action that there is not, gets AWS's answer."""
        try:
            self.setup_class(request, full_url, headers)
        except OperationNotFoundError:
            return self._refuse(errors.unknown_action(self._get_action(), self._model.api_version))
        except Exception:  # noqa: BLE001 (moto's parser raises whatever it comes to)
            return self._refuse(errors.malformed())
        try:
            return self.call_action()
        except NotImplementedError:
            return self._refuse(errors.unknown_action(self._get_action(), self._model.api_version))

    def call_action(self) -> Any:
        """What the API's model requires is there when an action begins."""
        shape = self._model.operation_model(self._get_action()).input_shape
        if shape:
            absent = null_member(shape, dict(self._get_params()))
            if absent:
                top_level = "." not in absent
                refusal = errors.missing(absent[0].upper() + absent[1:]) if top_level else errors.null_member(absent)
                return self._refuse(refusal)
        return super().call_action()

    # Topics

    def create_topic(self) -> ActionResult:
        topic = self._topics.create_topic(self._get_param("Name"), self._get_param("Attributes"), self._get_tags())
        return ActionResult({"TopicArn": topic.arn})

    def get_topic_attributes(self) -> ActionResult:
        return ActionResult({"Attributes": self._topic().shown()})

    def set_topic_attributes(self) -> ActionResult:
        try:
            self._topic().set(self._get_param("AttributeName"), self._get_param("AttributeValue", ""))
        except InvalidAttribute as error:
            raise error.as_refusal(creating=False) from None
        return EmptyResult()

    # Subscriptions

    def subscribe(self) -> ActionResult:
        subscription = self._topics.subscribe(
            self._get_param("TopicArn"),
            self._get_param("Endpoint", ""),
            self._get_param("Protocol"),
            self._get_param("Attributes"),
            self.normalized_request.environ[CALLER_KEY].identity_arn,
        )
        shown = not subscription.pending or str(self._get_param("ReturnSubscriptionArn")).lower() == "true"
        return ActionResult({"SubscriptionArn": subscription.arn if shown else "pending confirmation"})

    def confirm_subscription(self) -> ActionResult:
        """No token ever leaves for an endpoint here, so none can be right."""
        if len(self._get_param("TopicArn").split(":")) < 6:
            raise errors.invalid("Topic")
        if not _TOKEN.fullmatch(self._get_param("Token")):
            raise Refusal("InvalidParameter", "Invalid token")
        raise errors.invalid("Token")

    def get_subscription_attributes(self) -> ActionResult:
        return ActionResult({"Attributes": self._topics.subscription(self._get_param("SubscriptionArn")).shown()})

    def set_subscription_attributes(self) -> ActionResult:
        subscription = self._topics.subscription(self._get_param("SubscriptionArn"))
        try:
            subscription.set(self._get_param("AttributeName"), self._get_param("AttributeValue", ""))
        except InvalidAttribute as error:
            raise error.as_refusal(creating=False) from None
        return EmptyResult()

    def list_subscriptions(self) -> ActionResult:
        return self._listed(*self._topics.list_subscriptions(next_token=self._get_param("NextToken")))

    def list_subscriptions_by_topic(self) -> ActionResult:
        topic = self._topic()
        return self._listed(
            *self._topics.list_subscriptions_by_topic(topic.arn, next_token=self._get_param("NextToken"))
        )

    # Messages

    def publish(self) -> ActionResult:
        request = self._get_params()
        if "PhoneNumber" in request:
            if not is_e164(request["PhoneNumber"]):
                raise errors.invalid(f"PhoneNumber Reason: {request['PhoneNumber']} is not valid to publish to")
            return super().publish()
        target, parameter = request.get("TargetArn"), "TargetArn"
        if target is None:
            target, parameter = request.get("TopicArn"), "TopicArn"
        if target is None:
            raise errors.missing("TopicArn or TargetArn")
        if ":endpoint/" in target:
            return self._publish_to_endpoint(target, request["Message"])
        return ActionResult(publishing.publish(self._topics.topic(target, parameter), request))

    def publish_batch(self) -> ActionResult:
        return ActionResult(publishing.publish_batch(self._topic(), self._get_param("PublishBatchRequestEntries")))

    def _publish_to_endpoint(self, arn: str, message: str) -> ActionResult:
        endpoint = self._topics.platform_endpoints.get(arn)
        if endpoint is None:
            raise errors.invalid("TargetArn Reason: No endpoint found for the target arn specified")
        return ActionResult({"MessageId": endpoint.publish(message)})

    def _topic(self) -> Any:
        return self._topics.topic(self._get_param("TopicArn"))

    def _listed(self, subscriptions: Any, next_token: Any) -> ActionResult:
        return ActionResult({"Subscriptions": [s.listed() for s in subscriptions], "NextToken": next_token})

    def _get_tags(self) -> dict[str, str]:
        tags = self._get_param("Tags", [])
        by_key: dict[str, str] = super()._get_tags()
        if len(by_key) < len(tags):
            raise errors.invalid("Duplicated keys are not allowed.")
        return by_key

    @property
    def _model(self) -> Any:
        return get_service_model(self.boto3_service_name)

    def _refuse(self, refusal: Refusal) -> Any:
        return self.serialized(ActionResult(refusal))


def null_member(shape: Any, value: Any, path: str = "") -> str | None:
    """The path of a part of `value` that the API's model requires and that is not there; None if all is."""
    if value is None or value is UNDEFINED:
        return path.rstrip(".")
    parts: list[tuple[Any, Any, str]] = []
    if shape.type_name == "structure":
        asked = [name for name in shape.members if name in value or name in shape.required_members]
        parts = [(shape.members[name], value.get(name), _camel_case(name)) for name in asked]
    elif shape.type_name == "list":
        parts = [(shape.member, one, f"{number}.member") for number, one in enumerate(value, 1)]
    elif shape.type_name == "map":
        parts = [(shape.value, one, f"{key}.member") for key, one in value.items()]
    found = (null_member(member, one, f"{path}{name}.") for member, one, name in parts)
    return next((absent for absent in found if absent), None)


def _camel_case(name: str) -> str:
    return name[0].lower() + name[1:]
