"""What a request brought: an answer that arrived whole, or a typed error that carries the last answer."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from kinokrakow.http import charset

MAX_RETRY_AFTER = 6 * 3600.0  # s; a host that asks for more is asked again after this


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that arrived whole. `url` is where it came from after redirects."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    sent_at: dt.datetime
    seconds: float

    @property
    def text(self) -> str:
        """The body in the charset that it is in, which its header and its own declaration may not say."""
        return charset.decode(self.body, self.headers.get("content-type"))

    def json(self) -> Any:
        """The body as JSON; `Garbled` when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Garbled(f"{self.url}: expected JSON, found {self.body[:80]!r}", response=self) from error


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it went, answered or not: what the page archive keeps."""

    method: str
    url: str
    sent_at: dt.datetime
    seconds: float
    response: Response | None
    error: str


class HttpError(Exception):
    """A request that brought no page. `response` is the answer, if there was one."""

    def __init__(self, message: str, *, response: Response | None = None) -> None:
        super().__init__(message)
        self.response = response


class Unavailable(HttpError):
    """It may pass: a timeout, a cut body, 429, 5xx. `retry_after` is in seconds, if the host named it."""

    def __init__(self, message: str, *, response: Response | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, response=response)
        self.retry_after = retry_after


class NotFound(HttpError):
    """404 or 410: an answer, not a fault."""


class Blocked(HttpError):
    """robots.txt forbids it, or the host says 401 or 403."""


class Denied(Blocked):
    """The answer says that the service does not serve us: our key, our quota, or our manners; whatever its status."""


class Refused(HttpError):
    """Another 4xx, a redirect to another host, too many redirects or bytes."""


class Garbled(HttpError):
    """The answer is not of the form that was promised."""


class NotYet(Exception):
    """The host's next slot is further away than the caller wants to sleep: come back in `seconds`."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host} wants no request for another {seconds:.1f} s")
        self.seconds = seconds


def judge(method: str, response: Response) -> Response:
    """The answer if it is one; otherwise the error that its status means."""
    status, what = response.status, f"{method} {response.url}: HTTP {response.status}"
    if status < 400:
        return response
    if status in (404, 410):
        raise NotFound(what, response=response)
    if status in (401, 403):
        raise Blocked(what, response=response)
    if status in (408, 429) or status >= 500:
        raise Unavailable(what, response=response, retry_after=_retry_after(response.headers.get("retry-after", "")))
    raise Refused(what, response=response)


def _retry_after(value: str) -> float | None:
    """Seconds, out of either form of the header (a number, an HTTP date); None when it says nothing usable."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - dt.datetime.now(dt.UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(seconds, MAX_RETRY_AFTER) if seconds > 0 else None
