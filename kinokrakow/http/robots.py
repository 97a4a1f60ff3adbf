"""robots.txt: what a host allows, and how far apart it wants requests; read once a day for all processes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urljoin

from django.utils import timezone
from protego import Protego

from kinokrakow.http.responses import Blocked, NotFound, Refused, Response, judge
from kinokrakow.http.service import REDIRECTED, REDIRECTS, Service, user_agent
from kinokrakow.models import HostGate

HOURS = 24
MOST = 500 * 2**10  # characters read of it, as RFC 9309 allows: rules beyond them are none
LONGEST_DELAY = 60.0  # s: at more between two requests no session of three comes to its end in a job's time

Ask = Callable[[str], tuple[Response, str]]  # an address → its answer, and where that redirects


def interval(service: Service, url: str, ask: Ask) -> float:
    """The interval to keep (s), the crawl-delay included; `Blocked` where the path is forbidden."""
    if not service.robots:
        return service.interval
    host = service.gate(url)
    text = kept(host)
    if text is None:
        text = _read(service, url, ask)
        keep(host, text)
    rules = _rules(text)
    if not rules.can_fetch(url, user_agent()):
        raise Blocked(f"{url}: robots.txt of this host forbids it")
    delay = rules.crawl_delay(user_agent()) or 0.0
    if delay > LONGEST_DELAY:
        raise Blocked(f"{url}: robots.txt of this host wants {delay:.0f} s between two requests, more than a sync has")
    return max(service.interval, delay)


@lru_cache(maxsize=8)
def _rules(text: str) -> Protego:
    """Parsed once, not at each request: a file of 500 kB takes a tenth of a second."""
    return Protego.parse(text)


def _read(service: Service, url: str, ask: Ask) -> str:
    """RFC 9309: no such file (4xx) allows all; a host that can't answer (5xx) is not crawled until it can."""
    address = urljoin(url, "/robots.txt")
    try:
        for _hop in range(REDIRECTS + 1):
            response, target = ask(address)
            if response.status not in REDIRECTED or not target:
                break
            address = service.followed(url, address, target, response)
        judge("GET", response)
    except (NotFound, Blocked, Refused):
        return ""
    is_page = "html" in response.headers.get("content-type", "")
    text = "" if is_page or response.status != 200 else response.text.replace("\0", "")
    return text if len(text) <= MOST else text[:MOST].rpartition("\n")[0]


def kept(host: str, hours: float = HOURS) -> str | None:
    """The robots.txt kept for `host`, or None when there is none younger than `hours`."""
    now = timezone.now()
    fresh = HostGate.objects.filter(host=host, robots_at__gte=now - dt.timedelta(hours=hours))
    return fresh.filter(robots_at__lte=now + dt.timedelta(minutes=5)).values_list("robots", flat=True).first()


def keep(host: str, text: str) -> None:
    HostGate.objects.update_or_create(host=host, defaults={"robots": text, "robots_at": timezone.now()})
