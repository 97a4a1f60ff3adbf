"""What httpx leaves open on the wire: one deadline for a whole request, bodies that are cut or blow up, odd redirects.

httpx limits each read from a socket by itself, so a host that sends a byte now and then holds a request for ever. Here
every socket operation of a request gets what is left of its one deadline. Bodies are inflated piece by piece and
counted meanwhile, and a gzip stream must come to its end: some servers cut it and say a fitting Content-Length.
"""

from __future__ import annotations

import math
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import httpcore
import httpx

from kinokrakow.http import cookies
from kinokrakow.http.responses import Refused, Unavailable

PIECE = 64 * 2**10  # bytes inflated at a time
GZIP = ("gzip", "x-gzip")
#: What a body may be packed as that was not asked for. Another word there ("utf-8", "none") is a server's mistake that
#: browsers pass over.
PACKINGS = frozenset({*GZIP, "br", "compress", "dcb", "dcz", "deflate", "x-compress", "x-bzip2", "bzip2", "xz", "zstd"})
MAGIC = b"\x1f\x8b\x08"  # a gzip body's first bytes: no page begins so


class Deadline:
    """Until when the request that is under way may take (monotonic); each request of a session sets it anew."""

    def __init__(self) -> None:
        self.until = math.inf

    def begin(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds

    def left(self, timeout: float | None, over: type[Exception]) -> float:
        """Seconds that an operation may still take; raises `over` when there are none."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise over("the time for the whole request is over")
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, deadline: Deadline) -> None:
        self._backend, self._deadline = httpcore.SyncBackend(), deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Try each of the host's addresses; the socket module would give each the whole time."""
        found = _addresses(host, port, self._deadline.left(timeout, httpcore.ConnectTimeout))
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for *_family, address in found:
            try:
                left = self._deadline.left(timeout, httpcore.ConnectTimeout)
                stream = self._backend.connect_tcp(str(address[0]), port, left, local_address, socket_options)
                return _Stream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


def _addresses(host: str, port: int, seconds: float) -> list[Any]:
    """What the system's resolver says of a name. Its call has no time limit and can't be stopped, so it is made in a
    thread that nobody waits for longer than `seconds`, and that doesn't hold up the end of the process.
    """
    answers: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except Exception as error:
            answers.put(error)

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    try:
        found = answers.get(timeout=min(seconds, threading.TIMEOUT_MAX))
    except queue.Empty:
        raise httpcore.ConnectTimeout(f"the name {host} was not resolved in time") from None
    if isinstance(found, OSError | UnicodeError):  # a name that is none in DNS
        raise httpcore.ConnectError(str(found)) from found
    if isinstance(found, Exception):
        raise found
    return found


class Transport(httpx.HTTPTransport):
    """httpx's own transport over sockets that keep to `deadline`."""

    def __init__(self, deadline: Deadline, certificates: ssl.SSLContext) -> None:
        super().__init__(verify=certificates, trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=certificates, network_backend=_Backend(deadline))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        answer.headers = httpx.Headers(cookies.readable(answer.headers.raw))
        return answer


def body(answer: httpx.Response, most: int) -> bytes:
    """The whole body, inflated; `Refused` when it is larger than `most` or packed otherwise than was asked for,
    `Unavailable` when it was cut."""
    said = answer.headers.get("content-encoding", "").lower().replace(" ", "").split(",")
    packed = [name for name in said if name in PACKINGS]
    if len(packed) > 1 or (packed and packed[0] not in GZIP):
        raise Refused(f"a body packed as {', '.join(packed)[:100]}; only gzip was asked for")
    chunks = answer.iter_raw(PIECE)
    begin = b""
    while len(begin) < len(MAGIC) and (chunk := next(chunks, b"")):
        begin += chunk
    chunks = chain((begin,), chunks)
    # Some servers pack without saying so.
    pieces = _inflated(chunks) if packed or begin.startswith(MAGIC) else chunks
    read = bytearray()
    for piece in pieces:
        read += piece
        if len(read) > most:
            raise Refused(f"more than {most} bytes")
    return bytes(read)


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a gzip body, PIECE bytes at most each, however much is packed into a chunk."""
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    begun = False
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if inflate.eof:
                    if not rest.startswith(b"\x1f"):  # padding behind the last member is none
                        return
                    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
                begun = True
                yield inflate.decompress(rest, PIECE)
                rest = inflate.unconsumed_tail or inflate.unused_data
        while begun and not inflate.eof and (piece := inflate.decompress(b"", PIECE)):
            yield piece
    except zlib.error as error:
        raise Unavailable("a damaged gzip body") from error
    if begun and not inflate.eof:
        raise Unavailable("a gzip body that ends before its end")


def location(answer: httpx.Response) -> str:
    """Where a redirect leads, as an address in ASCII: other bytes are escaped as they are, whatever their charset."""
    raw = next((value for name, value in answer.headers.raw if name.lower() == b"location"), b"")
    return "".join(chr(byte) if 0x20 < byte < 0x7F else f"%{byte:02X}" for byte in raw.strip())
