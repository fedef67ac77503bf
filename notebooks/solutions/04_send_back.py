from collections.abc import Callable

import boto3

sqs = boto3.client("sqs")


def send_back(dead_letter_url: str, queue_url: str, is_repaired: Callable[[str], bool]) -> list[str]:
    """Send back to the queue each dead letter for whose body `is_repaired(body)` is true. Return a list of these bodies.

    The others stay, and can be received again at once. A message that goes back keeps its body and its message
    attributes. There may be more than ten. Nothing is lost if your program dies.
    """
    letters = []
    while received := sqs.receive_message(
        QueueUrl=dead_letter_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    ).get("Messages"):
        letters += received
    sent = []
    for letter in letters:
        if not is_repaired(letter["Body"]):
            # Only now that all have been received: given back earlier, it would have been received again.
            sqs.change_message_visibility(
                QueueUrl=dead_letter_url, ReceiptHandle=letter["ReceiptHandle"], VisibilityTimeout=0
            )
            continue
        attributes = letter.get("MessageAttributes", {})
        sqs.send_message(QueueUrl=queue_url, MessageBody=letter["Body"], MessageAttributes=attributes)
        sqs.delete_message(QueueUrl=dead_letter_url, ReceiptHandle=letter["ReceiptHandle"])
        sent.append(letter["Body"])
    return sent
