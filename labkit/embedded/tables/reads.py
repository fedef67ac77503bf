"""GetItem, Query and Scan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.responses import validate_select

from labkit.embedded.tables import capacity, conditions, keyconditions, legacy, matching, paths, syntax
from labkit.embedded.tables.capacity import TABLE
from labkit.embedded.tables.conditions import Condition
from labkit.embedded.tables.errors import invalid, invalid_parameter
from labkit.embedded.tables.paths import Path
from labkit.embedded.tables.store import Item, Key
from labkit.embedded.tables.syntax import Placeholders
from labkit.embedded.tables.table import Table
from labkit.embedded.tables.values import Attributes, checked_all, type_of
from labkit.embedded.tables.views import View

PAGE_BYTES = 1024 * 1024
Request = Mapping[str, Any]


def get_item(table: Table, request: dict[str, Any]) -> dict[str, Any]:
    projection = projection_of(request)
    key = table.keys.of(checked_all(request["Key"]))
    table.admit("Read", TABLE, key.partition)
    item = table.base.items.get(key)
    units = capacity.read_units(item.size if item else 0, consistent=request.get("ConsistentRead", False))
    consumed = table.charge("Read", {TABLE: units}, key.partition)
    answer: dict[str, Any] = {}
    if item:
        answer["Item"] = item.attributes if projection is None else paths.project(item.attributes, projection)
    for report in capacity.reported(request, [consumed]):
        answer["ConsumedCapacity"] = report
    return answer


def projection_of(request: Request) -> Sequence[Path] | None:
    """The paths that GetItem or BatchGetItem was asked for; None for all."""
    legacy.check_not_mixed(request, ["ProjectionExpression"], ["AttributesToGet"])
    placeholders = Placeholders.of(request)
    projection = _projection(request, placeholders)
    placeholders.check_all_used()
    return projection


def _projection(request: Request, placeholders: Placeholders) -> Sequence[Path] | None:
    if (expression := request.get("ProjectionExpression")) is not None:
        return syntax.projection(expression, placeholders)
    names = request.get("AttributesToGet")
    return None if names is None else [(name,) for name in names]


@dataclass(frozen=True)
class Page:
    """What Query and Scan have in common: items to go through, which of them to keep, and how much of each."""

    table: Table
    view: View
    request: dict[str, Any]
    filter: Condition | None
    projection: Sequence[Path] | None

    @classmethod
    def of(cls, operation: str, table: Table, request: dict[str, Any], placeholders: Placeholders) -> "Page":
        view = table.view(request.get("IndexName"))
        if not view.local and request.get("ConsistentRead"):
            raise invalid("Consistent reads are not supported on global secondary indexes")
        filter_: Condition | None
        if (expression := request.get("FilterExpression")) is not None:
            filter_ = conditions.parse("FilterExpression", expression, placeholders)
        else:
            filter_ = legacy.condition(request.get(f"{operation}Filter"), request.get("ConditionalOperator"))
        projection = _projection(request, placeholders)
        placeholders.check_all_used()
        validate_select(
            operation=operation,
            select=request.get("Select"),
            projection_expression=request.get("ProjectionExpression"),
            attributes_to_get=request.get("AttributesToGet"),
            table=table,
            index_name=view.name,
        )
        page = cls(table, view, request, filter_, projection)
        if not view.local and view.projected is not None:
            missing = [str(path[0]) for path in projection or () if path[0] not in view.projected]
            if missing:
                raise invalid_parameter(
                    f"Global secondary index {view.name} does not project [{', '.join(sorted(missing))}]"
                )
        return page

    def start(self) -> Key | None:
        """Where the page before this one ended."""
        given = self.request.get("ExclusiveStartKey")
        if given is None:
            return None
        attributes, types = checked_all(given), self.table.keys.types
        if set(attributes) != set(self.view.key_names):
            raise invalid("The provided starting key is invalid")
        if any(type_of(value) != types[name] for name, value in attributes.items()):
            raise invalid("The provided starting key is invalid: The provided key element does not match the schema")
        return self.view.items.key_of(attributes)

    def read(self, items: Iterator[Item], key: Key | None = None) -> dict[str, Any]:
        """Go through `items` up to the request's Limit or one megabyte; `key` if they are all of one collection."""
        partition = key.partition if key and self.view.local else None
        self.table.admit("Read", self.view.name, partition)
        kept: list[Attributes] = []
        size = scanned = 0
        fetched_units = 0.0
        item: Item | None = None
        more = False
        for item in items:
            scanned += 1
            size += item.size
            attributes, units = self._whole(item)
            fetched_units += units
            if self.filter is None or matching.holds(self.filter, attributes):
                kept.append(attributes if self.projection is None else paths.project(attributes, self.projection))
            if scanned == self.request.get("Limit") or size >= PAGE_BYTES:  # the item over the limit is still in
                more = True
                break
        answer: dict[str, Any] = {"Count": len(kept), "ScannedCount": scanned}
        if self.request.get("Select") != "COUNT":
            answer["Items"] = kept
        if more and item:
            answer["LastEvaluatedKey"] = {name: item.attributes[name] for name in self.view.key_names}
        units_read = {self.view.name: capacity.read_units(size, consistent=self._consistent)}
        if fetched_units:
            units_read[TABLE] = fetched_units
        consumed = self.table.charge("Read", units_read, partition)
        for report in capacity.reported(self.request, [consumed]):
            answer["ConsumedCapacity"] = report
        return answer

    @property
    def _consistent(self) -> bool:
        return bool(self.request.get("ConsistentRead", False))

    def _whole(self, item: Item) -> tuple[Attributes, float]:
        """A local index fetches from the table what it does not project, for the price of a read of each item."""
        projected = self.view.projected
        if projected is None or not self.view.local:
            return item.attributes, 0
        asks_all = self.request.get("Select") == "ALL_ATTRIBUTES"
        if not asks_all and all(path[0] in projected for path in self.projection or ()):
            return item.attributes, 0
        base = self.table.base.items
        key = base.key_of(item.attributes)
        whole = base.get(key) if key else None
        assert whole is not None
        return whole.attributes, capacity.read_units(whole.size, consistent=self._consistent)


def query(table: Table, request: dict[str, Any]) -> dict[str, Any]:
    legacy.check_not_mixed(
        request,
        ["ProjectionExpression", "FilterExpression", "KeyConditionExpression"],
        ["AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"],
    )
    placeholders = Placeholders.of(request)
    if (expression := request.get("KeyConditionExpression")) is not None:
        condition = conditions.parse("KeyConditionExpression", expression, placeholders)
    else:
        found = legacy.condition(request.get("KeyConditions"))
        if found is None:
            raise invalid(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
            )
        condition = found
    page = Page.of("Query", table, request, placeholders)
    partition, range_ = keyconditions.read(condition, page.view, table.keys.types)
    _check_filter(page)
    start = page.start()
    if start and start.partition != partition:
        raise invalid("The provided starting key is outside query boundaries based on provided conditions")
    backwards = request.get("ScanIndexForward") is False
    items = page.view.items.query(partition, range_, after=start and start.sort, backwards=backwards)
    return page.read(items, Key(partition, ()))


def _check_filter(page: Page) -> None:
    keys = {*page.view.partition_names, *page.view.sort_names}
    for path in page.filter.paths() if page.filter else ():
        if path[0] in keys:
            what = "QueryFilter" if "QueryFilter" in page.request else "Filter Expression"
            raise invalid(f"{what} can only contain non-primary key attributes: Primary key attribute: {path[0]}")


def scan(table: Table, request: dict[str, Any]) -> dict[str, Any]:
    legacy.check_not_mixed(
        request,
        ["ProjectionExpression", "FilterExpression"],
        ["AttributesToGet", "ScanFilter", "ConditionalOperator"],
    )
    segment, segments = request.get("Segment"), request.get("TotalSegments")
    for name, given, other_name, other in (
        ("TotalSegments", segments, "Segment", segment),
        ("Segment", segment, "TotalSegments", segments),
    ):
        if given is None and other is not None:
            raise invalid(
                f"The {name} parameter is required but was not present in the request when "
                f"{'Segment parameter' if other_name == 'Segment' else 'parameter TotalSegments'} is present"
            )
    if segment is not None and segments is not None and segment >= segments:
        raise invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments")
    page = Page.of("Scan", table, request, Placeholders.of(request))
    return page.read(page.view.items.scan(after=page.start(), segment=segment or 0, segments=segments or 1))
