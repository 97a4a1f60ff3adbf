"""Every outbound request of the project. Only this module and `wire` beside it know httpx.

A request first passes its host's gate: one row in the database hands out slots, `Service.interval`
seconds apart, to all processes on all machines. Answers of 429 and 503 move the gate for everyone,
by `Retry-After` if the host says so. Failures that may pass are tried again with exponential backoff
and jitter; what remains is a typed error that carries the last answer.
"""

from __future__ import annotations

import datetime as dt
import logging
import math
import random
import ssl
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import connection
from protego import Protego

from kinokrakow.http import breaker, rate_limit
from kinokrakow.http.responses import (
    Blocked,
    Exchange,
    Garbled,
    HttpError,
    NotFound,
    NotYet,
    Refused,
    Response,
    Unavailable,
    judge,
)

__all__ = [
    "Blocked", "Exchange", "Garbled", "HttpError", "NotFound", "NotYet", "Refused", "Response", "Service", "Session",
    "Unavailable", "backoff", "meter", "user_agent",
]  # fmt: skip

logger = logging.getLogger(__name__)

TRIES = 3  # of one request within one call, pauses between them RETRY_BASE_DELAY, twice that, …
PATIENCE = 5.0  # s a job sleeps at the gate (beyond the others' turns) before it gives its worker back
REDIRECTS = 3
REDIRECTED = (301, 302, 303, 307, 308)
MAX_BYTES = 8 * 2**20
ROBOTS_HOURS = 24
VERSION = "1.0"

T = TypeVar("T")

#: Requests made so far in this context, by service name. `jobs` opens one for each attempt.
meter: ContextVar[Counter[str] | None] = ContextVar("meter", default=None)


@dataclass(frozen=True, slots=True)
class Service:
    """One outside service. `interval` and `timeout` in seconds; `name` is what its requests are counted under."""

    name: str
    base_url: str
    interval: float
    timeout: float
    robots: bool = False
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # may hold a token: never printed
    breaks: bool = False  # asked once in a while only, by one for all, after a few failures in a row
    hosts: frozenset[str] = frozenset()  # other names of its host
    key: str = field(default="", repr=False)  # one that stands in its addresses: a new one may be taken at once


def user_agent() -> str:
    contact = f"; {settings.CONTACT}" if settings.CONTACT else ""
    return f"KinoKrakow/{VERSION} (cinema programme reader{contact})"


def backoff(attempt: int, factor: float = 2.0) -> float:
    """Seconds before try `attempt` + 1 (the first try is 1), with a quarter of jitter either way."""
    return float(settings.RETRY_BASE_DELAY * factor ** (attempt - 1) * random.uniform(0.75, 1.25))


class Session:
    """The cookies and connections of one caller with one service; a task opens its own and shares it with nobody.

    `patience`: the longest sleep (s) at the gate before `NotYet`; None sleeps as long as it takes.
    `deadline`: seconds from now after which no further request is begun; `on_exchange` is called with every single
    exchange, failed ones too.
    """

    def __init__(
        self,
        service: Service,
        *,
        patience: float | None = None,
        tries: int = TRIES,
        deadline: float = math.inf,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self.service = service
        self.patience = patience
        self.tries = tries
        self.deadline = deadline
        self._until = time.monotonic() + deadline
        self._answered = False  # has answered this session
        import httpx  # here and below: most commands ask nobody anything, and it takes a tenth of their start

        from kinokrakow.http import wire

        self.on_exchange = on_exchange
        self._deadline = wire.Deadline()
        self._client = httpx.Client(
            transport=wire.Transport(self._deadline, _certificates()),
            headers={"User-Agent": user_agent(), "Accept-Encoding": "gzip", **service.headers},
            timeout=service.timeout,
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def get(
        self, path: str, *, params: Mapping[str, str | int] | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """GET `path` (relative to the service, or an address on its host); redirects are followed on this site."""
        return self._persist("GET", self._with(path, params), headers or {}, lambda response: response)

    def read(self, path: str, parse: Callable[[Any], T], *, params: Mapping[str, str | int] | None = None) -> T:
        """GET `path`, and what `parse` makes of its JSON.

        An answer that is no JSON, or of a shape that `parse` stumbles over, is `Garbled`: for the breaker a failure
        of the service like any other, so that one which answers nonsense is not asked on and on.
        """

        def parsed(response: Response) -> T:
            answer = response.json()
            try:
                return parse(answer)
            except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as error:
                problem = f"{response.url}: an answer of an unknown form, {type(error).__name__}: {error}"
                raise Garbled(problem, response=response) from error

        return self._persist("GET", self._with(path, params), {}, parsed)

    def post(self, path: str, *, headers: Mapping[str, str] | None = None) -> Response:
        """POST without a body; a redirect is the answer and is not followed."""
        return self._persist("POST", self._address(path), headers or {}, lambda response: response)

    def _address(self, path: str) -> str:
        return path if path.startswith(("http://", "https://")) else self.service.base_url + "/" + path.lstrip("/")

    def _with(self, path: str, params: Mapping[str, str | int] | None) -> str:
        import httpx

        url = httpx.URL(self._address(path))
        return str(url.copy_merge_params(params) if params else url)

    def _persist(self, method: str, url: str, headers: Mapping[str, str], parse: Callable[[Response], T]) -> T:
        """Try up to `tries` times; a pause longer than the caller's patience ends it early."""
        failure: Unavailable | None = None
        for attempt in range(1, self.tries + 1):
            if time.monotonic() > self._until:
                raise failure or Unavailable(f"{method} {url}: not asked, the {self.deadline:.0f} s for it were over")
            try:
                return self._watched(method, url, headers, parse)
            except NotYet:
                if failure:  # the gate was moved by our own failed try: that is a failure, not a queue
                    raise failure from None
                raise
            except Unavailable as error:
                failure = error
                pause = error.retry_after or backoff(attempt)
                if error.response is not None and error.response.status in (429, 503):
                    rate_limit.push(self._gate(url), pause)
                    continue
                if attempt < self.tries:
                    if self.patience is not None and pause > self.patience:
                        break
                    time.sleep(pause)
        assert failure is not None
        raise failure

    def _watched(self, method: str, url: str, headers: Mapping[str, str], parse: Callable[[Response], T]) -> T:
        """One try, unless the service's breaker is open or staff paused it (`breaker.Open`)."""
        name, asked_as = self.service.name, breaker.mark(self.service.base_url, self.service.headers, self.service.key)
        with breaker.watched(name, asked_as, breaks=self.service.breaks, answered=self._answered):
            found = parse(self._follow(method, url, headers))
        self._answered = True
        return found

    def _follow(self, method: str, url: str, headers: Mapping[str, str]) -> Response:
        start = url
        for _hop in range(REDIRECTS + 1):
            interval = self._allowed_interval(url)
            response, target = self._send(method, url, headers, interval)
            if method != "GET" or response.status not in REDIRECTED or not target:
                return judge(method, response)
            url = self._followed(start, url, target, response)
        raise Refused(f"{start}: more than {REDIRECTS} redirects")

    def _followed(self, start: str, url: str, target: str, response: Response) -> str:
        """The address that a redirect leads to, if it is of this site."""
        try:
            address = urljoin(url, target)
        except ValueError as error:  # "//["
            raise Refused(f"{start}: redirects to no address ({target[:200]})", response=response) from error
        if not self._same_site(response.url, address):
            raise Refused(
                f"{start}: redirects to another host ({address[:200]}); only this site is followed", response=response
            )
        return address

    def _same_site(self, one: str, other: str) -> bool:
        """The same host, but for "www." and the service's other names, by the same scheme and port; or the step up
        from http to https on default ports."""
        import httpx

        try:
            a, b = httpx.URL(one), httpx.URL(other)
        except httpx.InvalidURL:
            return False
        upgraded = (a.scheme, b.scheme, a.port, b.port) == ("http", "https", None, None)
        if not upgraded and (a.scheme, a.port) != (b.scheme, b.port):
            return False
        return self._site(a.host) == self._site(b.host)

    def _site(self, host: str) -> str:
        """The name that stands for all names of a host."""
        own = (urlsplit(self.service.base_url).hostname or "").lower()
        host = host.lower()
        names = {_bare(name) for name in (own, *self.service.hosts)}
        return _bare(own) if _bare(host) in names else _bare(host)

    def _gate(self, url: str) -> str:
        """The host whose rate limit and robots.txt hold for an address: one for all names of a site."""
        own = _host(self.service.base_url)
        parts, base = urlsplit(url), urlsplit(self.service.base_url)
        same = self._site(parts.hostname or "") == self._site(base.hostname or "")
        return own if same and parts.port == base.port else _host(url)

    def _allowed_interval(self, url: str) -> float:
        """The interval to keep, robots.txt's crawl-delay included; `Blocked` where robots.txt forbids the path."""
        if not self.service.robots:
            return self.service.interval
        text = rate_limit.robots(self._gate(url), ROBOTS_HOURS)
        if text is None:
            text = self._read_robots(url)
            rate_limit.keep_robots(self._gate(url), text)
        rules = Protego.parse(text)
        if not rules.can_fetch(url, user_agent()):
            raise Blocked(f"{url}: robots.txt of this host forbids it")
        return max(self.service.interval, rules.crawl_delay(user_agent()) or 0.0)

    def _read_robots(self, url: str) -> str:
        """RFC 9309: no such file (4xx) allows all; a host that can't answer (5xx) is not crawled until it can."""
        address = urljoin(url, "/robots.txt")
        try:
            for _hop in range(REDIRECTS + 1):
                response, target = self._send("GET", address, {}, self.service.interval)
                if response.status not in REDIRECTED or not target:
                    break
                address = self._followed(url, address, target, response)
            judge("GET", response)
        except (NotFound, Blocked, Refused):
            return ""
        is_page = "html" in response.headers.get("content-type", "")
        return "" if is_page or response.status != 200 else response.text.replace("\0", "")

    def _send(self, method: str, url: str, headers: Mapping[str, str], interval: float) -> tuple[Response, str]:
        """One request through the gate, and where its answer redirects ("": nowhere); whatever happens, the exchange
        is counted and reported."""
        import httpx

        from kinokrakow.http import wire

        if connection.in_atomic_block:
            raise RuntimeError("a request inside a transaction would hold the database for as long as the host likes")
        host = self._gate(url)
        slot = rate_limit.take(host, interval, self.patience, NotYet)
        counter = meter.get()
        if counter is not None:
            counter[self.service.name] += 1
        sent_at, begun = dt.datetime.now(dt.UTC), time.monotonic()
        response: Response | None = None
        problem = "interrupted"

        def trace(event: str, _info: Mapping[str, Any]) -> None:
            nonlocal slot
            if event == "http11.send_request_headers.started":  # connected: from here it is a few microseconds
                while not slot.hold():
                    slot = rate_limit.take(host, interval, self.patience, NotYet)
                    self._deadline.begin(self.service.timeout)
            elif event == "http11.send_request_body.complete":
                slot.sent()

        try:
            self._deadline.begin(self.service.timeout)
            with self._client.stream(method, url, headers=headers, extensions={"trace": trace}) as stream:
                target = wire.location(stream)
                body = wire.body(stream, MAX_BYTES)
                response = Response(
                    url, stream.status_code, dict(stream.headers), body, sent_at, time.monotonic() - begun
                )
            problem = ""
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            problem = f"{method} {url[:200]}: {type(error).__name__}: {error}"
            raise Refused(problem) from error
        except httpx.RequestError as error:
            problem = f"{method} {url}: {type(error).__name__}: {error}"
            raise Unavailable(problem) from error
        except HttpError as error:
            problem = f"{method} {url}: {error}"
            raise
        finally:
            if self.on_exchange:
                self.on_exchange(Exchange(method, url, sent_at, time.monotonic() - begun, response, problem))
        return response, target


@cache
def _certificates() -> ssl.SSLContext:
    """Whom we trust, the only thing that sessions share: reading it takes 20 ms, more than many a request."""
    import httpx

    return httpx.create_ssl_context(trust_env=False)


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def _bare(host: str) -> str:
    return host.removeprefix("www.")
