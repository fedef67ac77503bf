"""SQS: what a message may hold."""

from typing import Any

import pytest
from behaviours import behaviour
from sqs_calls import API, GUIDE, RECORDED, MakeQueue, QueueUnderTest, refused

MIB = 1_048_576
QUOTAS = GUIDE + "quotas-messages.html"


@pytest.fixture
def jobs(queue: MakeQueue) -> QueueUnderTest:
    return queue()


def text(value: str) -> dict[str, Any]:
    return {"DataType": "String", "StringValue": value}


@behaviour("size.1mib_ok", "A message may have 1 MiB", source=QUOTAS)
def test_the_largest_message(jobs: QueueUnderTest) -> None:
    jobs.send("x" * MIB)
    assert len(jobs.bodies(1)[0]) == MIB


@behaviour("size.over_1mib", "And no byte more", source=RECORDED + "test_send_oversized_message")
@behaviour("size.utf8_bytes", "Bytes of UTF-8 count, not characters", source=QUOTAS)
@pytest.mark.parametrize("body", ["x" * (MIB + 1), "ñ" * 700_000], ids=["bytes", "characters"])
def test_a_message_that_is_too_large(jobs: QueueUnderTest, body: str) -> None:
    with refused("InvalidParameterValue", f"Reason: Message must be shorter than {MIB} bytes."):
        jobs.send(body)


@behaviour("size.attributes_count", "Names, types and values of its attributes count", source=QUOTAS)
def test_attributes_count_towards_the_size(queue: MakeQueue) -> None:
    small = queue(MaximumMessageSize=1024)
    small.send("x" * 1014, MessageAttributes={"abc": text("d")})  # 1014 + abc + String + d
    with refused("InvalidParameterValue", "Message must be shorter than 1024 bytes."):
        small.send("x" * 1015, MessageAttributes={"abc": text("d")})


@behaviour(
    "body.invalid_chars",
    "A body has only characters that XML allows",
    source=RECORDED + "test_send_message_with_invalid_payload_characters",
)
@pytest.mark.parametrize("character", ["\x00", "\x08", "\x13", "\uffff"])
def test_characters_that_are_refused(sqs: Any, jobs: QueueUnderTest, character: str) -> None:
    with refused("InvalidMessageContents", kind=sqs.exceptions.InvalidMessageContents):
        jobs.send(f"a{character}b")


@behaviour("body.valid_chars", "All others come back as they were", source=API + "SendMessage.html")
def test_characters_that_come_back(jobs: QueueUnderTest) -> None:
    body = "\t\r\n <&\"'> ñ € 漢 😀 \ud7ff\ue000\ufffd"
    jobs.send(body)
    assert jobs.bodies() == [body]


@behaviour("body.empty", "A body is not empty", source=RECORDED + "test_send_empty_message")
def test_an_empty_body(jobs: QueueUnderTest) -> None:
    with refused("MissingParameter", "The request must contain the parameter MessageBody."):
        jobs.send("")


@behaviour(
    "attrs.roundtrip_md5", "Attributes of all three types come back, with a digest", source=API + "SendMessage.html"
)
def test_attributes(jobs: QueueUnderTest) -> None:
    attributes = {
        "name": text("Zoë"),
        "price": {"DataType": "Number.EUR", "StringValue": "12.50"},
        "picture": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    sent = jobs.send("job", MessageAttributes=attributes)
    message = jobs.receive_one(MessageAttributeNames=["All"])
    assert message["MessageAttributes"] == attributes
    assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]


@behaviour(
    "attrs.md5",
    "The digest is the one that AWS computes",
    source=RECORDED + "test_receive_message_message_attribute_names_filters",
)
def test_the_digest_of_attributes(jobs: QueueUnderTest) -> None:
    attributes = {"Help.Me": text("Me"), "Hello": text("There"), "General": text("Kenobi")}
    sent = jobs.send("msg", MessageAttributes=attributes)
    assert sent["MD5OfMessageAttributes"] == "4c360f3fdafd970e05fae2f149d997f5"
    assert sent["MD5OfMessageBody"] == "6e2baaf3b97dbeef01c0043275f9a0e7"


@behaviour(
    "attrs.filter",
    "A receive asks for attributes by name, by prefix or for all",
    source=RECORDED + "test_receive_message_message_attribute_names_filters",
)
@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], set()),
        (["Foo", "Help"], set()),
        (["Hello", "Foo"], {"Hello"}),
        (["Hel.*"], {"Hello", "Help.Me"}),
        (["All"], {"Hello", "Help.Me", "General"}),
        ([".*"], {"Hello", "Help.Me", "General"}),
    ],
)
def test_asking_for_attributes(jobs: QueueUnderTest, names: list[str], expected: set[str]) -> None:
    jobs.send("msg", MessageAttributes={name: text("x") for name in ("Help.Me", "Hello", "General")})
    message = jobs.receive_one(MessageAttributeNames=names)
    assert set(message.get("MessageAttributes", {})) == expected
    assert ("MD5OfMessageAttributes" in message) == bool(expected)


@behaviour("attrs.max10", "A message has at most ten", source=GUIDE + "sqs-message-metadata.html")
def test_eleven_attributes(jobs: QueueUnderTest) -> None:
    jobs.send("job", MessageAttributes={f"a{i}": text("x") for i in range(10)})
    with refused("InvalidParameterValue", "[11]"):
        jobs.send("job", MessageAttributes={f"a{i}": text("x") for i in range(11)})


@behaviour(
    "attrs.empty_string",
    "An attribute is not empty",
    source=RECORDED + "test_send_message_with_empty_string_attribute",
)
def test_an_empty_attribute(jobs: QueueUnderTest) -> None:
    with refused(
        "InvalidParameterValue",
        "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
    ):
        jobs.send("job", MessageAttributes={"ErrorDetails": text("")})


@behaviour(
    "attrs.invalid",
    "Names, types and values that are refused",
    source=RECORDED + "test_send_message_with_invalid_string_attributes",
)
@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("attr", text("Invalid-\x08\x0b")),
        ("aWs.reserved", text("x")),
        ("AMAZON.reserved", text("x")),
        (".dot", text("x")),
        ("dot.", text("x")),
        ("bad!", text("x")),
        ("bad name", text("x")),
        ("L" * 257, text("x")),
        ("attr", {"DataType": "Invalid", "StringValue": "x"}),
        ("attr", {"DataType": "Number." + "L" * 256, "StringValue": "1"}),
        ("attr", {"DataType": "Number", "StringValue": "many"}),
        ("attr", {"DataType": "Binary", "StringValue": "x"}),
    ],
)
def test_attributes_that_are_refused(jobs: QueueUnderTest, name: str, attribute: dict[str, Any]) -> None:
    with refused("InvalidParameterValue"):
        jobs.send("job", MessageAttributes={name: attribute})


@behaviour(
    "attrs.trace_header",
    "The X-Ray trace header is a system attribute, and does not change the digest of the others",
    source=RECORDED + "test_aws_trace_header_propagation, test_system_attributes_have_no_effect_on_attr_md5",
)
def test_the_trace_header(jobs: QueueUnderTest) -> None:
    header = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1"
    plain = jobs.send("job", MessageAttributes={"a": text("x")})
    traced = jobs.send(
        "job", MessageAttributes={"a": text("x")}, MessageSystemAttributes={"AWSTraceHeader": text(header)}
    )
    assert traced["MD5OfMessageAttributes"] == plain["MD5OfMessageAttributes"]
    assert traced["MD5OfMessageSystemAttributes"]
    jobs.receive_one()
    assert jobs.receive_one()["Attributes"]["AWSTraceHeader"] == header


@behaviour("attrs.system_unknown", "There is no other system attribute to send", source=API + "SendMessage.html")
def test_another_system_attribute(jobs: QueueUnderTest) -> None:
    with refused("InvalidParameterValue", "Message system attribute name"):
        jobs.send("job", MessageSystemAttributes={"SenderId": text("me")})
