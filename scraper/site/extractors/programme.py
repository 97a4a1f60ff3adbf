"""What the two kinds of programme page share: their rows, who is named, when it starts, and when a day is empty."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from parsel import Selector

from events.records import ListedShowtime, Programme
from scraper.site.polish import parse_time

from .selectors import Page, clean, http_link, text

NOON = dt.time(12)
SMALL_HOURS_END = dt.time(5)
LONGEST_SLUG = 200  # characters; what the database keeps is a little more

_UUID_SUFFIX = re.compile(r"-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_SLUG = re.compile(r"(?!\.+$)[\w%~+.-]+")
_TIME = re.compile(r"\d[:.]\d{2}(?!\d)")
_PROGRAMME_PARTS = "a[href*='/film/'], a[href*='/by_cinema/'], .hour, .hours, .cinema, .cinema_film, .film, .date, h3"
_NO_PROGRAMME = re.compile(r"brak repertuaru(?! dla filmu)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A film or a cinema as a programme names it."""

    slug: str
    name: str


def film(page: Page, row: Selector, css: str, *, place: str) -> Named:
    """The film that the row's links lead to: the last part of their path without ".html" and without a UUID suffix."""

    def slug(link: Selector) -> str:
        return _UUID_SUFFIX.sub("", _path(link).rpartition("/")[2].removesuffix(".html"))

    return _named(page, row, css, slug, place=place)


def cinema(page: Page, row: Selector, css: str, *, place: str) -> Named:
    """The cinema that the row's links lead to: their whole path, for a chain's has two parts (cinema-city/bonarka)."""
    return _named(page, row, css, lambda link: _path(link).removesuffix(".html"), place=place)


def time_of(page: Page, node: Selector, *, place: str) -> dt.time:
    """The first word of the first text that the element has: what follows it is decoration."""
    words = next((words for raw in node.xpath(".//text()").getall() if (words := clean(raw).split())), [""])
    try:
        return parse_time(words[0])
    except ValueError as error:
        raise page.error(place, expected="a time like 10:30", found=words[0]) from error


def ticket_url(page: Page, within: Selector) -> str | None:
    """Where the row's ticket is sold; None when there is no link, or none that a browser should follow."""
    addresses = (http_link(page.url, href) for href in within.css("a.buy_ticket::attr(href)").getall())
    return next(filter(None, addresses), None)


def starts(day: dt.date, lists: Sequence[Sequence[dt.time]]) -> list[list[dt.datetime]]:
    """The start of each time of a page's lists under one day, in their order.

    How the site dates a time after midnight is not known. Our reading: a time before 05:00 that stands behind one
    from noon on belongs to the night that follows, on the next date; one that stands ahead of the day's others is on
    the page's own. Where a list says neither, such as a cinema's only showtime, it is of the night if that is what
    all lists of the page say that say anything: a list of the whole day has it among the others.
    """
    said = [[_of_the_night(times, n) for n in range(len(times))] for times in lists]
    otherwise = {night for row in said for night in row if night is not None} == {True}

    def start(time: dt.time, night: bool | None) -> dt.datetime:
        after_midnight = time < SMALL_HOURS_END and (otherwise if night is None else night)
        return dt.datetime.combine(day + dt.timedelta(days=after_midnight), time)

    return [[start(*it) for it in zip(times, row, strict=True)] for times, row in zip(lists, said, strict=True)]


def _of_the_night(times: Sequence[dt.time], n: int) -> bool | None:
    """Whether a list has its n-th time in the night after the day; None where it doesn't say."""
    if times[n] >= SMALL_HOURS_END:
        return None
    if any(time >= NOON for time in times[:n]):
        return True
    return False if any(time >= SMALL_HOURS_END for time in times[n + 1 :]) else None


def showtime(
    *, film: Named, cinema: Named, day: dt.date, starts_at: dt.datetime, ticket_url: str | None
) -> ListedShowtime:
    """The record of one row. The only place where an `external_id` is made, so that both page kinds agree on it."""
    return ListedShowtime(
        external_id=f"{film.slug}|{cinema.slug}|{starts_at:%Y-%m-%dT%H:%M}",
        film_slug=film.slug,
        film_title=film.name,
        cinema_slug=cinema.slug,
        cinema_name=cinema.name,
        day=day,
        starts_at=starts_at,
        ticket_url=ticket_url,
    )


def rows(page: Page, table: Selector, kinds: Sequence[str]) -> Iterator[tuple[str, str, Selector]]:
    """(place, kind, row) of each row of the table; its kind is the one selector of `kinds` that matches in it.

    A row in which nothing looks like a part of a programme (an advertisement, a line of text) is passed over; a row
    that does, but is of no kind or of several, is an ExtractionError: it may be showtimes in a layout we don't know.
    """
    for number, row in enumerate(table.css("tr"), start=1):
        found = [css for css in kinds if row.css(css)]
        said = text(row)
        if not found and not (_TIME.search(said) or row.css(_PROGRAMME_PARTS)):
            continue
        if len(found) != 1:
            raise page.error(f"row {number}", expected=f"one of {', '.join(kinds)}", found=f"{found} in {said!r}")
        yield f"row {number}", found[0], row


def conclude(
    page: Page, date: dt.date, showtimes: Sequence[ListedShowtime], statements: Mapping[str, str]
) -> Programme:
    """The programme of a verified page: without showtimes only if the page says so, with showtimes only if it doesn't.

    A showtime listed twice is one record: the first that has a ticket link, else the first.
    """
    says_empty = _says_empty(page)
    if says_empty and showtimes:
        raise page.error(
            "programme", expected="showtimes or 'Brak repertuaru'", found=f"both, {len(showtimes)} showtimes"
        )
    if not says_empty and not showtimes:
        raise page.error(
            "programme", expected="showtimes or 'Brak repertuaru': the layout changed", found="neither of them"
        )
    unique: dict[str, ListedShowtime] = {}
    for listed in showtimes:
        known = unique.setdefault(listed.external_id, listed)
        if known.ticket_url is None and listed.ticket_url is not None:
            unique[listed.external_id] = listed
    return Programme(date=date, empty=says_empty, showtimes=tuple(unique.values()), statements=statements)


def _says_empty(page: Page) -> bool:
    # A link is somebody's name, not the page's own words: a film could be called anything.
    words = page.root.xpath("//body//text()[not(ancestor::a or ancestor::script or ancestor::style)]").getall()
    return _NO_PROGRAMME.search(clean(" ".join(words))) is not None


def _path(link: Selector) -> str:
    """Of an address on the web, readable: "ch%C5%82opi" and "chłopi" are one slug. Empty for other links."""
    try:
        parts = urlsplit(link.attrib.get("href", "").strip())
    except ValueError:  # "http://["
        return ""
    return unquote(parts.path).strip("/") if parts.scheme in ("", "http", "https") else ""


def _named(page: Page, row: Selector, css: str, slug_of: Callable[[Selector], str], *, place: str) -> Named:
    """What the links of a row name: several (a poster beside its title) must lead to the same."""
    links = row.css(css)
    slugs = {slug_of(link) for link in links}
    if len(slugs) != 1:
        raise page.error(place, expected=f"one {css}", found=f"{len(links)} in {text(row)!r}")
    slug = slugs.pop()
    if len(slug) > LONGEST_SLUG or not all(_SLUG.fullmatch(part) for part in slug.split("/")):
        raise page.error(place, expected="a link to a page of its own", found=links[0].attrib.get("href", ""))
    name = next((name for link in links if (name := text(link))), "")
    if not name:
        raise page.error(place, expected="a name", found=f"an empty link to {slug}")
    return Named(slug, name)
