"""Connections to the embedded AWS: kept open, and never out of step."""

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

import labkit

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture
def connection(lab: labkit.Lab) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", urlsplit(lab.endpoint_url).port), timeout=30) as connection:
        yield connection


def statuses(connection: socket.socket) -> list[bytes]:
    """The status of each answer, once there is nothing more to ask."""
    connection.shutdown(socket.SHUT_WR)
    answers = b"".join(iter(lambda: connection.recv(65_536), b""))
    return [answer[:3] for answer in answers.split(b"HTTP/1.1 ")[1:]]


def post(headers: str, body: bytes) -> bytes:
    return f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n\r\n".encode() + body


def test_a_connection_is_used_again(lab: labkit.Lab) -> None:
    client = http.client.HTTPConnection("127.0.0.1", urlsplit(lab.endpoint_url).port, timeout=30)
    client.connect()
    first = client.sock
    elsewhere = {"Host": "example.com"}
    for method, headers, status in [("POST", {}, 403), ("HEAD", {}, 403), ("POST", elsewhere, 403), ("GET", {}, 403)]:
        client.request(method, "/", body=b"x" * 100_000, headers=headers)
        answer = client.getresponse()
        answer.read()
        assert (answer.status, client.sock) == (status, first), (method, headers)
    client.close()


def test_requests_sent_at_once_are_answered_in_turn(connection: socket.socket) -> None:
    connection.sendall(post("Content-Length: 3", b"abc") + post("Content-Length: 0", b"") + SMUGGLED)
    assert statuses(connection) == [b"403"] * 3


@pytest.mark.parametrize(
    "headers", ["Content-Length: 12x", "Content-Length: -1", "Transfer-Encoding: chunked"], ids=["word", "-1", "chunks"]
)
def test_after_a_body_without_a_sound_length_there_is_no_next_request(connection: socket.socket, headers: str) -> None:
    connection.sendall(post(headers, SMUGGLED))
    assert statuses(connection) == [b"400"]
