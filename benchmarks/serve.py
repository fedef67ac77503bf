"""What is measured, in a process of its own: `python -m benchmarks.serve ours`, or `stock` for moto as it comes.

It prints one line of JSON with its port when it is ready. Then it reads lines of JSON, the arguments of a `Fill`: each fills a queue from inside,
which is the only way to get 50,000 messages into stock moto within minutes, and is answered by an empty line.
It ends when its standard input closes.
"""

import json
import logging
import os
import sys
import uuid
from collections.abc import Callable, Iterator

ACCOUNT = "123456789012"
REGION = "us-east-1"
ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"  # stock moto takes any; ours checks the signature of every call
SECRET_ACCESS_KEY = "of no use elsewhere"
BODY = "x" * 100

Fill = Callable[[str, int, int], None]
"""Puts `count` messages into the queue `name`, in `groups` groups if it is FIFO (0 if it is not)."""


def serve_ours() -> tuple[int, Fill]:
    from labkit.embedded.server import EmbeddedServer
    from labkit.embedded.sqs.context import Context

    server = EmbeddedServer(0)
    server.accept_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    server.serve()
    context = Context("SendMessage", REGION)

    def fill(name: str, count: int, groups: int) -> None:
        for ids in _fifo_ids(count, groups):
            request = {"QueueUrl": context.url_of(name), "MessageBody": BODY}
            if ids is not None:
                request["MessageGroupId"], request["MessageDeduplicationId"] = ids
            server.aws.sqs.call(context, request)

    return server.port, fill


def serve_stock() -> tuple[int, Fill]:
    from moto.server import ThreadedMotoServer
    from moto.sqs.models import Message, sqs_backends

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would print a line for each call
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()

    def fill(name: str, count: int, groups: int) -> None:
        queue = sqs_backends[ACCOUNT][REGION].get_queue(name)
        for ids in _fifo_ids(count, groups):
            message = Message(str(uuid.uuid4()), BODY)
            if ids is not None:
                message.group_id, message.deduplication_id = ids
            message.mark_sent(delay_seconds=0)
            queue._messages.append(message)  # its own way in compares each FIFO message with all others

    return server.get_host_and_port()[1], fill


def _fifo_ids(count: int, groups: int) -> Iterator[tuple[str, str] | None]:
    """For each message its group and its deduplication id; None where the queue is not FIFO."""
    for number in range(count):
        yield (f"g{number % groups}", str(uuid.uuid4())) if groups else None


def main(kind: str) -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # a stray print must not look like an answer
    port, fill = {"ours": serve_ours, "stock": serve_stock}[kind]()
    print(json.dumps({"port": port}), file=answers, flush=True)
    for line in sys.stdin:
        fill(*json.loads(line))
        print(file=answers, flush=True)
    os._exit(0)  # without waiting for requests


if __name__ == "__main__":
    main(sys.argv[1])
