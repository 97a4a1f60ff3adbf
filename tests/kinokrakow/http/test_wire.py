"""What a hostile or broken host may do on the wire ends in time, and in a typed error or a whole answer."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from pytest_django import Settings

from kinokrakow import http
from kinokrakow.http import client
from kinokrakow.models import HostGate

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = b"<html>" + b"x" * 3000 + b"</html>"
LIMIT = 0.5  # s a request may take where it is to run out of time; elsewhere a busy machine has ten
SLOWLY = 60  # s that the slow answers take if nobody ends them: far more than a busy machine may add to the limit

Script = Callable[[bytes, socket.socket], None]


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    settings.RETRY_BASE_DELAY = 0.01


@contextmanager
def host(script: Script) -> Iterator[str]:
    """A host that does with each connection, given its request's path, what `script` says."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                request += connection.recv(65536)
            script(request.split(b" ")[1], connection)

    def accept() -> None:
        with suppress(OSError):
            while not over.is_set():
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    over.set()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def answer(body: bytes = PAGE, *headers: bytes, status: bytes = b"200 OK") -> Script:
    lines = (b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), b"Connection: close", *headers, b"", body)
    return lambda _path, connection: connection.sendall(b"\r\n".join(lines))


def by_path(**scripts: Script) -> Script:
    return lambda path, connection: scripts[path.decode().strip("/").split("?")[0].replace(".", "_")](path, connection)


def service(url: str, **more: object) -> http.Service:
    return http.Service(**{"name": "test", "base_url": url, "interval": 0, "timeout": 10} | more)  # type: ignore[arg-type]


def get(script: Script, path: str = "/page", *, tries: int = 1, **more: object) -> http.Response:
    with host(script) as url, http.Session(service(url, **more), tries=tries) as session:
        return session.get(path)


# --- time -------------------------------------------------------------------------------------------


def drip(start: bytes, piece: bytes) -> Script:
    def script(_path: bytes, connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(SLOWLY * 20):
            time.sleep(0.05)
            connection.sendall(piece)

    return script


SLOW: dict[str, Script] = {
    "nothing at all": lambda _path, _connection: time.sleep(SLOWLY),
    "the status line": drip(b"HTTP/1.1 2", b"0"),
    "headers": drip(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
    "one header": drip(b"HTTP/1.1 200 OK\r\nA: ", b"b"),
    "interim answers": drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "the body": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", b"x"),
    "chunks": drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "a gzip header": drip(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9000\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\x03", b"n"
    ),
}  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("what", SLOW)
def test_a_request_ends_in_its_time_whatever_drips(what: str) -> None:
    began = time.monotonic()
    with pytest.raises(http.Unavailable):
        get(SLOW[what], timeout=LIMIT)
    assert time.monotonic() - began < SLOWLY / 2


def test_a_name_that_is_not_resolved_ends_in_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()
    over = threading.Event()

    def hangs(*_args: object, **_more: object) -> list[object]:
        asked.set()
        over.wait(SLOWLY)
        raise socket.gaierror("too late")

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    begun = time.monotonic()
    try:
        with (
            pytest.raises(http.Unavailable),
            http.Session(service("http://slow.example", timeout=LIMIT), tries=1) as session,
        ):
            session.get("/page")
        assert asked.is_set()
        assert time.monotonic() - begun < SLOWLY / 2
    finally:
        over.set()


def test_a_name_that_is_none_is_a_typed_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_args: object, **_more: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", none)
    with pytest.raises(http.Unavailable, match="not known"), http.Session(service("http://no.example"), tries=1) as s:
        s.get("/page")


def test_a_connection_that_is_kept_gets_its_time_anew() -> None:
    def twice(_path: bytes, connection: socket.socket) -> None:
        for _ in range(3):
            time.sleep(0.9)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            connection.recv(65536)

    with host(twice) as url, http.Session(service(url, timeout=2.5)) as session:
        assert [session.get("/").text for _ in range(3)] == ["ok"] * 3


# --- bodies -----------------------------------------------------------------------------------------

PACKED = gzip.compress(PAGE, mtime=0)
GZIP = b"Content-Encoding: gzip"


@pytest.mark.once
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (PACKED, (GZIP,)),
        (PACKED, (b"Content-Encoding: X-GZIP",)),
        (PACKED + b"\0\0\0", (GZIP,)),
        (gzip.compress(PAGE[:100], mtime=0) + gzip.compress(PAGE[100:], mtime=0), (GZIP,)),
        (PAGE, (b"Content-Encoding: identity",)),
        (PACKED, ()),
        (PAGE, (b"Content-Encoding: utf-8",)),
        (PAGE[:2], ()),
    ],
)
def test_a_body_arrives_whole(body: bytes, headers: tuple[bytes, ...]) -> None:
    assert get(answer(body, *headers)).body == (PAGE if len(body) > 2 else body)


def test_a_body_of_nothing_is_empty() -> None:
    assert get(answer(b"", GZIP)).body == b""


@pytest.mark.parametrize("cut", [1, 4, 8, 9, len(PACKED) // 2, len(PACKED) - 5])
def test_a_gzip_body_that_was_cut_is_no_page(cut: int) -> None:
    with pytest.raises(http.Unavailable, match="gzip"):
        get(answer(PACKED[:-cut], GZIP))


def test_a_damaged_gzip_body_is_no_page() -> None:
    with pytest.raises(http.Unavailable, match="gzip"):
        get(answer(PACKED[:20] + b"\xff" * 20 + PACKED[40:], GZIP))


def test_a_body_that_was_cut_once_is_asked_for_again() -> None:
    bodies = [PACKED[:-8], PACKED]
    assert get(lambda path, connection: answer(bodies.pop(0), GZIP)(path, connection), tries=2).body == PAGE


@pytest.mark.parametrize(
    "headers",
    [(b"Content-Encoding: gzip, gzip",), (GZIP, GZIP), (b"Content-Encoding: br",), (b"Content-Encoding: none, zstd",)],
)
def test_other_packings_are_refused(headers: tuple[bytes, ...]) -> None:
    with pytest.raises(http.Refused, match="only gzip"):
        get(answer(gzip.compress(PACKED), *headers))


@pytest.mark.once
def test_a_bomb_is_refused_before_it_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_BYTES", 2**20)
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(b"\0" * 2**20) for _ in range(100)) + packer.flush()
    tracemalloc.start()
    with pytest.raises(http.Refused, match="more than"):
        get(answer(bomb, GZIP))
    assert tracemalloc.get_traced_memory()[1] < 6 * 2**20
    tracemalloc.stop()


def test_a_robots_txt_that_was_cut_allows_nothing() -> None:
    rules = gzip.compress(b"User-agent: *\nDisallow: /secret\n")
    cut = answer(rules[:-8], GZIP, b"Content-Type: text/plain")
    with pytest.raises(http.Unavailable):
        get(by_path(robots_txt=cut, page=answer()), robots=True)
    assert not HostGate.objects.exclude(robots_at=None).exists(), "it is read again"


# --- redirects --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        ("/łowca".encode(), b"/%C5%82owca"),
        ("/łowca".encode("iso-8859-2"), b"/%B3owca"),
        (b'/a b"<c>', b"/a%20b%22%3Cc%3E"),
        (b"/a%20b", b"/a%20b"),
    ],
)
def test_a_redirect_is_followed_whatever_its_bytes(target: bytes, asked: bytes) -> None:
    seen: list[bytes] = []

    def script(path: bytes, connection: socket.socket) -> None:
        seen.append(path)
        if path == b"/page":
            answer(b"", b"Location: " + target, status=b"302 Found")(path, connection)
        else:
            answer()(path, connection)

    assert get(script).body == PAGE
    assert seen == [b"/page", asked]


@pytest.mark.once
@pytest.mark.parametrize(
    "target", [b"//[", b"http://", b"http://\xff\xfe/", b"http://a:99999/", b"javascript:1", b"\xff"]
)
def test_a_redirect_to_nowhere_is_a_typed_error(target: bytes) -> None:
    with pytest.raises(http.HttpError):
        get(lambda _p, c: answer(b"", b"Location: " + target, status=b"302 Found")(_p, c))


@pytest.mark.once
@pytest.mark.parametrize(
    ("own", "hosts", "other", "same"),
    [
        ("https://www.kino.example", (), "https://kino.example/x", True),
        ("https://kino.example", (), "https://www.kino.example/x", True),
        ("http://kino.example", (), "https://www.kino.example/x", True),
        ("https://kino.example", (), "http://kino.example/x", False),
        ("https://kino.example", (), "https://kino.example:8443/x", False),
        ("https://kino.example", (), "https://other.example/x", False),
        ("https://kino.example", (), "https://kino.example.evil.example/x", False),
        ("https://kino.example", (), "https://evil@kino.example/x", True),
        ("https://kino.example", (), "https://kino.example@evil.example/x", False),
        ("https://kino.example", ("krakow.example",), "https://krakow.example/x", True),
        ("https://kino.example", ("krakow.example",), "https://www.krakow.example/x", True),
        ("https://kino.example", ("krakow.example",), "https://lodz.example/x", False),
        ("http://127.0.0.1:8001", (), "http://localhost:8001/", False),
        ("http://kino.example:8000", (), "https://kino.example:8000/x", False),
        ("http://kino.example", (), "https://kino.example:8443/x", False),
    ],
)
def test_which_hosts_are_one_site(own: str, hosts: tuple[str, ...], other: str, same: bool) -> None:
    with http.Session(service(own, hosts=frozenset(hosts))) as session:
        assert session.service.same_site(own + "/", other) is same


def test_the_names_of_a_site_share_one_rate_limit_and_one_robots_txt() -> None:
    asked: list[bytes] = []
    port = ""

    def script(path: bytes, connection: socket.socket) -> None:
        asked.append(path)
        if path == b"/page":
            where = f"Location: http://localhost:{port}/there".encode()
            answer(b"", where, status=b"301 Moved")(path, connection)
        elif path == b"/robots.txt":
            answer(b"User-agent: *\nDisallow: /secret\n", b"Content-Type: text/plain")(path, connection)
        else:
            answer()(path, connection)

    with host(script) as url:
        port = url.rpartition(":")[2]
        one_site = service(url, robots=True, interval=0.01, hosts=frozenset({"localhost"}))
        with http.Session(one_site) as session:
            assert session.get("/page").url == f"http://localhost:{port}/there"
            with pytest.raises(http.Blocked):
                session.get(f"http://localhost:{port}/secret")
    assert asked == [b"/robots.txt", b"/page", b"/there"]
    assert list(HostGate.objects.values_list("host", flat=True)) == [f"127.0.0.1:{port}"]


def test_a_robots_txt_that_moved_within_the_site_is_read_where_it_is() -> None:
    moved = answer(b"", b"Location: /rules.txt", status=b"301 Moved")
    rules = answer(b"User-agent: *\nDisallow: /page\n", b"Content-Type: text/plain")
    with pytest.raises(http.Blocked):
        get(by_path(robots_txt=moved, rules_txt=rules, page=answer()), robots=True)
