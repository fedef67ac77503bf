"""DynamoDB: conditional writes, alone and in a race."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from behaviours import behaviour
from botocore.exceptions import ClientError
from dynamodb_kit import API, GUIDE, at_once, refused, table_of

CONDITIONAL = GUIDE + "WorkingWithItems.html#WorkingWithItems.ConditionalUpdate"
KEY = {"pk": {"S": "a"}}


@behaviour(
    "cond.attribute_not_exists",
    "the second of two puts with attribute_not_exists fails",
    source=CONDITIONAL,
)
def test_put_if_absent(dynamodb: Any, make_table: Callable[..., str]) -> None:
    put = {"TableName": make_table(), "Item": KEY, "ConditionExpression": "attribute_not_exists(pk)"}
    dynamodb.put_item(**put)
    with refused("ConditionalCheckFailedException", "The conditional request failed"):
        dynamodb.put_item(**put)


@behaviour(
    "cond.exception_class",
    "boto3 has a class for it; the answer is HTTP 400",
    source=GUIDE + "Programming.Errors.html",
)
def test_a_failed_condition_has_a_class(dynamodb: Any, make_table: Callable[..., str]) -> None:
    with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException) as caught:
        dynamodb.delete_item(TableName=make_table(), Key=KEY, ConditionExpression="attribute_exists(pk)")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert caught.value.response["message"] == "The conditional request failed"


@behaviour(
    "cond.return_values_on_failure",
    "the item that was in the way comes with the error, if asked for",
    source=API + "PutItem.html",
)
def test_the_item_in_the_way(dynamodb: Any, make_table: Callable[..., str]) -> None:
    put = {"TableName": make_table(), "ConditionExpression": "attribute_not_exists(pk)"}
    winner = {**KEY, "owner": {"S": "first"}}
    dynamodb.put_item(Item=winner, **put)
    with refused("ConditionalCheckFailedException") as response:
        dynamodb.put_item(Item=KEY, **put, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert response["Item"] == winner
    with refused("ConditionalCheckFailedException") as response:
        dynamodb.put_item(Item=KEY, **put)
    assert "Item" not in response


@behaviour(
    "cond.return_values_on_failure_update",
    "the same with UpdateItem",
    source=API + "UpdateItem.html",
)
def test_the_item_in_the_way_of_an_update(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    dynamodb.put_item(TableName=table, Item=KEY)
    with refused("ConditionalCheckFailedException") as response:
        dynamodb.update_item(
            TableName=table,
            Key=KEY,
            UpdateExpression="SET n = :n",
            ConditionExpression="n < :n",
            ExpressionAttributeValues={":n": {"N": "1"}},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert response["Item"] == KEY


@behaviour(
    "cond.operators",
    "comparisons with an attribute that does not exist are false, but for <>",
    source=GUIDE + "Expressions.OperatorsAndFunctions.html",
)
@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ("absent = :one", False),
        ("absent < :one", False),
        ("absent <> :one", True),
        ("NOT absent = :one", True),
        ("absent BETWEEN :one AND :one", False),
        ("size(absent) = :one", False),
        ("n = :one AND attribute_exists(n)", True),
        ("n <> :one OR m.seq[1] = :one", True),
        ("n IN (:one)", True),
        ("m < :one", False),
        ("word > :one", False),
        ("NOT word <= :one", True),
        ("contains(texts, :x) and NOT contains(word, :x)", True),
        ("attribute_type(m, :x)", False),
        ("begins_with(word, :x)", False),
        ("size(word) > :one", True),
        (":one >= n", True),
        ("(n = :one)", True),
        ("(n) = :one AND (word <> :x OR n = :one)", True),
    ],
)
def test_conditions(dynamodb: Any, make_table: Callable[..., str], condition: str, met: bool) -> None:
    table = make_table()
    item = {
        **KEY,
        "n": {"N": "1"},
        "word": {"S": "ABC"},
        "texts": {"SS": ["S", "T"]},
        "m": {"M": {"seq": {"L": [{"N": "0"}, {"N": "1"}]}}},
    }
    dynamodb.put_item(TableName=table, Item=item)
    values = {key: value for key, value in ((":one", {"N": "1"}), (":x", {"S": "S"})) if key in condition}
    delete = {"TableName": table, "Key": KEY, "ConditionExpression": condition, "ExpressionAttributeValues": values}
    if met:
        dynamodb.delete_item(**delete)
    else:
        with refused("ConditionalCheckFailedException"):
            dynamodb.delete_item(**delete)


@behaviour(
    "cond.failed_changes_nothing",
    "a write whose condition fails changes nothing, also not a part",
    source=CONDITIONAL,
)
def test_a_failed_update_changes_nothing(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    with refused("ConditionalCheckFailedException"):
        dynamodb.update_item(
            TableName=table,
            Key=KEY,
            UpdateExpression="SET n = :n",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":n": {"N": "1"}},
        )
    with refused("ValidationException", "refers to an attribute that does not exist in the item"):
        dynamodb.update_item(
            TableName=table,
            Key=KEY,
            UpdateExpression="SET n = :n, o = absent",
            ExpressionAttributeValues={":n": {"N": "1"}},
        )
    assert "Item" not in dynamodb.get_item(TableName=table, Key=KEY)


ROUNDS, THREADS = 4, 50  # 200 rounds of each were measured once: one winner, every time


def _won(call: Callable[[], Any]) -> bool:
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


@behaviour(
    "race.put_if_absent_50",
    "of many that put one item if it is absent, exactly one wins",
    source=CONDITIONAL,
)
def test_one_of_fifty_puts_wins(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    for number in range(ROUNDS):
        put = {"TableName": table, "ConditionExpression": "attribute_not_exists(pk)"}

        def race(thread: int, pk: str = str(number), put: dict[str, Any] = put) -> bool:
            item = {"pk": {"S": pk}, "owner": {"N": str(thread)}}
            return _won(lambda: dynamodb.put_item(Item=item, **put))

        winners = [thread for thread, won in enumerate(at_once(THREADS, race)) if won]
        item = dynamodb.get_item(TableName=table, Key={"pk": {"S": str(number)}})["Item"]
        assert [str(winner) for winner in winners] == [item["owner"]["N"]]


@behaviour(
    "race.update_if_absent_50",
    "the same with UpdateItem: one takes the lock",
    source=CONDITIONAL,
)
def test_one_of_fifty_updates_wins(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    for number in range(ROUNDS):

        def race(thread: int, pk: str = str(number)) -> bool:
            return _won(
                lambda: dynamodb.update_item(
                    TableName=table,
                    Key={"pk": {"S": pk}},
                    UpdateExpression="SET lock_owner = :me",
                    ConditionExpression="attribute_not_exists(lock_owner)",
                    ExpressionAttributeValues={":me": {"N": str(thread)}},
                )
            )

        assert Counter(at_once(THREADS, race)) == {True: 1, False: THREADS - 1}


@behaviour(
    "race.atomic_counter",
    "ADD loses no increment",
    source=GUIDE + "WorkingWithItems.html#WorkingWithItems.AtomicCounters",
)
def test_a_counter_loses_nothing(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table, times = make_table(), 8

    def count(_: int) -> None:
        for _ in range(times):
            dynamodb.update_item(
                TableName=table,
                Key=KEY,
                UpdateExpression="ADD hits :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    at_once(THREADS, count)
    assert dynamodb.get_item(TableName=table, Key=KEY)["Item"]["hits"] == {"N": str(THREADS * times)}


@behaviour(
    "race.optimistic_lock",
    "read, change, write if the version is still the same: no update is lost",
    source=GUIDE + "BestPractices_OptimisticLocking.html",
)
def test_versions_lose_nothing(make_table: Callable[..., str]) -> None:
    name, threads, times = make_table(), 8, 5
    table_of(name).put_item(Item={"pk": "a", "version": 0})

    def change(_: int) -> None:
        table = table_of(name)
        for _ in range(times):
            while not _won(lambda: _next_version(table)):
                pass

    at_once(threads, change)
    assert table_of(name).get_item(Key={"pk": "a"})["Item"]["version"] == threads * times


def _next_version(table: Any) -> None:
    seen = table.get_item(Key={"pk": "a"}, ConsistentRead=True)["Item"]["version"]
    table.put_item(
        Item={"pk": "a", "version": seen + 1},
        ConditionExpression="version = :seen",
        ExpressionAttributeValues={":seen": seen},
    )
