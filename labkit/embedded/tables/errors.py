"""What DynamoDB answers when it refuses: a code, AWS's own sentence, and sometimes more."""

from typing import Any

_SERVICE = "com.amazonaws.dynamodb.v20120810#"
_NAMESPACES = {
    "ValidationException": "com.amazon.coral.validate#",
    "SerializationException": "com.amazon.coral.service#",
    "UnknownOperationException": "com.amazon.coral.service#",
    "ThrottlingException": "com.amazon.coral.availability#",
}


class TableError(Exception):
    """An error as it goes over the wire: `code` names boto3's exception class, `more` are its further members."""

    def __init__(self, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.more = more

    def body(self) -> dict[str, Any]:
        # The model calls it `message` in every error but two; boto3 reads either.
        name = (
            "Message"
            if self.code in ("TransactionCanceledException", "IdempotentParameterMismatchException")
            else "message"
        )
        return {"__type": _NAMESPACES.get(self.code, _SERVICE) + self.code, name: self.message, **self.more}


def invalid(message: str) -> TableError:
    return TableError("ValidationException", message)


def invalid_parameter(message: str) -> TableError:
    return invalid(f"One or more parameter values were invalid: {message}")


def malformed(message: str) -> TableError:
    return TableError("SerializationException", message)


def condition_failed(item: dict[str, Any] | None = None) -> TableError:
    more = {"Item": item} if item else {}
    return TableError("ConditionalCheckFailedException", "The conditional request failed", **more)


def not_found(message: str = "Requested resource not found") -> TableError:
    return TableError("ResourceNotFoundException", message)
