"""DynamoDB: batches and transactions."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from behaviours import behaviour
from dynamodb_kit import API, DYNALITE, GUIDE, MOTO, at_once, refused

import labkit

TRANSACTIONS = GUIDE + "transaction-apis.html"
A, B = {"pk": {"S": "a"}}, {"pk": {"S": "b"}}


def puts(*names: str) -> list[dict[str, Any]]:
    return [{"PutRequest": {"Item": {"pk": {"S": name}}}} for name in names]


def add_one(table: str, key: dict[str, Any] = A, **more: Any) -> dict[str, Any]:
    one = {":one": {"N": "1"}}
    return {
        "Update": {
            "TableName": table,
            "Key": key,
            "UpdateExpression": "ADD n :one",
            "ExpressionAttributeValues": one,
            **more,
        }
    }


def number(dynamodb: Any, table: str, key: dict[str, Any] = A) -> int:
    return int(dynamodb.get_item(TableName=table, Key=key).get("Item", {}).get("n", {}).get("N", 0))


@behaviour("batch.write_26", "BatchWriteItem takes up to 25 items", source=API + "BatchWriteItem.html")
def test_a_batch_writes_25(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table, names = make_table(), [f"item {n}" for n in range(26)]
    dynamodb.batch_write_item(RequestItems={table: puts(*names[:25])})
    with refused("ValidationException", "failed to satisfy constraint", "less than or equal to 25"):
        dynamodb.batch_write_item(RequestItems={table: puts(*names)})
    assert dynamodb.scan(TableName=table)["Count"] == 25


@behaviour("batch.duplicate_key", "a batch names no item twice", source=API + "BatchWriteItem.html")
def test_a_batch_has_no_duplicates(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    for twice in (puts("a", "b", "a"), [*puts("a"), {"DeleteRequest": {"Key": A}}]):
        with refused("ValidationException", "Provided list of item keys contains duplicates"):
            dynamodb.batch_write_item(RequestItems={table: twice})
    assert dynamodb.scan(TableName=table)["Count"] == 0
    with refused("ValidationException", "Provided list of item keys contains duplicates"):
        dynamodb.batch_get_item(RequestItems={table: {"Keys": [A, A]}})


@behaviour(
    "batch.unprocessed",
    "what a batch did not do is in UnprocessedItems, which is there, if empty",
    source=API + "BatchWriteItem.html",
)
def test_a_batch_that_was_done(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    answer = dynamodb.batch_write_item(
        RequestItems={table: [*puts("a", "b"), {"DeleteRequest": {"Key": {"pk": {"S": "c"}}}}]}
    )
    assert answer["UnprocessedItems"] == {}
    assert "ConsumedCapacity" not in answer
    read = dynamodb.batch_get_item(
        RequestItems={table: {"Keys": [A, {"pk": {"S": "c"}}], "ProjectionExpression": "pk"}},
        ReturnConsumedCapacity="TOTAL",
    )
    assert read["Responses"] == {table: [A]}
    assert read["UnprocessedKeys"] == {}
    assert read["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 1}]


@behaviour("batch.get_101", "BatchGetItem takes up to 100 keys", source=API + "BatchGetItem.html")
def test_a_batch_reads_100(dynamodb: Any, make_table: Callable[..., str]) -> None:
    keys = [{"pk": {"S": str(n)}} for n in range(101)]
    with refused("ValidationException", "failed to satisfy constraint", "less than or equal to 100"):
        dynamodb.batch_get_item(RequestItems={make_table(): {"Keys": keys}})


@behaviour(
    "batch.get_16mb",
    "BatchGetItem returns up to 16 MB, the rest is in UnprocessedKeys",
    source=API + "BatchGetItem.html",
)
def test_a_batch_reads_16_mb(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    keys = [{"pk": {"S": str(n)}} for n in range(42)]
    for key in keys:
        dynamodb.put_item(TableName=table, Item={**key, "text": {"S": "x" * 408_000}})
    answer = dynamodb.batch_get_item(RequestItems={table: {"Keys": keys}})
    assert len(answer["Responses"][table]) == 41
    assert answer["UnprocessedKeys"] == {table: {"Keys": keys[41:]}}


@behaviour("tx.atomic", "one condition fails, nothing is written", source=TRANSACTIONS)
def test_a_transaction_is_all_or_nothing(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table, other = make_table(), make_table(sk="S")
    check = {"ConditionCheck": {"TableName": table, "Key": B, "ConditionExpression": "attribute_exists(pk)"}}
    put = {"Put": {"TableName": other, "Item": {**A, "sk": {"S": "s"}}}}
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
        dynamodb.transact_write_items(TransactItems=[add_one(table), put, check])
    assert dynamodb.scan(TableName=table)["Count"] == dynamodb.scan(TableName=other)["Count"] == 0
    dynamodb.put_item(TableName=table, Item=B)
    dynamodb.transact_write_items(TransactItems=[add_one(table), put, check])
    assert number(dynamodb, table) == dynamodb.scan(TableName=other)["Count"] == 1


@behaviour("tx.reasons", "the error says of each part why it failed, in order", source=API + "TransactWriteItems.html")
def test_why_a_transaction_failed(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    dynamodb.put_item(TableName=table, Item=A)
    failing = {"TableName": table, "Item": A, "ConditionExpression": "attribute_not_exists(pk)"}
    with refused("TransactionCanceledException", "[None, ConditionalCheckFailed]") as response:
        dynamodb.transact_write_items(
            TransactItems=[add_one(table, B), {"Put": {**failing, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}}]
        )
    assert response["CancellationReasons"] == [
        {"Code": "None"},
        {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", "Item": A},
    ]


@behaviour(
    "tx.same_item_twice",
    "a transaction names no item twice",
    source=MOTO + "test_transact_write_items__put_and_delete_on_same_item",
)
def test_a_transaction_has_no_duplicates(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    with refused("ValidationException", "Transaction request cannot include multiple operations on one item"):
        dynamodb.transact_write_items(TransactItems=[add_one(table), {"Delete": {"TableName": table, "Key": A}}])


@behaviour("tx.101", "a transaction has up to 100 items", source=TRANSACTIONS)
def test_a_transaction_has_100_items(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    parts = [add_one(table, {"pk": {"S": str(n)}}) for n in range(101)]
    dynamodb.transact_write_items(TransactItems=parts[:100])
    with refused("ValidationException", "failed to satisfy constraint", "less than or equal to 100"):
        dynamodb.transact_write_items(TransactItems=parts)


@behaviour(
    "tx.client_request_token",
    "the same transaction with the same token is carried out once in ten minutes",
    source=API + "TransactWriteItems.html#DDB-TransactWriteItems-request-ClientRequestToken",
)
def test_a_transaction_is_repeated(lab: labkit.Lab, dynamodb: Any, make_table: Callable[..., str]) -> None:
    table, token = make_table(), str(uuid.uuid4())
    write = {"TransactItems": [add_one(table)], "ClientRequestToken": token, "ReturnConsumedCapacity": "TOTAL"}
    first, second = dynamodb.transact_write_items(**write), dynamodb.transact_write_items(**write)
    assert number(dynamodb, table) == 1
    assert first["ConsumedCapacity"][0]["WriteCapacityUnits"] == 2
    assert second["ConsumedCapacity"][0]["ReadCapacityUnits"] == 2
    lab.wait(minutes=11)
    dynamodb.transact_write_items(**write)
    assert number(dynamodb, table) == 2


@behaviour(
    "tx.client_request_token_other",
    "another transaction with the same token: IdempotentParameterMismatchException",
    source=API + "TransactWriteItems.html#DDB-TransactWriteItems-request-ClientRequestToken",
)
def test_a_token_is_for_one_transaction(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table, token = make_table(), str(uuid.uuid4())
    dynamodb.transact_write_items(TransactItems=[add_one(table)], ClientRequestToken=token)
    with pytest.raises(dynamodb.exceptions.IdempotentParameterMismatchException):
        dynamodb.transact_write_items(TransactItems=[add_one(table, B)], ClientRequestToken=token)


@behaviour(
    "tx.failed_token",
    "a transaction that failed can be tried again with the same token",
    source=TRANSACTIONS,
)
def test_a_failed_transaction_is_tried_again(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table, token = make_table(), str(uuid.uuid4())
    write = {
        "TransactItems": [add_one(table, ConditionExpression="attribute_exists(pk)")],
        "ClientRequestToken": token,
    }
    with refused("TransactionCanceledException"):
        dynamodb.transact_write_items(**write)
    dynamodb.put_item(TableName=table, Item=A)
    dynamodb.transact_write_items(**write)
    assert number(dynamodb, table) == 1


@behaviour("tx.race_two_tables", "transactions on two tables at once keep both in step", source=TRANSACTIONS)
def test_transactions_race(dynamodb: Any, make_table: Callable[..., str]) -> None:
    one, two = make_table(), make_table()

    def both(_: int) -> None:
        for _ in range(5):
            dynamodb.transact_write_items(TransactItems=[add_one(one), add_one(two)])

    at_once(12, both)
    assert number(dynamodb, one) == number(dynamodb, two) == 60


@behaviour("tx.get", "TransactGetItems reads up to 100 items as they were at one moment", source=TRANSACTIONS)
def test_a_transaction_reads(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    dynamodb.put_item(TableName=table, Item={**A, "n": {"N": "1"}})
    gets = [{"Get": {"TableName": table, "Key": key, "ProjectionExpression": "n"}} for key in (B, A)]
    answer = dynamodb.transact_get_items(TransactItems=gets, ReturnConsumedCapacity="TOTAL")
    assert answer["Responses"] == [{}, {"Item": {"n": {"N": "1"}}}]
    assert answer["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 4, "ReadCapacityUnits": 4}]


@behaviour(
    "tx.validation",
    "a part that is not valid makes the whole transaction invalid",
    source=DYNALITE + "putItem",
)
def test_a_part_that_is_not_valid(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    with refused("ValidationException", "Missing the key pk in the item"):
        dynamodb.transact_write_items(
            TransactItems=[add_one(table), {"Put": {"TableName": table, "Item": {"n": {"N": "1"}}}}]
        )
    assert number(dynamodb, table) == 0
