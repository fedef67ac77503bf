"""The application over HTTP: every answer is JSON, and whatever is wrong with a request is one sentence."""

import json
import re
import warnings
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from labkit.automatic import SETTING, Automatic
from labkit.messages import LARGEST_TEXT, Messages
from labkit.web import LARGEST_BODY
from labkit.web import make_app as make_web_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for another HTTP library than the one that everything else here brings
    from fastapi.testclient import TestClient


def client_of(app: Messages, automatic: Automatic | None = None) -> TestClient:
    return TestClient(make_web_app(app, automatic), raise_server_exceptions=False)


def sentence(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json()) == ["error"]
    said = answer.json()["error"]
    assert isinstance(said, str)
    assert said.endswith(".")
    return said


def test_a_message_is_sent_found_listed_processed_and_counted(make_app: Any) -> None:
    web = client_of(make_app(owner="web-1"))
    sent = web.post("/messages", json={"text": "two tickets"})
    assert sent.status_code == 201
    assert (sent.json()["id"], sent.json()["state"]) == ("m-1", "pending")
    assert web.get("/counts").json() == {"waiting": 1, "in_flight": 0}
    assert [m["state"] for m in web.post("/process").json()] == ["complete"]
    assert web.get("/messages/m-1").json()["owner"] == "web-1"
    listed = web.get("/messages").json()
    assert ([m["id"] for m in listed["messages"]], listed["next"]) == (["m-1"], None)
    assert listed["capacity"] > 0
    assert web.get("/health").json() == {"status": "ok", "owner": "web-1", "automatic": None}


def test_pages_are_walked_through_with_next(make_app: Any) -> None:
    web = client_of(make_app())
    for number in range(5):
        web.post("/messages", json={"text": str(number)})
    seen, params = [], {"size": "2"}
    while True:
        page = web.get("/messages", params=params).json()
        seen += [m["id"] for m in page["messages"]]
        if page["next"] is None:
            break
        params["after"] = page["next"]
    assert sorted(seen) == [f"m-{n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 400, "no JSON object"),
        (b"two tickets", 400, "no JSON object"),
        (b'["text"]', 400, "no JSON object"),
        (b"\xff\xfe", 400, "no JSON object"),
        (b"[" * 100_000, 400, "no JSON object"),
        (b"{}", 422, 'no "text"'),
        (b'{"text": 7}', 422, "this is int"),
        (b'{"text": null}', 422, "NoneType"),
        (b'{"text": " "}', 422, "empty"),
        (b'{"text": "a\\ud800"}', 422, "U\\+D800"),
        (json.dumps({"text": "x" * (LARGEST_TEXT + 1)}).encode(), 413, "408,577 bytes"),
        (b"x" * (LARGEST_BODY + 1), 413, "no message needs"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_cannot_be_a_message_is_refused_in_a_sentence(make_app: Any, body: bytes, status: int, says: str) -> None:
    app = make_app()
    answer = client_of(app).post("/messages", content=body)
    assert re.search(says, sentence(answer, status))
    assert (app.find_page().messages, app.counts()) == ([], (0, 0))


def test_the_largest_text_of_the_widest_characters_can_be_sent(make_app: Any) -> None:
    body = json.dumps({"text": "\u00e9" * (LARGEST_TEXT // 2)}).encode()  # six bytes each in ASCII
    assert client_of(make_app()).post("/messages", content=body).status_code == 201


@pytest.mark.parametrize(
    "query",
    ["size=abc", "size=", "size=-1", "size=0", "size=201", "size=1e3", "size=" + "9" * 5000, "size=²", "after=x"],
)
def test_what_is_no_page_is_refused_in_a_sentence(make_app: Any, query: str) -> None:
    sentence(client_of(make_app()).get(f"/messages?{query}"), 422)


def test_wrong_addresses_methods_and_ids_are_sentences_too(make_app: Any) -> None:
    web = client_of(make_app())
    sentence(web.get("/nowhere"), 404)
    sentence(web.get("/docs"), 404)
    sentence(web.get("/messages/unknown"), 404)
    sentence(web.get("/messages/%ff%00"), 404)
    assert "does not take DELETE" in sentence(web.delete("/messages"), 405)


def test_what_a_user_typed_stays_data(make_app: Any) -> None:
    web = client_of(make_app())
    web.post("/messages", json={"text": "<script>alert(1)</script>"})
    listed = web.get("/messages")
    assert listed.headers["content-type"] == "application/json"
    assert listed.json()["messages"][0]["text"] == "<script>alert(1)</script>"


def test_a_refusal_of_aws_and_a_bug_are_told_apart_and_tell_no_secrets(make_app: Any) -> None:
    class Throttled:
        def get_queue_attributes(self, **_: Any) -> Any:
            raise ClientError({"Error": {"Code": "RequestThrottled", "Message": "m"}}, "GetQueueAttributes")

    class Broken:
        def get_queue_attributes(self, **_: Any) -> Any:
            raise RuntimeError("secret")

    app = make_app()
    throttled = client_of(Messages(**{**vars(app), "sqs": Throttled()})).get("/counts")
    assert "RequestThrottled" in sentence(throttled, 503)
    broken = client_of(Messages(**{**vars(app), "sqs": Broken()})).get("/counts")
    assert "secret" not in sentence(broken, 500)


def test_while_processing_is_automatic_the_server_itself_refuses_it_by_hand(make_app: Any) -> None:
    app = make_app()
    environ = {SETTING: "on"}
    automatic = Automatic(app.process, environ=environ)
    web = client_of(app, automatic)
    app.send("one")
    assert "every 5 seconds" in sentence(web.post("/process"), 409)
    assert app.counts() == (1, 0)
    environ[SETTING] = "off"
    assert [m["state"] for m in web.post("/process").json()] == ["complete"]
    environ[SETTING] = "perhaps"
    assert "neither on" in sentence(web.post("/process"), 409)
    health = web.get("/health").json()["automatic"]
    assert (health["rounds"], health["last_error"]) == (0, None)
