"""Exercise 7.3: answers that beginners give."""

from typing import Any

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError
from kit import Family, dynamodb

family = Family("7.3")


def update(table_name: str, message_id: str, state: str, reason: str = "", **more: Any) -> None:
    """SET the state, and the reason if there is one; `more` may be a condition on `#state`, with values."""
    values = {":new": {"S": state}, **more.pop("values", {})}
    expression = "SET #state = :new"
    if reason:
        values[":reason"] = {"S": reason}
        expression += ", reason = :reason"
    dynamodb.update_item(
        TableName=table_name,
        Key={"id": {"S": message_id}},
        UpdateExpression=expression,
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues=values,
        **more,
    )


def tries(table_name: str, message_id: str, state: str, reason: str, condition: str, **values: str) -> bool:
    given = {f":{name}": {"S": value} for name, value in values.items()}
    try:
        update(table_name, message_id, state, reason, ConditionExpression=condition, values=given)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def state_of(table_name: str, message_id: str) -> str:
    item = dynamodb.get_item(TableName=table_name, Key={"id": {"S": message_id}}).get("Item", {})
    return item.get("state", {}).get("S", "")


@family.wrong("moves", "raised")
def uses_a_reserved_word(table_name, message_id, state, reason=""):
    dynamodb.update_item(
        TableName=table_name,
        Key={"id": {"S": message_id}},
        UpdateExpression="SET state = :new",
        ExpressionAttributeValues={":new": {"S": state}},
    )
    return True


@family.wrong("moves", "type")
def returns_nothing(table_name, message_id, state, reason=""):
    tries(table_name, message_id, state, reason, "#state = :pending", pending="pending")


@family.wrong("moves", "attribute_lost")
def writes_over_the_item(table_name, message_id, state, reason=""):
    item = {"id": {"S": message_id}, "state": {"S": state}, "reason": {"S": reason}}
    dynamodb.put_item(TableName=table_name, Item=item)
    return True


@family.wrong("moves", "reason")
def forgets_the_reason(table_name, message_id, state, reason=""):
    return tries(table_name, message_id, state, "", "#state = :pending", pending="pending")


@family.wrong("moves", "reason")
def keeps_the_reason_of_a_failure_only(table_name, message_id, state, reason=""):
    kept = reason if state == "fail" else ""
    return tries(table_name, message_id, state, kept, "#state = :pending", pending="pending")


@family.wrong("moves", "not_moved")
def knows_only_complete(table_name, message_id, state, reason=""):
    return tries(table_name, message_id, "complete", reason, "#state = :pending", pending="pending")


@family.wrong("moves", "said_false")
def has_the_answers_the_wrong_way_round(table_name, message_id, state, reason=""):
    return not tries(table_name, message_id, state, reason, "#state = :pending", pending="pending")


@family.wrong("moves", "arguments")
def has_no_reason(table_name, message_id):
    return True


@family.wrong("decided", "turned_back")
def has_no_condition(table_name, message_id, state, reason=""):
    update(table_name, message_id, state, reason)
    return True


@family.wrong("decided", "turned_back")
def asks_only_whether_it_is_there(table_name, message_id, state, reason=""):
    return tries(table_name, message_id, state, reason, "attribute_exists(id)")


@family.wrong("decided", "turned_back")
def asks_only_whether_it_changes(table_name, message_id, state, reason=""):
    return tries(table_name, message_id, state, reason, "#state <> :new")


@family.wrong("decided", "turned_back")
def protects_only_what_is_complete(table_name, message_id, state, reason=""):
    return tries(table_name, message_id, state, reason, "#state <> :complete", complete="complete")


@family.wrong("decided", "raised")
def lets_the_refusal_through(table_name, message_id, state, reason=""):
    update(
        table_name,
        message_id,
        state,
        reason,
        ConditionExpression="#state = :pending",
        values={":pending": {"S": "pending"}},
    )
    return True


@family.wrong("decided", "said_true")
def swallows_the_refusal(table_name, message_id, state, reason=""):
    try:
        tries(table_name, message_id, state, reason, "#state = :pending", pending="pending")
    finally:
        return True


@family.wrong("decided", "changed")
def keeps_the_late_reason(table_name, message_id, state, reason=""):
    moved = tries(table_name, message_id, state, reason, "#state = :pending", pending="pending")
    if not moved:
        update(table_name, message_id, state_of(table_name, message_id), reason)
    return moved


@family.wrong("unknown", "made")
def protects_what_is_decided_and_no_more(table_name, message_id, state, reason=""):
    condition = "attribute_not_exists(#state) OR #state = :pending"
    return tries(table_name, message_id, state, reason, condition, pending="pending")


@family.wrong("unknown", "said_true")
def takes_nothing_for_pending(table_name, message_id, state, reason=""):
    before = state_of(table_name, message_id)
    tries(table_name, message_id, state, reason, "#state = :pending", pending="pending")
    return before in ("", "pending")


@family.wrong("table_away", "said_false")
def takes_any_error_for_a_refusal(table_name, message_id, state, reason=""):
    try:
        return tries(table_name, message_id, state, reason, "#state = :pending", pending="pending")
    except ClientError:
        return False


@family.wrong("one_step", "half")
def writes_the_reason_afterwards(table_name, message_id, state, reason=""):
    moved = tries(table_name, message_id, state, "", "#state = :pending", pending="pending")
    if moved and reason:
        update(table_name, message_id, state, reason)
    return moved


@family.wrong("two_at_once", "both")
def reads_first_and_then_writes(table_name, message_id, state, reason=""):
    if state_of(table_name, message_id) != "pending":
        return False
    update(table_name, message_id, state, reason)
    return True


@family.wrong("two_at_once", "both")
def reads_for_the_answer(table_name, message_id, state, reason=""):
    before = state_of(table_name, message_id)
    tries(table_name, message_id, state, reason, "#state = :pending", pending="pending")
    return before == "pending"


@family.wrong("two_at_once", "both")
def looks_whether_it_was_alone(table_name, message_id, state, reason=""):
    before = state_of(table_name, message_id)
    if before != "pending":
        return False
    update(table_name, message_id, "deciding")
    if state_of(table_name, message_id) != "deciding":
        return False
    update(table_name, message_id, state, reason)
    return state_of(table_name, message_id) == state and before == "pending"


@family.wrong("two_at_once", "other")
def the_last_one_wins(table_name, message_id, state, reason=""):
    if state_of(table_name, message_id) != "pending":
        return False
    won = tries(table_name, message_id, state, reason, "#state = :pending", pending="pending")
    if not won:
        update(table_name, message_id, state, reason)
    return won


@family.right
def with_a_condition(table_name, message_id, state, reason=""):
    return tries(table_name, message_id, state, reason, "#state = :pending", pending="pending")


@family.right
def with_a_table_resource(table_name, message_id, state, reason=""):
    try:
        boto3.resource("dynamodb").Table(table_name).update_item(
            Key={"id": message_id},
            UpdateExpression="SET #s = :s, reason = :r",
            ConditionExpression=Attr("state").eq("pending"),
            ExpressionAttributeNames={"#s": "state"},
            ExpressionAttributeValues={":s": state, ":r": reason},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


@family.right
def with_a_transaction(table_name, message_id, state, reason=""):
    write = {
        "TableName": table_name,
        "Key": {"id": {"S": message_id}},
        "UpdateExpression": "SET #state = :new, reason = :reason",
        "ConditionExpression": "attribute_exists(id) AND NOT #state IN (:complete, :fail)",
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues": {
            ":new": {"S": state},
            ":reason": {"S": reason},
            ":complete": {"S": "complete"},
            ":fail": {"S": "fail"},
        },
    }
    try:
        dynamodb.transact_write_items(TransactItems=[{"Update": write}])
    except dynamodb.exceptions.TransactionCanceledException:
        return False
    return True


@family.right
def with_a_whole_item_on_condition(table_name, message_id, state, reason=""):
    item = dynamodb.get_item(TableName=table_name, Key={"id": {"S": message_id}}, ConsistentRead=True).get("Item")
    if item is None:
        return False
    try:
        dynamodb.put_item(
            TableName=table_name,
            Item={**item, "state": {"S": state}, **({"reason": {"S": reason}} if reason else {})},
            ConditionExpression="#state = :pending",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":pending": {"S": "pending"}},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


test_wrong_answers, test_right_answers = family.tests()
