"""Exercise 1.1: answers that beginners give."""

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import botocore.auth
import botocore.credentials
from botocore.awsrequest import AWSRequest
from kit import Family

family = Family("1.1")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def hmac_sha256(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def key_for(secret, date, region, service, *, start="AWS4", words=("aws4_request",)):
    key = (start + secret).encode()
    for word in (date, region, service, *words):
        key = hmac_sha256(key, word)
    return key


def sign(headers, body, service, region, now, parts, **slips: Any):
    """The whole of it, but for the slips."""
    signed = dict(headers) | {"x-amz-date": f"{now:%Y%m%dT%H%M%SZ}"}
    if parts["token"] and slips.get("token", True):
        signed["x-amz-security-token"] = parts["token"]
    names = ";".join(sorted(slips.get("names", signed)))
    lines = [f"{name}:{signed[name]}" for name in sorted(slips.get("names", signed))]
    canonical = "\n".join(["POST", "/", "", *lines, *slips.get("gap", [""]), names, slips.get("payload", sha256(body))])
    scope = f"{now:%Y%m%d}/{region}/{service}/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", signed["x-amz-date"], scope, slips.get("digest", sha256)(canonical)])
    key = slips.get("key") or key_for(parts["secret"], f"{now:%Y%m%d}", region, service)
    credential = f"Credential={parts['id']}/{scope}"
    signature = hmac_sha256(key, to_sign).hex()
    return signed | {"authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={signature}"}


@family.wrong("two_parts", "type")
def returns_the_signature_alone(headers, body, service, region, now, parts):
    return sign(headers, body, service, region, now, parts)["authorization"]


@family.wrong("two_parts", "secret_sent")
def sends_the_secret_along(headers, body, service, region, now, parts):
    return sign({**headers, "x-amz-secret": parts["secret"]}, body, service, region, now, parts)


@family.wrong("two_parts", "header_lost")
def returns_the_new_headers_only(headers, body, service, region, now, parts):
    signed = sign(headers, body, service, region, now, parts)
    return {name: signed[name] for name in ("x-amz-date", "authorization")}


@family.wrong("two_parts", "no_authorization")
def names_the_header_otherwise(headers, body, service, region, now, parts):
    signed = sign(headers, body, service, region, now, parts)
    signed["x-amz-signature"] = signed.pop("authorization")
    return signed


@family.wrong("two_parts", "other_time")
def takes_its_own_time(headers, body, service, region, now, parts):
    return sign(headers, body, service, region, datetime.now(UTC), parts)


@family.wrong("two_parts", "other_form")
def forgets_the_commas(headers, body, service, region, now, parts):
    signed = sign(headers, body, service, region, now, parts)
    return signed | {"authorization": signed["authorization"].replace(",", "")}


@family.wrong("two_parts", "scope")
def works_in_another_region_always(headers, body, service, region, now, parts):
    return sign(headers, body, service, "eu-south-2", now, parts)


@family.wrong("two_parts", "token_of_none")
def sends_a_token_in_any_case(headers, body, service, region, now, parts):
    return sign({**headers, "x-amz-security-token": str(parts["token"])}, body, service, region, now, parts)


@family.wrong("two_parts", "no_prefix")
def forgets_the_four_letters(headers, body, service, region, now, parts):
    key = key_for(parts["secret"], f"{now:%Y%m%d}", region, service, start="")
    return sign(headers, body, service, region, now, parts, key=key)


@family.wrong("two_parts", "hex_keys")
def takes_hexadecimal_keys(headers, body, service, region, now, parts):
    key = ("AWS4" + parts["secret"]).encode()
    for word in (f"{now:%Y%m%d}", region, service, "aws4_request"):
        key = hmac.new(key, word.encode(), hashlib.sha256).hexdigest().encode()
    return sign(headers, body, service, region, now, parts, key=key)


@family.wrong("two_parts", "body_itself")
def puts_the_body_into_it(headers, body, service, region, now, parts):
    return sign(headers, body, service, region, now, parts, payload=body)


@family.wrong("two_parts", "no_gap")
def leaves_no_empty_line(headers, body, service, region, now, parts):
    return sign(headers, body, service, region, now, parts, gap=[])


@family.wrong("two_parts", "not_hashed")
def signs_the_whole_canonical_request(headers, body, service, region, now, parts):
    return sign(headers, body, service, region, now, parts, digest=str)


@family.wrong("two_parts", "three_words")
def stops_at_the_service(headers, body, service, region, now, parts):
    key = key_for(parts["secret"], f"{now:%Y%m%d}", region, service, words=())
    return sign(headers, body, service, region, now, parts, key=key)


@family.wrong("two_parts", "mismatch")
def signs_an_empty_body(headers, body, service, region, now, parts):
    return sign(headers, "", service, region, now, parts)


@family.wrong("another_service", "scope")
def signs_for_sts_always(headers, body, service, region, now, parts):
    return sign(headers, body, "sts", region, now, parts)


@family.wrong("another_service", "unsigned")
def signs_the_three_headers_it_knows(headers, body, service, region, now, parts):
    return sign(headers, body, service, region, now, parts, names=["content-type", "host", "x-amz-date"])


@family.wrong("another_service", "not_sorted")
def takes_the_headers_as_they_come(headers, body, service, region, now, parts):
    signed = dict(headers) | {"x-amz-date": f"{now:%Y%m%dT%H%M%SZ}"}
    names = ";".join(signed)
    lines = [f"{name}:{value}" for name, value in signed.items()]
    canonical = "\n".join(["POST", "/", "", *lines, "", names, sha256(body)])
    scope = f"{now:%Y%m%d}/{region}/{service}/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", signed["x-amz-date"], scope, sha256(canonical)])
    signature = hmac_sha256(key_for(parts["secret"], f"{now:%Y%m%d}", region, service), to_sign).hex()
    credential = f"Credential={parts['id']}/{scope}"
    return signed | {"authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={signature}"}


@family.wrong("another_service", "still")
def has_a_key_for_sts_only(headers, body, service, region, now, parts):
    key = key_for(parts["secret"], f"{now:%Y%m%d}", region, "sts")
    return sign(headers, body, service, region, now, parts, key=key)


@family.wrong("another_region", "scope")
def signs_for_virginia_always(headers, body, service, region, now, parts):
    return sign(headers, body, service, "us-east-1", now, parts)


@family.wrong("another_region", "still")
def has_a_key_for_virginia_only(headers, body, service, region, now, parts):
    key = key_for(parts["secret"], f"{now:%Y%m%d}", "us-east-1", service)
    return sign(headers, body, service, region, now, parts, key=key)


@family.wrong("three_parts", "token_missing")
def knows_two_parts_only(headers, body, service, region, now, parts):
    return sign(headers, body, service, region, now, parts, token=False)


@family.wrong("three_parts", "token_unsigned")
def adds_the_token_at_the_end(headers, body, service, region, now, parts):
    signed = sign(headers, body, service, region, now, parts, token=False)
    return signed | ({"x-amz-security-token": parts["token"]} if parts["token"] else {})


@family.wrong("three_parts", "still")
def signs_before_it_adds_the_token_and_names_it_all_the_same(headers, body, service, region, now, parts):
    signed = sign(headers, body, service, region, now, parts, token=False)
    if parts["token"]:
        signed["x-amz-security-token"] = parts["token"]
        signed["authorization"] = signed["authorization"].replace("x-amz-date", "x-amz-date;x-amz-security-token")
    return signed


@family.right
def step_by_step(headers, body, service, region, now, parts):
    return sign(headers, body, service, region, now, parts)


@family.right
def with_capital_letters_in_its_own_headers(headers, body, service, region, now, parts):
    signed = sign(headers, body, service, region, now, parts)
    signed["Authorization"] = signed.pop("authorization")
    signed["X-Amz-Date"] = signed.pop("x-amz-date")
    return signed


@family.right
def as_botocore_does_it(headers, body, service, region, now, parts):
    keys = botocore.credentials.Credentials(parts["id"], parts["secret"], parts["token"])
    signer = botocore.auth.SigV4Auth(keys, service, region)
    request = AWSRequest("POST", f"http://{headers['host']}/", headers=dict(headers), data=body)
    request.context["timestamp"] = f"{now:%Y%m%dT%H%M%SZ}"
    signer._modify_request_before_signing(request)
    canonical = signer.canonical_request(request)
    signer._inject_signature_to_request(request, signer.signature(signer.string_to_sign(request, canonical), request))
    return dict(request.headers)


test_wrong, test_right = family.tests()
