"""Where moto's SNS is held by `labkit.embedded.topics`. If one of these fails with a new moto, its message says where to look.

And what boto3 does not show: hostile requests, the signature, many subscribers, and what moto's other services publish.
"""

import inspect
import json
from collections.abc import Iterator

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from cryptography.exceptions import InvalidSignature
from moto.core import parse
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import BaseResponse
from moto.sns import models, urls
from moto.sns.models import sns_backends
from moto.sns.responses import SNSResponse
from sns_signature import verify
from sqs_kit import Queues

import labkit
from labkit.embedded import topics
from labkit.embedded.sqs.context import ACCOUNT
from labkit.embedded.topics.backend import Topics
from labkit.embedded.topics.handler import Handler
from labkit.embedded.topics.message import Message
from labkit.embedded.topics.signing import signer
from labkit.embedded.topics.subscription import Subscription
from labkit.embedded.topics.topic import Topic

# The seams


def test_one_path_leads_to_the_handler() -> None:
    assert "{0}/$" in urls.url_paths, "seams.install puts our Handler into url_paths['{0}/$']"
    assert isinstance(inspect.getattr_static(BaseBackend, "_url_module"), property), (
        "Topics sets _url_module, or moto would look for urls beside our module"
    )


def test_backends_are_made_from_an_attribute() -> None:
    assert "backend=self.backend" in inspect.getsource(BackendDict._create_account_specific_backend), (
        "BackendDict makes regions from its `backend`: seams.install replaces it and clears the dictionary"
    )


@pytest.mark.parametrize(
    ("ours", "moto_s"),
    [
        (Handler, SNSResponse),
        (Topics, models.SNSBackend),
        (Topic, models.Topic),
        (Subscription, models.Subscription),
    ],
)
def test_what_we_replace_is_still_there(ours: type, moto_s: type) -> None:
    added = {
        "check_topic_arn", "check_subscription_arn", "topic", "subscription", "subscriptions_of", "sqs",  # Topics
        "set", "shown", "subscriptions", "size_limit", "signature_version", "check_type", "take", "send", "count",  # Topic
        "listed", "deliver", "setting",  # Subscription
        "call_action",
    }  # fmt: skip
    missing = {name for name in vars(ours) if not name.startswith("_")} - set(dir(moto_s)) - added
    assert not missing, f"moto's {moto_s.__name__} no longer has {missing}: was something renamed?"


def test_what_moto_s_other_services_call() -> None:
    for name in ("message", "arn", "subject"):
        assert name in inspect.signature(models.SNSBackend.publish).parameters, "Topics.publish is called as moto's is"
    assert list(inspect.signature(models.SNSBackend.subscribe).parameters)[1:] == ["topic_arn", "endpoint", "protocol"]
    assert list(inspect.signature(models.SNSBackend.create_topic).parameters)[1:] == ["name", "attributes", "tags"]


def test_requests_are_parsed_and_answers_serialised_by_moto() -> None:
    for name in ("setup_class", "call_action", "serialized", "_get_param", "_get_params", "_get_action"):
        assert hasattr(BaseResponse, name), f"topics.handler uses BaseResponse.{name}"
    assert hasattr(parse, "UNDEFINED"), "null_member takes moto's mark for what a request lacks as lacking"
    assert SNSResponse().automated_parameter_parsing, "topics.handler wants parameters in the API's shape"


# What moto's other services do


@pytest.fixture
def backend() -> Iterator[tuple[Topics, Queues]]:
    """SNS in this process, with queues of its own."""
    queues = Queues()
    before = dict(urls.url_paths), sns_backends.backend
    topics.install(queues.sqs, count=lambda *_: None)
    yield sns_backends[ACCOUNT]["us-east-1"], queues
    paths, sns_backends.backend = before
    urls.url_paths.update(paths)
    sns_backends.clear()


def test_a_service_publishes_through_the_backend_and_the_topic(backend: tuple[Topics, Queues]) -> None:
    sns, queues = backend
    topic, url = sns.create_topic("alarms"), queues.make()
    sns.subscribe(topic.arn, queues.arn(url), "sqs", {"RawMessageDelivery": "true"})
    assert topic.publish("from CloudWatch", subject="ALARM")
    assert sns.publish("from S3", arn=topic.arn)
    assert sorted(queues.bodies(url)) == ["from CloudWatch", "from S3"]


def test_a_minute_later_there_are_no_old_deduplication_ids(backend: tuple[Topics, Queues]) -> None:
    sns, queues = backend
    topic = sns.create_topic("t.fifo", {"FifoTopic": "true", "ContentBasedDeduplication": "true"})
    for number in range(500):
        topic.take({"Message": f"{number}", "MessageGroupId": "g"})
        queues.wait(1)
    assert len(topic._recent) <= 300


# The signature


@pytest.mark.parametrize("version", ["1", "2"])
def test_the_signature_can_be_verified(version: str) -> None:
    message = Message(id="1", at=1_800_000_000.5, body="ñ\n", subject="s")
    envelope = json.loads(message.envelope("arn:aws:sns:us-east-1:123456789012:t", "arn", "sqs", version))
    assert (envelope["Timestamp"], envelope["SigningCertURL"].endswith(signer().file_name)) == (
        "2027-01-15T08:00:00.500Z",
        True,
    )
    verify(envelope, signer().certificate)
    with pytest.raises(InvalidSignature):
        verify({**envelope, "Message": "n\n"}, signer().certificate)


# The wire


def send(lab: labkit.Lab, body: str) -> tuple[int, str]:
    """POST `body` as it is, signed: status and text of what comes back."""
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = AWSRequest("POST", f"{lab.endpoint_url}/", data=body, headers=form)
    SigV4Auth(boto3.Session().get_credentials(), "sns", lab.region).add_auth(request)
    answer = URLLib3Session().send(request.prepare())
    return answer.status_code, answer.content.decode()


HOSTILE = (
    "Action=FlyToTheMoon",
    "Action=CreateTopic",
    "Action=CreateTopic&Name=a&Attributes.entry.1.key=FifoTopic",
    "Action=CreateTopic&Name=a&Attributes.entry.1.key=Policy&Attributes.entry.1.value=no",
    "Action=CreateTopic&Name=a&Tags.member.1.Key=k",
    "Action=Publish",
    "Action=Publish&TopicArn=arn:aws:sns:us-east-1:123456789012:t",
    "Action=Publish&Message=x",
    "Action=PublishBatch&TopicArn=TOPIC",
    "Action=PublishBatch&TopicArn=TOPIC&PublishBatchRequestEntries.member.1.Id=1",
    "Action=PublishBatch&TopicArn=TOPIC&PublishBatchRequestEntries.member.1.Message=x",
    "Action=PublishBatch&TopicArn=TOPIC&PublishBatchRequestEntries=x",
    "Action=Publish&TopicArn=TOPIC&Message=x&MessageAttributes.entry.1.Name=a",
    "Action=Publish&TopicArn=TOPIC&Message=x&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=x",
    "Action=Subscribe&TopicArn=TOPIC&Protocol=sqs",
    "Action=Subscribe&TopicArn=TOPIC&Protocol=sqs&Endpoint=a:b:c:d:e:f",
    "Action=ListSubscriptionsByTopic&TopicArn=TOPIC&NextToken=abc",
    "Action=SetTopicAttributes&TopicArn=TOPIC&AttributeName=Policy&AttributeValue={",
    "Action=GetDataProtectionPolicy&ResourceArn=TOPIC",
    "Action=CreatePlatformEndpoint&PlatformApplicationArn=x",
)


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_requests(lab: labkit.Lab, body: str) -> None:
    status, text = send(lab, "Action=CreateTopic&Name=hostile&Version=2010-03-31")
    topic = text.partition("<TopicArn>")[2].partition("</TopicArn>")[0]
    status, text = send(lab, body.replace("TOPIC", topic) + "&Version=2010-03-31")
    assert (status, "<Code>" in text, "<ErrorResponse" in text) == (400, True, True), text
    assert send(lab, f"Action=GetTopicAttributes&TopicArn={topic}")[0] == 200
    assert send(lab, f"Action=DeleteTopic&TopicArn={topic}")[0] == 200
