from typing import Any


def consumer_policy(queue_arn: str, table_arn: str) -> dict[str, Any]:
    """Return the policy as a dict: {"Version": "2012-10-17", "Statement": [...]}."""
    work = ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage"]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": work, "Resource": queue_arn},
            {"Effect": "Allow", "Action": "dynamodb:UpdateItem", "Resource": table_arn},
        ],
    }
