"""The cookies of a session, within bounds: whatever a host sets, its next request can be sent and is answered.

Servers refuse requests with headers of more than about 8 kB, so what no longer fits is not kept; what came first is,
for a site begins its session with its first answer. A cookie that isn't ASCII can't be sent by httpx.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from typing import Any

MOST = 180  # cookies: browsers keep as many of a domain
TOGETHER = 6000  # letters in one request's header

#: A time that no number holds makes the standard library drop all cookies of the answer.
_TIMELESS = re.compile(rb";\s*(?:max-age|expires)\s*=[^;]*\d{11}[^;]*", re.IGNORECASE)


class _Policy(DefaultCookiePolicy):
    """Refuses what is too much, and what can't be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.jar: CookieJar | None = None

    def set_ok(self, cookie: Cookie, request: Any) -> bool:
        if not super().set_ok(cookie, request) or not _text(cookie).isascii():
            return False
        same = (cookie.name, cookie.domain, cookie.path)
        others = [other for other in self.jar or () if (other.name, other.domain, other.path) != same]
        return len(others) < MOST and sum(len(_text(each)) for each in (*others, cookie)) <= TOGETHER


def _text(cookie: Cookie) -> str:
    return f"{cookie.name}={cookie.value or ''}; "


def jar() -> CookieJar:
    policy = _Policy()
    policy.jar = CookieJar(policy)
    return policy.jar


def readable(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """An answer's headers, its cookies without times that can't be."""
    return [(name, _TIMELESS.sub(b"", value) if name.lower() == b"set-cookie" else value) for name, value in headers]
