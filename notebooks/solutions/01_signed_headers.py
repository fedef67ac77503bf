import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime


def signed_headers(
    headers: Mapping[str, str],
    body: str,
    service: str,
    region: str,
    now: datetime,
    parts: Mapping[str, str | None],
) -> dict[str, str]:
    """Return all headers to send with `body` in a POST to the path `/`."""
    signed = {**headers, "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}"}
    if parts["token"]:
        signed["x-amz-security-token"] = parts["token"]
    names = ";".join(sorted(signed))
    lines = [f"{name}:{signed[name]}" for name in sorted(signed)]
    canonical = "\n".join(["POST", "/", "", *lines, "", names, hashlib.sha256(body.encode()).hexdigest()])

    scope = f"{now:%Y%m%d}/{region}/{service}/aws4_request"
    request_hash = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join(["AWS4-HMAC-SHA256", signed["x-amz-date"], scope, request_hash])

    key = f"AWS4{parts['secret']}".encode()
    for text in (*scope.split("/"), to_sign):
        key = hmac.new(key, text.encode(), hashlib.sha256).digest()
    credential = f"Credential={parts['id']}/{scope}"
    return signed | {"authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={key.hex()}"}
