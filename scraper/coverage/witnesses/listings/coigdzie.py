"""Pure: coigdzie.pl, a listing of the whole city, a page a day.

A start whose row has lost its cinema is not read (`nearest`); one without a title is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from urllib.parse import quote, urljoin

from lxml import etree

from events import city
from scraper.coverage.witnesses.listings.reading import dates, link, minutes, moment, sheet, text
from scraper.coverage.witnesses.listings.records import Ask, Failure, Sheet, Start, Unreadable
from scraper.coverage.witnesses.nearest import Element, nearest, said

_CLASS = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
_HOURS = etree.XPath(
    f"//*[@data-time or @data-datetime or @data-start or {_CLASS.format('badge')}] | //time[@datetime]"
)
_CINEMAS = etree.XPath(".//*[contains(@class, 'cinemaname') or contains(@class, 'cinema-name')]")
_TITLES = etree.XPath(f".//*[{_CLASS.format('title')}] | .//h2 | .//h3 | .//h4")
_INFO = etree.XPath(f"string(.//*[{_CLASS.format('info')}])")
_OF = etree.XPath(
    "//title//text() | //h1//text() | //link[@rel='canonical']/@href | //meta[@property='og:url']/@content"
)
AHEAD = (0, 1, 2, 3, 4, 6)  # the one left out was asked for the day before and will be the day after
_NOTHING = ("brak seans", "nie ma seans", "brak repertuar")


def asks(today: dt.date) -> tuple[Ask, ...]:
    """The whole city, a request a day."""
    days = [today + dt.timedelta(days=ahead) for ahead in AHEAD]
    return tuple(Ask(f"/miasto/{quote(city.NAME.lower())}/dzien/{day}", (day,)) for day in days)


def extract(body: str, ask: Ask, url: str = "") -> Sheet:
    """The starts of one day, in all cinemas."""
    try:
        root = etree.fromstring(
            f"<p>{body}".replace("\0", "").encode("utf-8", "ignore"), etree.HTMLParser(encoding="utf-8")
        )
    except etree.LxmlError as error:
        raise Unreadable(Failure.CHANGED, f"expected HTML, found {body[:80]!r}") from error
    hours = _HOURS(root)
    if not hours:
        if any(none in " ".join(root.itertext()).lower() for none in _NOTHING):
            return Sheet()
        raise Unreadable(Failure.CHANGED, f"no start in the page of {ask.dates[0]}: {body[:80]!r}")
    proved = dates(" ".join(map(str, _OF(root)))) == {ask.dates[0]}
    return sheet(_starts(hours, ask.dates[0] if proved else None, url), ask.dates)


def _starts(hours: list[Element], day: dt.date | None, url: str) -> Iterator[Start | str]:
    holding = {around for hour in hours for around in hour.iterancestors()}
    for hour in hours:
        shown = text("".join(hour.itertext()))
        given = next((v for n in ("data-time", "data-datetime", "data-start", "datetime") if (v := hour.get(n))), shown)
        at = moment(given, day)
        title, card = nearest(hour, _TITLES, holding)
        cinema, _row = nearest(hour, _CINEMAS, holding, within=card, behind=title)
        if at is None or cinema is None:
            yield f"{said(title)} {given[:40]}: no {'start' if at is None else 'cinema'}"
            continue
        around = next((e for e in (hour, *hour.iterancestors("a")) if e.get("href")), None)
        page = title if title is None or title.get("href") else next(title.iterancestors("a"), title)
        links = [link(urljoin(url, e.get("href") or "")) for e in (around, page) if e is not None and e.get("href")]
        info = _INFO(card) if card is not None and title is not None else ""
        runtime = minutes(info.rpartition("min")[0][-5:]) if "min" in info else None
        version = text(hour.get("data-version") or hour.get("title"))[:100]
        yield Start(said(cinema), at, said(title), next(filter(None, links), ""), version, runtime)
