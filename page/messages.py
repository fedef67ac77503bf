"""What the kernel of each browser tab runs: an AWS of its own, the application on it, and the panel.

Messages are processed automatically from the beginning if PROCESS_AUTOMATICALLY is set where the page is started.
"""

import itertools
import os

import boto3
from IPython.display import Markdown, display

import labkit
from labkit.automatic import SETTING, Automatic
from labkit.messages import Messages, create_table
from labkit.texts import page as texts
from labkit.widgets import Panel

display(Markdown(f"# {texts.TITLE}\n\n{texts.INTRODUCTION}"))  # type: ignore[no-untyped-call]

lab = labkit.start()
sqs = boto3.client("sqs")
dynamodb = boto3.client("dynamodb")
queue_url = sqs.create_queue(QueueName="messages")["QueueUrl"]
create_table(dynamodb, "messages")


def handle(text: str) -> None:
    """The work that a message asks for."""
    if "refund" in text:
        raise ValueError(texts.NO_REFUNDS)


def switch(on: bool) -> None:
    """Process automatically, or no longer."""
    os.environ[SETTING] = "1" if on else "0"


number = itertools.count(1)
app = Messages(sqs, dynamodb, queue_url, "messages", lab.now, lambda: f"m-{next(number)}", handle)
automatic = Automatic(app.process).start()

Panel(
    app.send,
    lambda: automatic.by_hand(app.process),
    app.find_page,
    app.counts,
    automatic=lambda: automatic.reason,
    switch=switch,
)
