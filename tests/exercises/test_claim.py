"""Exercise 7.5: answers that beginners give."""

from typing import Any

import boto3
from boto3.dynamodb.conditions import Attr
from kit import Family, dynamodb

family = Family("7.5")
PENDING_OR_OVER = "#state = :pending OR (#state = :processing AND leased_until <= :now)"


def item_of(table_name: str, message_id: str) -> dict[str, str]:
    item = dynamodb.get_item(TableName=table_name, Key={"id": {"S": message_id}}).get("Item", {})
    return {name: value["S"] for name, value in item.items()}


def write(table_name: str, message_id: str, owner: str, now: str, until: str, condition: str = "") -> bool:
    values = {":processing": "processing", ":owner": owner, ":until": until}
    values |= {
        f":{name}": value for name, value in {"pending": "pending", "now": now}.items() if f":{name}" in condition
    }
    more: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
    try:
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": message_id}},
            UpdateExpression="SET #state = :processing, #owner = :owner, leased_until = :until",
            ExpressionAttributeNames={"#state": "state", "#owner": "owner"},
            ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
            **more,
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


@family.wrong("pending", "type")
def returns_nothing(table_name, message_id, owner, now, until):
    write(table_name, message_id, owner, now, until, PENDING_OR_OVER)


@family.wrong("pending", "attribute")
def forgets_the_lease(table_name, message_id, owner, now, until):
    return write(table_name, message_id, owner, now, now, PENDING_OR_OVER)


@family.wrong("pending", "attribute_lost")
def writes_over_the_item(table_name, message_id, owner, now, until):
    item = {"id": message_id, "state": "processing", "owner": owner, "leased_until": until}
    dynamodb.put_item(TableName=table_name, Item={name: {"S": value} for name, value in item.items()})
    return True


@family.wrong("pending", "said_false")
def has_the_answers_the_wrong_way_round(table_name, message_id, owner, now, until):
    return not write(table_name, message_id, owner, now, until, PENDING_OR_OVER)


@family.wrong("taken", "taken_over")
def has_no_condition(table_name, message_id, owner, now, until):
    return write(table_name, message_id, owner, now, until)


@family.wrong("taken", "taken_over")
def compares_the_wrong_way_round(table_name, message_id, owner, now, until):
    condition = "#state = :pending OR (#state = :processing AND leased_until >= :now)"
    return write(table_name, message_id, owner, now, until, condition)


@family.wrong("taken", "said_true")
def swallows_the_refusal(table_name, message_id, owner, now, until):
    write(table_name, message_id, owner, now, until, PENDING_OR_OVER)
    return True


@family.wrong("taken", "changed")
def makes_the_lease_longer_for_the_other(table_name, message_id, owner, now, until):
    claimed = write(table_name, message_id, owner, now, until, PENDING_OR_OVER)
    if not claimed and (holder := item_of(table_name, message_id).get("owner")):
        write(table_name, message_id, holder, now, until)
    return claimed


@family.wrong("lease_over", "never_over")
def takes_only_what_is_pending(table_name, message_id, owner, now, until):
    return write(table_name, message_id, owner, now, until, "#state = :pending")


@family.wrong("lease_over", "never_over")
def takes_only_what_was_anothers(table_name, message_id, owner, now, until):
    condition = "#state = :pending OR (#state = :processing AND leased_until <= :now AND #owner <> :owner)"
    return write(table_name, message_id, owner, now, until, condition)


@family.wrong("lease_over", "said_false")
def is_not_sure_of_what_it_took_over(table_name, message_id, owner, now, until):
    fresh = item_of(table_name, message_id).get("state") == "pending"
    return write(table_name, message_id, owner, now, until, PENDING_OR_OVER) and fresh


@family.wrong("lease_over", "old_lease")
def takes_over_the_old_lease(table_name, message_id, owner, now, until):
    old = item_of(table_name, message_id).get("leased_until", until)
    return write(table_name, message_id, owner, now, old, PENDING_OR_OVER)


@family.wrong("over_and_done", "reopened")
def looks_at_the_lease_alone(table_name, message_id, owner, now, until):
    return write(table_name, message_id, owner, now, until, "#state = :pending OR leased_until <= :now")


@family.wrong("over_and_done", "reopened")
def takes_what_was_its_own(table_name, message_id, owner, now, until):
    return write(table_name, message_id, owner, now, until, f"{PENDING_OR_OVER} OR #owner = :owner")


@family.wrong("over_and_done", "reopened")
def takes_what_has_no_owner(table_name, message_id, owner, now, until):
    condition = "attribute_exists(id) AND (attribute_not_exists(#owner) OR leased_until <= :now)"
    return write(table_name, message_id, owner, now, until, condition)


@family.wrong("over_and_done", "said_true")
def takes_what_is_done_for_its_own(table_name, message_id, owner, now, until):
    done = item_of(table_name, message_id).get("state") in ("complete", "fail")
    return write(table_name, message_id, owner, now, until, PENDING_OR_OVER) or done


@family.wrong("unknown_message", "made")
def takes_what_has_no_state(table_name, message_id, owner, now, until):
    return write(table_name, message_id, owner, now, until, f"attribute_not_exists(#state) OR {PENDING_OR_OVER}")


@family.wrong("unknown_message", "said_true")
def takes_nothing_for_pending(table_name, message_id, owner, now, until):
    return write(table_name, message_id, owner, now, until, PENDING_OR_OVER) or not item_of(table_name, message_id)


@family.wrong("two_claims_at_once", "both")
def reads_first_and_then_writes(table_name, message_id, owner, now, until):
    found = item_of(table_name, message_id)
    over = found.get("state") == "processing" and found["leased_until"] <= now
    return (found.get("state") == "pending" or over) and write(table_name, message_id, owner, now, until)


@family.wrong("two_claims_at_once", "other")
def the_last_one_wins(table_name, message_id, owner, now, until):
    free = item_of(table_name, message_id).get("state") == "pending"
    won = write(table_name, message_id, owner, now, until, PENDING_OR_OVER)
    if free and not won:
        write(table_name, message_id, owner, now, until)
    return won


@family.right
def with_a_condition(table_name, message_id, owner, now, until):
    return write(table_name, message_id, owner, now, until, PENDING_OR_OVER)


@family.right
def with_two_tries(table_name, message_id, owner, now, until):
    return write(table_name, message_id, owner, now, until, "#state = :pending") or write(
        table_name, message_id, owner, now, until, "#state = :processing AND leased_until < :now"
    )


@family.right
def with_a_table_resource(table_name, message_id, owner, now, until):
    table = boto3.resource("dynamodb").Table(table_name)
    over = Attr("state").eq("processing") & Attr("leased_until").lte(now)
    try:
        table.update_item(
            Key={"id": message_id},
            UpdateExpression="SET #s = :s, #o = :o, leased_until = :u",
            ConditionExpression=Attr("state").eq("pending") | over,
            ExpressionAttributeNames={"#s": "state", "#o": "owner"},
            ExpressionAttributeValues={":s": "processing", ":o": owner, ":u": until},
        )
    except table.meta.client.exceptions.ConditionalCheckFailedException:
        return False
    return True


@family.right
def looks_first_and_writes_if_that_still_holds(table_name, message_id, owner, now, until):
    found = item_of(table_name, message_id)
    if found.get("state") == "processing" and found["leased_until"] <= now:
        return write(table_name, message_id, owner, now, until, "#state = :processing AND leased_until <= :now")
    return found.get("state") == "pending" and write(table_name, message_id, owner, now, until, "#state = :pending")


@family.right
def makes_its_own_claim_longer(table_name, message_id, owner, now, until):
    """Not asked for, and no harm: nobody else has it."""
    condition = f"{PENDING_OR_OVER} OR (#state = :processing AND #owner = :owner)"
    return write(table_name, message_id, owner, now, until, condition)


test_wrong_answers, test_right_answers = family.tests()
