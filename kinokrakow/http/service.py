"""What an outside service is: where it is, how it is asked, and which addresses are its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.conf import settings

from kinokrakow.http.responses import Refused, Response

REDIRECTS = 3
REDIRECTED = (301, 302, 303, 307, 308)
VERSION = "1.0"


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

    def followed(self, start: str, url: str, target: str, response: Response) -> str:
        """The address that a redirect leads to, if it is of this site."""
        try:
            address = urljoin(url, target)
        except ValueError as error:  # "//["
            raise Refused(f"{start}: redirects to no address ({target[:200]})", response=response) from error
        if not self.same_site(response.url, address):
            raise Refused(
                f"{start}: redirects to another host ({address[:200]}); only this site is followed", response=response
            )
        return address

    def same_site(self, one: str, other: str) -> bool:
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
        own = (urlsplit(self.base_url).hostname or "").lower()
        host = host.lower()
        names = {_bare(name) for name in (own, *self.hosts)}
        return _bare(own) if _bare(host) in names else _bare(host)

    def gate(self, url: str) -> str:
        """The host whose rate limit and robots.txt hold for an address: one for all names of a site."""
        own = _host(self.base_url)
        parts, base = urlsplit(url), urlsplit(self.base_url)
        same = self._site(parts.hostname or "") == self._site(base.hostname or "")
        return own if same and parts.port == base.port else _host(url)


def user_agent() -> str:
    contact = f"; {settings.CONTACT}" if settings.CONTACT else ""
    return f"KinoKrakow/{VERSION} (cinema programme reader{contact})"


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def _bare(host: str) -> str:
    return host.removeprefix("www.")
