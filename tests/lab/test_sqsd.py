"""The stand-in for Elastic Beanstalk's daemon: what it posts, and what becomes of a message by the answer."""

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

import labkit
from labkit.background import serve
from labkit.sqsd import Daemon, Settings

_number = itertools.count()


@dataclass
class Application:
    """An application behind the daemon: it keeps what it is posted, and answers as it is told."""

    lab: labkit.Lab
    answer: Callable[[str], int] = lambda body: 200
    posts: list[tuple[dict[str, str], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        web = FastAPI()

        @web.post("/{path:path}")
        async def take(request: Request) -> Response:
            body = (await request.body()).decode()
            self.posts.append((dict(request.headers), body))
            return Response(status_code=await run_in_threadpool(self.answer, body))

        self.sqs: Any = boto3.client("sqs")
        self.dead = self.sqs.create_queue(QueueName=f"sqsd-dead-{next(_number)}")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
        self.queue = self.sqs.create_queue(QueueName=f"sqsd-{next(_number)}", Attributes={"RedrivePolicy": redrive})[
            "QueueUrl"
        ]
        self.server = serve(web, "behind sqsd")

    def daemon(self, **settings: Any) -> Daemon:
        return Daemon(self.sqs, self.queue, self.server.url, self.lab.now, Settings(**settings))

    def send(self, body: str = "{}", **more: Any) -> str:
        return str(self.sqs.send_message(QueueUrl=self.queue, MessageBody=body, **more)["MessageId"])

    def count(self, queue: str = "") -> tuple[int, int]:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=queue or self.queue, AttributeNames=names)["Attributes"]
        return int(found[names[0]]), int(found[names[1]])


@pytest.fixture
def app(lab: labkit.Lab) -> Iterator[Application]:
    app = Application(lab)
    yield app
    app.server.stop()


def test_200_deletes(app: Application) -> None:
    app.send('{"id": 1}')
    (delivery,) = app.daemon().round()
    assert (delivery.status, delivery.then, delivery.receive_count) == (200, "deleted", 1)
    assert app.posts[0][1] == '{"id": 1}'
    assert app.count() == (0, 0)


def test_the_headers_are_those_of_the_daemon(app: Application) -> None:
    attributes = {
        "kind": {"DataType": "String", "StringValue": "order"},
        "price": {"DataType": "Number", "StringValue": "12.5"},
        "picture": {"DataType": "Binary", "BinaryValue": b"\x00"},
        "odd": {"DataType": "String", "StringValue": "new\nline"},
        "umlaut": {"DataType": "String", "StringValue": "ü"},
    }
    message_id = app.send(MessageAttributes=attributes)
    app.daemon().round()
    headers = app.posts[0][0]
    own = {name: value for name, value in headers.items() if name.startswith("x-aws-sqsd-")}
    received_at = own.pop("x-aws-sqsd-first-received-at")
    assert own == {
        "x-aws-sqsd-msgid": message_id,
        "x-aws-sqsd-queue": app.queue.rsplit("/", 1)[-1],
        "x-aws-sqsd-receive-count": "1",
        "x-aws-sqsd-attr-kind": "order",
        "x-aws-sqsd-attr-price": "12.5",
    }
    assert received_at[:10] == f"{app.lab.now():%Y-%m-%d}"
    assert received_at.endswith("Z")
    assert (headers["content-type"], headers["user-agent"]) == ("application/json", "aws-sqsd/1.1")


@pytest.mark.parametrize("status", [201, 204, 302, 400, 404, 500, 503])
def test_any_other_answer_brings_the_message_back_after_the_error_visibility_timeout(
    app: Application, status: int
) -> None:
    app.answer = lambda body: status
    app.send()
    (delivery,) = app.daemon().round()
    assert (delivery.status, delivery.then) == (status, "back in 2 s")
    assert app.count() == (0, 1)
    app.lab.wait(seconds=2)
    assert app.count() == (1, 0)


def test_an_answer_after_the_inactivity_timeout_is_none_and_the_work_is_done_again(app: Application) -> None:
    def slow(body: str) -> int:
        app.lab.wait(seconds=300)
        return 200

    app.answer = slow
    app.send()
    (delivery,) = app.daemon().round()
    assert (delivery.status, delivery.then) == (None, "back at once")
    assert app.count() == (1, 0)


def test_an_application_that_is_really_silent_is_given_up(app: Application) -> None:
    release = threading.Event()

    def hang(body: str) -> int:
        release.wait(10)
        return 200

    app.answer = hang
    app.send()
    (delivery,) = app.daemon(inactivity_timeout=0.2).round()
    release.set()
    assert (delivery.status, delivery.then) == (None, "back at once")


def test_an_application_that_is_not_there_is_a_failed_attempt(app: Application) -> None:
    app.server.stop()
    app.send()
    (delivery,) = app.daemon().round()
    assert (delivery.status, delivery.then) == (None, "back in 2 s")


def test_what_fails_too_often_goes_to_the_dead_letter_queue(app: Application) -> None:
    app.answer = lambda body: 500
    app.send()
    counts = []
    for _ in range(4):
        counts += [delivery.receive_count for delivery in app.daemon().round()]
        app.lab.wait(seconds=3)
    assert counts == [1, 2, 3]
    assert (app.count(), app.count(app.dead)) == ((0, 0), (1, 0))


def test_its_own_visibility_timeout_holds_and_not_the_queues(app: Application) -> None:
    def work(body: str) -> int:
        app.lab.wait(seconds=100)  # the queue's own would be over after 30
        assert app.count() == (0, 1)
        return 200

    app.answer = work
    app.send()
    assert [delivery.then for delivery in app.daemon().round()] == ["deleted"]


def test_what_is_older_than_the_retention_period_is_deleted_unseen(app: Application) -> None:
    app.send()
    app.lab.wait(seconds=100)
    (delivery,) = app.daemon(retention_period=60).round()
    assert (delivery.status, delivery.then) == (None, "deleted, too old")
    assert (app.posts, app.count()) == ([], (0, 0))


def test_as_many_are_posted_at_once_as_there_are_connections(app: Application) -> None:
    together = threading.Barrier(12)

    def meet(body: str) -> int:
        together.wait(10)
        return 200

    app.answer = meet
    for _ in range(14):
        app.send()
    assert [d.status for d in app.daemon(http_connections=12).round()] == [200] * 12
    assert app.count() == (2, 0)


def test_one_connection_posts_one_after_the_other(app: Application) -> None:
    at_work: list[int] = []

    def alone(body: str) -> int:
        at_work.append(1)
        assert len(at_work) == 1
        at_work.pop()
        return 200

    app.answer = alone
    for _ in range(3):
        app.send()
    daemon = app.daemon(http_connections=1)
    assert [len(daemon.round()) for _ in range(4)] == [1, 1, 1, 0]


def test_a_path_and_a_type_of_ones_own(app: Application) -> None:
    app.send("two tickets")
    app.daemon(http_path="/orders", mime_type="text/plain").round()
    headers, body = app.posts[0]
    assert (headers["content-type"], body) == ("text/plain", "two tickets")


@pytest.mark.parametrize("body", ["é🎫", "<b>&", "x" * 1_000_000, "\t\r\n x"], ids=lambda body: repr(body)[:12])
def test_any_body_arrives_as_it_was_sent(app: Application, body: str) -> None:
    app.send(body)
    assert [d.status for d in app.daemon().round()] == [200]
    assert app.posts[0][1] == body
