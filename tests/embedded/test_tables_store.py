"""The tables' store against the simplest model of it: a list of items, sorted and filtered anew for each question."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.embedded.tables.store import Item, Key, OrderedItems, Range
from labkit.embedded.tables.values import sortable

FEW = st.sampled_from(["a", "b", "c"])
NUMBERS = st.integers(-5, 5)
TEXTS = st.text("abé🐦", max_size=3)
CHANGES = st.lists(st.tuples(FEW, NUMBERS | TEXTS, st.sampled_from(["put", "put", "remove"])), max_size=40)


def item_of(pk: str, sk: object, version: int) -> Item:
    typed = {"N": str(sk)} if isinstance(sk, int) else {"S": str(sk)}
    return Item.of({"pk": {"S": pk}, "sk": typed, "version": {"N": str(version)}})


def filled(changes: list[tuple[str, object, str]], kind: type) -> tuple[OrderedItems, dict[Key, Item]]:
    """A store and its model after `changes`; only sort keys of one type, as in a table."""
    store, model = OrderedItems(["pk"], ["sk"]), dict[Key, Item]()
    for version, (pk, sk, change) in enumerate(changes):
        if not isinstance(sk, kind):
            continue
        item = item_of(pk, sk, version)
        key = store.key_of(item.attributes)
        assert key is not None
        if change == "put":
            store.put(key, item)
            model[key] = item
        else:
            store.remove(key)
            model.pop(key, None)
    return store, model


def expected(model: dict[Key, Item], pk: str, range_: Range, after: Any, backwards: bool) -> list[Item]:
    def inside(value: Any) -> bool:
        return (
            (range_.low is None or value > range_.low[0] or (range_.low[1] and value == range_.low[0]))
            and (range_.high is None or value < range_.high[0] or (range_.high[1] and value == range_.high[0]))
            and (range_.prefix is None or value.startswith(range_.prefix))
            and range_.equal in ((), (value,))
            and (after is None or (value < after if backwards else value > after))
        )

    found = [key for key in model if key.partition == (pk.encode(),) and inside(key.sort[0])]
    return [model[key] for key in sorted(found, key=lambda key: key.sort, reverse=backwards)]


@st.composite
def ranges(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> Range:
    value = values.map(lambda v: sortable({"N": str(v)} if isinstance(v, int) else {"S": v}))
    end = st.none() | st.tuples(value, st.booleans())
    if draw(st.booleans()):
        return Range(low=draw(end), high=draw(end))
    one = draw(value)
    return Range(prefix=one) if isinstance(one, bytes) and draw(st.booleans()) else Range(equal=(one,))


@settings(max_examples=150, deadline=None)
@given(st.data(), CHANGES, FEW, st.booleans(), st.sampled_from([int, str]))
def test_a_query_is_a_sorted_part(data: st.DataObject, changes: Any, pk: str, backwards: bool, kind: type) -> None:
    store, model = filled(changes, kind)
    values = NUMBERS if kind is int else TEXTS
    range_ = data.draw(ranges(values))
    start = data.draw(st.none() | values)
    after = None if start is None else sortable(item_of(pk, start, 0).attributes["sk"])
    found = store.query((pk.encode(),), range_, after=None if after is None else (after,), backwards=backwards)
    assert list(found) == expected(model, pk, range_, after, backwards)


@settings(max_examples=100, deadline=None)
@given(CHANGES, st.integers(1, 5), st.sampled_from([int, str]))
def test_a_scan_is_everything_once(changes: Any, segments: int, kind: type) -> None:
    store, model = filled(changes, kind)
    assert len(store) == len(model)
    everything = list(store.scan())
    assert sorted(map(repr, everything)) == sorted(map(repr, model.values()))
    in_segments = [item for n in range(segments) for item in store.scan(segment=n, segments=segments)]
    assert in_segments == everything
    for position, item in enumerate(everything):
        assert list(store.scan(after=store.key_of(item.attributes))) == everything[position + 1 :]
    assert all(store.get(key) is item for key, item in model.items())


def test_the_order_is_the_same_in_every_process() -> None:
    store = OrderedItems(["pk"], [])
    for name in "abcdefgh":
        item = Item.of({"pk": {"S": name}})
        store.put(Key((name.encode(),), ()), item)
    assert "".join(item.attributes["pk"]["S"] for item in store.scan()) == "ahcdfbge"
