from collections.abc import Callable

import boto3

sqs = boto3.client("sqs")


def process(queue_url: str, handle: Callable[[str], object]) -> list[str]:
    """Return the bodies that were handled, in the order received; an empty list if nothing waits."""
    handled = []
    received = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
    for message in received.get("Messages", []):
        try:
            handle(message["Body"])
        except Exception as error:  # noqa: BLE001 (whatever handle raises, the neighbours go on)
            print(f"not handled, and so not deleted: {error}")
            continue
        # Last: a crash before this brings the message back, and it is handled once more.
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        handled.append(message["Body"])
    return handled
