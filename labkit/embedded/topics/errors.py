"""What SNS answers when it refuses; moto writes it in the protocol of the request.

Codes and texts are those recorded on AWS by LocalStack's validated tests; where none was recorded, the code of
botocore's service model with a text of ours. What AWS adds about a JSON document's line and column is left out.
"""

from moto.core.exceptions import ServiceException


class Refusal(ServiceException):  # type: ignore[misc]
    """An error's code and message."""


class InvalidAttribute(Exception):  # noqa: N818 (a reason, not an error of its own)
    """What is wrong with an attribute of a topic or subscription. The call that sets it says it in its own words."""

    def as_refusal(self, *, creating: bool) -> Refusal:
        """`creating`: the attribute came with Subscribe or CreateTopic, not by itself."""
        return invalid(f"Attributes Reason: {self}" if creating else str(self))


def invalid(what: str) -> Refusal:
    return Refusal("InvalidParameter", f"Invalid parameter: {what}")


def missing(parameter: str) -> Refusal:
    return invalid(f"{parameter} Reason: no value for required parameter")


def not_an_arn(parameter: str, value: str) -> Refusal:
    return invalid(f"{parameter} Reason: An ARN must have at least 6 elements, not {len(value.split(':'))}")


def not_found(what: str) -> Refusal:
    return Refusal("NotFound", f"{what} does not exist")


def invalid_value(message: str) -> Refusal:
    """About message attributes; boto3 calls it InvalidParameterValueException."""
    return Refusal("ParameterValueInvalid", message)


def null_member(path: str) -> Refusal:
    return Refusal(
        "ValidationError",
        f"1 validation error detected: Value null at '{path}' failed to satisfy constraint: Member must not be null",
    )


def unknown_action(name: str, version: str) -> Refusal:
    return Refusal("InvalidAction", f"Could not find operation {name} for version {version}")


def malformed() -> Refusal:
    return Refusal("MalformedQueryString", "The request does not have the form of this operation's input.")


def empty_batch() -> Refusal:
    return Refusal("EmptyBatchRequest", "The batch request doesn't contain any entries.")


def too_many_entries() -> Refusal:
    return Refusal("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.")


def entry_ids_not_distinct() -> Refusal:
    return Refusal("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.")


def invalid_entry_id(entry_id: str, problem: str) -> Refusal:
    return Refusal("InvalidBatchEntryId", f"The Id of a batch entry in the batch request {problem}: {entry_id}")


def batch_too_long() -> Refusal:
    return Refusal("BatchRequestTooLong", "The length of all the messages put together is more than the limit.")
