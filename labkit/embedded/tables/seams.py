"""Where moto is held: its request handler for DynamoDB is subclassed, and its Table, and each named in one place.

`tests/embedded/test_tables_seams.py` says what to look at when a new moto breaks one of them.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.dynamodb import models, urls
from moto.dynamodb.responses import DynamoHandler
from moto.utilities.aws_headers import gen_amzn_requestid_long

from labkit.embedded.tables import batches, partiql, reads, requests, transactions, writes
from labkit.embedded.tables.errors import TableError, invalid, malformed, not_found
from labkit.embedded.tables.table import Table

Answer = tuple[int, dict[str, str], str]

ON_ONE_TABLE: dict[str, Callable[[Table, dict[str, Any]], dict[str, Any]]] = {
    "PutItem": writes.put_item,
    "UpdateItem": writes.update_item,
    "DeleteItem": writes.delete_item,
    "GetItem": reads.get_item,
    "Query": reads.query,
    "Scan": reads.scan,
}
ON_TABLES = {
    "BatchWriteItem": batches.batch_write_item,
    "BatchGetItem": batches.batch_get_item,
    "TransactGetItems": transactions.transact_get_items,
}
STATEMENTS = {
    "ExecuteStatement": partiql.execute_statement,
    "ExecuteTransaction": partiql.execute_transaction,
    "BatchExecuteStatement": partiql.batch_execute_statement,
}
NOT_HERE = ("RestoreTableFromBackup", "RestoreTableToPointInTime")

_tokens: dict[tuple[str, str], transactions.Tokens] = defaultdict(transactions.Tokens)  # by account and region


def install() -> None:
    """From now on, moto's DynamoDB is ours."""
    urls.url_paths["{0}/"] = Handler.dispatch
    models.Table = Table


class Handler(DynamoHandler):  # type: ignore[misc]
    """Answers what reads and writes items itself, and leaves tables' descriptions, tags, backups and so on to moto."""

    def _dispatch(self, request: Any, full_url: str | None = None, headers: Any = None) -> Answer:
        try:
            target = request.headers.get("X-Amz-Target", "").partition(".")[2]
            if target not in requests.operations():
                raise TableError("UnknownOperationException", "")
            return self._answer(target, request, full_url)
        except TableError as error:
            return _respond(400, error.body())
        except JsonRESTError as error:  # moto's own
            code = error.error_type.rpartition("#")[2]
            return _respond(error.code, TableError(code, error.message).body())
        except ValueError as error:  # moto's, where AWS has a sentence of its own
            return _respond(400, invalid(str(error)).body())
        except Exception as error:  # noqa: BLE001
            # A fault of ours. Not a 500: boto3 would repeat the call ten times before anybody saw it.
            return _respond(400, TableError("InternalServerError", f"{type(error).__name__}: {error}").body())

    def _answer(self, operation: str, request: Any, full_url: str | None) -> Answer:
        try:
            parameters = json.loads(request.get_data() or b"null")
        except (ValueError, RecursionError):
            raise malformed("Unexpected token received from parser") from None
        parameters = requests.check(operation, parameters)
        self.headers = request.headers
        self.querystring: dict[str, Any] = {}
        self.region = self.get_region_from_url(request, request.raw_url if full_url is None else full_url)
        self.current_account = self.get_current_account()
        if operation in NOT_HERE:
            raise TableError("UnknownOperationException", f"{operation} is not part of the embedded AWS.")
        if operation in ON_ONE_TABLE:
            return _respond(200, ON_ONE_TABLE[operation](self._find(parameters["TableName"]), parameters))
        if operation in ON_TABLES:
            return _respond(200, ON_TABLES[operation](self._find, parameters))
        if operation == "TransactWriteItems":
            tokens = _tokens[self.current_account, self.region]
            return _respond(200, transactions.transact_write_items(self._find, parameters, tokens))
        if operation in STATEMENTS:
            return _respond(200, STATEMENTS[operation](self.dynamodb_backend, parameters))
        return super()._dispatch(request, full_url)  # type: ignore[no-any-return]

    def create_table(self) -> Any:
        answer = super().create_table()
        self.dynamodb_backend.get_table(self.body["TableName"]).created()
        answer.result["TableDescription"]["TableStatus"] = "CREATING"
        return answer

    def delete_table(self) -> Any:
        name = self.body["TableName"]
        if not self.dynamodb_backend.get_table(name).active:
            sentence = f"Attempt to change a resource which is still in use: Table is being created: {name}"
            raise TableError("ResourceInUseException", sentence)
        answer = super().delete_table()
        answer.result["TableDescription"]["TableStatus"] = "DELETING"
        return answer

    def update_table(self) -> Any:
        """New indexes are filled at once; only this answer still says CREATING."""
        table = self.dynamodb_backend.get_table(self.body["TableName"])
        before = set(table.views)
        answer = super().update_table()
        table.sync_indexes()
        description = answer.result["TableDescription"]
        description["TableStatus"] = "UPDATING"
        for index in description.get("GlobalSecondaryIndexes", ()):
            if index["IndexName"] not in before:
                index.update(IndexStatus="CREATING", Backfilling=False)
        return answer

    def update_time_to_live(self) -> Any:
        table = self.dynamodb_backend.get_table(self.body["TableName"])
        wanted = self.body["TimeToLiveSpecification"]
        if wanted["Enabled"] == (table.expiry is not None):
            raise invalid(f"TimeToLive is already {'enabled' if wanted['Enabled'] else 'disabled'}")
        table.set_expiry(wanted["AttributeName"] if wanted["Enabled"] else None)
        return super().update_time_to_live()

    def _find(self, name: str) -> Table:
        table: Table = self.dynamodb_backend.get_table(name)
        if not table.active:
            raise not_found()
        table.remove_expired()
        return table


def _respond(status: int, answer: dict[str, Any]) -> Answer:
    headers = {"Content-Type": "application/x-amz-json-1.0"}
    gen_amzn_requestid_long(headers)
    return status, headers, json.dumps(answer)
