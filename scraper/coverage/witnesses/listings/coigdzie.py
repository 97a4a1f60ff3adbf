"""Pure: coigdzie.pl, a listing of the whole city, a page a day.

A start whose row has lost its cinema is not read (`nearest`); one without a title is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote, urljoin

from lxml import etree

from events import city
from scraper.coverage.witnesses.listings import markup
from scraper.coverage.witnesses.listings.answers import sheet
from scraper.coverage.witnesses.listings.reading import link, minutes, moment, text
from scraper.coverage.witnesses.listings.records import Ask, Failure, Sheet, Start, Unreadable
from scraper.coverage.witnesses.nearest import Element, nearest, said

AHEAD = (0, 1, 2, 3, 4, 6)  # the one left out was asked for the day before and will be the day after


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
    if other := markup.other_city(root, url, city.NAME):
        raise Unreadable(Failure.CHANGED, f"asked for {city.NAME}, and the page is of {other}")
    hours = markup.hours(root)
    if not hours:
        if markup.says_that_nothing_is_on(root):
            return Sheet()
        raise Unreadable(Failure.CHANGED, f"no start in the page of {ask.dates[0]}: {body[:80]!r}")
    return sheet(_starts(root, hours, ask.dates[0] if markup.days(root) == {ask.dates[0]} else None, url), ask.dates)


def _starts(root: Element, hours: list[Element], day: dt.date | None, url: str) -> Iterator[Start | str]:
    holding = {around for hour in hours for around in hour.iterancestors()}
    titles, cinemas = cache(markup.titles), cache(markup.cinemas)  # what is around one start is around its neighbours
    films = {hour: nearest(hour, titles, holding) for hour in hours}
    cards = {card for _title, card in films.values() if card is not None}
    by_cinema = not any(around in cards for name in cinemas(root) for around in name.iterancestors())
    for hour, (title, card) in films.items():
        given = markup.time_of(hour)
        at = moment(given, day)
        within, behind = (None, None) if by_cinema else (card, title)
        cinema, _row = nearest(hour, cinemas, holding, within=within, behind=behind)
        if at is None or cinema is None:
            yield f"{said(title)} {given[:40]}: no {'start' if at is None else 'cinema'}"
            continue
        around = next((e for e in (hour, *hour.iterancestors("a")) if e.get("href")), None)
        page = title if title is None or title.get("href") else next(title.iterancestors("a"), title)
        links = [link(urljoin(url, e.get("href") or "")) for e in (around, page) if e is not None and e.get("href")]
        info = markup.info(card) if card is not None and title is not None else ""
        runtime = minutes(info.rpartition("min")[0][-5:]) if "min" in info else None
        version = text(hour.get("data-version") or hour.get("title"))[:100]
        yield Start(said(cinema), at, said(title), next(filter(None, links), ""), version, runtime)
