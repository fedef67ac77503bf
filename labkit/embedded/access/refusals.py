"""The reasons why the gate turns a request away, with the code that each family of services gives for it.

AWS's services disagree: those with XML answers and those that kept their codes (SQS, SNS, STS, IAM, CloudWatch) say `InvalidClientTokenId` where DynamoDB says `UnrecognizedClientException` and S3 `InvalidAccessKeyId`.
Sources: IAM User Guide "Troubleshoot Signature Version 4 requests", STS API Reference "Common errors", DynamoDB
Developer Guide "Error handling", S3 API Reference "Error responses".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Codes:
    """The code of one reason in the three families, and the HTTP status of the first one."""

    query: str
    json: str
    s3: str
    status: int = 403


class Reason(Enum):
    UNSIGNED = Codes("MissingAuthenticationToken", "MissingAuthenticationTokenException", "AccessDenied")
    INCOMPLETE = Codes("IncompleteSignature", "IncompleteSignatureException", "AuthorizationHeaderMalformed", 400)
    UNKNOWN_KEY = Codes("InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId")
    WRONG_TOKEN = Codes("InvalidClientTokenId", "UnrecognizedClientException", "InvalidToken")
    EXPIRED = Codes("ExpiredToken", "ExpiredTokenException", "ExpiredToken")
    WRONG_SIGNATURE = Codes("SignatureDoesNotMatch", "InvalidSignatureException", "SignatureDoesNotMatch")
    SKEWED = Codes("SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed")
    DENIED = Codes("AccessDenied", "AccessDeniedException", "AccessDenied")
    MALFORMED = Codes("MalformedInput", "SerializationException", "InvalidRequest", 400)
    TOO_LARGE = Codes("RequestEntityTooLarge", "RequestEntityTooLargeException", "EntityTooLarge", 413)
    UNKNOWN_OPERATION = Codes("InvalidAction", "UnknownOperationException", "NotImplemented", 400)
    INVALID = Codes("ValidationError", "ValidationException", "InvalidArgument", 400)
    MALFORMED_POLICY = Codes("MalformedPolicyDocument", "MalformedPolicyDocumentException", "MalformedPolicy", 400)
    THROTTLED = Codes("Throttling", "ThrottlingException", "SlowDown", 400)
    REQUEST_THROTTLED = Codes("RequestThrottled", "RequestThrottled", "SlowDown")  # SQS's
    FAILED = Codes("InternalFailure", "InternalFailure", "InternalError", 500)


MESSAGES = {
    Reason.UNSIGNED: "Request is missing Authentication Token",
    Reason.UNKNOWN_KEY: "The security token included in the request is invalid.",
    Reason.WRONG_TOKEN: "The security token included in the request is invalid.",
    Reason.EXPIRED: "The security token included in the request is expired",
    Reason.WRONG_SIGNATURE: (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details."
    ),
    Reason.TOO_LARGE: "The request is larger than the service accepts.",
    Reason.THROTTLED: "Rate exceeded",
    Reason.FAILED: "The request processing has failed because of an unknown error, exception or failure.",
}

S3_MESSAGES = {
    Reason.UNSIGNED: "Access Denied",
    Reason.DENIED: "Access Denied",
    Reason.UNKNOWN_KEY: "The AWS Access Key Id you provided does not exist in our records.",
    Reason.WRONG_TOKEN: "The provided token is malformed or otherwise invalid.",
    Reason.EXPIRED: "The provided token has expired.",
    Reason.SKEWED: "The difference between the request time and the current time is too large.",
    Reason.WRONG_SIGNATURE: (
        "The request signature we calculated does not match the signature you provided. Check your key and signing "
        "method."
    ),
}


class Refused(Exception):  # noqa: N818 (a refusal is an answer, not a fault of ours)
    """A request that is not let through. `message` is AWS's own where none is given."""

    def __init__(self, reason: Reason, message: str | None = None) -> None:
        self.reason = reason
        self.message = message
        super().__init__(message or MESSAGES.get(reason, reason.name))
