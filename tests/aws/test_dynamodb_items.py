"""DynamoDB: keys and items, what is taken and what is not."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from behaviours import behaviour
from dynamodb_kit import API, DYNALITE, GUIDE, INDEX, MOTO, refused, table_of

LIMITS = GUIDE + "Constraints.html"
TYPES = GUIDE + "HowItWorks.NamingRulesDataTypes.html"
DOES_NOT_MATCH = "The provided key element does not match the schema"


@behaviour("key.missing_pk", "an item has a partition key", source=API + "PutItem.html")
def test_put_needs_the_partition_key(dynamodb: Any, make_table: Callable[..., str]) -> None:
    with refused("ValidationException", "One or more parameter values were invalid: Missing the key pk in the item"):
        dynamodb.put_item(TableName=make_table(), Item={"other": {"S": "a"}})


@behaviour(
    "key.missing_sk_put",
    "an item has a sort key, if its table has one",
    source=API + "PutItem.html",
)
def test_put_needs_the_sort_key(dynamodb: Any, make_table: Callable[..., str]) -> None:
    with refused("ValidationException", "Missing the key sk in the item"):
        dynamodb.put_item(TableName=make_table(sk="S"), Item={"pk": {"S": "a"}})


@behaviour(
    "key.get_without_sk",
    "GetItem takes the whole key",
    source=GUIDE + "Programming.Errors.html",
)
def test_get_needs_the_whole_key(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table(sk="S")
    for call in (dynamodb.get_item, dynamodb.delete_item, dynamodb.update_item):
        with refused("ValidationException", DOES_NOT_MATCH):
            call(TableName=table, Key={"pk": {"S": "a"}})


@behaviour(
    "key.get_extra_attr",
    "GetItem takes the key and nothing else",
    source=MOTO + "test_provide_range_key_against_table_without_range_key",
)
def test_get_takes_only_the_key(dynamodb: Any, make_table: Callable[..., str]) -> None:
    with refused("ValidationException", DOES_NOT_MATCH):
        dynamodb.get_item(TableName=make_table(), Key={"pk": {"S": "a"}, "sk": {"S": "b"}})


@behaviour(
    "key.wrong_type",
    "a key has the type that the table was made with",
    source=DYNALITE + "putItem, getItem",
)
def test_a_key_has_its_type(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table(pk="S")
    with refused("ValidationException", "Type mismatch for key pk expected: S actual: N"):
        dynamodb.put_item(TableName=table, Item={"pk": {"N": "1"}})
    with refused("ValidationException", DOES_NOT_MATCH):
        dynamodb.get_item(TableName=table, Key={"pk": {"N": "1"}})


@behaviour(
    "key.index_type",
    "an attribute that is a key of an index has that key's type, if it is there",
    source=DYNALITE + "putItem",
)
def test_an_index_key_has_its_type(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table(**INDEX)
    with refused("ValidationException", "Type mismatch for Index Key color Expected: S Actual: N IndexName: by-color"):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "color": {"N": "1"}})
    with refused("ValidationException", "Type mismatch for Index Key color"):
        dynamodb.update_item(
            TableName=table,
            Key={"pk": {"S": "a"}},
            UpdateExpression="SET color = :c",
            ExpressionAttributeValues={":c": {"N": "1"}},
        )
    assert "Item" not in dynamodb.get_item(TableName=table, Key={"pk": {"S": "a"}})


@behaviour(
    "key.empty_string",
    "a key is not empty; any other string may be",
    source=GUIDE + "HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.String",
)
def test_a_key_is_not_empty(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    with refused("ValidationException", "cannot contain an empty string value. Key: pk"):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": ""}})
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "note": {"S": ""}})


@behaviour(
    "key.length",
    "a partition key has up to 2,048 bytes, a sort key up to 1,024",
    source=LIMITS,
)
def test_a_key_has_a_greatest_length(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table(sk="S")
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "ñ" * 1024}, "sk": {"S": "s" * 1024}})
    with refused("ValidationException", "Size of hashkey has exceeded the maximum size limit of2048 bytes"):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": "ñ" * 1025}, "sk": {"S": "s"}})
    with refused("ValidationException", "range keys has exceeded the size limit of 1024 bytes"):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "sk": {"S": "s" * 1025}})


@behaviour("put.overwrites", "PutItem replaces the whole item, and says nothing about it", source=API + "PutItem.html")
def test_put_replaces(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "old": {"S": "here"}})
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "new": {"S": "here"}})
    item = dynamodb.get_item(TableName=table, Key={"pk": {"S": "a"}})["Item"]
    assert item == {"pk": {"S": "a"}, "new": {"S": "here"}}


@behaviour(
    "put.return_values_old",
    "PutItem can return what it replaced, not what it wrote",
    source=API + "PutItem.html",
)
def test_put_returns_the_old_item(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    item = {"pk": {"S": "a"}}
    assert "Attributes" not in dynamodb.put_item(TableName=table, Item=item, ReturnValues="ALL_OLD")
    assert dynamodb.put_item(TableName=table, Item=item, ReturnValues="ALL_OLD")["Attributes"] == item
    with refused("ValidationException", "Return values set to invalid value"):
        dynamodb.put_item(TableName=table, Item=item, ReturnValues="ALL_NEW")


@behaviour(
    "delete.missing",
    "deleting what is not there succeeds",
    source=API + "DeleteItem.html",
)
def test_delete_twice(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table, key = make_table(), {"pk": {"S": "a"}}
    dynamodb.put_item(TableName=table, Item=key)
    assert dynamodb.delete_item(TableName=table, Key=key, ReturnValues="ALL_OLD")["Attributes"] == key
    assert "Attributes" not in dynamodb.delete_item(TableName=table, Key=key, ReturnValues="ALL_OLD")


@behaviour(
    "resource.float_rejected",
    "boto3's Table takes Decimal, not float",
    source="https://boto3.amazonaws.com/v1/documentation/api/latest/reference/customizations/dynamodb.html",
)
def test_boto3_takes_no_float(make_table: Callable[..., str]) -> None:
    with pytest.raises(TypeError, match="Float types are not supported"):
        table_of(make_table()).put_item(Item={"pk": "a", "price": 9.99})


@behaviour("number.38digits", "a number has up to 38 significant digits", source=TYPES)
def test_a_number_has_38_digits(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "n": {"N": "9" * 38 + "000"}})
    with refused("ValidationException", "Attempting to store more than 38 significant digits in a Number"):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "n": {"N": "9" * 39}})


@behaviour("number.range", "a number is between 1E-130 and 9.9…E+125, or 0, or the negative of these", source=TYPES)
def test_a_number_has_a_range(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    for number in ("1E-130", "-9E125", "0"):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "n": {"N": number}})
    for number, problem in (("1E126", "Number overflow"), ("-1E-131", "Number underflow"), ("ten", "numeric value")):
        with refused("ValidationException", problem):
            dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "n": {"N": number}})


@behaviour(
    "number.normalised",
    "a number comes back without leading and trailing zeroes",
    source=TYPES,
)
def test_a_number_loses_its_zeroes(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table(pk="N")
    dynamodb.put_item(
        TableName=table, Item={"pk": {"N": "007"}, "n": {"N": "1.50"}, "e": {"N": "1.2e3"}, "l": {"L": [{"N": "-0.0"}]}}
    )
    item = dynamodb.get_item(TableName=table, Key={"pk": {"N": "7.0"}})["Item"]
    assert item == {"pk": {"N": "7"}, "n": {"N": "1.5"}, "e": {"N": "1200"}, "l": {"L": [{"N": "0"}]}}


@behaviour("item.over_400kb", "an item has up to 400 KB, names included", source=LIMITS)
def test_an_item_has_400_kb(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    most = 400 * 1024 - len("pk") - len("a") - len("text")
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "text": {"S": "x" * most}})
    with refused("ValidationException", "Item size has exceeded the maximum allowed size"):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "text": {"S": "x" * (most + 1)}})
    with refused("ValidationException", "Item size to update has exceeded the maximum allowed size"):
        dynamodb.update_item(
            TableName=table,
            Key={"pk": {"S": "a"}},
            UpdateExpression="SET more = :m",
            ExpressionAttributeValues={":m": {"S": "x"}},
        )


@behaviour("set.empty", "a set has at least one member", source=TYPES)
def test_a_set_is_not_empty(dynamodb: Any, make_table: Callable[..., str]) -> None:
    table = make_table()
    with refused("ValidationException", "An string set  may not be empty"):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "tags": {"SS": []}})
    with refused("ValidationException", "contains duplicates"):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "tags": {"SS": ["x", "x"]}})


@behaviour("item.types", "every type comes back as it went in", source=TYPES)
def test_every_type_comes_back(make_table: Callable[..., str]) -> None:
    table = table_of(make_table())
    item = {
        "pk": "a",
        "text": "ñandú 🐦",
        "number": Decimal("-1.5"),
        "bytes": b"\x00\xff",
        "yes": True,
        "nothing": None,
        "list": [1, "two", [b"3"]],
        "map": {"deep": {"deeper": False}},
        "texts": {"b", "a"},
        "numbers": {Decimal(10), Decimal(9)},
        "binaries": {b"\x01", b"\x02"},
    }
    table.put_item(Item=item)
    back = table.get_item(Key={"pk": "a"})["Item"]
    back["bytes"], back["binaries"] = bytes(back["bytes"]), {bytes(each) for each in back["binaries"]}
    back["list"][2] = [bytes(back["list"][2][0])]
    assert back == item


@behaviour("item.nesting", "lists and maps go 32 levels deep", source=LIMITS)
def test_an_item_is_32_levels_deep(dynamodb: Any, make_table: Callable[..., str]) -> None:
    def nested(levels: int) -> dict[str, Any]:
        return {"L": [nested(levels - 1)]} if levels > 1 else {"S": "bottom"}

    table = make_table()
    dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "l": nested(32)})
    with refused("ValidationException", "Nesting Levels have exceeded supported limits"):
        dynamodb.put_item(TableName=table, Item={"pk": {"S": "a"}, "l": nested(33)})
