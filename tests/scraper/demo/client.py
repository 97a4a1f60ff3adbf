"""A browser's worth of HTTP for the demo's tests: cookies, no redirects followed, standard library only."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from email.message import Message
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO, NamedTuple


class Reply(NamedTuple):
    status: int
    headers: Message
    text: str


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class Browser:
    """One session with the site; give two browsers the same `jar` to make them share it."""

    def __init__(self, site_url: str, jar: CookieJar | None = None, timeout: float = 30.0) -> None:
        self.site_url = site_url
        self.timeout = timeout
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(CookieJar() if jar is None else jar),
            _StayHere,
        )

    def get(self, path: str, **headers: str) -> Reply:
        return self._send(urllib.request.Request(self.site_url + path, headers=headers))

    def set_day(self, offset: int, token: str, **changed: str) -> Reply:
        headers = {
            "X-CSRF-Token": token,
            "X-Requested-With": "XMLHttpRequest",
            "Referer": f"{self.site_url}/cinema_program/by_movie",
        } | {name.replace("_", "-"): value for name, value in changed.items()}
        url = f"{self.site_url}/settings/set_day/{offset}"
        return self._send(urllib.request.Request(url, data=b"", headers=headers, method="POST"))

    def post(self, path: str, body: str) -> Reply:
        request = urllib.request.Request(self.site_url + path, data=body.encode(), method="POST")
        return self._send(request)

    def _send(self, request: urllib.request.Request) -> Reply:
        try:
            with self._opener.open(request, timeout=self.timeout) as response:
                return Reply(response.status, response.headers, response.read().decode())
        except urllib.error.HTTPError as refused:
            with refused:
                return Reply(refused.code, refused.headers, refused.read().decode())


def token_of(html: str) -> str:
    return found[1] if (found := re.search(r'name="csrf-token" content="([^"]+)"', html)) else ""


def header_of(html: str) -> str:
    """What the programme page says its date is: `piątek, 3 października`."""
    return found[1] if (found := re.search(r'<th class="date"[^>]*>([^<]+)<', html)) else ""


def active_of(html: str) -> str:
    """What the calendar says the date is: `3 10`, day and month."""
    return found[1] if (found := re.search(r'<td class="active [^>]*>.*?<br> (\d+ \d+)<', html)) else ""
