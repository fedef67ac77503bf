"""What an item's key must be like."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from labkit.embedded.tables.errors import invalid, invalid_parameter
from labkit.embedded.tables.store import Key
from labkit.embedded.tables.values import Attributes, sortable, type_of
from labkit.embedded.tables.views import View

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
MAX_PARTITION_KEY_BYTES = 2048
MAX_SORT_KEY_BYTES = 1024
NO_MATCH = "The provided key element does not match the schema"


@dataclass(frozen=True)
class Keys:
    """Of a table and its indexes; `types` are those of all attributes that are in a key. Attributes come `checked`."""

    base: View
    indexes: Collection[View]
    types: Mapping[str, str]

    def of(self, attributes: Attributes) -> Key:
        """Where the item lies that has these key attributes, which must be all and nothing else."""
        if set(attributes) != set(self.base.key_names):
            raise invalid(NO_MATCH)
        if any(type_of(value) != self.types[name] for name, value in attributes.items()):
            raise invalid(NO_MATCH)
        return self._key(attributes)

    def of_item(self, item: Attributes) -> Key:
        """Where an item, which is to be written, will lie. It must fit the indexes, too."""
        for name in self.base.key_names:
            if name not in item:
                raise invalid_parameter(f"Missing the key {name} in the item")
            if type_of(item[name]) != self.types[name]:
                raise invalid_parameter(
                    f"Type mismatch for key {name} expected: {self.types[name]} actual: {type_of(item[name])}"
                )
        self.check_indexes(item)
        return self._key(item)

    def check_indexes(self, item: Attributes) -> None:
        """An item need not have an index's key attributes; those that it has must be of their types, and not empty."""
        for view in self.indexes:
            for name in (*view.partition_names, *view.sort_names):
                if name not in item:
                    continue
                type_, content = next(iter(item[name].items()))
                if type_ != self.types[name]:
                    raise invalid_parameter(
                        f"Type mismatch for Index Key {name} Expected: {self.types[name]} "
                        f"Actual: {type_} IndexName: {view.name}"
                    )
                if not content:
                    raise invalid(
                        "One or more parameter values are not valid. A value specified for a secondary index key is "
                        "not supported. The AttributeValue for a key attribute cannot contain an empty string value. "
                        f"IndexName: {view.name}, IndexKey: {name}"
                    )

    def _key(self, attributes: Attributes) -> Key:
        for name in self.base.key_names:
            type_, content = next(iter(attributes[name].items()))
            if not content:
                kind = "binary" if type_ == "B" else "string"
                raise invalid(
                    "One or more parameter values are not valid. "
                    f"The AttributeValue for a key attribute cannot contain an empty {kind} value. Key: {name}"
                )
            size = 0 if type_ == "N" else len(sortable(attributes[name]))
            if name in self.base.partition_names and size > MAX_PARTITION_KEY_BYTES:
                raise invalid_parameter(
                    f"Size of hashkey has exceeded the maximum size limit of{MAX_PARTITION_KEY_BYTES} bytes"
                )
            if name in self.base.sort_names and size > MAX_SORT_KEY_BYTES:
                raise invalid_parameter(
                    f"Aggregated size of all range keys has exceeded the size limit of {MAX_SORT_KEY_BYTES} bytes"
                )
        key = self.base.items.key_of(attributes)
        assert key is not None
        return key
