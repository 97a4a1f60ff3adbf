"""What the demo's services share: an HTTP server on loopback that keeps connections alive and remembers who asked."""

from __future__ import annotations

import socket
import struct
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self, cast
from urllib.parse import parse_qs, urlsplit

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


class Request(NamedTuple):
    """One answered request; `at` is `time.monotonic()` when it arrived, `path` includes the query."""

    at: float
    method: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    headers: Message

    @property
    def route(self) -> str:
        return urlsplit(self.path).path

    def parameter(self, name: str) -> str | None:
        return parse_qs(urlsplit(self.path).query).get(name, [None])[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """`cut_at`: how many bytes of the promised body are sent before the connection is dropped; None sends it whole.

    `drip`: seconds between the body's single bytes. `times`: how often the body is sent, as one.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_at: int | None = None
    drip: float = 0.0
    times: int = 1


class Loopback(ThreadingHTTPServer, ABC):
    """Bound to 127.0.0.1 when made, serving between `start` and `stop`, or within a `with` block.

    `stop` also drops the connections that clients keep alive, so that a stopped service is down for everyone.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.requests: list[Request] = []
        self.stopping = threading.Event()
        self._connections: set[socket.socket] = set()

    @abstractmethod
    def answer(self, asked: Asked) -> Answer:
        """Called by many threads at once."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def start(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()
        for connection in tuple(self._connections):
            _drop(connection)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Nobody listens meanwhile: connections are refused, those that clients keep alive are dropped."""
        self.shutdown()
        self.server_close()
        for connection in tuple(self._connections):
            _drop(connection)
        yield
        self.socket = socket.socket(self.address_family, self.socket_type)
        self.server_bind()
        self.server_activate()
        self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that gave up waiting is an ordinary event here; anything else is our mistake and is shown.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else an answer in two packets waits 40 ms for the first one's acknowledgement

    answered = 0.0  # when the last answer on this connection was ready: what came after it can't have come before

    def do_GET(self) -> None:
        at = max(_arrived(self.connection), self.answered)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = cast(Loopback, self.server)
        answer = server.answer(Asked(self.command, self.path, self.headers))
        self.answered = time.monotonic()
        server.requests.append(Request(at, self.command, self.path, answer.status))
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body) * answer.times))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.drip:
            self._drip(answer, server.stopping)
        else:
            for _ in range(answer.times):
                self.wfile.write(answer.body[: answer.cut_at])
        if answer.cut_at is not None:
            self.close_connection = True

    do_POST = do_GET

    def _drip(self, answer: Answer, stopping: threading.Event) -> None:
        for byte in answer.body:
            self.wfile.write(bytes([byte]))
            if stopping.wait(answer.drip):
                break
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Silence: `requests` is the log."""


def _arrived(connection: socket.socket) -> float:
    """When the request came (monotonic, to 4 ms), as Linux knows: on a busy machine this thread may look much later."""
    now = time.monotonic()
    if not hasattr(socket, "TCP_INFO"):
        return now
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 56)
    (since,) = struct.unpack_from("I", info, 52)  # tcpi_last_data_recv, ms
    return now - float(since) / 1000


def _drop(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was quicker
