"""A stand-in for aws-sqsd, the daemon on each instance of an Elastic Beanstalk worker environment.

It reads the queue and POSTs each message to the application on the same machine. So the application need not know that
there is a queue; it has to answer 200 when, and only when, the work is done.

What it does is what the AWS Elastic Beanstalk Developer Guide says of the daemon in "Elastic Beanstalk worker
environments", with the defaults of "General options for all environments", namespace aws:elasticbeanstalk:sqsd. The
guide does not say what a refused connection means; here it counts as a failed attempt. The daemon that AWS runs posts
to port 80 of localhost, which nobody but the administrator may listen on; this one posts where it is told.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from labkit.texts import sqsd as texts

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

OK = 200  # no other answer counts, not even another 2xx


@dataclass(frozen=True)
class Settings:
    """Options of the namespace aws:elasticbeanstalk:sqsd; times in seconds.

    MaxRetries, 10 by default, is missing: it is the `maxReceiveCount` of the queue, and SQS sees to it.
    """

    http_path: str = "/"
    mime_type: str = "application/json"
    http_connections: int = 50  # at once
    connect_timeout: float = 5
    inactivity_timeout: float = 299  # the console fills in 180 ("Configuring worker environments")
    visibility_timeout: int = 300  # in place of the queue's own
    error_visibility_timeout: int = 2
    retention_period: int = 345_600  # older messages are deleted unseen


DEFAULTS = Settings()


@dataclass(frozen=True)
class Delivery:
    """One message, once: the `status` that the application answered, if it did, and what the daemon did `then`."""

    body: str
    receive_count: int
    status: int | None
    then: str


class Daemon:
    """Reads `queue_url` and posts to `url`, for example "http://127.0.0.1:5000". `now` is AWS's time."""

    def __init__(
        self, sqs: SQSClient, queue_url: str, url: str, now: Callable[[], datetime], settings: Settings = DEFAULTS
    ) -> None:
        self._sqs, self._queue_url, self._now, self._settings = sqs, queue_url, now, settings
        self._address = urlsplit(url).netloc

    def round(self) -> list[Delivery]:
        """Receive what waits, as much as there are connections for; post all of it at once; one entry for each.

        Returns when each has been answered or given up. Raises botocore's ClientError for what AWS refuses.
        """
        received: list[MessageTypeDef] = []
        while room := min(10, self._settings.http_connections - len(received)):
            more = self._receive(room)
            received += more
            if not more:
                break
        if not received:
            return []
        with ThreadPoolExecutor(len(received), "sqsd") as connections:
            return list(connections.map(self._deliver, received))

    def _receive(self, number: int) -> list[MessageTypeDef]:
        return self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=number,
            VisibilityTimeout=self._settings.visibility_timeout,
            MessageSystemAttributeNames=[
                "ApproximateFirstReceiveTimestamp",
                "ApproximateReceiveCount",
                "SentTimestamp",
            ],
            MessageAttributeNames=["All"],
        ).get("Messages", [])

    def _deliver(self, message: MessageTypeDef) -> Delivery:
        sent_at = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
        if self._now() - sent_at > timedelta(seconds=self._settings.retention_period):
            return self._note(message, None, self._delete(message, texts.TOO_OLD))
        posted_at = self._now()
        try:
            status = self._post(message)
        except ConnectionRefusedError:
            return self._note(message, None, self._give_back(message, self._settings.error_visibility_timeout))
        except (OSError, http.client.HTTPException):  # the time was up, or the application died over it
            return self._note(message, None, self._give_back(message, 0))
        # Time is moved here rather than passed: an answer that came after the timeout would not have been waited for.
        if self._now() - posted_at > timedelta(seconds=self._settings.inactivity_timeout):
            return self._note(message, None, self._give_back(message, 0))
        if status != OK:
            return self._note(message, status, self._give_back(message, self._settings.error_visibility_timeout))
        return self._note(message, status, self._delete(message, texts.DELETED))

    def _post(self, message: MessageTypeDef) -> int:
        connection = http.client.HTTPConnection(self._address, timeout=self._settings.connect_timeout)
        try:
            connection.connect()
            connection.sock.settimeout(self._settings.inactivity_timeout)
            connection.request("POST", self._settings.http_path, message["Body"].encode(), self._headers(message))
            return connection.getresponse().status
        finally:
            connection.close()

    def _headers(self, message: MessageTypeDef) -> dict[str, str]:
        first = datetime.fromtimestamp(int(message["Attributes"]["ApproximateFirstReceiveTimestamp"]) // 1000, UTC)
        headers = {
            "User-Agent": "aws-sqsd/1.1",
            "Content-Type": self._settings.mime_type,
            "X-Aws-Sqsd-Msgid": message["MessageId"],
            "X-Aws-Sqsd-Queue": self._queue_url.rsplit("/", 1)[-1],
            "X-Aws-Sqsd-First-Received-At": first.isoformat().replace("+00:00", "Z"),
            "X-Aws-Sqsd-Receive-Count": message["Attributes"]["ApproximateReceiveCount"],
        }
        for name, value in message.get("MessageAttributes", {}).items():
            text = value.get("StringValue")  # strings and numbers; binary ones are left out
            if text and text.isascii() and text.isprintable():  # nothing else can stand in a header
                headers[f"X-Aws-Sqsd-Attr-{name}"] = text
        return headers

    def _delete(self, message: MessageTypeDef, word: str) -> str:
        self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])
        return word

    def _give_back(self, message: MessageTypeDef, seconds: int) -> str:
        handle = message["ReceiptHandle"]
        try:
            self._sqs.change_message_visibility(
                QueueUrl=self._queue_url, ReceiptHandle=handle, VisibilityTimeout=seconds
            )
        except self._sqs.exceptions.MessageNotInflight:  # its timeout ran out meanwhile: it is back already
            seconds = 0
        return texts.BACK_LATER.format(seconds=seconds) if seconds else texts.BACK_NOW

    def _note(self, message: MessageTypeDef, status: int | None, then: str) -> Delivery:
        return Delivery(message["Body"], int(message["Attributes"]["ApproximateReceiveCount"]), status, then)
