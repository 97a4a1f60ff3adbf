"""Pure: finds hours, cinemas and titles in a listing's page, and what the page says of its own city and day."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import unquote

from lxml import etree

from events.titles.spelling import fold
from scraper.coverage.witnesses.listings.reading import CLOCK, dates, text
from scraper.coverage.witnesses.nearest import Element

_TIMES = ("data-time", "data-datetime", "data-start", "datetime")
_CLASS = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
_HOURS = etree.XPath(
    f"//*[@data-time or @data-datetime or @data-start or {_CLASS.format('badge')}] | //time[@datetime]"
)
_LOWER = "translate(@class, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
_CINEMAS = (
    etree.XPath(f".//*[contains({_LOWER}, 'cinema') and (contains({_LOWER}, 'name') or contains({_LOWER}, 'title'))]"),
    etree.XPath(".//a[contains(@href, '/kino/') or contains(@href, '/kina/')]"),
)
#: Where a film's title may stand, what says so most plainly first.
_TITLE = f"contains({_LOWER}, 'title') and not(contains({_LOWER}, 'sub') or contains({_LOWER}, 'orig'))"
_TITLES = tuple(
    etree.XPath(f".//{path}") for path in (f"*[{_CLASS.format('title')}]", f"*[{_TITLE}]", "h2", "h3", "h4", "h1")
)
_HEADINGS = etree.XPath(".//h2 | .//h3 | .//h4")
_INFO = etree.XPath(f"string(.//*[{_CLASS.format('info')}])")
_HEADING, _NAME = etree.XPath("//h1"), etree.XPath("string(//title)")
_ADDRESSES = etree.XPath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
_OF_CITY = re.compile(r"/miasto/([^/?#]+)", re.IGNORECASE)
#: Cities whose programme might be sent in place of the one asked for.
_CITIES = re.compile(
    r"\b(?:warszaw|lodz|wroclaw|poznan|gdansk|gdyni|szczecin|bydgoszcz|lublin|bialystok|katowic|czestochow|radom|torun"
    r"|kielc|rzeszow|gliwic|zabrz|olsztyn|bielsk|opol|tarnow)\w*"
)
_NOTHING = re.compile(
    r"\b(?:brak|nie ma|nie znale\w+)\b[^.!]{0,40}?\b(?:seans|projekcj|repertuar|wynik|film)", re.IGNORECASE
)


def hours(root: Element) -> list[Element]:
    """What stands for a start each. A badge that gives no time ("2D", "nowość") is none, nor is one inside of what
    gives its time for programs."""
    found = _HOURS(root)
    given = {one for one in found if any(one.get(name) for name in _TIMES)}
    return [
        one for one in found if one in given or (CLOCK.search(_text(one)) and given.isdisjoint(one.iterancestors()))
    ]


def time_of(hour: Element) -> str:
    """The start as an hour's element gives it, for programs if it does so, else for people."""
    given = next((value for name in _TIMES if (value := hour.get(name))), "")
    return given if given and not re.fullmatch(r"\d+[.-]\d+[.-]\d+", given) else f"{given} {_text(hour)}".strip()


def cinemas(around: Element) -> list[Element]:
    """The names of cinemas in an element; where nothing is marked as one, links to their pages."""
    return next((found for path in _CINEMAS if (found := path(around))), [])


def titles(around: Element) -> list[Element]:
    """The titles of films in an element: those of the plainest kind that it has. A heading that is or holds a cinema's
    name is none; of one that holds a heading, that is the title."""
    names = set(cinemas(around))
    for path in _TITLES:
        found = [one for one in path(around) if one not in names and not cinemas(one) and _text(one)]
        if found:
            return [next(iter(_HEADINGS(one)), one) for one in found]
    return []


def info(card: Element) -> str:
    return str(_INFO(card))


def days(root: Element) -> set[dt.date]:
    """The dates that the page's heading, title and own address name."""
    return dates(" ".join((*map(_text, _HEADING(root)), _NAME(root), *_ADDRESSES(root))))


def other_city(root: Element, url: str, city: str) -> str:
    """The city that the page says it is of, if it is not `city`; empty if it says nothing of that."""
    wanted = fold(city)
    for address in (url, *_ADDRESSES(root)):
        found = _OF_CITY.search(unquote(address))
        if found and fold(found[1].replace("-", " ")) != wanted.replace("-", " "):
            return text(found[1])
    films = {part for title in titles(root) for part in title.iter()}
    heading = " ".join(_text(one) for one in _HEADING(root) if one not in films)
    for name in (heading, _NAME(root)):  # the heading first: a title may name all cities there are
        said = fold(name)
        if wanted in said:
            return ""
        if other := _CITIES.search(said):
            return other[0]
    return ""


def says_that_nothing_is_on(root: Element) -> bool:
    return _NOTHING.search(" ".join(root.itertext())) is not None


def _text(element: Element) -> str:
    return text("".join(element.itertext()))
