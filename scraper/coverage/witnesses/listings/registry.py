"""The witnesses there are, and those that are switched on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from kinokrakow import http
from kinokrakow.staff import names
from scraper.coverage.witnesses.listings import cinema_city, coigdzie, mikro
from scraper.coverage.witnesses.listings.records import Ask, Sheet

TIMEOUT = 15.0  # s, of one request


@dataclass(frozen=True, slots=True)
class Witness:
    """A listing that is not ours. `most_requests`: in a day, robots.txt among them."""

    name: str
    most_requests: int
    asks: Callable[[dt.date], tuple[Ask, ...]]
    extract: Callable[[str, Ask, str], Sheet]

    @property
    def title(self) -> str:
        return names.of_witness(self.name)

    @property
    def service(self) -> http.Service:
        return http.Service(
            name=f"{names.WITNESS}{self.name}",
            base_url=settings.WITNESS_BASE_URLS[self.name],
            interval=settings.WITNESS_REQUEST_INTERVAL,
            timeout=TIMEOUT,
            robots=True,
            breaks=True,
            headers={"Accept": "text/html, application/json", "Accept-Language": "pl"},
        )

    @property
    def on(self) -> bool:
        return self.name in settings.WITNESSES


WITNESSES = {
    witness.name: witness
    for witness in (
        Witness("coigdzie", 8, coigdzie.asks, coigdzie.extract),
        Witness("cinema-city", 19, cinema_city.asks, cinema_city.extract),
        Witness("mikro", 3, mikro.asks, mikro.extract),
    )
}


def hosts() -> set[str]:
    """The hosts of all witnesses, with their ports; what they want or lack is no fault of ours."""
    return {urlsplit(address).netloc.rpartition("@")[2].lower() for address in settings.WITNESS_BASE_URLS.values()}


def switched_on() -> list[Witness]:
    return [witness for witness in WITNESSES.values() if witness.on]
