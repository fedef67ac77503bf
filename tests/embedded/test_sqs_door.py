"""SQS's door: whatever comes in, an answer in SQS's format goes out, and the next request is served."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.embedded.sqs import door as door_module
from labkit.embedded.sqs.door import Door
from labkit.embedded.sqs.service import Sqs

Answer = tuple[int, dict[str, str], dict[str, Any]]
SIGNED_FOR = "AWS4-HMAC-SHA256 Credential=EXAMPLE/20260101/{}/sqs/aws4_request, SignedHeaders=host, Signature=0"


class Client:
    def __init__(self) -> None:
        self.door = Door(Sqs())

    def post(self, action: str, body: bytes, **environ: Any) -> Answer:
        answer: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            answer["status"], answer["headers"] = int(status.split()[0]), dict(headers)

        environ = {
            "HTTP_X_AMZ_TARGET": f"AmazonSQS.{action}",
            "HTTP_HOST": "127.0.0.1:4566",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
            **environ,
        }
        content = b"".join(self.door(environ, start_response))
        assert answer["headers"]["Content-Length"] == str(len(content))
        return answer["status"], answer["headers"], json.loads(content)

    def call(self, action: str, **parameters: Any) -> Answer:
        return self.post(action, json.dumps(parameters).encode())


@pytest.fixture
def client() -> Client:
    client = Client()
    client.call("CreateQueue", QueueName="jobs")
    return client


def test_urls_begin_with_the_host_that_was_asked(client: Client) -> None:
    status, headers, answer = client.call("GetQueueUrl", QueueName="jobs")
    assert (status, answer) == (200, {"QueueUrl": "http://127.0.0.1:4566/123456789012/jobs"})
    assert headers["Content-Type"] == "application/x-amz-json-1.0"


@pytest.mark.parametrize("url", ["http://elsewhere:1/123456789012/jobs", "123456789012/jobs", "jobs"])
def test_any_host_will_do(client: Client, url: str) -> None:
    assert client.call("SendMessage", QueueUrl=url, MessageBody="hello")[0] == 200


def test_the_region_is_the_one_that_was_signed_for(client: Client) -> None:
    body = b'{"QueueName": "jobs"}'
    assert client.post("GetQueueUrl", body, HTTP_AUTHORIZATION=SIGNED_FOR.format("us-east-1"))[0] == 200
    assert client.post("GetQueueUrl", body, HTTP_AUTHORIZATION=SIGNED_FOR.format("eu-west-1"))[0] == 400


def test_an_error_has_a_type_for_the_class_and_a_header_for_the_code(client: Client) -> None:
    status, headers, answer = client.call("GetQueueUrl", QueueName="missing")
    assert (status, answer["__type"]) == (400, "com.amazonaws.sqs#QueueDoesNotExist")
    assert headers["x-amzn-query-error"] == "AWS.SimpleQueueService.NonExistentQueue;Sender"


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b"[]", b'"text"', b"1" * 5000, b"{}x"])
def test_what_is_not_a_json_object_is_refused(client: Client, body: bytes) -> None:
    status, _, answer = client.post("SendMessage", body)
    assert (status, answer["__type"]) == (400, "com.amazon.coral.service#SerializationException")


@pytest.mark.parametrize(
    "parameters",
    [
        {"QueueUrl": 1, "MessageBody": "a"},
        {"QueueUrl": "jobs", "MessageBody": ["a"]},
        {"QueueUrl": "jobs", "MessageBody": "a", "DelaySeconds": "5"},
        {"QueueUrl": "jobs", "MessageBody": "a", "DelaySeconds": 1.5},
        {"QueueUrl": "jobs", "MessageBody": "a", "DelaySeconds": True},
        {"QueueUrl": "jobs", "MessageBody": "a", "MessageAttributes": []},
        {"QueueUrl": "jobs", "MessageBody": "a", "MessageAttributes": {"x": "y"}},
        {
            "QueueUrl": "jobs",
            "MessageBody": "a",
            "MessageAttributes": {"x": {"DataType": "Binary", "BinaryValue": "%"}},
        },
    ],
)
def test_wrong_types_are_refused(client: Client, parameters: dict[str, Any]) -> None:
    status, _, answer = client.call("SendMessage", **parameters)
    assert (status, answer["__type"]) == (400, "com.amazon.coral.service#SerializationException")


@pytest.mark.parametrize("parameters", [{}, {"QueueUrl": "jobs"}, {"QueueUrl": "jobs", "MessageBody": None}])
def test_missing_parameters_are_named(client: Client, parameters: dict[str, Any]) -> None:
    status, headers, answer = client.call("SendMessage", **parameters)
    assert (status, headers["x-amzn-query-error"]) == (400, "MissingParameter;Sender")
    assert answer["message"].startswith("The request must contain the parameter ")


def test_what_the_model_does_not_name_is_ignored(client: Client) -> None:
    assert client.call("SendMessage", QueueUrl="jobs", MessageBody="a", Colour="red")[0] == 200


@pytest.mark.parametrize("action", ["", "Explode", "../x", "sendmessage"])
def test_unknown_actions(client: Client, action: str) -> None:
    assert client.call(action)[2]["__type"] == "com.amazon.coral.service#UnknownOperationException"


def test_the_old_protocol_is_refused_as_an_unknown_action(client: Client) -> None:
    environ = {"HTTP_X_AMZ_TARGET": "", "HTTP_AUTHORIZATION": SIGNED_FOR.format("us-east-1")}
    assert Door.is_for(environ)
    assert client.post("", b"Action=ListQueues&Version=2012-11-05", **environ)[0] == 400


def test_a_body_that_is_too_large_is_read_and_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_module, "MAX_REQUEST", 1000)
    stream = io.BytesIO(b"x" * 200_000 + b"next request")
    status, _, answer = client.post("SendMessage", b"", **{"CONTENT_LENGTH": "200000", "wsgi.input": stream})
    assert (status, answer["__type"]) == (413, "com.amazon.coral.service#RequestEntityTooLarge")
    assert stream.read() == b"next request"


def test_a_client_that_hangs_up_in_the_middle(client: Client) -> None:
    assert client.post("SendMessage", b'{"Queue', CONTENT_LENGTH="100")[0] == 400


def test_half_a_character_is_refused(client: Client) -> None:
    answer = client.post("SendMessage", b'{"QueueUrl": "jobs", "MessageBody": "\\ud83d"}')[2]
    assert answer["__type"].endswith("#InvalidMessageContents")


def test_a_fault_of_our_own_is_an_internal_failure_without_details(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sqs, "call", lambda *_: 1 / 0)
    status, headers, answer = client.call("ListQueues")
    assert (status, headers["x-amzn-query-error"]) == (500, "InternalFailure;Receiver")
    assert "ZeroDivisionError" not in json.dumps(answer)
    monkeypatch.undo()
    assert client.call("ListQueues")[0] == 200


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["jobs", "AQEB", "All"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_no_request_makes_it_fail(data: st.DataObject) -> None:
    """Parameters of the right names and of any value: refused or done, never a fault of the server."""
    client = Client()
    client.call("CreateQueue", QueueName="jobs")
    readers = client.door._readers
    action = data.draw(st.sampled_from(sorted(readers)))
    names = ["QueueUrl", "QueueName", "Entries", "Attributes", "MessageBody", "MessageAttributes", "ReceiptHandle"]
    names += ["Tags", "TagKeys", "SourceArn", "TaskHandle", "MaxNumberOfMessages", "AttributeNames", "NextToken"]
    names += ["Label", "AWSAccountIds", "Actions", "DelaySeconds", "VisibilityTimeout", "MessageGroupId"]
    parameters = data.draw(st.dictionaries(st.sampled_from(names), anything))
    parameters = {"QueueUrl": "jobs", **parameters}
    assert client.call(action, **parameters)[0] in (200, 400, 403, 404)
