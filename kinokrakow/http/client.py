"""Every outbound request of the project. Only this module, `wire` and `service` beside it know httpx.

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
from functools import cache
from types import TracebackType
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import connection

from kinokrakow.http import breaker, cookies, rate_limit, robots
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
from kinokrakow.http.service import REDIRECTED, REDIRECTS, Service, user_agent

__all__ = [
    "Blocked", "Exchange", "Garbled", "HttpError", "NotFound", "NotYet", "Refused", "Response", "Service", "Session",
    "Unavailable", "backoff", "meter", "user_agent",
]  # fmt: skip

logger = logging.getLogger(__name__)

TRIES = 3  # of one request within one call, pauses between them RETRY_BASE_DELAY, twice that, …
PATIENCE = 5.0  # s a job sleeps at the gate (beyond the others' turns) before it gives its worker back
MAX_BYTES = 8 * 2**20

T = TypeVar("T")

#: Requests made so far in this context, by service name. `jobs` opens one for each attempt.
meter: ContextVar[Counter[str] | None] = ContextVar("meter", default=None)


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
            cookies=cookies.jar(),
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
                    rate_limit.push(self.service.gate(url), pause)
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
            interval = robots.interval(self.service, url, lambda at: self._send("GET", at, {}, self.service.interval))
            response, target = self._send(method, url, headers, interval)
            if method != "GET" or response.status not in REDIRECTED or not target:
                return judge(method, response)
            url = self.service.followed(start, url, target, response)
        raise Refused(f"{start}: more than {REDIRECTS} redirects")

    def _send(self, method: str, url: str, headers: Mapping[str, str], interval: float) -> tuple[Response, str]:
        """One request through the gate, and where its answer redirects ("": nowhere); whatever happens, the exchange
        is counted and reported."""
        import httpx

        from kinokrakow.http import wire

        if connection.in_atomic_block:
            raise RuntimeError("a request inside a transaction would hold the database for as long as the host likes")
        host = self.service.gate(url)
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
