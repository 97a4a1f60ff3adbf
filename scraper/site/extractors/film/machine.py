"""A film's facts as a page says them to machines: JSON-LD and microdata of schema.org's Movie."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from scraper.site.extractors.markup import Element, clean, text

from .lines import ITEM

MOST_SCRIPTS = 20
LONGEST_SCRIPT = 200_000  # characters
MOST_PROPERTIES = 500
MOST_OBJECTS = 2000
MOST_NAMES = 100

_FACTS = {
    "director": "directors", "actor": "cast", "actors": "cast", "duration": "runtime", "genre": "genres",
    "countryOfOrigin": "production", "dateCreated": "year", "copyrightYear": "year",
}  # fmt: skip
_ITEM_TYPE = re.compile("itemtype", re.IGNORECASE)
_MOVIES = etree.XPath("(//*[contains(@itemtype, 'schema.org/Movie')])[position() <= 50]")


def facts(html: str, root: Element, title: str) -> dict[str, str]:
    """The marked values of the facts of the one Movie that has the page's title."""
    found: dict[str, str] = {}
    marked = _MOVIES(root) if _ITEM_TYPE.search(html) else ()  # asking a large tree takes its time
    for movies in (list(_json_movies(html)), list(map(_properties, marked))):
        own = [movie for movie in movies if any(_folded(name) == _folded(title) for name in movie.get("name", []))]
        for fact, names in own[0].items() if len(own) == 1 else ():
            if fact in _FACTS and (names := [name for name in names if name]):
                found.setdefault(_FACTS[fact], "".join(ITEM + name[:500] for name in names[:MOST_NAMES]))
    return {fact: value.removeprefix(ITEM)[: 4 if fact == "year" else None] for fact, value in found.items()}


def _folded(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _json_movies(html: str) -> Iterator[dict[str, list[str]]]:
    for loaded in _scripts(html):
        waiting, seen = [loaded], 0
        while waiting and seen < MOST_OBJECTS:
            thing, seen = waiting.pop(), seen + 1
            if isinstance(thing, list):
                waiting += thing
            elif isinstance(thing, dict):
                kinds = thing.get("@type")
                if kinds == "Movie" or (isinstance(kinds, list) and "Movie" in kinds):
                    yield {key: _names(value) for key, value in thing.items() if key == "name" or key in _FACTS}
                else:
                    waiting += [thing.get(key) for key in ("@graph", "mainEntity", "about", "workPresented")]


def _scripts(html: str) -> Iterator[Any]:
    """What the page's JSON-LD scripts hold; one that is broken holds nothing."""
    at = 0
    for _ in range(MOST_SCRIPTS):
        at = html.find("ld+json", at)
        begin = html.find(">", at, at + 200) + 1 if at >= 0 else 0
        end = html.find("</", begin, begin + LONGEST_SCRIPT) if begin else -1
        if at < 0:
            return
        at += 7
        if end < 0 or "<script" not in html[max(at - 200, 0) : at].lower():
            continue
        try:
            yield json.loads(html[begin:end])
        except (ValueError, RecursionError):
            continue


def _names(value: Any) -> list[str]:
    """The texts of a property: itself, its name, or those of its list."""
    if isinstance(value, list):
        return [name for one in value[:MOST_NAMES] if not isinstance(one, list) for name in _names(one)]
    if isinstance(value, dict):
        value = value.get("name")
    return [clean(str(value))] if isinstance(value, str | int) and not isinstance(value, bool) else []


def _properties(scope: Element) -> dict[str, list[str]]:
    """The microdata of one item, without that of the items in it."""
    found: dict[str, list[str]] = {}
    for n, element in enumerate(scope.iter()):
        if n > 20 * MOST_PROPERTIES:
            break
        name = element.get("itemprop")
        if name not in _FACTS and name != "name":
            continue
        owner = next((up for up in element.iterancestors() if up.get("itemscope") is not None), None)
        if owner is scope:
            within = element.iterfind(".//*[@itemprop='name']") if element.get("itemscope") is not None else iter(())
            said = element.get("content") or text(next(within, element))
            found.setdefault(name, []).append(clean(said))
    return found
