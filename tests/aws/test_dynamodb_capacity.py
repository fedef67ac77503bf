"""DynamoDB: what requests cost, and when they are refused because of it."""

from collections.abc import Callable
from typing import Any

import pytest
from behaviours import behaviour
from boto3.dynamodb.conditions import Attr, Key
from dynamodb_kit import API, GUIDE, INDEX, LOCAL_INDEX, PROVISIONED_1, impatient, refused, table_of

import labkit

UNITS = GUIDE + "read-write-operations.html"
BURST = GUIDE + "burst-adaptive-capacity.html"
HOT_KEYS = GUIDE + "bp-partition-key-design.html"
A = {"pk": {"S": "a"}}


def sized(kilobytes: float, **more: Any) -> dict[str, Any]:
    """An item a little smaller than that."""
    return {"pk": "a", "text": "x" * int(kilobytes * 1024 - 50), **more}


def units(answer: dict[str, Any]) -> float:
    return float(answer["ConsumedCapacity"]["CapacityUnits"])


@pytest.fixture
def table(make_table: Callable[..., str]) -> Any:
    return table_of(make_table())


TOTAL = {"ReturnConsumedCapacity": "TOTAL"}
INDEXES = {"ReturnConsumedCapacity": "INDEXES"}


@behaviour("capacity.write_1kb", "a write costs a unit for each KB of the item, rounded up", source=UNITS)
def test_writes(table: Any) -> None:
    assert [units(table.put_item(Item=sized(kb), **TOTAL)) for kb in (0.5, 1, 2.5)] == [1, 1, 3]
    assert "ConsumedCapacity" not in table.put_item(Item=sized(1))


@behaviour(
    "capacity.write_larger",
    "an update costs as much as the larger of the item before and after; so does a delete",
    source=UNITS,
)
def test_writes_cost_the_larger_item(table: Any) -> None:
    table.put_item(Item=sized(4.5))
    change = {"UpdateExpression": "SET n = :n", "ExpressionAttributeValues": {":n": 1}}
    assert units(table.update_item(Key={"pk": "a"}, **change, **TOTAL)) == 5
    assert units(table.put_item(Item=sized(1), **TOTAL)) == 5
    assert units(table.put_item(Item=sized(2.5), **TOTAL)) == 3
    assert units(table.delete_item(Key={"pk": "a"}, **TOTAL)) == 3
    assert units(table.delete_item(Key={"pk": "a"}, **TOTAL)) == 1


@behaviour("capacity.read", "a read costs half a unit for 4 KB, a strongly consistent one a whole", source=UNITS)
def test_reads(table: Any) -> None:
    costs = []
    for kb in (0.5, 4, 10):
        table.put_item(Item=sized(kb))
        for consistent in (False, True):
            costs.append(units(table.get_item(Key={"pk": "a"}, ConsistentRead=consistent, **TOTAL)))
    assert costs == [0.5, 1, 0.5, 1, 1.5, 3]


@behaviour("capacity.read_projection", "a projection makes a read no cheaper", source=UNITS)
def test_projections_cost_the_whole_item(table: Any) -> None:
    table.put_item(Item=sized(10))
    assert units(table.get_item(Key={"pk": "a"}, ProjectionExpression="pk", **TOTAL)) == 1.5


@behaviour("capacity.read_missing", "reading what is not there costs as much as a small item", source=UNITS)
def test_missing_items_cost(table: Any) -> None:
    assert units(table.get_item(Key={"pk": "a"}, **TOTAL)) == 0.5
    assert units(table.get_item(Key={"pk": "a"}, ConsistentRead=True, **TOTAL)) == 1
    assert units(table.query(KeyConditionExpression=Key("pk").eq("a"), **TOTAL)) == 0.5


@behaviour(
    "capacity.query_scan",
    "Query and Scan add up the sizes of what they read, filtered out or not, and round then",
    source=UNITS,
)
def test_queries_and_scans(make_table: Callable[..., str]) -> None:
    table = table_of(make_table(sk="N"))
    with table.batch_writer() as batch:
        for number in range(100):
            batch.put_item(Item=sized(1.01, sk=number))
    query = {"KeyConditionExpression": Key("pk").eq("a"), **TOTAL}
    assert units(table.scan(**TOTAL)) in (12.5, 13)
    assert units(table.query(**query)) == units(table.scan(**TOTAL))
    assert units(table.query(**query, FilterExpression=Attr("text").eq("y"))) == units(table.scan(**TOTAL))
    assert units(table.query(**query, ConsistentRead=True)) == units(table.scan(**TOTAL, ConsistentRead=True))
    assert units(table.query(**query, Limit=3)) == 0.5
    assert units(table.query(**query, Limit=8)) == 1
    batch_keys = [{"pk": "a", "sk": number} for number in range(3)]
    each = table.meta.client.batch_get_item(RequestItems={table.name: {"Keys": batch_keys}}, **TOTAL)
    assert each["ConsumedCapacity"][0]["CapacityUnits"] == 1.5


@behaviour(
    "capacity.size",
    "names count, numbers by their digits, lists and maps a little extra",
    source=GUIDE + "CapacityUnitCalculations.html",
)
def test_sizes(table: Any) -> None:
    room = 1024 - len("pk") - len("a") - len("text")

    def cost(text_bytes: int, **more: Any) -> float:
        table.delete_item(Key={"pk": "a"})
        return units(table.put_item(Item={"pk": "a", "text": "x" * text_bytes, **more}, **TOTAL))

    for extra, size in (
        ({}, 0),
        ({"ñ": "ñ"}, 4),
        ({"n": 12345}, 1 + 4),
        ({"n": 1234500}, 1 + 4),
        ({"b": b"123"}, 1 + 3),
        ({"yes": True}, 3 + 1),
        ({"none": None}, 4 + 1),
        ({"set": {"ab", "c"}}, 3 + 3),
        ({"list": []}, 4 + 3),
        ({"list": ["ab"]}, 4 + 3 + 1 + 2),
        ({"map": {"ab": "c"}}, 3 + 3 + 1 + 3),
    ):
        assert (cost(room - size, **extra), cost(room - size + 1, **extra)) == (1, 2), extra


@behaviour(
    "capacity.indexes_write",
    "a write also writes to the indexes that have the item: two units if it moves in one, none if it stays the same",
    source=GUIDE + "GSI.html#GSI.ThroughputConsiderations.Writes",
)
def test_writes_to_indexes(make_table: Callable[..., str]) -> None:
    table = table_of(make_table(**INDEX))

    def in_index(answer: dict[str, Any]) -> float:
        consumed = answer["ConsumedCapacity"]
        index = consumed.get("GlobalSecondaryIndexes", {}).get("by-color", {}).get("CapacityUnits", 0)
        assert consumed["CapacityUnits"] == consumed["Table"]["CapacityUnits"] + index
        return float(index)

    def put(**more: Any) -> float:
        return in_index(table.put_item(Item=sized(2.5, **more), **INDEXES))

    assert put() == 0
    assert put(color="red") == 1
    assert put(color="red", n=1) == 0
    assert put(color="blue") == 2
    assert in_index(table.delete_item(Key={"pk": "a"}, **INDEXES)) == 1


@behaviour(
    "capacity.indexes_read",
    "reading an index costs by the size of what is in it",
    source=GUIDE + "GSI.html#GSI.ThroughputConsiderations.Reads",
)
def test_reads_of_indexes(make_table: Callable[..., str]) -> None:
    table = table_of(make_table(**INDEX))
    for number in range(3):
        table.put_item(Item={**sized(8, color="red"), "pk": str(number)})
    answer = table.query(IndexName="by-color", KeyConditionExpression=Key("color").eq("red"), **INDEXES)
    assert answer["ConsumedCapacity"] == {
        "TableName": table.name,
        "CapacityUnits": 0.5,
        "Table": {"CapacityUnits": 0},
        "GlobalSecondaryIndexes": {"by-color": {"CapacityUnits": 0.5}},
    }


@behaviour(
    "capacity.local_index",
    "a local index uses the table's capacity",
    source=GUIDE + "LSI.html#LSI.ThroughputConsiderations",
)
def test_writes_to_a_local_index(make_table: Callable[..., str]) -> None:
    table = table_of(make_table(sk="S", **LOCAL_INDEX))
    answer = table.put_item(Item=sized(2.5, sk="s", due=1), **INDEXES)
    assert answer["ConsumedCapacity"]["LocalSecondaryIndexes"] == {"by-due": {"CapacityUnits": 1}}
    assert units(answer) == 4


@behaviour("capacity.transactions", "a transaction costs twice as much", source=UNITS)
def test_transactions(dynamodb: Any, table: Any) -> None:
    name = table.name
    put = {"Put": {"TableName": name, "Item": {**A, "text": {"S": "x" * 1500}}}}
    written = dynamodb.transact_write_items(TransactItems=[put], **TOTAL)["ConsumedCapacity"]
    assert written == [{"TableName": name, "CapacityUnits": 4, "WriteCapacityUnits": 4}]
    get = {"Get": {"TableName": name, "Key": A}}
    read = dynamodb.transact_get_items(TransactItems=[get], **INDEXES)["ConsumedCapacity"]
    amount = {"CapacityUnits": 2, "ReadCapacityUnits": 2}
    assert read == [{"TableName": name, **amount, "Table": amount}]


@behaviour("capacity.batch", "a batch costs what its items cost one by one", source=UNITS)
def test_batches(dynamodb: Any, table: Any) -> None:
    items = [{"pk": {"S": name}, "text": {"S": "x" * 1500}} for name in "abc"]
    requests = [{"PutRequest": {"Item": item}} for item in items]
    answer = dynamodb.batch_write_item(RequestItems={table.name: requests}, **TOTAL)
    assert answer["ConsumedCapacity"] == [{"TableName": table.name, "CapacityUnits": 6}]


@pytest.fixture
def small(make_table: Callable[..., str]) -> str:
    """A table with one read and one write unit."""
    return make_table(**PROVISIONED_1)


def throttled() -> tuple[type[Exception], ...]:
    exceptions = impatient().exceptions
    return exceptions.ProvisionedThroughputExceededException, exceptions.ThrottlingException


def until_refused(call: Callable[..., Any], at_most: int = 400, **arguments: Any) -> tuple[int, dict[str, Any]]:
    """How many calls went well before one was throttled, and its response."""
    expected = throttled()
    for done in range(at_most):
        try:
            call(**arguments)
        except expected as error:
            return done, error.response
    raise AssertionError("never throttled")


@behaviour(
    "throttle.provisioned",
    "a provisioned table refuses what is beyond its capacity, until there is some again",
    source=GUIDE + "ProvisionedThroughput.html",
)
def test_provisioned_tables_throttle(lab: labkit.Lab, small: str) -> None:
    put = {"TableName": small, "Item": {**A, "text": {"S": "x" * 10_000}}}
    done, response = until_refused(impatient().put_item, **put)
    assert done < 10
    assert response["Error"]["Message"] == (
        "The level of configured provisioned throughput for the table was exceeded. "
        "Consider increasing your provisioning level with the UpdateTable API."
    )
    assert response["ThrottlingReasons"][0]["reason"] == "TableWriteProvisionedThroughputExceeded"
    lab.wait(seconds=60)
    impatient().put_item(**put)


@behaviour(
    "throttle.read",
    "reads have their own capacity",
    source=GUIDE + "ProvisionedThroughput.html",
)
def test_reads_throttle(dynamodb: Any, small: str) -> None:
    until_refused(impatient().put_item, TableName=small, Item={**A, "text": {"S": "x" * 9_000}})
    until_refused(impatient().get_item, TableName=small, Key=A, ConsistentRead=True)
    with pytest.raises(throttled()):
        impatient().scan(TableName=small)


@behaviour("throttle.burst", "unused capacity of the last 300 seconds is there for a burst", source=BURST)
def test_a_burst_of_five_minutes(lab: labkit.Lab, small: str) -> None:
    put = {"TableName": small, "Item": {**A, "text": {"S": "x" * 10_000}}}  # 10 units
    lab.wait(hours=1)
    done, _ = until_refused(impatient().put_item, **put)
    assert 30 <= done <= 33


@behaviour(
    "capacity.conditional_fail_consumes",
    "a write whose condition fails costs as if it had been done",
    source=UNITS,
)
def test_failed_conditions_cost(lab: labkit.Lab, dynamodb: Any, small: str) -> None:
    lab.wait(minutes=5)
    big = {"TableName": small, "Item": {**A, "text": {"S": "x" * 30_000}}}  # 30 units of 300
    dynamodb.put_item(**big)
    client = impatient()

    def fail() -> None:
        with pytest.raises(client.exceptions.ConditionalCheckFailedException):
            client.delete_item(TableName=small, Key=A, ConditionExpression="attribute_not_exists(pk)")

    failed, _ = until_refused(fail, 50)
    assert 8 <= failed <= 11


@behaviour(
    "throttle.batch",
    "a batch that is throttled in part returns that part; one that is throttled as a whole fails",
    source=API + "BatchWriteItem.html",
)
def test_batches_throttle(small: str) -> None:
    requests = [{"PutRequest": {"Item": {"pk": {"S": str(n)}, "text": {"S": "x" * 10_000}}}} for n in range(5)]
    answer = impatient().batch_write_item(RequestItems={small: requests})
    left = answer["UnprocessedItems"][small]
    assert 0 < len(left) < 5
    with pytest.raises(throttled()):
        impatient().batch_write_item(RequestItems={small: left})


@behaviour(
    "throttle.transaction",
    "a transaction that is throttled is cancelled, and says so",
    source=API + "TransactWriteItems.html",
)
def test_transactions_throttle(small: str) -> None:
    put = {"Put": {"TableName": small, "Item": {**A, "text": {"S": "x" * 20_000}}}}
    impatient().transact_write_items(TransactItems=[put])
    with refused("TransactionCanceledException", "[ProvisionedThroughputExceeded]"):
        impatient().transact_write_items(TransactItems=[put])


@behaviour(
    "throttle.index",
    "an index that cannot keep up stops writes to its table",
    source=GUIDE + "gsi-throttling.html",
)
def test_indexes_throttle(make_table: Callable[..., str]) -> None:
    index = {**INDEX["GlobalSecondaryIndexes"][0], "Projection": {"ProjectionType": "ALL"}}
    index["ProvisionedThroughput"] = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    throughput = {"ReadCapacityUnits": 1000, "WriteCapacityUnits": 1000}
    table = make_table(
        AttributeDefinitions=[*INDEX["AttributeDefinitions"]],
        GlobalSecondaryIndexes=[index],
        BillingMode="PROVISIONED",
        ProvisionedThroughput=throughput,
    )
    client, numbers = impatient(), iter(range(1000))

    def put() -> None:
        item = {**A, "color": {"S": "red"}, "text": {"S": "x" * 5000}, "n": {"N": str(next(numbers))}}
        client.put_item(TableName=table, Item=item)

    _, response = until_refused(put)
    assert "global secondary indexes" in response["Error"]["Message"]
    assert response["ThrottlingReasons"][0]["reason"] == "IndexWriteProvisionedThroughputExceeded"


@behaviour(
    "throttle.hot_partition",
    "one partition key takes 1,000 write units a second, on demand or not; others go on",
    source=HOT_KEYS,
)
def test_a_hot_partition(lab: labkit.Lab, make_table: Callable[..., str]) -> None:
    table, big = make_table(sk="N"), {"S": "x" * 400_000}  # 391 units
    client = impatient()
    numbers = iter(range(1000))

    def put(pk: str) -> None:
        client.put_item(TableName=table, Item={"pk": {"S": pk}, "sk": {"N": str(next(numbers))}, "text": big})

    done, response = until_refused(lambda: put("hot"), 40)
    assert 3 <= done < 40
    assert response["Error"]["Code"] == "ThrottlingException"
    assert response["throttlingReasons"][0]["reason"] == "TableWriteKeyRangeThroughputExceeded"
    for number in range(5):
        put(f"cold {number}")
    lab.wait(seconds=2)
    put("hot")


@behaviour(
    "throttle.on_demand",
    "a new table on demand takes 4,000 writes a second, and twice its former peak at once",
    source=GUIDE + "on-demand-capacity-mode.html",
    differs="a table on demand has no limit here but that of each partition key: one computer does not get that far",
)
def test_a_new_table_on_demand(make_table: Callable[..., str]) -> None:
    table = make_table()
    big = {"S": "x" * 400_000}
    client, numbers = impatient(), iter(range(100))
    until_refused(
        lambda: client.put_item(TableName=table, Item={"pk": {"S": str(next(numbers))}, "text": big}), at_most=60
    )
