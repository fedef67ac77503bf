"""ExecuteStatement and its kin: moto's PartiQL, over our tables, with AWS's errors where it has none."""

from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.dynamodb.models import DynamoDBBackend

from labkit.embedded.tables.errors import TableError, invalid


def execute_statement(backend: DynamoDBBackend, request: dict[str, Any]) -> dict[str, Any]:
    return {"Items": _execute(backend.execute_statement, request["Statement"], request.get("Parameters", []))}


def execute_transaction(backend: DynamoDBBackend, request: dict[str, Any]) -> dict[str, Any]:
    return {"Responses": _execute(backend.execute_transaction, request["TransactStatements"])}


def batch_execute_statement(backend: DynamoDBBackend, request: dict[str, Any]) -> dict[str, Any]:
    return {"Responses": _execute(backend.batch_execute_statement, request["Statements"])}


def _execute(what: Any, *arguments: Any) -> Any:
    try:
        return what(*arguments)
    except (TableError, JsonRESTError):
        raise
    except Exception as error:
        raise invalid(f"Statement wasn't well formed, can't be processed: {error}") from error
