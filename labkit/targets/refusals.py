"""What AWS, boto3 or the network refused, as one sentence for a student.

The codes: `embedded/access/refusals` and the sources given there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoRegionError,
    SSLError,
)

from labkit.errors import LabError
from labkit.texts import targets as texts

# Services of two families name the same thing differently: IAM User Guide and each API Reference, "Common Errors".
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"})
_INVALID = frozenset(
    {
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "InvalidToken",
        "AuthFailure",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
    }
)
_SIGNATURE = frozenset({"SignatureDoesNotMatch", "InvalidSignatureException"})
_CLOCK = ("Signature expired", "Signature not yet current")
_DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "OptInRequired"}
)
_THROTTLED = frozenset({"Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"})


@contextmanager
def in_a_sentence(region: str) -> Iterator[None]:
    """Turn whatever an AWS call in this block is refused with into a LabError."""
    try:
        yield
    except ClientError as error:
        raise LabError(_of_service(error)) from None
    except SSLError:
        raise LabError(texts.NO_TLS) from None
    except (EndpointConnectionError, ConnectTimeoutError, HTTPClientError, NoRegionError):
        raise LabError(texts.NO_NETWORK.format(region=region)) from None
    except BotoCoreError as error:
        raise LabError(texts.REFUSED.format(operation="AWS", code=type(error).__name__)) from None


def _of_service(error: ClientError) -> str:
    code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    if code in EXPIRED:
        return texts.EXPIRED
    if code in _INVALID:
        return texts.INVALID
    if code == "RequestTimeTooSkewed" or (code in _SIGNATURE and message.startswith(_CLOCK)):
        return texts.WRONG_CLOCK
    if code in _SIGNATURE:
        return texts.WRONG_SECRET
    if code in _DENIED:
        return texts.NOT_ALLOWED.format(operation=error.operation_name)
    if code in _THROTTLED:
        return texts.THROTTLED
    return texts.REFUSED.format(operation=error.operation_name, code=code)
