"""Topics and subscriptions as things that are made, described, changed and removed."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from access_kit import refused
from behaviours import behaviour
from botocore.config import Config
from sns_kit import API, RECORDED, Inbox, TopicUnderTest, unique

import labkit

TOPIC_TESTS = RECORDED + "TestSNSTopicCrud"
SUBSCRIPTION_TESTS = RECORDED + "TestSNSSubscriptionCrud."

MakeTopic = Callable[..., TopicUnderTest]
MakeInbox = Callable[..., Inbox]


@pytest.fixture(scope="module")
def unchecked(lab: labkit.Lab) -> Any:
    """A client that sends what boto3 would refuse itself."""
    return boto3.client("sns", config=Config(parameter_validation=False))


@behaviour(
    "sns.topic.name",
    "A topic's name is 1 to 256 letters, digits, hyphens and underscores: InvalidParameter",
    source=TOPIC_TESTS + "V2.test_create_topic_name_constraints",
)
@pytest.mark.parametrize("name", ["", "a" * 257, "bad:name", "bad name", "ñ", "a.b", "test.fifo", ".fifo"])
def test_names(sns: Any, name: str) -> None:
    assert refused(sns.create_topic, Name=name) == ("InvalidParameter", "Invalid parameter: Topic Name")


@behaviour(
    "sns.fifo.suffix",
    "A FIFO topic's name ends in .fifo, and counts with it",
    source=TOPIC_TESTS + "V2.test_create_topic_name_constraints",
)
@pytest.mark.parametrize("name", ["test", "a" * 252 + ".fifo", ".fifo"])
def test_fifo_suffix(sns: Any, name: str) -> None:
    request = {"Name": name, "Attributes": {"FifoTopic": "true"}}
    assert refused(sns.create_topic, **request) == ("InvalidParameter", "Invalid parameter: Topic Name")


@behaviour(
    "sns.topic.attributes",
    "What GetTopicAttributes shows of a new topic: texts, and only what applies",
    source=TOPIC_TESTS + ".test_create_topic_with_attributes",
)
def test_topic_attributes(lab: labkit.Lab, topic: TopicUnderTest, make_topic: MakeTopic) -> None:
    shown = topic.attributes()
    (statement,) = json.loads(shown.pop("Policy"))["Statement"]
    assert (statement["Sid"], statement["Principal"]) == ("__default_statement_ID", {"AWS": "*"})
    assert json.loads(shown.pop("EffectiveDeliveryPolicy"))["http"]["defaultHealthyRetryPolicy"]["numRetries"] == 3
    assert shown == {
        "TopicArn": topic.arn,
        "Owner": lab.account,
        "DisplayName": "",
        "SubscriptionsConfirmed": "0",
        "SubscriptionsPending": "0",
        "SubscriptionsDeleted": "0",
    }
    fifo = make_topic(fifo=True, DisplayName="Orders").attributes()
    assert (fifo["FifoTopic"], fifo["ContentBasedDeduplication"], fifo["DisplayName"]) == ("true", "false", "Orders")


@behaviour(
    "sns.topic.same_again",
    "CreateTopic again with the same attributes, or none, gives the same topic",
    source=API + "CreateTopic.html",
)
def test_create_again(sns: Any) -> None:
    name = unique("twice")
    request: dict[str, Any] = {"Name": name, "Attributes": {"DisplayName": "One"}, "Tags": [{"Key": "k", "Value": "v"}]}
    arn = sns.create_topic(**request)["TopicArn"]
    same = [request, {"Name": name}, {"Name": name, "Attributes": {"FifoTopic": "false"}}]
    assert [sns.create_topic(**again)["TopicArn"] for again in same] == [arn] * 3
    sns.delete_topic(TopicArn=arn)


@behaviour(
    "sns.topic.different_again",
    "CreateTopic again with other attributes or tags: InvalidParameter",
    source=TOPIC_TESTS + "V2.test_create_topic_different_attrs",
)
def test_create_differently(sns: Any) -> None:
    name = unique("twice")
    arn = sns.create_topic(Name=name, Attributes={"DisplayName": "One"}, Tags=[{"Key": "k", "Value": "v"}])["TopicArn"]
    attributes = "Invalid parameter: Attributes Reason: Topic already exists with different attributes"
    assert refused(sns.create_topic, Name=name, Attributes={"DisplayName": "Two"})[1] == attributes
    assert refused(sns.create_topic, Name=name, Attributes={"SignatureVersion": "2"})[1] == attributes
    tags = "Invalid parameter: Tags Reason: Topic already exists with different tags"
    assert refused(sns.create_topic, Name=name, Tags=[{"Key": "other", "Value": "v"}])[1] == tags
    sns.delete_topic(TopicArn=arn)


@behaviour("sns.topic.duplicate_tags", "The same tag key twice: InvalidParameter", source=TOPIC_TESTS + ".test_tags")
def test_duplicate_tags(sns: Any, topic: TopicUnderTest) -> None:
    tags = [{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]
    assert refused(sns.tag_resource, ResourceArn=topic.arn, Tags=tags) == (
        "InvalidParameter",
        "Invalid parameter: Duplicated keys are not allowed.",
    )


@behaviour(
    "sns.topic.unknown_attribute",
    "SetTopicAttributes knows its attributes; a topic's type cannot be changed",
    source=TOPIC_TESTS + "V2.test_topic_get_attributes_with_fifo_false",
)
@pytest.mark.parametrize("name", ["FifoTopic", "NoSuchAttribute", "ContentBasedDeduplication"])
def test_unknown_attributes(topic: TopicUnderTest, name: str) -> None:
    assert refused(topic.set, name=name, value="false")[0] == "InvalidParameter"
    topic.set("DisplayName", "Other")
    assert topic.attributes()["DisplayName"] == "Other"


@behaviour(
    "sns.topic.deleted",
    "DeleteTopic takes the subscriptions with it; a topic that is not there can be deleted",
    source=API + "DeleteTopic.html",
)
def test_delete(sns: Any, topic: TopicUnderTest) -> None:
    inbox = topic.inbox()
    for _ in range(2):
        sns.delete_topic(TopicArn=topic.arn)
    assert refused(topic.publish) == ("NotFound", "Topic does not exist")
    assert inbox.bodies(0) == []
    listed = sns.get_paginator("list_subscriptions").paginate().search("Subscriptions[].Endpoint")
    assert inbox.arn not in list(listed)


@behaviour(
    "sns.missing_topic",
    "What is about a topic that does not exist: NotFound",
    source=RECORDED + "test_unknown_topic_publish",
)
def test_missing_topic(sns: Any, topic: TopicUnderTest) -> None:
    missing = {"TopicArn": topic.arn + "-missing"}
    subscribe = {"Protocol": "sms", "Endpoint": "+15555550100"}
    entries = [{"Id": "1", "Message": "x"}]
    for call, more in (
        (sns.publish, {"Message": "x"}),
        (sns.publish_batch, {"PublishBatchRequestEntries": entries}),
        (sns.subscribe, subscribe),
        (sns.get_topic_attributes, {}),
        (sns.set_topic_attributes, {"AttributeName": "DisplayName", "AttributeValue": "x"}),
        (sns.list_subscriptions_by_topic, {}),
    ):
        assert refused(call, **missing, **more) == ("NotFound", "Topic does not exist")
        with pytest.raises(sns.exceptions.NotFoundException):
            call(**missing, **more)


@behaviour(
    "sns.malformed_arn",
    "What is no topic's ARN: InvalidParameter, with the number of its elements",
    source=RECORDED + "test_publish_wrong_arn_format",
)
@pytest.mark.parametrize(
    ("arn", "elements"), [("random", 1), ("arn:aws", 2), ("arn:aws:sns:us-east-1:random", 5), ("", 1)]
)
def test_malformed_arns(sns: Any, arn: str, elements: int) -> None:
    sentence = f"Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not {elements}"
    assert refused(sns.publish, TopicArn=arn, Message="x") == ("InvalidParameter", sentence)
    request = {"Protocol": "sms", "Endpoint": "+15555550100"}
    assert refused(sns.subscribe, TopicArn=arn, **request) == ("InvalidParameter", sentence)
    assert refused(sns.get_topic_attributes, TopicArn=arn) == ("InvalidParameter", sentence)


@behaviour(
    "sns.other_region",
    "A topic of another region, or another service's ARN: InvalidParameter",
    source=RECORDED + "test_topic_publish_another_region",
)
def test_another_region(sns: Any, topic: TopicUnderTest) -> None:
    elsewhere = boto3.client("sns", region_name="eu-west-1")
    for call in (elsewhere.publish, elsewhere.delete_topic, elsewhere.get_topic_attributes):
        more = {"Message": "x"} if call == elsewhere.publish else {}
        assert refused(call, TopicArn=topic.arn, **more) == ("InvalidParameter", "Invalid parameter: TopicArn")
    assert refused(sns.publish, TopicArn=topic.arn.replace(":sns:", ":sqs:"), Message="x")[0] == "InvalidParameter"


@behaviour(
    "sns.subscription.attributes",
    "What GetSubscriptionAttributes shows of a queue's subscription",
    source=RECORDED + "test_sqs_topic_subscription_confirmation",
)
def test_subscription_attributes(lab: labkit.Lab, sns: Any, topic: TopicUnderTest, make_inbox: MakeInbox) -> None:
    inbox = make_inbox()
    arn = topic.subscribe(inbox, raw=False)
    shown = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert shown.pop("SubscriptionPrincipal").startswith(f"arn:aws:iam::{lab.account}:")
    assert shown == {
        "SubscriptionArn": arn,
        "TopicArn": topic.arn,
        "Protocol": "sqs",
        "Endpoint": inbox.arn,
        "Owner": lab.account,
        "PendingConfirmation": "false",
        "ConfirmationWasAuthenticated": "true",
        "RawMessageDelivery": "false",
    }


@behaviour(
    "sns.subscribe.idempotent",
    "Subscribing the same endpoint again gives the same subscription, and one copy of each message",
    source=SUBSCRIPTION_TESTS + "test_subscribe_idempotency",
)
def test_subscribe_again(topic: TopicUnderTest, make_inbox: MakeInbox) -> None:
    inbox = make_inbox()
    arn = topic.subscribe(inbox)
    same: list[dict[str, str]] = [
        {"RawMessageDelivery": "True"},
        {"RawMessageDelivery": "true", "FilterPolicyScope": "MessageAttributes"},
        {},
    ]
    for settings in same:
        request = {"Protocol": "sqs", "Endpoint": inbox.arn, "Attributes": settings}
        assert topic.subscribe_with(**request)["SubscriptionArn"] == arn
    topic.publish("once")
    assert inbox.bodies() == ["once"]


@behaviour(
    "sns.subscribe.different",
    "Subscribing the same endpoint with other attributes: InvalidParameter",
    source=SUBSCRIPTION_TESTS + "test_subscribe_idempotency",
)
@pytest.mark.parametrize("settings", [{"RawMessageDelivery": "false"}, {"FilterPolicy": '{"a":["b"]}'}])
def test_subscribe_differently(topic: TopicUnderTest, make_inbox: MakeInbox, settings: dict[str, str]) -> None:
    inbox = make_inbox()
    topic.subscribe(inbox)
    assert refused(topic.subscribe_with, Protocol="sqs", Endpoint=inbox.arn, Attributes=settings) == (
        "InvalidParameter",
        "Invalid parameter: Attributes Reason: Subscription already exists with different attributes",
    )


@behaviour(
    "sns.subscribe.protocols",
    "A protocol that SNS does not have, or an endpoint that does not fit it: InvalidParameter",
    source=RECORDED + "test_subscribe_with_invalid_protocol",
)
@pytest.mark.parametrize(
    ("protocol", "endpoint", "why"),
    [
        ("pigeon", "x", "Invalid parameter: Amazon SNS does not support this protocol string: pigeon"),
        ("sqs", "unknown", "Invalid parameter: SQS endpoint ARN"),
        ("sqs", "https://sqs.us-east-1.amazonaws.com/123456789012/q", "Invalid parameter: SQS endpoint ARN"),
        ("https", "http://example.com", "Invalid parameter: Endpoint must match the specified protocol"),
        ("email", "nobody", "Invalid parameter: Email address"),
        ("sms", "NAA+15551234567", "Invalid SMS endpoint: NAA+15551234567"),
        ("sms", "+15--551234567", "Invalid SMS endpoint: +15--551234567"),
    ],
)
def test_protocols(topic: TopicUnderTest, protocol: str, endpoint: str, why: str) -> None:
    assert refused(topic.subscribe_with, Protocol=protocol, Endpoint=endpoint) == ("InvalidParameter", why)


@behaviour(
    "sns.subscription.set",
    "SetSubscriptionAttributes knows its attributes and their values",
    source=SUBSCRIPTION_TESTS + "test_validate_set_sub_attributes",
)
@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("FakeAttribute", "x", "AttributeName"),
        ("RawMessageDelivery", "test-ValUe", "RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false."),
        ("RawMessageDelivery", "", "RawMessageDelivery: Invalid value []. Must be true or false."),
    ],
)
def test_set_attributes(
    sns: Any, topic: TopicUnderTest, make_inbox: MakeInbox, name: str, value: str, why: str
) -> None:
    arn = topic.subscribe(make_inbox())
    setting = {"SubscriptionArn": arn, "AttributeName": name, "AttributeValue": value}
    assert refused(sns.set_subscription_attributes, **setting) == ("InvalidParameter", f"Invalid parameter: {why}")
    sns.set_subscription_attributes(**{**setting, "AttributeName": "RawMessageDelivery", "AttributeValue": "TrUe"})
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["RawMessageDelivery"] == "true"


@behaviour(
    "sns.subscription.missing",
    "What is about a subscription that does not exist: NotFound",
    source=SUBSCRIPTION_TESTS + "test_not_found_error_on_set_subscription_attributes",
)
def test_missing_subscription(sns: Any, topic: TopicUnderTest) -> None:
    missing = {"SubscriptionArn": f"{topic.arn}:11111111-2222-3333-4444-555555555555"}
    setting = {**missing, "AttributeName": "RawMessageDelivery", "AttributeValue": "true"}
    assert refused(sns.get_subscription_attributes, **missing) == ("NotFound", "Subscription does not exist")
    assert refused(sns.set_subscription_attributes, **setting) == ("NotFound", "Subscription does not exist")


@behaviour(
    "sns.unsubscribe.malformed",
    "What is no subscription's ARN, such as the PendingConfirmation of a list, cannot be unsubscribed",
    source=SUBSCRIPTION_TESTS + "test_unsubscribe_wrong_arn_format",
)
@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (
            {"SubscriptionArn": "PendingConfirmation"},
            "SubscriptionArn Reason: An ARN must have at least 6 elements, not 1",
        ),
        ({"SubscriptionArn": "arn:aws:sns:us-east-1:123456789012:topic"}, "SubscriptionId"),
        ({}, "SubscriptionArn Reason: no value for required parameter"),
    ],
)
def test_unsubscribe_what_is_none(unchecked: Any, request_: dict[str, str], why: str) -> None:
    assert refused(unchecked.unsubscribe, **request_) == ("InvalidParameter", f"Invalid parameter: {why}")


@behaviour(
    "sns.permissions",
    "AddPermission writes into the topic's policy, under a label that is free",
    source=TOPIC_TESTS + "V2.test_add_permission_errors",
)
def test_permissions(lab: labkit.Lab, sns: Any, topic: TopicUnderTest) -> None:
    request = {"TopicArn": topic.arn, "Label": "mine", "AWSAccountId": [lab.account], "ActionName": ["Publish"]}
    sns.add_permission(**request)
    assert [s["Sid"] for s in json.loads(topic.attributes()["Policy"])["Statement"]][1:] == ["mine"]
    assert refused(sns.add_permission, **request) == ("InvalidParameter", "Invalid parameter: Statement already exists")
    request = {**request, "Label": "other", "ActionName": ["Fly"]}
    sentence = "Invalid parameter: Policy statement action out of service scope!"
    assert refused(sns.add_permission, **request) == ("InvalidParameter", sentence)
    sns.remove_permission(TopicArn=topic.arn, Label="mine")
    assert len(json.loads(topic.attributes()["Policy"])["Statement"]) == 1
