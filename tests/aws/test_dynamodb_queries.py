"""DynamoDB: Query and Scan, of tables and indexes."""

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from behaviours import behaviour
from boto3.dynamodb.conditions import Attr, Key
from dynamodb_kit import API, DYNALITE, GUIDE, INDEX, LOCAL_INDEX, MOTO, refused, table_of

KEY_CONDITIONS = GUIDE + "Query.KeyConditionExpressions.html"
PAGES = GUIDE + "Query.Pagination.html"
MEGABYTE = "https://dev.to/aws-heroes/dynamodb-scan-and-why-128-5-rcu-2k25"


@pytest.fixture
def orders(make_table: Callable[..., str]) -> Any:
    """Five orders of `ana`, and one of `bob`."""
    table = table_of(make_table(sk="S"))
    with table.batch_writer() as batch:
        for sk in ("2026-01", "2026-02", "2026-03", "2027-01", "x"):
            batch.put_item(Item={"pk": "ana", "sk": sk, "n": len(sk)})
        batch.put_item(Item={"pk": "bob", "sk": "2026-01"})
    return table


def sort_keys(answer: dict[str, Any]) -> list[str]:
    return [item["sk"] for item in answer["Items"]]


def pages(call: Callable[..., Any], **arguments: Any) -> Iterable[dict[str, Any]]:
    """All pages, by ExclusiveStartKey."""
    while True:
        answer = call(**arguments)
        yield answer
        if "LastEvaluatedKey" not in answer:
            return
        arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


@behaviour("query.begins_with", "begins_with on the sort key, in its order", source=KEY_CONDITIONS)
def test_query_begins_with(orders: Any) -> None:
    answer = orders.query(KeyConditionExpression=Key("pk").eq("ana") & Key("sk").begins_with("2026"))
    assert sort_keys(answer) == ["2026-01", "2026-02", "2026-03"]


@behaviour(
    "query.between_desc", "BETWEEN includes both ends; ScanIndexForward=False turns round", source=API + "Query.html"
)
def test_query_between_backwards(orders: Any) -> None:
    between = Key("pk").eq("ana") & Key("sk").between("2026-02", "2027-01")
    answer = orders.query(KeyConditionExpression=between, ScanIndexForward=False)
    assert sort_keys(answer) == ["2027-01", "2026-03", "2026-02"]


@behaviour("query.comparisons", "<, <=, > and >= on the sort key", source=KEY_CONDITIONS)
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Key("sk").lt("2026-02"), ["2026-01"]),
        (Key("sk").lte("2026-02"), ["2026-01", "2026-02"]),
        (Key("sk").gt("2026-03"), ["2027-01", "x"]),
        (Key("sk").gte("2026-03"), ["2026-03", "2027-01", "x"]),
        (Key("sk").eq("x"), ["x"]),
    ],
)
def test_query_comparisons(orders: Any, condition: Any, expected: list[str]) -> None:
    assert sort_keys(orders.query(KeyConditionExpression=Key("pk").eq("ana") & condition)) == expected


@behaviour("query.order", "strings sort by their UTF-8 bytes, numbers by their value", source=API + "Query.html")
def test_query_order(make_table: Callable[..., str]) -> None:
    for type_, in_order in (("S", ["", "Z", "a", "é", "\uffff", "🐦"][1:]), ("N", [-20, -3, 0, 5, 10])):
        table = table_of(make_table(sk=type_))
        for sk in reversed(in_order):
            table.put_item(Item={"pk": "a", "sk": sk})
        assert [item["sk"] for item in table.query(KeyConditionExpression=Key("pk").eq("a"))["Items"]] == in_order


@behaviour(
    "query.without_pk",
    "a Query names one partition key",
    source=MOTO + "test_query_table_with_wrong_attrs_used_in_key_condition_expression",
)
def test_query_needs_the_partition_key(orders: Any) -> None:
    with refused("ValidationException", "Query condition missed key schema element: pk"):
        orders.query(KeyConditionExpression=Key("sk").eq("2026-01"))


@behaviour("query.pk_range", "a partition key is compared with = only", source=DYNALITE + "query")
def test_query_needs_one_partition_key(orders: Any) -> None:
    with refused("ValidationException", "Query key condition not supported"):
        orders.query(KeyConditionExpression=Key("pk").begins_with("a"))


@behaviour("query.nonkey_condition", "a key condition is about keys", source=DYNALITE + "query")
def test_query_by_another_attribute(orders: Any, make_table: Callable[..., str]) -> None:
    with refused("ValidationException", "Query condition missed key schema element: sk"):
        orders.query(KeyConditionExpression=Key("pk").eq("ana") & Key("n").eq(7))
    with refused("ValidationException", "Query key condition not supported"):
        table_of(make_table()).query(KeyConditionExpression=Key("pk").eq("ana") & Key("n").eq(7))
    with refused("ValidationException", "Condition parameter type does not match schema type"):
        orders.query(KeyConditionExpression=Key("pk").eq(1))


@behaviour(
    "query.operators", "OR, NOT, <>, IN and the other functions are no key conditions", source=DYNALITE + "query"
)
@pytest.mark.parametrize(
    "expression", ["pk = :a OR pk = :a", "NOT pk = :a", "pk <> :a", "pk IN (:a)", "contains(pk, :a)"]
)
def test_query_operators(orders: Any, expression: str) -> None:
    with refused("ValidationException", "Invalid operator used in KeyConditionExpression"):
        orders.query(KeyConditionExpression=expression, ExpressionAttributeValues={":a": "ana"})


@behaviour(
    "query.filter_on_key",
    "a filter is about what is not in the key",
    source=DYNALITE + "query",
)
def test_query_filter_on_a_key(orders: Any) -> None:
    with refused(
        "ValidationException",
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
    ):
        orders.query(KeyConditionExpression=Key("pk").eq("ana"), FilterExpression=Attr("sk").eq("x"))


@behaviour(
    "query.filter_counts",
    "Count is after the filter, ScannedCount before it",
    source=GUIDE + "Query.CountingItems.html",
)
def test_query_counts(orders: Any) -> None:
    query = {"KeyConditionExpression": Key("pk").eq("ana"), "FilterExpression": Attr("n").eq(7)}
    answer = orders.query(**query)
    assert (answer["Count"], answer["ScannedCount"], len(answer["Items"])) == (4, 5, 4)
    counted = orders.query(**query, Select="COUNT")
    assert (counted["Count"], counted["ScannedCount"]) == (4, 5)
    assert "Items" not in counted


@behaviour("query.limit_lek", "Limit ends a page; LastEvaluatedKey begins the next", source=PAGES)
def test_query_limit(orders: Any) -> None:
    first, second, third = pages(orders.query, KeyConditionExpression=Key("pk").eq("ana"), Limit=2)
    assert first["LastEvaluatedKey"] == {"pk": "ana", "sk": "2026-02"}
    assert [sort_keys(page) for page in (first, second, third)] == [
        ["2026-01", "2026-02"],
        ["2026-03", "2027-01"],
        ["x"],
    ]
    backwards = pages(orders.query, KeyConditionExpression=Key("pk").eq("ana"), Limit=4, ScanIndexForward=False)
    assert [sort_keys(page) for page in backwards] == [["x", "2027-01", "2026-03", "2026-02"], ["2026-01"]]


@behaviour(
    "query.limit_before_filter", "Limit counts what is read, not what the filter keeps", source=API + "Query.html"
)
def test_query_limit_is_before_the_filter(orders: Any) -> None:
    answer = orders.query(KeyConditionExpression=Key("pk").eq("ana"), FilterExpression=Attr("n").eq(1), Limit=4)
    assert (answer["Count"], answer["ScannedCount"]) == (0, 4)
    assert "LastEvaluatedKey" in answer


@behaviour(
    "query.limit_exact_lek",
    "a page that ends at Limit has a LastEvaluatedKey, also if nothing follows",
    source=PAGES,
)
def test_query_limit_at_the_end(orders: Any) -> None:
    full, empty = pages(orders.query, KeyConditionExpression=Key("pk").eq("ana"), Limit=5)
    assert (full["Count"], empty["Count"]) == (5, 0)
    assert "LastEvaluatedKey" not in orders.query(KeyConditionExpression=Key("pk").eq("ana"), Limit=6)


@pytest.fixture
def two_megabytes(make_table: Callable[..., str]) -> Any:
    """21 items of 100 KB."""
    table = table_of(make_table(sk="N"))
    for number in range(21):
        table.put_item(Item={"pk": f"p{number % 7}", "sk": number, "text": "x" * 102_400})
    return table


@behaviour("query.1mb_page", "a page of a Query ends at one megabyte", source=PAGES)
def test_a_query_page_is_a_megabyte(make_table: Callable[..., str]) -> None:
    table = table_of(make_table(sk="N"))
    for number in range(4):
        table.put_item(Item={"pk": "a", "sk": number, "text": "x" * 390_000})
    assert [page["Count"] for page in pages(table.query, KeyConditionExpression=Key("pk").eq("a"))] == [3, 1]


@behaviour(
    "scan.1mb_page",
    "a page of a Scan ends with the item that makes it a megabyte: 128.5 read units, and a little more",
    source=MEGABYTE,
)
def test_a_scan_page_is_a_megabyte(two_megabytes: Any) -> None:
    all_pages = list(pages(two_megabytes.scan, ReturnConsumedCapacity="TOTAL"))
    assert [page["Count"] for page in all_pages] == [11, 10]
    assert all_pages[0]["ConsumedCapacity"]["CapacityUnits"] == 138
    assert sorted(item["sk"] for page in all_pages for item in page["Items"]) == list(range(21))
    filtered = two_megabytes.scan(FilterExpression=Attr("sk").eq(-1))
    assert (filtered["Count"], filtered["ScannedCount"]) == (0, 11)
    assert "LastEvaluatedKey" in filtered


@behaviour(
    "scan.parallel_segments",
    "the segments of a parallel Scan are all of the table, and nothing twice",
    source=GUIDE + "Scan.html#Scan.ParallelScan",
)
def test_scan_segments(make_table: Callable[..., str]) -> None:
    table = table_of(make_table())
    with table.batch_writer() as batch:
        for number in range(60):
            batch.put_item(Item={"pk": f"item {number}"})
    segments = [
        [item["pk"] for page in pages(table.scan, Segment=n, TotalSegments=3, Limit=7) for item in page["Items"]]
        for n in range(3)
    ]
    assert sorted(itertools.chain(*segments)) == sorted(f"item {number}" for number in range(60))
    assert all(5 < len(segment) < 40 for segment in segments)
    with refused("ValidationException", "The Segment parameter is zero-based and must be less than"):
        table.scan(Segment=3, TotalSegments=3)
    with refused("ValidationException", "The TotalSegments parameter is required but was not present"):
        table.scan(Segment=3)


@behaviour(
    "scan.order",
    "a Scan goes by the partition keys' hashes: neither by insertion nor by name",
    source=GUIDE + "HowItWorks.Partitions.html",
)
def test_scan_order(make_table: Callable[..., str]) -> None:
    table = table_of(make_table())
    names = [f"item {number:02}" for number in range(20)]
    with table.batch_writer() as batch:
        for name in names:
            batch.put_item(Item={"pk": name})
    order = [item["pk"] for item in table.scan()["Items"]]
    assert order != names
    assert sorted(order) == names
    assert [item["pk"] for page in pages(table.scan, Limit=3) for item in page["Items"]] == order


@behaviour(
    "gsi.query", "an index has only items with its keys, and of them what it projects", source=GUIDE + "GSI.html"
)
def test_a_global_index(make_table: Callable[..., str]) -> None:
    table = table_of(make_table(**INDEX))
    table.put_item(Item={"pk": "a", "color": "red", "n": 1})
    table.put_item(Item={"pk": "b", "n": 2})
    table.put_item(Item={"pk": "c", "color": "red"})
    red = {"IndexName": "by-color", "KeyConditionExpression": Key("color").eq("red")}
    assert sorted(item["pk"] for item in table.query(**red)["Items"]) == ["a", "c"]
    assert all(set(item) == {"pk", "color"} for item in table.scan(IndexName="by-color")["Items"])
    table.update_item(Key={"pk": "a"}, UpdateExpression="REMOVE color")
    assert [item["pk"] for item in table.query(**red)["Items"]] == ["c"]
    with refused("ValidationException", "Global secondary index by-color does not project [n]"):
        table.query(**red, ProjectionExpression="n")


@behaviour("gsi.pages", "pages of an index continue where they ended, also among equal keys", source=PAGES)
def test_pages_of_a_global_index(make_table: Callable[..., str]) -> None:
    table = table_of(make_table(sk="N", **INDEX))
    for number in range(7):
        table.put_item(Item={"pk": f"p{number % 3}", "sk": number, "color": "red"})
    red = {"IndexName": "by-color", "KeyConditionExpression": Key("color").eq("red"), "Limit": 2}
    all_pages = list(pages(table.query, **red))
    assert set(all_pages[0]["LastEvaluatedKey"]) == {"color", "pk", "sk"}
    assert sorted(item["sk"] for page in all_pages for item in page["Items"]) == list(range(7))
    with refused("ValidationException", "The provided starting key is invalid"):
        table.query(**red, ExclusiveStartKey={"color": "red"})


@behaviour(
    "gsi.consistent_read",
    "an index of its own partition key is never read strongly consistently",
    source=GUIDE + "HowItWorks.ReadConsistency.html",
)
def test_a_global_index_is_eventual(make_table: Callable[..., str]) -> None:
    with refused("ValidationException", "Consistent reads are not supported on global secondary indexes"):
        table_of(make_table(**INDEX)).query(
            IndexName="by-color", KeyConditionExpression=Key("color").eq("red"), ConsistentRead=True
        )


@behaviour(
    "gsi.eventual",
    "a global index follows its table a moment later: right after a write, a query can miss it",
    source=GUIDE + "HowItWorks.ReadConsistency.html",
    differs="an index is written with its table here: a read that is stale now and then would make lessons flicker",
)
def test_a_global_index_lags(make_table: Callable[..., str]) -> None:
    table = table_of(make_table(**INDEX))
    found = 0
    for number in range(100):
        table.put_item(Item={"pk": str(number), "color": f"color {number}"})
        query = {"IndexName": "by-color", "KeyConditionExpression": Key("color").eq(f"color {number}")}
        found += table.query(**query)["Count"]
    assert found < 100


@behaviour("index.missing", "an index that there is not", source=DYNALITE + "query, scan")
def test_a_missing_index(orders: Any) -> None:
    with refused("ValidationException", "The table does not have the specified index: nope"):
        orders.query(IndexName="nope", KeyConditionExpression=Key("pk").eq("ana"))


@behaviour(
    "lsi.query",
    "a local index sorts a partition key's items another way, is read consistently, and can fetch whole items",
    source=GUIDE + "LSI.html",
)
def test_a_local_index(make_table: Callable[..., str]) -> None:
    table = table_of(make_table(sk="S", **LOCAL_INDEX))
    for sk, due in (("a", 3), ("b", 1), ("c", 2)):
        table.put_item(Item={"pk": "p", "sk": sk, "due": due, "text": sk * 5000})
    table.put_item(Item={"pk": "p", "sk": "no due date"})
    query = {
        "IndexName": "by-due",
        "KeyConditionExpression": Key("pk").eq("p") & Key("due").gte(2),
        "ConsistentRead": True,
        "ReturnConsumedCapacity": "INDEXES",
    }
    answer = table.query(**query)
    assert answer["Items"] == [{"pk": "p", "sk": sk, "due": due} for sk, due in (("c", 2), ("a", 3))]
    assert answer["ConsumedCapacity"]["LocalSecondaryIndexes"] == {"by-due": {"CapacityUnits": 1}}
    whole = table.query(**query, Select="ALL_ATTRIBUTES")
    assert [item["text"][0] for item in whole["Items"]] == ["c", "a"]
    assert whole["ConsumedCapacity"]["Table"] == {"CapacityUnits": 4}
