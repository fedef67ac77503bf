"""DynamoDB: what is true of a table itself."""

from collections.abc import Callable
from typing import Any

from behaviours import behaviour
from dynamodb_kit import API, GUIDE, INDEX, MOTO, refused

import labkit

PK = [{"AttributeName": "pk", "KeyType": "HASH"}]
PK_IS_A_STRING = [{"AttributeName": "pk", "AttributeType": "S"}]
ON_DEMAND = {"BillingMode": "PAY_PER_REQUEST"}


@behaviour(
    "create.status_creating",
    "CreateTable returns at once, with status CREATING; the table can be used when it is ACTIVE",
    source=API + "CreateTable.html",
)
def test_a_new_table_is_creating_first(dynamodb: Any) -> None:
    answer = dynamodb.create_table(
        TableName="creating-first", KeySchema=PK, AttributeDefinitions=PK_IS_A_STRING, **ON_DEMAND
    )
    try:
        assert answer["TableDescription"]["TableStatus"] == "CREATING"
        with refused("ResourceNotFoundException"):
            dynamodb.put_item(TableName="creating-first", Item={"pk": {"S": "too early"}})
    finally:
        dynamodb.get_waiter("table_exists").wait(TableName="creating-first")
        assert dynamodb.describe_table(TableName="creating-first")["Table"]["TableStatus"] == "ACTIVE"
        dynamodb.put_item(TableName="creating-first", Item={"pk": {"S": "now"}})
        assert dynamodb.delete_table(TableName="creating-first")["TableDescription"]["TableStatus"] == "DELETING"


@behaviour(
    "delete.while_creating",
    "a table that is still being made cannot be deleted",
    source=API + "DeleteTable.html",
)
def test_a_table_that_is_being_made_cannot_be_deleted(dynamodb: Any) -> None:
    dynamodb.create_table(TableName="too-early", KeySchema=PK, AttributeDefinitions=PK_IS_A_STRING, **ON_DEMAND)
    with refused("ResourceInUseException"):
        dynamodb.delete_table(TableName="too-early")
    dynamodb.get_waiter("table_exists").wait(TableName="too-early")
    dynamodb.delete_table(TableName="too-early")


@behaviour(
    "create.active_later",
    "a table becomes ACTIVE by itself, whether anybody asks or not",
    source=API + "CreateTable.html",
)
def test_a_new_table_becomes_active_with_time(lab: labkit.Lab, dynamodb: Any) -> None:
    dynamodb.create_table(TableName="active-later", KeySchema=PK, AttributeDefinitions=PK_IS_A_STRING, **ON_DEMAND)
    lab.wait(seconds=30)
    dynamodb.put_item(TableName="active-later", Item={"pk": {"S": "a"}})
    dynamodb.delete_table(TableName="active-later")


@behaviour(
    "create.key_not_defined",
    "a key attribute must be in AttributeDefinitions",
    source=API + "CreateTable.html",
)
def test_a_key_must_be_defined(dynamodb: Any) -> None:
    other = [{"AttributeName": "other", "AttributeType": "S"}]
    with refused("ValidationException", "One or more parameter values were invalid"):
        dynamodb.create_table(TableName="undefined-key", KeySchema=PK, AttributeDefinitions=other, **ON_DEMAND)


@behaviour(
    "create.unused_attr_def",
    "AttributeDefinitions is for keys only: an attribute that is in none is refused",
    source=API + "CreateTable.html",
)
def test_only_keys_are_defined(dynamodb: Any) -> None:
    definitions = [*PK_IS_A_STRING, {"AttributeName": "other", "AttributeType": "S"}]
    with refused("ValidationException", "Number of attributes in KeySchema does not exactly match"):
        dynamodb.create_table(TableName="defined-twice", KeySchema=PK, AttributeDefinitions=definitions, **ON_DEMAND)


@behaviour("create.duplicate", "a table's name is taken while it exists", source=API + "CreateTable.html")
def test_a_name_is_taken(dynamodb: Any, make_table: Callable[..., str]) -> None:
    with refused("ResourceInUseException", "Table already exists"):
        dynamodb.create_table(TableName=make_table(), KeySchema=PK, AttributeDefinitions=PK_IS_A_STRING, **ON_DEMAND)


@behaviour(
    "missing_table",
    "a table that does not exist: ResourceNotFoundException, which boto3 has as a class",
    source=GUIDE + "Programming.Errors.html",
)
def test_a_missing_table(dynamodb: Any) -> None:
    with refused("ResourceNotFoundException", "Requested resource not found"):
        dynamodb.get_item(TableName="no-such-table", Key={"pk": {"S": "a"}})
    with refused("ResourceNotFoundException", "Requested resource not found: Table: no-such-table not found"):
        dynamodb.describe_table(TableName="no-such-table")


@behaviour(
    "ttl.expiry",
    "an expired item is deleted within a few days, and read like any other until then",
    source=GUIDE + "TTL.html",
)
def test_time_to_live_deletes_late(lab: labkit.Lab, dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table(pk="S", **INDEX)
    dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    now = int(lab.now().timestamp())
    for pk, expires in (("short", {"N": str(now + 60)}), ("long", {"N": str(now + 30 * 86400)}), ("none", {"S": "60"})):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": pk}, "expires": expires, "color": {"S": "red"}})

    def all_keys(**index: str) -> set[str]:
        return {item["pk"]["S"] for item in dynamodb.scan(TableName=table, **index)["Items"]}

    lab.wait(minutes=5)
    assert all_keys() == {"short", "long", "none"}
    lab.wait(days=3)
    assert all_keys() == all_keys(IndexName="by-color") == {"long", "none"}


@behaviour(
    "ttl.renewed",
    "the expiry that counts is the one that is in the item when its time has come",
    source=GUIDE + "howitworks-ttl.html",
)
def test_a_renewed_item_stays(lab: labkit.Lab, dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table(pk="S")
    ttl = {"Enabled": True, "AttributeName": "expires"}
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "expires": {"N": str(int(lab.now().timestamp()))}})
    dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=ttl)
    dynamodb.update_item(
        TableName=table,
        Key={"pk": {"S": "a"}},
        UpdateExpression="SET expires = :later",
        ExpressionAttributeValues={":later": {"N": str(int(lab.now().timestamp()) + 30 * 86400)}},
    )
    lab.wait(days=4)
    assert "Item" in dynamodb.get_item(TableName=table, Key={"pk": {"S": "a"}})
    with refused("ValidationException", "TimeToLive is already enabled"):
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=ttl)


@behaviour(
    "streams.basic",
    "a stream has a record of each change, with the item before and after",
    source=GUIDE + "Streams.html",
)
def test_a_stream_has_every_change(dynamodb: Any, make_table: Callable[..., str]) -> None:
    import boto3

    table = make_table(pk="S", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    key = {"pk": {"S": "a"}}
    dynamodb.put_item(TableName=table, Item={**key, "n": {"N": "1"}})
    for _ in range(2):  # the second changes nothing, and leaves no record
        dynamodb.put_item(TableName=table, Item={**key, "n": {"N": "2"}})
    dynamodb.delete_item(TableName=table, Key=key)

    streams = boto3.client("dynamodbstreams")
    arn = dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    seen = [
        (r["eventName"], *(r["dynamodb"].get(image, {}).get("n", {}).get("N") for image in ("OldImage", "NewImage")))
        for r in records
    ]
    assert seen == [("INSERT", None, "1"), ("MODIFY", "1", "2"), ("REMOVE", "2", None)]


@behaviour(
    "update_table.gsi_add",
    "an index can be added later: it is CREATING, is filled with the items that there are, and then ACTIVE",
    source=GUIDE + "GSI.OnlineOps.html",
)
def test_an_index_can_be_added(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table(pk="S")
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "color": {"S": "red"}})
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "b"}})
    answer = dynamodb.update_table(
        TableName=table,
        AttributeDefinitions=[*PK_IS_A_STRING, *INDEX["AttributeDefinitions"]],
        GlobalSecondaryIndexUpdates=[{"Create": INDEX["GlobalSecondaryIndexes"][0]}],
    )
    assert answer["TableDescription"]["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING"
    dynamodb.get_waiter("table_exists").wait(TableName=table)
    description = dynamodb.describe_table(TableName=table)["Table"]
    assert description["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE"
    found = dynamodb.query(
        TableName=table,
        IndexName="by-color",
        KeyConditionExpression="color = :c",
        ExpressionAttributeValues={":c": {"S": "red"}},
    )
    assert found["Items"] == [{"pk": {"S": "a"}, "color": {"S": "red"}}]
    delete = {"TableName": table, "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-color"}}]}
    dynamodb.update_table(**delete)
    with refused("ValidationException", "The table does not have the specified index"):
        dynamodb.scan(TableName=table, IndexName="by-color")


@behaviour(
    "partiql",
    "ExecuteStatement reads with SELECT; a statement that is not well formed is a ValidationException",
    source=GUIDE + "ql-reference.select.html",
)
def test_partiql_selects(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table(pk="S")
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "n": {"N": "1"}})
    answer = dynamodb.execute_statement(Statement=f'SELECT n FROM "{table}" WHERE pk = ?', Parameters=[{"S": "a"}])
    assert answer["Items"] == [{"n": {"N": "1"}}]
    with refused("ValidationException", "Statement wasn't well formed, can't be processed"):
        dynamodb.execute_statement(Statement="SELEC everything")


def test_partiql_does_not_mind_a_full_item(dynamodb: Any, make_table: Callable[..., str]) -> None:
    """moto reads all tables for it, and reckons sizes in another way."""
    full = {"pk": {"S": "full"}, "text": {"S": "x" * (400 * 1024 - len("pkfulltext"))}}
    dynamodb.put_item(TableName=make_table(pk="S"), Item=full)
    table = make_table(pk="S")
    assert dynamodb.execute_statement(Statement=f'SELECT * FROM "{table}"')["Items"] == []


@behaviour(
    "partiql.update",
    "ExecuteStatement changes an item with UPDATE … SET n = 5",
    source=GUIDE + "ql-reference.update.html",
    differs="moto's PartiQL reads SELECT, INSERT and DELETE; no lesson needs more",
)
def test_partiql_updates(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table(pk="S")
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "n": {"N": "1"}})
    dynamodb.execute_statement(Statement=f"UPDATE \"{table}\" SET n = 5 WHERE pk = 'a'")


@behaviour(
    "item_count",
    "DescribeTable counts items about every six hours",
    source=API + "TableDescription.html",
)
def test_items_are_counted_now_and_then(lab: labkit.Lab, dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table(pk="S")
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}})
    assert dynamodb.describe_table(TableName=table)["Table"]["ItemCount"] == 0
    lab.wait(hours=7)
    description = dynamodb.describe_table(TableName=table)["Table"]
    assert (description["ItemCount"], description["TableSizeBytes"]) == (1, 3)


@behaviour(
    "key_type",
    "KeyType is HASH or RANGE",
    source=MOTO + "test_create_table__specify_non_key_column",
)
def test_key_types_are_two(dynamodb: Any) -> None:
    with refused("ValidationException", "'keySchema.1.member.keyType' failed to satisfy constraint", "[HASH, RANGE]"):
        dynamodb.create_table(
            TableName="key-type",
            KeySchema=[{"AttributeName": "pk", "KeyType": "SORT"}],
            AttributeDefinitions=PK_IS_A_STRING,
            **ON_DEMAND,
        )


@behaviour(
    "backups.restore",
    "RestoreTableFromBackup makes a new table of a backup",
    source=API + "RestoreTableFromBackup.html",
    differs="the embedded AWS keeps backups, and does not restore them: no lesson does",
)
def test_a_backup_can_be_restored(dynamodb: Any, make_table: Callable[..., str]) -> None:
    backup = dynamodb.create_backup(TableName=make_table(pk="S"), BackupName="before")["BackupDetails"]
    dynamodb.restore_table_from_backup(TargetTableName="restored", BackupArn=backup["BackupArn"])
