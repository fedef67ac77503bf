"""What CloudWatch and Auto Scaling answer when they refuse; moto writes it in the protocol of the request."""

from moto.core.exceptions import ServiceException


class Refusal(ServiceException):  # type: ignore[misc]
    """An error's code and message."""


def validation_error(message: str) -> Refusal:
    return Refusal("ValidationError", message)


def invalid_value(message: str) -> Refusal:
    return Refusal("InvalidParameterValue", message)


def invalid_combination(message: str) -> Refusal:
    return Refusal("InvalidParameterCombination", message)


def missing_parameter(message: str) -> Refusal:
    return Refusal("MissingParameter", message)


def not_found(message: str = "") -> Refusal:
    return Refusal("ResourceNotFound", message)


def invalid_next_token() -> Refusal:
    return Refusal("InvalidNextToken", "The next token that you specified is not valid.")


def invalid_format(message: str) -> Refusal:
    return Refusal("InvalidFormat", message)


def not_here(what: str) -> Refusal:
    return validation_error(f"{what} is not part of the embedded AWS.")
