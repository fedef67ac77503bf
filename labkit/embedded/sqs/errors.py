"""What SQS answers when it refuses, so that boto3 raises the class and the code that it raises on AWS.

SQS speaks JSON but keeps the error codes of its older XML protocol: boto3 takes the exception's class from the body's
`__type` and `Error.Code` from the header `x-amzn-query-error`. Codes and texts are those recorded on AWS by
LocalStack's validated tests, or documented in botocore's service model where no recording exists.
"""

from typing import Any

MODELLED = "com.amazonaws.sqs#"
COMMON = "com.amazon.coral.service#"


class SqsError(Exception):
    """A refusal. `shape` is the exception's name in the JSON protocol, `code` the `Error.Code` that boto3 shows."""

    def __init__(
        self, shape: str, message: str, *, code: str | None = None, namespace: str = MODELLED, status: int = 400
    ):
        super().__init__(message)
        self.shape = shape
        self.code = code or shape
        self.message = message
        self.status = status
        self._namespace = namespace

    @property
    def fault(self) -> str:
        return "Sender" if self.status < 500 else "Receiver"

    @property
    def query_error(self) -> str:
        """The value of the header `x-amzn-query-error`."""
        return f"{self.code};{self.fault}"

    def body(self) -> dict[str, str]:
        return {"__type": self._namespace + self.shape, "message": self.message}

    def for_entry(self, entry_id: str) -> dict[str, Any]:
        """How a batch reports that this entry of it failed."""
        return {"Id": entry_id, "SenderFault": self.fault == "Sender", "Code": self.code, "Message": self.message}


def _legacy(shape: str, message: str, legacy_name: str | None = None) -> SqsError:
    return SqsError(shape, message, code=f"AWS.SimpleQueueService.{legacy_name or shape}")


def invalid_parameter(message: str) -> SqsError:
    return SqsError("InvalidParameterValueException", message, code="InvalidParameterValue", namespace=COMMON)


def invalid_value(value: object, parameter: str, reason: str) -> SqsError:
    return invalid_parameter(f"Value {value} for parameter {parameter} is invalid. Reason: {reason}")


def not_for_this_type(value: object, parameter: str) -> SqsError:
    return invalid_value(value, parameter, "The request includes a parameter that is not valid for this queue type.")


def missing_parameter(name: str) -> SqsError:
    return SqsError(
        "MissingRequiredParameterException",
        f"The request must contain the parameter {name}.",
        code="MissingParameter",
        namespace=COMMON,
    )


def malformed(message: str) -> SqsError:
    return SqsError("SerializationException", message, namespace=COMMON)


def too_large() -> SqsError:
    return SqsError("RequestEntityTooLarge", "The request is larger than SQS accepts.", namespace=COMMON, status=413)


def unknown_operation(name: str) -> SqsError:
    return SqsError(
        "UnknownOperationException", f"The operation {name} is not known.", code="InvalidAction", namespace=COMMON
    )


def internal_failure() -> SqsError:
    return SqsError("InternalFailure", "The request failed because of an unknown error.", namespace=COMMON, status=500)


def access_denied(message: str) -> SqsError:
    return SqsError("AccessDeniedException", message, code="AccessDenied", namespace=COMMON, status=403)


def queue_does_not_exist() -> SqsError:
    return _legacy("QueueDoesNotExist", "The specified queue does not exist.", "NonExistentQueue")


def queue_name_exists(attribute: str) -> SqsError:
    return SqsError(
        "QueueNameExists",
        f"A queue already exists with the same name and a different value for attribute {attribute}",
        code="QueueAlreadyExists",
    )


def queue_deleted_recently() -> SqsError:
    return _legacy(
        "QueueDeletedRecently",
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
    )


def purge_in_progress(queue_name: str) -> SqsError:
    return _legacy(
        "PurgeQueueInProgress", f"Only one PurgeQueue operation on {queue_name} is allowed every 60 seconds."
    )


def invalid_address(url: str) -> SqsError:
    return SqsError("InvalidAddress", f"The address {url} is not valid for this endpoint.")


def unknown_attribute(name: str) -> SqsError:
    return SqsError("InvalidAttributeName", f"Unknown Attribute {name}.")


def invalid_attribute_name(message: str) -> SqsError:
    return SqsError("InvalidAttributeName", message)


def invalid_attribute_value(name: str, reason: str | None = None) -> SqsError:
    message = f"Invalid value for the parameter {name}."
    return SqsError("InvalidAttributeValue", message + (f" Reason: {reason}" if reason else ""))


def invalid_message_contents(message: str) -> SqsError:
    return SqsError("InvalidMessageContents", message)


def receipt_handle_is_invalid(handle: str) -> SqsError:
    return SqsError("ReceiptHandleIsInvalid", f'The input receipt handle "{handle}" is not a valid receipt handle.')


def receipt_handle_expired(handle: str) -> SqsError:
    return invalid_value(handle, "ReceiptHandle", "The receipt handle has expired.")


def not_available_for_change(handle: str) -> SqsError:
    return invalid_value(
        handle, "ReceiptHandle", "Message does not exist or is not available for visibility timeout change."
    )


def over_limit(limit: int) -> SqsError:
    return SqsError("OverLimit", f"The queue has {limit} messages in flight, which is the maximum.", status=403)


def resource_not_found(message: str) -> SqsError:
    return SqsError("ResourceNotFoundException", message, status=404)


def empty_batch() -> SqsError:
    return _legacy("EmptyBatchRequest", "There should be at least one entry in the batch request.")


def too_many_entries(sent: int, limit: int) -> SqsError:
    return _legacy(
        "TooManyEntriesInBatchRequest",
        f"Maximum number of entries per request are {limit}. You have sent {sent}.",
    )


def invalid_batch_entry_id() -> SqsError:
    return _legacy(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
        "It can be at most 80 letters long.",
    )


def entry_ids_not_distinct(entry_id: str) -> SqsError:
    return _legacy("BatchEntryIdsNotDistinct", f"Id {entry_id} repeated.")


def batch_too_long(sent: int, limit: int) -> SqsError:
    return _legacy(
        "BatchRequestTooLong",
        f"Batch requests cannot be longer than {limit} bytes. You have sent {sent} bytes.",
    )
