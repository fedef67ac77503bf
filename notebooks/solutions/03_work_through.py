from collections.abc import Callable, Sequence

import boto3

sqs = boto3.client("sqs")


def work_through(queue_url: str, steps_of: Callable[[str], Sequence[Callable[[], object]]]) -> str | None:
    """`steps_of(body)` is a list of functions; call each, in order.

    Return the body if all steps were done, None if nothing waits or a step failed.
    """
    for message in sqs.receive_message(QueueUrl=queue_url).get("Messages", []):
        mine = {"QueueUrl": queue_url, "ReceiptHandle": message["ReceiptHandle"]}
        try:
            for step in steps_of(message["Body"]):
                sqs.change_message_visibility(**mine, VisibilityTimeout=30)  # from now on
                step()
        except Exception:  # noqa: BLE001 (whatever a step raises, the message is given back)
            sqs.change_message_visibility(**mine, VisibilityTimeout=0)
        else:
            sqs.delete_message(**mine)
            return message["Body"]
    return None
