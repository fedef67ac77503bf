"""What the DynamoDB behaviours have in common."""

import functools
import json
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_"
MOTO = "moto's tests marked aws_verified: "
DYNALITE = "dynalite's tests, which also run against AWS: "

INDEX = {
    "AttributeDefinitions": [{"AttributeName": "color", "AttributeType": "S"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-color",
            "KeySchema": [{"AttributeName": "color", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
}
LOCAL_INDEX = {
    "AttributeDefinitions": [{"AttributeName": "due", "AttributeType": "N"}],
    "LocalSecondaryIndexes": [
        {
            "IndexName": "by-due",
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "due", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
}
PROVISIONED_1 = {
    "BillingMode": "PROVISIONED",
    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
}


@contextmanager
def refused(code: str, *parts: str) -> Iterator[dict[str, Any]]:
    """The block ends in the ClientError `code`, whose message has all `parts`. Gives its response, once it is over."""
    response: dict[str, Any] = {}
    with pytest.raises(ClientError) as caught:
        yield response
    response.update(caught.value.response)
    assert response["Error"]["Code"] == code
    for part in parts:
        assert part in response["Error"]["Message"]


def table_of(name: str) -> Any:
    """boto3's Table: values are plain Python."""
    return _resource(os.environ.get("AWS_ENDPOINT_URL")).Table(name)


def impatient() -> Any:
    """A client that does not repeat a throttled call."""
    return _impatient(os.environ.get("AWS_ENDPOINT_URL"))


@functools.cache  # to make one takes as long as ten calls
def _resource(_: str | None) -> Any:
    return boto3.resource("dynamodb")


@functools.cache
def _impatient(_: str | None) -> Any:
    return boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))


def raw(target: str, body: str | bytes) -> tuple[int, Any]:
    """Send `body` as it is, signed: what comes back, status and JSON."""
    client, session = boto3.client("dynamodb"), boto3.Session()
    request = AWSRequest(
        "POST",
        client.meta.endpoint_url,
        data=body,
        headers={"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0"},
    )
    SigV4Auth(session.get_credentials(), "dynamodb", client.meta.region_name).add_auth(request)
    answer = URLLib3Session().send(request.prepare())
    return answer.status_code, json.loads(answer.content)


def at_once(count: int, what: Callable[[int], object]) -> list[object]:
    """`what(0)` … `what(count - 1)`, from as many threads, which all start at the same moment."""
    gate = threading.Barrier(count)

    def run(number: int) -> object:
        gate.wait()
        return what(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
