"""What a request asks to do, in the terms of policies: actions, each with the ARN of what it is done to.

Service Authorization Reference, the pages of SQS, SNS, DynamoDB and STS. For other services an action's resource is
`*`: only a statement with `"Resource": "*"` allows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from labkit.embedded.access.refusals import Reason, Refused

_IAM_PREFIXES = {"monitoring": "cloudwatch", "email": "ses"}  # where policies use another name than signatures
_JSON_SERVICES = {"AmazonSQS": "sqs", "DynamoDB_20120810": "dynamodb", "DynamoDBStreams_20120810": "dynamodb"}
_ACTION = re.compile(rb"(^|&)Action=[A-Za-z]")
_TRANSACTION_ACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "ConditionCheck": "ConditionCheckItem",
}


@dataclass(frozen=True, slots=True)
class Demand:
    action: str  # dynamodb:PutItem
    resource: str  # an ARN, or *


@dataclass(frozen=True, slots=True)
class Call:
    """An API call: `operation` and the parameters it came with."""

    service: str  # as signed
    operation: str
    region: str
    account: str
    parameters: Mapping[str, Any]


def check_target(service: str, environ: Mapping[str, Any], body: bytes) -> None:
    """Raises Refused if the request names no operation, or one of another service than it is signed for."""
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target is None:
        form = "form" in environ.get("CONTENT_TYPE", "") and service != "s3"
        named = form and (_ACTION.search(body) or _ACTION.search(environ.get("QUERY_STRING", "").encode()))
        if service in _JSON_SERVICES.values() or (form and not named):
            raise Refused(Reason.UNKNOWN_OPERATION, "The request names no operation of this service.")
        return
    meant = _JSON_SERVICES.get(target.partition(".")[0])
    if meant != service and (meant is not None or service in _JSON_SERVICES.values()):
        raise Refused(Reason.WRONG_SIGNATURE, f"Credential should be scoped to correct service: '{meant}'.")


def read_call(service: str, region: str, account: str, environ: Mapping[str, Any], body: bytes) -> Call:
    """Find out which operation this is. Raises Refused for a body that is none of AWS's."""
    target = environ.get("HTTP_X_AMZ_TARGET")
    path: str = environ.get("PATH_INFO", "")
    if service == "s3":
        return Call(service, _s3_operation(environ["REQUEST_METHOD"], path), region, account, {})
    if "/operation/" in path:  # Smithy's CBOR protocol
        return Call(service, path.rpartition("/")[2], region, account, {})
    if target is not None and "json" in environ.get("CONTENT_TYPE", ""):
        return Call(service, target.rpartition(".")[2], region, account, _json(body))
    parameters = _form(environ.get("QUERY_STRING", "") + "&" + body.decode("latin-1"))
    return Call(service, parameters.get("Action", environ["REQUEST_METHOD"]), region, account, parameters)


def demands(call: Call) -> Iterator[Demand]:
    """All that the caller must be allowed to do for this call to happen."""
    prefix = _IAM_PREFIXES.get(call.service, call.service)
    find = _RESOURCES.get(prefix, _unknown_resource)
    for operation, resource in find(call):
        yield Demand(f"{prefix}:{operation}", resource)


_Found = Iterator[tuple[str, str]]


def _unknown_resource(call: Call) -> _Found:
    yield call.operation, "*"


def _sqs(call: Call) -> _Found:
    """Only what no queue answers for: whatever a queue is asked, it decides itself, with its own policy."""
    if call.operation in ("CreateQueue", "ListQueues"):
        name = call.parameters.get("QueueName", "")
        yield call.operation, f"arn:aws:sqs:{call.region}:{call.account}:{name}"


def _sns(call: Call) -> _Found:
    given = call.parameters
    resource = given.get("TopicArn") or given.get("TargetArn") or given.get("ResourceArn") or given.get("PhoneNumber")
    if "SubscriptionArn" in given:
        resource = given["SubscriptionArn"].rpartition(":")[0]
    if call.operation == "CreateTopic":
        resource = f"arn:aws:sns:{call.region}:{call.account}:{given.get('Name', '')}"
    yield call.operation.removesuffix("Batch"), resource or f"arn:aws:sns:{call.region}:{call.account}:*"


def _dynamodb(call: Call) -> _Found:
    def table(name: Any) -> str:
        name = str(name)
        return name if name.startswith("arn:") else f"arn:aws:dynamodb:{call.region}:{call.account}:table/{name}"

    given = call.parameters
    if call.operation in ("TransactWriteItems", "TransactGetItems"):
        for entry in _list(given.get("TransactItems")):
            for kind, what in _dict(entry).items():
                yield _TRANSACTION_ACTIONS.get(kind, kind), table(_dict(what).get("TableName"))
    elif call.operation in ("BatchGetItem", "BatchWriteItem"):
        for name in _dict(given.get("RequestItems")):
            yield call.operation, table(name)
    elif "IndexName" in given:
        yield call.operation, f"{table(given.get('TableName'))}/index/{given['IndexName']}"
    elif "TableName" in given or "ResourceArn" in given:
        yield call.operation, table(given.get("TableName") or given["ResourceArn"])
    elif call.operation == "ListTables":
        yield call.operation, table("*")
    elif call.operation in ("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"):
        yield "PartiQL", "*"  # its actions depend on the statement; least privilege does not use it here
    else:
        yield call.operation, "*"


def _sts(call: Call) -> _Found:
    """`sts` itself looks after the others: they need no permission, or the role's trust as well."""
    if call.operation == "GetAccessKeyInfo":
        yield call.operation, "*"


_RESOURCES: dict[str, Callable[[Call], _Found]] = {"sqs": _sqs, "sns": _sns, "dynamodb": _dynamodb, "sts": _sts}


def _s3_operation(method: str, path: str) -> str:
    bucket, _, key = path.lstrip("/").partition("/")
    if not bucket:
        return "ListAllMyBuckets"
    if not key:
        return {"GET": "ListBucket", "HEAD": "ListBucket", "DELETE": "DeleteBucket"}.get(method, "CreateBucket")
    return {"GET": "GetObject", "HEAD": "GetObject", "DELETE": "DeleteObject"}.get(method, "PutObject")


def _form(text: str) -> Mapping[str, str]:
    pairs = parse_qsl(text, keep_blank_values=True)
    parameters = dict(pairs)
    if len(parameters) < len(pairs):  # who reads the first and who the last one would not agree
        raise Refused(Reason.MALFORMED, "A parameter of the request is given twice.")
    return parameters


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        return _dict(json.loads(body or b"{}"))
    except (ValueError, RecursionError):
        raise Refused(Reason.MALFORMED, "The request's body is not valid JSON.") from None


def _dict(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused(Reason.MALFORMED, "The request's body does not have the form of this operation's input.")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Refused(Reason.MALFORMED, "The request's body does not have the form of this operation's input.")
    return value
