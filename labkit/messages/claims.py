"""Who may work on a message: a claim with an owner and a lease, made by one conditional write.

`pending` becomes `processing` for whoever's write comes first; all others are refused by DynamoDB itself. A claim
stands until it is finished or another takes its place, which is allowed only when its lease has run out: then its
owner has died, as far as anybody can tell. If the owner is merely slow and comes back, its claim no longer stands, and
what it writes is refused.

**How long a lease lasts.** As long as the visibility timeout, counted from before the receive. The queue brings a
message back when the timeout is over, and nobody asks for it earlier, so a shorter lease would gain nothing and let a
duplicate delivery work beside a living owner. A longer one would refuse the message when it comes back: it would be in
flight for another timeout, doing nothing, with one more receive towards the dead-letter queue. Both must be longer
than the work takes.

Leases are compared across computers. AWS's own keep time to well under a second; allow for that in the lease.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from labkit.messages.message import FOLLOWS, Message, State, from_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import UpdateItemOutputTypeDef


class Refusal(Enum):
    """Why a claim was not given."""

    TAKEN = "another owner's lease runs"
    DECIDED = "it is complete or failed"
    UNKNOWN = "the table has no such message"


@dataclass(frozen=True)
class Claim:
    """The right to work on a message. Times are texts as of `table.as_time`.

    A later claim on the same message has a later `leased_until`, so the two tell claims apart even where
    an owner follows on itself.
    """

    message_id: str
    owner: str
    leased_until: str


def claim(
    dynamodb: DynamoDBClient, table_name: str, message_id: str, owner: str, now: str, leased_until: str
) -> Claim | Refusal:
    """Claim a message for `owner`, if it is pending or the lease on it has run out by `now`.

    Raises ValueError for a lease that would be over before it begins.
    """
    if leased_until <= now:
        raise ValueError("a lease ends after it begins")
    try:
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": message_id}},
            UpdateExpression="SET #state = :processing, #owner = :owner, leased_until = :until",
            ConditionExpression="#state = :pending OR (#state = :processing AND leased_until <= :now)",
            ExpressionAttributeNames={"#state": "state", "#owner": "owner"},  # reserved words in expressions
            ExpressionAttributeValues={
                ":pending": {"S": State.PENDING},
                ":processing": {"S": State.PROCESSING},
                ":owner": {"S": owner},
                ":until": {"S": leased_until},
                ":now": {"S": now},
            },
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException as refused:
        answer: dict[str, Any] = {**refused.response}
        if "Item" not in answer:
            return Refusal.UNKNOWN
        found = from_item(answer["Item"]).state
        return Refusal.TAKEN if found == State.PROCESSING else Refusal.DECIDED
    return Claim(message_id, owner, leased_until)


def finish(dynamodb: DynamoDBClient, table_name: str, held: Claim, state: State, reason: str = "") -> Message | None:
    """Decide on a message under a claim; None if the claim no longer stands, and nothing is written then.

    A lease that has run out is no hindrance as long as nobody took over: the work is done, and by one owner.
    Raises ValueError for a state that cannot follow `processing`.
    """
    if State.PROCESSING not in FOLLOWS[State(state)] or state == State.PROCESSING:
        raise ValueError(f"{state} does not end a claim")
    try:
        answer: UpdateItemOutputTypeDef = dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": held.message_id}},
            UpdateExpression="SET #state = :new, reason = :reason REMOVE leased_until",
            ConditionExpression="#state = :processing AND #owner = :owner AND leased_until = :until",
            ExpressionAttributeNames={"#state": "state", "#owner": "owner"},
            ExpressionAttributeValues={
                ":new": {"S": state},
                ":reason": {"S": reason},
                ":processing": {"S": State.PROCESSING},
                ":owner": {"S": held.owner},
                ":until": {"S": held.leased_until},
            },
            ReturnValues="ALL_NEW",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return None
    return from_item(answer["Attributes"])
