import json

import boto3

sqs = boto3.client("sqs")


def send_events(queue_url: str, events: list[dict[str, str]]) -> list[str]:
    """Send events (`id`, `customer`, `text`) to a FIFO queue, ten in a call; each event's JSON is a message's body.

    Return the ids of the events that SQS refused; `[]` if there are none.
    """
    refused = []
    for start in range(0, len(events), 10):
        batch = events[start : start + 10]
        answer = sqs.send_message_batch(
            QueueUrl=queue_url,
            Entries=[
                {
                    "Id": str(place),  # the entry's, within this call; not every event's id would do
                    "MessageBody": json.dumps(event),
                    "MessageGroupId": event["customer"],
                    "MessageDeduplicationId": event["id"],  # the same however often it is sent
                }
                for place, event in enumerate(batch)
            ],
        )
        refused += [batch[int(failed["Id"])]["id"] for failed in answer.get("Failed", [])]
    return refused
