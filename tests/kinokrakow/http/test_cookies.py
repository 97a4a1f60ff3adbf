"""Whatever cookies a host sets, its session goes on: the next request can be sent, no larger than servers take."""

from __future__ import annotations

import socket

import pytest

from kinokrakow import http
from tests.kinokrakow.http.test_wire import PAGE, host, service

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

SESSION = b"PHPSESSID=abc123; path=/; HttpOnly"
NEVER = b"9" * 400


def sent_back(*cookies: bytes) -> str:
    """The Cookie header of a session's second request, after an answer that set these."""
    asked: list[bytes] = []

    def script(_path: bytes, connection: socket.socket) -> None:
        head = b"".join(b"Set-Cookie: " + cookie + b"\r\n" for cookie in cookies)
        answer = b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n" % (head, len(PAGE)) + PAGE
        connection.sendall(answer)
        second = b""
        while b"\r\n\r\n" not in second and (piece := connection.recv(65536)):
            second += piece
        asked.append(second)
        connection.sendall(answer)

    with host(script) as url, http.Session(service(url), tries=1) as session:
        session.get("/one")
        session.get("/two")
    lines = asked[0].decode("ascii").split("\r\n")
    return next((line.partition(": ")[2] for line in lines if line.lower().startswith("cookie:")), "")


@pytest.mark.parametrize(
    "others",
    [
        [b"c%d=v" % number for number in range(3000)],
        [b"c%d=%s" % (number, b"v" * 3000) for number in range(20)],
        [b"c=" + b"v" * 90_000],
        [b"c=v; path=/" + b"; a=b" * 15_000],
        [b"c=" + b'\\"' * 40_000],
        ["miasto=Kraków; path=/".encode()],
        ["miasto=Kraków".encode("iso-8859-2")],
        [b"Krak\xc3\xb3w=1"],
        [b"c=v; max-age=" + NEVER],
        [b"c=v; expires=" + NEVER],
        [b"c=v; expires=Mon, 01 Jan " + NEVER + b" 00:00:00 GMT"],
        [b"c=v; expires=" + b"1:" * 40_000],
        [b"c=v\x01\x02; path=/", b"", b";", b"=", b"=v", b"c", b"; path=/"],
        [b"PHPSESSID2=" + b"v" * 5999, b"d=1"],
    ],
    ids=lambda cookies: repr(cookies[0][:24]),
)
def test_a_flood_of_cookies_costs_no_session(others: list[bytes]) -> None:
    said = sent_back(SESSION, *others)
    assert said.startswith("PHPSESSID=abc123")
    assert len(said) <= 6000


def test_cookies_are_changed_beside_as_many_as_fit() -> None:
    many = [b"c%d=v" % number for number in range(200)]
    said = sent_back(SESSION, *many, b"PHPSESSID=new; path=/").split("; ")
    assert said[:3] == ["PHPSESSID=new", "c0=v", "c1=v"]
    assert len(said) == 180


def test_cookies_that_live_long_are_kept() -> None:
    assert sent_back(b"a=1; max-age=99999999999999", b"b=2; expires=Fri, 31 Dec 9999 23:59:59 GMT") == "a=1; b=2"
