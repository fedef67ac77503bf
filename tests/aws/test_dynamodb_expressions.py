"""DynamoDB: the expression language, and what it says to mistakes."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from behaviours import behaviour
from dynamodb_kit import API, DYNALITE, GUIDE, MOTO, refused, table_of

KEY = {"pk": "a"}
RESERVED = GUIDE + "ReservedWords.html"
UPDATE = GUIDE + "Expressions.UpdateExpressions.html"


@pytest.fixture
def table(make_table: Callable[..., str]) -> Any:
    return table_of(make_table())


@behaviour("expr.reserved_status", "`status` is one of 573 words that need a placeholder: in updates", source=RESERVED)
def test_reserved_in_an_update(table: Any) -> None:
    with refused(
        "ValidationException",
        "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status",
    ):
        table.update_item(Key=KEY, UpdateExpression="SET status = :s", ExpressionAttributeValues={":s": "done"})
    table.update_item(
        Key=KEY,
        UpdateExpression="SET #s = :s",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":s": "done"},
    )


@behaviour("expr.reserved_condition", "in conditions", source=RESERVED)
def test_reserved_in_a_condition(table: Any) -> None:
    with refused("ValidationException", "Invalid ConditionExpression: ", "reserved keyword: status"):
        table.put_item(Item=KEY, ConditionExpression="attribute_not_exists(status)")


@behaviour("expr.reserved_projection", "in projections", source=RESERVED)
def test_reserved_in_a_projection(table: Any) -> None:
    with refused("ValidationException", "Invalid ProjectionExpression: ", "reserved keyword: status"):
        table.get_item(Key=KEY, ProjectionExpression="status")


@behaviour("expr.reserved_filter", "in filters", source=RESERVED)
def test_reserved_in_a_filter(table: Any) -> None:
    with refused("ValidationException", "Invalid FilterExpression: ", "reserved keyword: status"):
        table.scan(FilterExpression="status = :s", ExpressionAttributeValues={":s": "done"})


@behaviour(
    "expr.unused_value",
    "a value that no expression uses is refused",
    source=MOTO + "test_update_item_unused_attributes, for values of a put",
)
def test_an_unused_value(table: Any) -> None:
    with refused(
        "ValidationException", "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}"
    ):
        table.put_item(Item=KEY, ConditionExpression="attribute_not_exists(pk)", ExpressionAttributeValues={":x": 1})
    with refused("ValidationException", "unused in expressions: keys: {:x}"):
        table.scan(FilterExpression="n = :n", ExpressionAttributeValues={":n": 1, ":x": 1})


@behaviour(
    "expr.unused_value_update",
    "an unused value or name in UpdateItem is refused",
    source=MOTO + "test_update_item_unused_attributes",
)
def test_an_unused_value_in_an_update(table: Any) -> None:
    with refused(
        "ValidationException",
        "1 validation error detected: Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}",
    ):
        table.update_item(Key=KEY, UpdateExpression="SET n = :n", ExpressionAttributeValues={":n": 1, ":x": 1})
    with refused("ValidationException", "ExpressionAttributeNames unused in expressions: keys: {#x}"):
        table.update_item(
            Key=KEY,
            UpdateExpression="SET n = :n",
            ExpressionAttributeNames={"#x": "x"},
            ExpressionAttributeValues={":n": 1},
        )


@behaviour("expr.undefined_value", "a value that is used must be given", source=DYNALITE + "updateItem")
def test_an_undefined_value(table: Any) -> None:
    with refused(
        "ValidationException",
        "An expression attribute value used in expression is not defined; attribute value: :missing",
    ):
        table.update_item(Key=KEY, UpdateExpression="SET n = :missing")
    with refused("ValidationException", "is not defined; attribute name: #missing"):
        table.update_item(Key=KEY, UpdateExpression="REMOVE #missing")


@behaviour("expr.update_pk", "a key cannot be updated", source=API + "UpdateItem.html")
def test_a_key_cannot_be_updated(table: Any) -> None:
    with refused("ValidationException", "Cannot update attribute pk. This attribute is part of the key"):
        table.update_item(Key=KEY, UpdateExpression="SET pk = :b", ExpressionAttributeValues={":b": "b"})


@behaviour(
    "expr.syntax_error",
    "a mistake in an expression is answered with the place where it is",
    source=DYNALITE + "updateItem",
)
@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("SET n", 'Syntax error; token: "<EOF>", near: "n"'),
        ("SETT n = :n", 'Syntax error; token: "SETT", near: "SETT n"'),
        ("SET n = :n,", 'Syntax error; token: "<EOF>", near: ","'),
        ("SET n = oops(n, :n)", "Invalid function name; function: oops"),
        ("SET n = :n SET m = :n", 'The "SET" section can only be used once in an update expression;'),
        (
            "SET n = :n, n.m = :n",
            "Two document paths overlap with each other; must remove or rewrite one of these paths;",
        ),
        ("REMOVE n, n[1].m SET o = :n", "Two document paths overlap with each other;"),
        (
            "SET n = list_append(a, :n)",
            "Incorrect operand type for operator or function; operator or function: list_append, operand type: N",
        ),
        ("", "The expression can not be empty;"),
    ],
)
def test_a_syntax_error(table: Any, expression: str, message: str) -> None:
    with refused("ValidationException", f"Invalid UpdateExpression: {message}"):
        table.update_item(Key=KEY, UpdateExpression=expression, ExpressionAttributeValues={":n": 1})


@behaviour(
    "expr.condition_error",
    "so is a mistake in a condition",
    source=DYNALITE + "putItem",
)
@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("n =", 'Syntax error; token: "<EOF>"'),
        ("n = = :n", 'Syntax error; token: "="'),
        ("n > :n AND", 'Syntax error; token: "<EOF>"'),
        ("((n = :n))", "The expression has redundant parentheses;"),
        ("exists(n)", "Invalid function name; function: exists"),
        ("attribute_exists(:n)", "Operator or function requires a document path"),
        ("begins_with(n, :n)", "operator or function: begins_with, operand type: N"),
        ("size(n)", 'Syntax error; token: "<EOF>"'),
        ("contains(n, contains(n, :n))", "The function is not allowed to be used this way in an expression"),
        ("n = n", "The first operand must be distinct from the remaining operands"),
        ("", "The expression can not be empty;"),
    ],
)
def test_a_condition_error(table: Any, expression: str, message: str) -> None:
    with refused("ValidationException", "Invalid ConditionExpression: ", message):
        table.put_item(Item=KEY, ConditionExpression=expression, ExpressionAttributeValues={":n": 1})


@behaviour(
    "expr.if_not_exists_list_append",
    "if_not_exists and list_append make a list grow, also where there was none",
    source=UPDATE,
)
def test_a_list_that_grows(table: Any) -> None:
    for event in ("sent", "received"):
        table.update_item(
            Key=KEY,
            UpdateExpression="SET history = list_append(if_not_exists(history, :none), :event)",
            ExpressionAttributeValues={":none": [], ":event": [event]},
        )
    assert table.get_item(Key=KEY)["Item"]["history"] == ["sent", "received"]


@behaviour(
    "expr.return_updated_new",
    "UPDATED_NEW returns what the expression touched, ALL_OLD the item before",
    source=API + "UpdateItem.html",
)
def test_what_an_update_returns(table: Any) -> None:
    table.put_item(Item={**KEY, "n": 1, "m": {"x": 1, "y": 2}, "other": "same"})

    def update(return_values: str) -> Any:
        return table.update_item(
            Key=KEY,
            UpdateExpression="SET m.x = m.x + :one ADD n :one",
            ExpressionAttributeValues={":one": 1},
            ReturnValues=return_values,
        ).get("Attributes")

    assert update("UPDATED_NEW") == {"n": 2, "m": {"x": 2}}
    assert update("UPDATED_OLD") == {"n": 2, "m": {"x": 2}}
    assert update("ALL_OLD") == {**KEY, "n": 3, "m": {"x": 3, "y": 2}, "other": "same"}
    assert update("ALL_NEW") == {**KEY, "n": 5, "m": {"x": 5, "y": 2}, "other": "same"}
    assert update("NONE") is None


@behaviour(
    "expr.actions",
    "SET reads the item as it was before, REMOVE takes list elements by their old places, ADD and DELETE know sets",
    source=UPDATE,
)
def test_the_four_actions(table: Any) -> None:
    table.put_item(Item={**KEY, "a": 1, "b": 2, "list": [0, 1, 2, 3], "tags": {"x", "y"}, "gone": True})
    table.update_item(
        Key=KEY,
        UpdateExpression="SET a = b, b = a, #l[9] = :n REMOVE #l[0], #l[2], gone ADD more :tags, n :n DELETE tags :x",
        ExpressionAttributeNames={"#l": "list"},
        ExpressionAttributeValues={":n": Decimal("0.1"), ":tags": {"z"}, ":x": {"x", "w"}},
    )
    assert table.get_item(Key=KEY)["Item"] == {
        **KEY, "a": 2, "b": 1, "list": [1, 3, Decimal("0.1")], "tags": {"y"}, "more": {"z"}, "n": Decimal("0.1"),
    }  # fmt: skip
    table.update_item(Key=KEY, UpdateExpression="DELETE tags :y", ExpressionAttributeValues={":y": {"y"}})
    assert "tags" not in table.get_item(Key=KEY)["Item"]


@behaviour(
    "expr.update_errors",
    "an update that does not fit the item is refused",
    source=DYNALITE + "updateItem",
)
@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("SET a.b = :n", "The document path provided in the update expression is invalid for update"),
        ("SET x = absent + :n", "The provided expression refers to an attribute that does not exist in the item"),
        ("SET x = word + :n", "An operand in the update expression has an incorrect data type"),
        ("ADD word :n", "An operand in the update expression has an incorrect data type"),
    ],
)
def test_an_update_that_does_not_fit(table: Any, expression: str, message: str) -> None:
    table.put_item(Item={**KEY, "word": "x"})
    with refused("ValidationException", message):
        table.update_item(Key=KEY, UpdateExpression=expression, ExpressionAttributeValues={":n": 1})


@behaviour(
    "expr.projection_paths",
    "a projection goes into maps and lists; elements close up",
    source=GUIDE + "Expressions.ProjectionExpressions.html",
)
def test_a_projection_goes_deep(table: Any) -> None:
    table.put_item(Item={**KEY, "m": {"x": 1, "y": {"z": 2}}, "list": ["0", "1", "2"], "n": 1})
    item = table.get_item(
        Key=KEY,
        ProjectionExpression="m.y.z, #l[2], #l[0], nothing, n.a",
        ExpressionAttributeNames={"#l": "list"},
    )["Item"]
    assert item == {"m": {"y": {"z": 2}}, "list": ["0", "2"]}


@behaviour(
    "legacy.parameters",
    "the parameters of before 2014 still work, but not mixed with expressions",
    source=GUIDE + "LegacyConditionalParameters.html",
)
def test_the_parameters_of_old(table: Any) -> None:
    put = {"AttributeUpdates": {"n": {"Action": "ADD", "Value": 1}, "t": {"Value": "x"}}}
    expected = {"Expected": {"n": {"Exists": False}}}
    table.update_item(Key=KEY, **put, **expected)
    with refused("ConditionalCheckFailedException"):
        table.update_item(Key=KEY, **put, **expected)
    condition = {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": ["a"]}}
    assert table.query(KeyConditions=condition, AttributesToGet=["n"])["Items"] == [{"n": 1}]
    none = {"n": {"ComparisonOperator": "GT", "AttributeValueList": [1]}}
    assert table.scan(ScanFilter=none)["Count"] == 0
    with refused("ValidationException", "Can not use both expression and non-expression parameters"):
        table.scan(ScanFilter=none, FilterExpression="attribute_exists(n)")
