"""What of moto the tables stand on. If a new moto breaks one of these, look at `labkit/embedded/tables/seams.py`."""

import inspect
from typing import Any

from moto.core.responses import ActionResult, BaseResponse
from moto.dynamodb import models, responses, urls
from moto.dynamodb.models import table as moto_table

from labkit.embedded import tables
from labkit.embedded.tables.seams import Handler
from labkit.embedded.tables.table import Table


def test_requests_reach_our_handler() -> None:
    """moto finds its handlers in `urls.url_paths`, and calls `dispatch`, which calls `_dispatch`."""
    tables.install()
    assert list(urls.url_paths) == ["{0}/"]
    assert urls.url_paths["{0}/"] == Handler.dispatch
    assert list(inspect.signature(BaseResponse._dispatch).parameters) == ["self", "request", "full_url", "headers"]


def test_new_tables_are_ours() -> None:
    """moto's `create_table` takes the class `Table` from its own module."""
    tables.install()
    assert models.Table is Table
    assert "= Table(" in inspect.getsource(models.DynamoDBBackend.create_table)


def test_the_handler_has_what_we_extend() -> None:
    """These of moto's operations are called and their answers changed: they take no arguments, the request is `body`."""
    for name in ("create_table", "delete_table", "update_table", "update_time_to_live"):
        assert list(inspect.signature(getattr(responses.DynamoHandler, name)).parameters) == ["self"]
    assert 'self.body = getattr(self, "params"' in inspect.getsource(responses.DynamoHandler.call_action)
    assert hasattr(ActionResult({}), "result")
    for name in ("get_region_from_url", "get_current_account"):
        assert hasattr(BaseResponse, name)


def test_a_table_describes_itself() -> None:
    """`describe`, `all_indexes`, `stream_shard` and the names of keys are moto's."""
    table = _table()
    assert isinstance(table, moto_table.Table)
    assert table.table_key_attrs == ["pk"]
    described = table.describe()["TableDescription"]
    assert {"TableStatus", "ItemCount", "TableSizeBytes", "ProvisionedThroughput"} <= set(described)
    assert table.describe(base_key="Table")["Table"]["TableName"] == "t"
    assert table.stream_shard is not None


def test_the_rest_of_moto_reads_our_items() -> None:
    """PartiQL, exports and streams go through `put_item`, `all_items`, `get_item` and `delete_item`."""
    table = _table()
    table.put_item({"pk": {"S": "a"}, "n": {"N": "1.0"}})
    (item,) = table.all_items()
    assert item.to_json() == {"Attributes": {"pk": {"S": "a"}, "n": {"N": "1"}}}
    assert table.get_item(item.hash_key) == table.delete_item(item.hash_key, None) == item
    assert len(table) == 0
    assert [record.record["eventName"] for record in table.stream_shard.items] == ["INSERT", "REMOVE"]


def test_select_is_checked_by_moto() -> None:
    assert set(inspect.signature(responses.validate_select).parameters) == {
        "operation", "select", "projection_expression", "attributes_to_get", "table", "index_name",
    }  # fmt: skip


def _table() -> Any:
    return Table(
        "t",
        account_id="123456789012",
        region="us-east-1",
        schema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        attr=[{"AttributeName": "pk", "AttributeType": "S"}],
        billing_mode="PAY_PER_REQUEST",
        streams={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
