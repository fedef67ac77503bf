"""A DynamoDB table: moto's, which describes it, over a store, indexes, limits and an expiry of our own."""

import time
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.dynamo_type import Item as MotoItem
from moto.dynamodb.models.table import Table as MotoTable

from labkit.embedded.tables import capacity
from labkit.embedded.tables.capacity import TABLE, Consumed, Units
from labkit.embedded.tables.errors import invalid
from labkit.embedded.tables.expiry import Expiry
from labkit.embedded.tables.keys import Keys
from labkit.embedded.tables.store import Item, Key, Partition
from labkit.embedded.tables.throttling import Throttle
from labkit.embedded.tables.values import Attributes, checked_all
from labkit.embedded.tables.views import View

COUNTED_EVERY = 6 * 3600  # seconds between updates of ItemCount and TableSizeBytes
BECOMES_ACTIVE_AFTER = 5  # seconds, or at the first DescribeTable


class Table(MotoTable):  # type: ignore[misc]
    """All changes of items go through `write`, which keeps indexes, the stream and the expiry in step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = View.of_table(self.schema)
        self.views: dict[str, View] = {}
        self.sync_indexes()
        self.throttle = Throttle()
        self.expiry: Expiry | None = None
        self._active_from = time.time()
        self._counted_at, self._counted = time.time(), (0, 0)

    # Its shape

    def sync_indexes(self) -> None:
        """Make the stores of indexes that are new, filled with what is in the table, and drop those that are gone."""
        described = {index.name: index for index in self.all_indexes()}
        self.views = {name: view for name, view in self.views.items() if name in described}
        for name, index in described.items():
            if name not in self.views:
                view = self.views[name] = View.of_index(index, self.table_key_attrs, local=index in self.indexes)
                for item in self.base.items.scan():
                    if (entry := view.entry(item)) is not None:
                        view.items.put(*entry)

    def view(self, index_name: str | None) -> View:
        if index_name is None:
            return self.base
        if index_name not in self.views:
            raise invalid(f"The table does not have the specified index: {index_name}")
        return self.views[index_name]

    @property
    def keys(self) -> Keys:
        types = {definition["AttributeName"]: definition["AttributeType"] for definition in self.attr}
        return Keys(self.base, self.views.values(), types)

    @property
    def provisioned(self) -> bool:
        return bool(self.billing_mode != "PAY_PER_REQUEST")

    # Items

    def write_units(self, old: Item | None, new: Item | None) -> Units:
        units: Units = {TABLE: capacity.write_units(old, new)}
        for view in self.views.values():
            before, after = view.entry(old), view.entry(new)
            moved = bool(before and after and before[0] != after[0])
            if before or after:
                amount = capacity.index_write_units(before and before[1], after and after[1], moved=moved)
                units.update({view.name: amount} if amount else {})
        return units

    def write(self, key: Key, old: Item | None, new: Item | None, *, expired: bool = False) -> None:
        """Put `new` in the place of `old` (None: nothing)."""
        for view in (self.base, *self.views.values()):
            before, after = view.entry(old), view.entry(new)
            if before and (not after or before[0] != after[0]):
                view.items.remove(before[0])
            if after:
                view.items.put(*after)
        if self.expiry and new:
            self.expiry.note(key, new.attributes)
        if self.stream_shard is not None and old != new:
            self.stream_shard.add(self._moto_item(old), self._moto_item(new))
            if expired:
                by = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
                self.stream_shard.items[-1].record["userIdentity"] = by

    def remove_expired(self) -> None:
        """What time to live deletes, up to now by the movable clock. Costs no capacity."""
        for key, at in self.expiry.due() if self.expiry else ():
            item = self.base.items.get(key)
            if item and self.expiry and self.expiry.time_of(item.attributes) == at:
                self.write(key, item, None, expired=True)

    def set_expiry(self, attribute: str | None) -> None:
        """Turn time to live on, or off with None."""
        items = ((key, item) for item in self.base.items.scan() if (key := self.base.items.key_of(item.attributes)))
        self.expiry = Expiry(attribute, items) if attribute else None

    # Limits

    def admit(self, kind: str, index: str | None, partition: Partition | None = None) -> None:
        """Refuse the request, if the table (or the index) has nothing left to give. `kind`: `Read` or `Write`."""
        payer = self._payer(index)
        throughput = self.throughput if payer is TABLE else self.get_index(payer).throughput
        rate = float(throughput[f"{kind}CapacityUnits"]) if self.provisioned else None
        self.throttle.admit(kind, payer, rate, self.table_arn)
        if partition is not None:
            self.throttle.admit_partition(kind, partition, self.table_arn, provisioned=self.provisioned)

    def charge(self, kind: str, units: Units, partition: Partition | None = None) -> Consumed:
        """What was used, of the table and of its indexes; of the table's part, all by one `partition`, if it is given."""
        for index, amount in units.items():
            payer = self._payer(index)
            self.throttle.charge(kind, payer, amount)
            if payer is TABLE and partition is not None:
                self.throttle.charge_partition(kind, partition, amount)
        consumed = Consumed(self.name, frozenset(name for name, view in self.views.items() if view.local))
        consumed.add(units)
        return consumed

    def _payer(self, index: str | None) -> str | None:
        """A global index has capacity of its own, a local one uses the table's."""
        return TABLE if index is TABLE or self.views[index].local else index

    # Its life

    @property
    def active(self) -> bool:
        return time.time() >= self._active_from

    def created(self) -> None:
        """Just created by a request: CREATING until somebody asks, or a moment has passed."""
        self._active_from = time.time() + BECOMES_ACTIVE_AFTER

    def describe(self, base_key: str = "TableDescription") -> dict[str, Any]:
        result: dict[str, Any] = super().describe(base_key)
        if time.time() - self._counted_at >= COUNTED_EVERY:
            self.remove_expired()
            self._counted_at = time.time()
            self._counted = len(self), sum(item.size for item in self.base.items.scan())
        description = result[base_key]
        description["ItemCount"], description["TableSizeBytes"] = self._counted
        for indexes in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
            if not description[indexes]:
                del description[indexes]
        if base_key == "Table":
            self._active_from = time.time()
        return result

    # What moto's other services and its PartiQL ask of a table

    def __len__(self) -> int:
        return len(self.base.items)

    def all_items(self) -> list[MotoItem]:
        self.remove_expired()
        return [self._moto_item(item) for item in self.base.items.scan()]

    def put_item(self, item_attrs: Attributes, *_: Any, **__: Any) -> MotoItem:
        new = Item.of(checked_all(dict(item_attrs)))
        key = self.keys.of_item(new.attributes)
        self.write(key, self.base.items.get(key), new)
        return self._moto_item(new)

    def get_item(
        self, hash_key: DynamoType, range_key: DynamoType | None = None, *_: Any, **__: Any
    ) -> MotoItem | None:
        return self._moto_item(self.base.items.get(self._moto_key(hash_key, range_key)))

    def delete_item(self, hash_key: DynamoType, range_key: DynamoType | None) -> MotoItem | None:
        key = self._moto_key(hash_key, range_key)
        if old := self.base.items.get(key):
            self.write(key, old, None)
        return self._moto_item(old)

    def _moto_key(self, *parts: DynamoType | None) -> Key:
        given = [part.to_json() for part in parts if part is not None]
        return self.keys.of(checked_all(dict(zip(self.table_key_attrs, given, strict=False))))

    def _moto_item(self, item: Item | None) -> MotoItem | None:
        if item is None:
            return None
        keys = [DynamoType(item.attributes[name]) for name in self.table_key_attrs]
        moto_item = MotoItem(keys[0], keys[1] if len(keys) > 1 else None, {})
        # Not by moto's own way in, which reckons sizes otherwise and refuses items of nearly 400 KB.
        dict.update(moto_item.attrs, {name: DynamoType(value) for name, value in item.attributes.items()})
        return moto_item
