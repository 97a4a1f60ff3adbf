"""`/film/{slug}.html`: what the site says of a film. Only the title is always there.

Facts stand as `<strong>Label:</strong> value`. A value ends at the next `<strong>`, at the end of its line or where a
block begins; the line breaks the site puts before some values are skipped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from parsel import Selector

from events.records import FilmFacts
from scraper.site.polish import read_date

from .selectors import Page, clean, open_page, text

FIRST_FILM_YEAR = 1888
YEARS_AHEAD = 5  # films are announced years before they are made
LONGEST_FILM = 900  # minutes; the longest ones shown in cinemas run a little over 800

_BLOCKS = {"article", "aside", "div", "dl", "form", "h2", "h3", "h4", "hr", "ol", "p", "section", "table", "ul"}
_RUNTIME = re.compile(r"([0-9]{1,4}) ?min\.?")
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")


@dataclass(frozen=True, slots=True)
class _Value:
    """What follows a label: its text, and the texts of its links."""

    text: str = ""
    links: tuple[str, ...] = ()


def extract(html: str, *, url: str, slug: str, today: dt.date) -> FilmFacts:
    """The facts of the film `slug`; ExtractionError unless the page has one title. A fact that is missing or makes
    no sense is None or ().
    """
    page = open_page(html, url=url)
    values = _values(page)

    def value(label: str) -> _Value:
        return values.get(label, _Value())

    year, countries = _production(value("produkcja").text, today=today)
    return FilmFacts(
        slug=slug,
        title=_title(page),
        original_title=value("tytuł oryginalny").text or None,
        directors=_names(value("reżyseria")),
        year=year,
        countries=countries,
        runtime=_runtime(value("czas trwania").text),
        cast=_names(value("obsada")),
        genres=_names(value("gatunek")),
        premiere=_premiere(value("premiera").text),
        distributor=value("dystrybutor filmu").text or None,
    )


def _title(page: Page) -> str:
    """The text of the h1 that is not the site's own name, which leads to its front page."""
    titles = [title for heading in page.root.css("h1") if (title := text(heading)) and not _leads_home(heading)]
    if len(titles) != 1:
        raise page.error("title", expected="one h1 with a text", found=" / ".join(titles))
    return titles[0]


def _leads_home(heading: Selector) -> bool:
    return any(urlsplit(href.strip()).path in ("", "/") for href in heading.css("a::attr(href)").getall())


def _values(page: Page) -> dict[str, _Value]:
    """Values by label, in lower case without its colon; of a label that comes twice, the first."""
    values: dict[str, _Value] = {}
    for strong in page.root.css("strong"):
        label = text(strong)
        if label.endswith(":"):
            values.setdefault(label.removesuffix(":").rstrip().lower(), _value(strong))
    return values


def _value(strong: Selector) -> _Value:
    words: list[str] = []
    links: list[str] = []
    for node in strong.xpath("following-sibling::node()"):
        if isinstance(node.root, str):
            words.append(node.root)
            continue
        tag = node.root.tag
        if not isinstance(tag, str) or (tag == "br" and not clean("".join(words))):
            continue  # a comment, whose tag is no string, or a line break before the value
        if tag in ("br", "strong") or tag in _BLOCKS or node.css("strong"):
            break
        words.append(text(node))
        links += [text(link) for link in ([node] if tag == "a" else node.css("a"))]
    return _Value(clean("".join(words)), tuple(links))


def _names(value: _Value) -> tuple[str, ...]:
    names: Sequence[str] = value.links or [clean(name) for name in re.split("[/,]", value.text)]
    return tuple(dict.fromkeys(filter(None, names)))


def _production(raw: str, *, today: dt.date) -> tuple[int | None, tuple[str, ...]]:
    """(2014, ("USA", "Wielka Brytania")) of "USA / Wielka Brytania, 2014", in which either part may be missing."""
    years = [int(year) for year in _YEAR.findall(raw)]
    year = years[0] if years and FIRST_FILM_YEAR <= years[0] <= today.year + YEARS_AHEAD else None
    parts = (clean(part) for part in re.split("[/,]", _YEAR.sub("", raw)))
    return year, tuple(dict.fromkeys(part for part in parts if any(map(str.isalpha, part))))


def _runtime(raw: str) -> int | None:
    match = _RUNTIME.fullmatch(raw)
    return int(match[1]) if match and 0 < int(match[1]) <= LONGEST_FILM else None


def _premiere(raw: str) -> dt.date | None:
    said = read_date(raw)
    return said.near(dt.date.min) if said and said.year else None
