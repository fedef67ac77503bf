"""A table that `labkit.seeding` filled is as if BatchWriteItem had filled it."""

import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

import labkit
from labkit import seeding
from labkit.targets import batch_writing

ITEMS: list[dict[str, Any]] = [
    {"pk": {"S": "numbers"}, "n": {"N": "1.50"}, "large": {"N": "1E3"}, "none": {"NULL": True}, "yes": {"BOOL": False}},
    {"pk": {"S": "sets"}, "words": {"SS": ["b", "a"]}, "ns": {"NS": ["10", "2.0"]}, "bs": {"BS": [b"\x02", b"\x01"]}},
    {"pk": {"S": "binary"}, "b": {"B": b"\x00\xff"}, "array": {"B": bytearray(b"abc")}, "empty": {"B": b""}},
    {"pk": {"S": "nested"}, "l": {"L": [{"M": {"deep": {"L": [{"B": b"\x07"}, {"N": "1"}]}}}]}, "m": {"M": {}}},
    {"pk": {"S": "ñandú 🎟"}, "text": {"S": ""}, "color": {"S": "red"}, "due": {"N": "7"}},
    {"pk": {"S": "in the index"}, "color": {"S": "red"}, "due": {"N": "-1"}},
    {"pk": {"S": "not in the index"}, "color": {"S": "blue"}},
]
INDEX = {
    "IndexName": "by-color",
    "KeySchema": [{"AttributeName": "color", "KeyType": "HASH"}, {"AttributeName": "due", "KeyType": "RANGE"}],
    "Projection": {"ProjectionType": "ALL"},
}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def dynamodb(lab: labkit.Lab) -> Any:
    return boto3.client("dynamodb")


@pytest.fixture
def make_table(dynamodb: Any) -> Iterator[Callable[[], str]]:
    """Tables with the key `pk` and an index."""
    made: list[str] = []

    def make() -> str:
        made.append(f"seeded-{next(_numbers)}")
        types = {"pk": "S", "color": "S", "due": "N"}
        dynamodb.create_table(
            TableName=made[-1],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()],
            GlobalSecondaryIndexes=[INDEX],
            BillingMode="PAY_PER_REQUEST",
        )
        dynamodb.get_waiter("table_exists").wait(TableName=made[-1])
        return made[-1]

    yield make
    for name in made:
        dynamodb.delete_table(TableName=name)


def written(dynamodb: Any, table: str, items: list[dict[str, Any]]) -> None:
    dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}} for item in items]})


def in_order(dynamodb: Any, table: str, **more: Any) -> list[dict[str, Any]]:
    """All items, in the order of a Scan, and what reading them consumed."""
    answer = dynamodb.scan(TableName=table, ReturnConsumedCapacity="TOTAL", **more)
    return [*answer["Items"], {"units": answer["ConsumedCapacity"]["CapacityUnits"]}]


def refusal(do: Callable[[], object]) -> tuple[type, str, str]:
    with pytest.raises(ClientError) as caught:
        do()
    error = caught.value
    return type(error), str(error), error.response["Error"]["Code"]


def test_items_are_stored_as_batch_write_item_stores_them(
    lab: labkit.Lab, dynamodb: Any, make_table: Callable[[], str]
) -> None:
    by_hand, filled = make_table(), make_table()
    for items in (ITEMS, [{**ITEMS[5], "due": {"N": "9"}}, {"pk": {"S": "sets"}}]):  # the second time over the first
        written(dynamodb, by_hand, items)
        seeding.fill(lab, filled, items, len(items))
        assert in_order(dynamodb, filled) == in_order(dynamodb, by_hand)
        assert in_order(dynamodb, filled, IndexName="by-color") == in_order(dynamodb, by_hand, IndexName="by-color")
    assert len(in_order(dynamodb, filled, IndexName="by-color")) == 2 + 1
    read = {"TableName": filled, "Key": {"pk": {"S": "binary"}}}
    assert dynamodb.get_item(**read)["Item"]["b"] == {"B": b"\x00\xff"}


def test_what_is_filled_in_expires(lab: labkit.Lab, dynamodb: Any, make_table: Callable[[], str]) -> None:
    table, now = make_table(), int(lab.now().timestamp())
    dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    times = {"soon": now + 60, "later": now + 30 * 24 * 3600}
    seeding.fill(lab, table, ({"pk": {"S": name}, "expires": {"N": str(at)}} for name, at in times.items()), 2)
    lab.wait(days=3)
    assert [item["pk"]["S"] for item in dynamodb.scan(TableName=table)["Items"]] == ["later"]


@pytest.mark.parametrize(
    "item",
    [
        {"pk": {"S": "large"}, "text": {"S": "x" * 400 * 1024}},
        {"pk": {"N": "1"}},
        {"color": {"S": "no key"}},
        {"pk": {"S": ""}},
        {"pk": {"S": "a"}, "color": {"N": "1"}},
        {"pk": {"S": "a"}, "n": {"N": "nine"}},
        {"pk": {"S": "a"}, "s": {"SS": []}},
        ITEMS[0],  # twice in one batch
    ],
    ids=["over 400 KB", "key of another type", "no key", "empty key", "key of the index", "no number", "set", "twice"],
)
def test_what_batch_write_item_refuses_is_refused_by_the_same_error(
    lab: labkit.Lab, dynamodb: Any, make_table: Callable[[], str], item: dict[str, Any]
) -> None:
    table, items = make_table(), [ITEMS[0], item]
    by_hand = refusal(lambda: written(dynamodb, table, items))
    assert refusal(lambda: seeding.fill(lab, table, items, 2)) == by_hand
    assert dynamodb.scan(TableName=table)["Count"] == 0  # not the good one either: they are one batch


def test_a_table_that_is_not_there_is_refused_by_the_same_error(lab: labkit.Lab, dynamodb: Any) -> None:
    by_hand = refusal(lambda: written(dynamodb, "nowhere", ITEMS))
    assert refusal(lambda: seeding.fill(lab, "nowhere", ITEMS, 7)) == by_hand
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        lab.fill("nowhere", ITEMS)


def test_what_boto3_would_not_send_is_said_in_a_sentence(lab: labkit.Lab, make_table: Callable[[], str]) -> None:
    with pytest.raises(labkit.LabError, match=r'\{"N": "9\.99"\}'):
        lab.fill(make_table(), [{"pk": {"S": "a"}, "price": {"N": Decimal("9.99")}}])


class Bar:
    """The progress bar that a test looks at."""

    made: list["Bar"]

    def __init__(self, max: int, tooltip: str) -> None:
        self.max, self.seen, self.open = max, [0], True
        Bar.made.append(self)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "value":
            self.seen.append(value)
        super().__setattr__(name, value)

    def _repr_mimebundle_(self) -> dict[str, Any]:
        return {seeding._WIDGET_VIEW: {}}

    def close(self) -> None:
        self.open = False


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> list[Bar]:
    Bar.made = []
    monkeypatch.setattr(seeding.ipywidgets, "IntProgress", Bar)
    monkeypatch.setattr(seeding, "display", lambda *_, **__: None)
    return Bar.made


@pytest.mark.parametrize(("there_are", "count"), [(12, 12), (12, 5), (12, 1000), (0, 3)])
def test_what_was_written_is_counted_whatever_was_expected(
    lab: labkit.Lab,
    dynamodb: Any,
    make_table: Callable[[], str],
    bars: list[Bar],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    there_are: int,
    count: int,
) -> None:
    monkeypatch.setattr(seeding, "_AT_ONCE", 5)
    table = make_table()
    seeding.fill(lab, table, ({"pk": {"S": str(n)}} for n in range(there_are)), count)
    assert dynamodb.scan(TableName=table)["Count"] == there_are
    assert capsys.readouterr().out == f"{there_are} items written\n"
    (bar,) = bars
    assert bar.max == count
    assert bar.seen == [0, 5, 10, 12][: 1 if not there_are else None]
    assert not bar.open


def test_a_bar_does_not_outlive_a_refusal(lab: labkit.Lab, bars: list[Bar], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ClientError):
        seeding.fill(lab, "nowhere", ITEMS, 7)
    assert not bars[0].open
    assert capsys.readouterr().out == ""


class Forgetful:
    """A client that processes the first `most` items of each batch."""

    def __init__(self, *most: int) -> None:
        self._most = iter(most)
        self.stored: list[dict[str, Any]] = []
        self.sizes: list[int] = []

    def batch_write_item(self, **request: dict[str, list[Any]]) -> dict[str, Any]:
        ((table, puts),) = request["RequestItems"].items()
        self.sizes.append(len(puts))
        most = next(self._most, 25)
        self.stored += [put["PutRequest"]["Item"] for put in puts[:most]]
        return {"UnprocessedItems": {table: puts[most:]} if puts[most:] else {}}


def test_on_real_aws_what_was_not_processed_is_sent_again_after_a_growing_pause() -> None:
    items = [{"pk": {"S": str(n)}} for n in range(60)]
    client, pauses = Forgetful(25, 3, 0, 10), list[float]()
    batch_writing.put_all(client, "orders", items, pauses.append)
    assert sorted(client.stored, key=lambda item: int(item["pk"]["S"])) == items
    assert client.sizes == [25, 25, 25, 25, 22]
    assert pauses == [0.05, 0.1, 0.2]


def test_on_real_aws_a_pause_has_an_end() -> None:
    client, pauses = Forgetful(*[0] * 12), list[float]()
    batch_writing.put_all(client, "orders", [{"pk": {"S": "a"}}], pauses.append)
    assert (client.stored, max(pauses)) == ([{"pk": {"S": "a"}}], batch_writing.LONGEST_PAUSE)
