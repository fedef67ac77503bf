"""Exercise 1.3: answers that beginners give."""

import json

from kit import Family

family = Family("1.3")

WORK = ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage"]


def allow(actions, resource):
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


@family.wrong("is_a_policy", "type")
def returns_text(queue_arn, table_arn):
    return json.dumps(policy(allow(WORK, queue_arn), allow("dynamodb:UpdateItem", table_arn)))


@family.wrong("is_a_policy", "malformed")
def forgets_the_service(queue_arn, table_arn):
    return policy(allow(["ReceiveMessage", "DeleteMessage"], queue_arn), allow("UpdateItem", table_arn))


@family.wrong("is_a_policy", "malformed")
def names_the_queue_by_its_name(queue_arn, table_arn):
    return policy(allow(WORK, queue_arn.split(":")[-1]), allow("dynamodb:UpdateItem", table_arn))


@family.wrong("is_a_policy", "malformed")
def says_who_may(queue_arn, table_arn):
    return policy({**allow(WORK, queue_arn), "Principal": "*"}, allow("dynamodb:UpdateItem", table_arn))


@family.wrong("is_a_policy", "no_json")
def takes_a_set(queue_arn, table_arn):
    return policy(allow({*WORK}, queue_arn), allow("dynamodb:UpdateItem", table_arn))


@family.wrong("works", "receive")
def is_a_producer(queue_arn, table_arn):
    return policy(allow("sqs:SendMessage", queue_arn), allow("dynamodb:PutItem", table_arn))


@family.wrong("works", "receive")
def takes_each_resource_for_the_other(queue_arn, table_arn):
    return policy(allow(WORK, table_arn), allow("dynamodb:UpdateItem", queue_arn))


@family.wrong("works", "visibility")
def forgets_to_ask_for_time(queue_arn, table_arn):
    return policy(
        allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"], queue_arn), allow("dynamodb:UpdateItem", table_arn)
    )


@family.wrong("works", "update")
def writes_with_put_item(queue_arn, table_arn):
    return policy(allow(WORK, queue_arn), allow("dynamodb:PutItem", table_arn))


@family.wrong("works", "update")
def thinks_of_the_indexes_only(queue_arn, table_arn):
    return policy(allow(WORK, queue_arn), allow("dynamodb:UpdateItem", table_arn + "/index/*"))


@family.wrong("works", "delete")
def thinks_that_receiving_deletes(queue_arn, table_arn):
    return policy(allow(WORK[:2], queue_arn), allow("dynamodb:UpdateItem", table_arn))


@family.wrong("no_more", "queue")
def allows_everything(queue_arn, table_arn):
    return policy(allow("*", "*"))


@family.wrong("no_more", "queue")
def allows_all_of_sqs_on_the_queue(queue_arn, table_arn):
    return policy(allow("sqs:*", queue_arn), allow("dynamodb:UpdateItem", table_arn))


@family.wrong("no_more", "table")
def allows_all_that_ends_in_item(queue_arn, table_arn):
    return policy(allow(WORK, queue_arn), allow("dynamodb:*Item", table_arn))


@family.wrong("no_more", "table")
def allows_reading_the_whole_table(queue_arn, table_arn):
    return policy(allow(WORK, queue_arn), allow(["dynamodb:UpdateItem", "dynamodb:Scan"], table_arn))


@family.wrong("no_more", "queue")
def asks_for_the_numbers_of_the_queue_too(queue_arn, table_arn):
    return policy(allow([*WORK, "sqs:GetQueueAttributes"], queue_arn), allow("dynamodb:UpdateItem", table_arn))


@family.wrong("no_more", "table")
def reads_what_it_changes(queue_arn, table_arn):
    return policy(allow(WORK, queue_arn), allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], table_arn))


@family.wrong("no_more", "queue")
def lists_all_queues(queue_arn, table_arn):
    return policy(allow(WORK, queue_arn), allow("dynamodb:UpdateItem", table_arn), allow("sqs:ListQueues", "*"))


@family.wrong("no_more", "other_service")
def writes_a_log(queue_arn, table_arn):
    logs = allow(["logs:CreateLogStream", "logs:PutLogEvents"], "arn:aws:logs:*:*:*")
    return policy(allow(WORK, queue_arn), allow("dynamodb:UpdateItem", table_arn), logs)


@family.wrong("no_more", "longer_name")
def puts_a_star_behind_the_queue(queue_arn, table_arn):
    return policy(allow(WORK, queue_arn + "*"), allow("dynamodb:UpdateItem", table_arn))


@family.wrong("no_more", "other_queue_too")
def allows_every_queue(queue_arn, table_arn):
    return policy(allow(WORK, "*"), allow("dynamodb:UpdateItem", table_arn))


@family.wrong("no_more", "other_table_too")
def allows_every_table(queue_arn, table_arn):
    return policy(allow(WORK, queue_arn), allow("dynamodb:UpdateItem", table_arn.split("/")[0] + "/*"))


@family.wrong("no_more", "other_service")
def says_what_is_not_allowed(queue_arn, table_arn):
    others = {"Effect": "Allow", "NotAction": ["sqs:*", "dynamodb:*"], "Resource": "*"}
    return policy(allow(WORK, queue_arn), allow("dynamodb:UpdateItem", table_arn), others)


@family.right
def two_statements(queue_arn, table_arn):
    return policy(allow(WORK, queue_arn), allow("dynamodb:UpdateItem", table_arn))


@family.right
def one_statement_for_each_action(queue_arn, table_arn):
    return policy(*(allow(action, queue_arn) for action in WORK), allow(["dynamodb:UpdateItem"], [table_arn]))


@family.right
def in_small_letters_with_names_and_a_denial(queue_arn, table_arn):
    deny = {"Effect": "Deny", "Action": ["sqs:PurgeQueue", "sqs:DeleteQueue"], "Resource": "*"}
    table = allow("dynamodb:updateitem", table_arn)
    return policy({"Sid": "Consumer", **allow([action.lower() for action in WORK], queue_arn)}, table, deny)


@family.right
def one_statement_for_all(queue_arn, table_arn):
    return policy(allow([*WORK, "dynamodb:UpdateItem"], [queue_arn, table_arn]))


test_wrong, test_right = family.tests()
