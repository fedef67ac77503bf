"""What Publish and PublishBatch take and refuse."""

import json
from typing import Any

import boto3
import pytest
from access_kit import refused
from behaviours import behaviour
from botocore.config import Config
from sns_kit import API, GUIDE, RECORDED, TopicUnderTest, attribute, attributes

import labkit

LIMIT = 262_144  # bytes
PUBLISH_TESTS = RECORDED + "TestSNSPublishCrud."
BATCH_TESTS = RECORDED + "test_publish_batch_exceptions"
STRUCTURE_TESTS = PUBLISH_TESTS + "test_message_structure_json_exc"
ATTRIBUTE_TESTS = RECORDED + "test_empty_or_wrong_message_attributes"


@pytest.fixture(scope="module")
def unchecked(lab: labkit.Lab) -> Any:
    """A client that sends what boto3 would refuse itself."""
    return boto3.client("sns", config=Config(parameter_validation=False))


@behaviour(
    "sns.publish.too_long",
    "A message has at most 256 KiB in UTF-8, its attributes' names, types and values included",
    source=PUBLISH_TESTS + "test_publish_too_long_message",
)
def test_too_long(topic: TopicUnderTest) -> None:
    too_long = ("InvalidParameter", "Invalid parameter: Message too long")
    assert refused(topic.publish, message="a" * (LIMIT + 1)) == too_long
    assert refused(topic.publish, message="ñ" * (LIMIT // 2) + "a") == too_long
    one = {"attr1": {"DataType": "Number", "StringValue": "1"}}  # 5 + 6 + 1 bytes
    assert refused(topic.publish, message="a" * (LIMIT - 11), MessageAttributes=one) == too_long
    assert topic.publish("a" * (LIMIT - 12), MessageAttributes=one)["MessageId"]


@behaviour(
    "sns.publish.maximum_size",
    "A topic's MaximumMessageSize, from 1 KiB to 1 MiB, is its limit",
    source=GUIDE + "large-message-payloads.html",
)
def test_maximum_size(topic: TopicUnderTest) -> None:
    topic.set("MaximumMessageSize", "1048576")
    assert topic.publish("a" * 1_048_576)["MessageId"]
    topic.set("MaximumMessageSize", "1024")
    assert refused(topic.publish, message="a" * 1025)[0] == "InvalidParameter"
    for size in ("1023", "1048577", "big"):
        assert refused(topic.set, name="MaximumMessageSize", value=size)[0] == "InvalidParameter"


@behaviour(
    "sns.publish.empty",
    "An empty message is refused",
    source=PUBLISH_TESTS + "test_empty_sns_message",
)
def test_empty(topic: TopicUnderTest) -> None:
    assert refused(topic.publish, message="") == ("InvalidParameter", "Invalid parameter: Empty message")


@behaviour(
    "sns.publish.subject",
    "A subject has 1 to 100 characters and no line breaks",
    source=PUBLISH_TESTS + "test_publish_with_empty_subject",
)
@pytest.mark.parametrize("subject", ["", "a" * 101, "two\nlines"])
def test_subject(topic: TopicUnderTest, subject: str) -> None:
    assert refused(topic.publish, Subject=subject) == ("InvalidParameter", "Invalid parameter: Subject")
    assert topic.publish(Subject="a" * 100)["MessageId"]


@behaviour(
    "sns.publish.no_target",
    "Publish wants a topic or another target",
    source=API + "Publish.html",
)
def test_no_target(sns: Any) -> None:
    assert refused(sns.publish, Message="x")[0] == "InvalidParameter"


@behaviour(
    "sns.publish.target_arn",
    "TargetArn may be a topic; a mobile endpoint that does not exist is refused",
    source=PUBLISH_TESTS + "test_publish_non_existent_target",
)
def test_target_arn(lab: labkit.Lab, sns: Any, topic: TopicUnderTest) -> None:
    assert sns.publish(TargetArn=topic.arn, Message="x")["MessageId"]
    endpoint = f"arn:aws:sns:{lab.region}:{lab.account}:endpoint/APNS/abcdef/0f7d5971-aa8b-4bd5-b585-0826e9f93a66"
    assert refused(sns.publish, TargetArn=endpoint, Message="x") == (
        "InvalidParameter",
        "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified",
    )


@behaviour(
    "sns.publish.phone_number",
    "What is no phone number: InvalidParameter",
    source=RECORDED + "test_publish_wrong_phone_format",
)
@pytest.mark.parametrize("number", ["+1a234", "NAA+15551234567"])
def test_phone_number(sns: Any, number: str) -> None:
    sentence = f"Invalid parameter: PhoneNumber Reason: {number} is not valid to publish to"
    assert refused(sns.publish, PhoneNumber=number, Message="x") == ("InvalidParameter", sentence)


@behaviour(
    "sns.publish.structure",
    "With MessageStructure=json the message is a JSON object with a text under `default`",
    source=STRUCTURE_TESTS,
)
@pytest.mark.parametrize(
    ("message", "why"),
    [
        ('{"sqs": "x"}', "No default entry in JSON message body"),
        ('{"default": {"object": 1}}', "No default entry in JSON message body"),
        ('{"default": "x"} {', "JSON message body failed to parse"),
        ("plain text", "JSON message body failed to parse"),
    ],
)
def test_structure(topic: TopicUnderTest, message: str, why: str) -> None:
    sentence = f"Invalid parameter: Message Structure - {why}"
    request = {"MessageStructure": "json"}
    assert refused(topic.publish, message=message, **request) == ("InvalidParameter", sentence)
    entries = [{"Message": message, **request}, {"Message": "good"}]
    assert refused(topic.publish_batch, entries=entries) == ("InvalidParameter", sentence)


NO_VALUE = "The message attribute 'a' must contain non-empty message attribute value for message attribute type '{}'."
BAD_TYPE = (
    "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, "
    "Number, and String."
)
BAD_CHARACTER = (
    "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric "
    "characters, hyphens, underscores, or dots."
)


@behaviour(
    "sns.publish.attributes",
    "Message attributes need a good name, a known type and a value that fits: ParameterValueInvalid",
    source=ATTRIBUTE_TESTS,
)
@pytest.mark.parametrize(
    ("name", "given", "why"),
    [
        ("a", {"DataType": "String", "StringValue": ""}, NO_VALUE.format("String")),
        ("a", {"DataType": "String"}, NO_VALUE.format("String")),
        ("a", {"DataType": "Binary", "BinaryValue": b""}, NO_VALUE.format("Binary")),
        ("a", {"DataType": "String", "BinaryValue": b"1"}, "The message attribute 'a' with type 'String' must use field 'String'."),
        ("a", {"DataType": "Number", "BinaryValue": b"1"}, "The message attribute 'a' with type 'Number' must use field 'String'."),
        ("a", {"DataType": "Binary", "StringValue": "1"}, "The message attribute 'a' with type 'Binary' must use field 'Binary'."),
        ("a", {"DataType": "Text", "StringValue": "1"}, BAD_TYPE),
        ("a", {"DataType": "String.", "StringValue": "1"}, BAD_TYPE),
        ("a", {"DataType": "Stringy", "StringValue": "1"}, BAD_TYPE),
        ("a", {"DataType": "Number", "StringValue": "ten"}, "Could not cast message attribute 'a' value to number."),
        ("a" * 257, attribute("x"), "Length of message attribute name must be less than 256 bytes."),
        ("a^*?", attribute("x"), BAD_CHARACTER),
        (".a", attribute("x"), "Invalid message attribute name starting with character '.' was found."),
        ("a.", attribute("x"), "Invalid message attribute name ending with character '.' was found."),
        ("a..b", attribute("x"), "Message attribute name can not have successive '.' character."),
    ],
)  # fmt: skip
def test_attributes(unchecked: Any, topic: TopicUnderTest, name: str, given: dict[str, Any], why: str) -> None:
    expected = ("ParameterValueInvalid", why)
    bad = {"Message": "x", "MessageAttributes": {name: given}}
    assert refused(unchecked.publish, TopicArn=topic.arn, **bad) == expected
    entries = [{"Id": "1", **bad}, {"Id": "2", "Message": "good"}]
    assert refused(unchecked.publish_batch, TopicArn=topic.arn, PublishBatchRequestEntries=entries) == expected


@behaviour(
    "sns.publish.attribute_without_type",
    "A message attribute without a type: ValidationError",
    source=ATTRIBUTE_TESTS,
)
def test_attribute_without_type(unchecked: Any, topic: TopicUnderTest) -> None:
    bad = {"Message": "x", "MessageAttributes": {"a": {"StringValue": "x"}}}
    where = "'messageAttributes.a.member.dataType'"
    assert refused(unchecked.publish, TopicArn=topic.arn, **bad) == (
        "ValidationError",
        f"1 validation error detected: Value null at {where} failed to satisfy constraint: Member must not be null",
    )


@behaviour(
    "sns.publish.type_labels",
    "A type may have a label of one's own after a dot",
    source=RECORDED + "test_message_attributes_prefixes",
)
def test_type_labels(topic: TopicUnderTest) -> None:
    inbox = topic.inbox()
    topic.publish(MessageAttributes={"a": {"DataType": "String.mine", "StringValue": "x"}})
    (message,) = inbox.take()
    assert message["MessageAttributes"]["a"]["DataType"] == "String.mine"


@behaviour("sns.batch", "PublishBatch publishes up to ten messages", source=API + "PublishBatch.html")
def test_batch(topic: TopicUnderTest) -> None:
    inbox = topic.inbox()
    answer = topic.publish_batch({"Message": f"{n}", "MessageAttributes": attributes({"n": n})} for n in range(10))
    assert ([entry["Id"] for entry in answer["Successful"]], answer["Failed"]) == ([str(n) for n in range(10)], [])
    assert len({entry["MessageId"] for entry in answer["Successful"]}) == 10
    assert sorted(inbox.bodies(10)) == [str(n) for n in range(10)]


@behaviour(
    "sns.batch.partial_failure",
    "An entry's own fault is listed under Failed, and the others are published",
    source=API + "PublishBatch.html",
)
def test_partial_failure(topic: TopicUnderTest) -> None:
    inbox = topic.inbox()
    answer = topic.publish_batch(
        [{"Message": "good"}, {"MessageDeduplicationId": "only on FIFO topics"}, {"Message": "good too"}]
    )
    assert [entry["Id"] for entry in answer["Successful"]] == ["0", "2"]
    (failed,) = answer["Failed"]
    assert (failed["Id"], failed["Code"], failed["SenderFault"]) == ("1", "InvalidParameter", True)
    assert sorted(inbox.bodies(2)) == ["good", "good too"]


@behaviour(
    "sns.batch.refused",
    "A batch without entries, with more than ten, with equal or bad ids is refused as a whole",
    source=BATCH_TESTS,
)
@pytest.mark.parametrize(
    ("ids", "code", "why"),
    [
        ([], "EmptyBatchRequest", "The batch request doesn't contain any entries."),
        ([f"{n}" for n in range(11)], "TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible."),
        (["1", "1"], "BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id."),
        (["a.b"], "InvalidBatchEntryId", "The Id of a batch entry in the batch request contains an impermissible character: a.b"),
        (["a" * 81], "InvalidBatchEntryId", "The Id of a batch entry in the batch request is too long: " + "a" * 81),
    ],
)  # fmt: skip
def test_refused_batches(topic: TopicUnderTest, ids: list[str], code: str, why: str) -> None:
    inbox = topic.inbox()
    assert refused(topic.publish_batch, entries=[{"Id": entry_id} for entry_id in ids]) == (code, why)
    assert inbox.bodies(0) == []


@behaviour(
    "sns.batch.too_long",
    "All messages of a batch together have at most 256 KiB",
    source=PUBLISH_TESTS + "test_publish_batch_too_long_message",
)
def test_batch_too_long(topic: TopicUnderTest) -> None:
    half = "a" * (LIMIT // 2)
    assert refused(topic.publish_batch, entries=[{"Message": half}, {"Message": half + "a"}]) == (
        "BatchRequestTooLong",
        "The length of all the messages put together is more than the limit.",
    )
    assert len(topic.publish_batch([{"Message": half}, {"Message": half}])["Successful"]) == 2


@behaviour(
    "sns.batch.fifo",
    "On a FIFO topic every entry of a batch needs its ids, or the whole batch is refused",
    source=BATCH_TESTS,
)
def test_fifo_batches(make_topic: Any) -> None:
    topic = make_topic(fifo=True)
    good = {"MessageGroupId": "g", "MessageDeduplicationId": "1"}
    group = "Invalid parameter: The MessageGroupId parameter is required for FIFO topics"
    assert refused(topic.publish_batch, entries=[good, {}]) == ("InvalidParameter", group)
    code, why = refused(topic.publish_batch, entries=[good, {"MessageGroupId": "g"}])
    assert (code, "ContentBasedDeduplication" in why) == ("InvalidParameter", True)


@behaviour(
    "sns.unknown_action",
    "An action that SNS does not have: InvalidAction",
    source=API.removesuffix("API_") + "CommonErrors.html",
)
def test_unknown_action(lab: labkit.Lab) -> None:
    client = boto3.client("sns")
    client.meta.events.register("before-call.sns", lambda params, **_: params["body"].update(Action="FlyToTheMoon"))
    code, message = refused(client.list_topics)
    assert (code, "FlyToTheMoon" in message) == ("InvalidAction", True)


@behaviour("sns.missing_parameter", "A parameter that is required and missing is named", source=API + "Publish.html")
def test_missing_parameter(unchecked: Any, topic: TopicUnderTest) -> None:
    code, message = refused(unchecked.publish, TopicArn=topic.arn)
    assert (code in ("InvalidParameter", "ValidationError"), "essage" in message) == (True, True)
    assert json.dumps(refused(unchecked.subscribe, TopicArn=topic.arn)).startswith('["InvalidParameter')
