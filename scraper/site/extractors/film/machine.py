"""A film's facts as a page says them to machines: schema.org's Movie as JSON-LD, microdata or RDFa, and Open Graph."""

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

_WRAPPING = re.compile(r"<!--|(?://\s*)?<!\[CDATA\[")
_NAMES_WITHIN = etree.XPath("(.//*[@itemprop='name' or @property='name'])[1]")

_FACTS = {
    "director": "directors", "actor": "cast", "actors": "cast", "duration": "runtime", "genre": "genres",
    "countryOfOrigin": "production", "dateCreated": "year", "copyrightYear": "year",
}  # fmt: skip
_ITEMS = re.compile("itemscope|typeof", re.IGNORECASE)
_MOVIES = etree.XPath("(//*[contains(@itemtype, 'schema.org/Movie') or contains(@typeof, 'Movie')])[position() <= 50]")
_OTHER_ITEMS = etree.XPath(
    "(//*[@itemscope and (not(@itemtype) or contains(@itemtype, 'CreativeWork'))])[position() <= 50]"
)
_VIDEO = re.compile("video[:.]", re.IGNORECASE)
_OF_A_MOVIE = etree.XPath("//meta[@property='og:type' and contains(@content, 'movie')]")
_METAS = etree.XPath("(//meta[starts-with(@property, 'video:')])[position() <= 200]")
_OF_VIDEOS = {"video:director": "directors", "video:actor": "cast"}


def facts(html: str, root: Element, title: str) -> dict[str, str]:
    """The marked values of the facts of the one Movie that has the page's title."""
    found: dict[str, list[str]] = {}
    # Asking a large tree takes its time.
    marked = (_MOVIES(root) or _OTHER_ITEMS(root)) if _ITEMS.search(html) else ()
    for movies in (list(_json_movies(html)), list(map(_properties, marked))):
        own = [movie for movie in movies if any(_folded(name) == _folded(title) for name in movie.get("name", []))]
        told = {
            name: {names for movie in own if (names := tuple(filter(None, movie.get(name, []))))} for name in _FACTS
        }
        # Each screening may name its movie again; two films of one name contradict each other.
        for name, said in told.items() if all(len(said) <= 1 for said in told.values()) else ():
            for names in said:
                found.setdefault(_FACTS[name], [*names])
    if _VIDEO.search(html) and _OF_A_MOVIE(root):
        found = _open_graph(root) | found
    values = {fact: "".join(ITEM + name[:500] for name in names[:MOST_NAMES]) for fact, names in found.items()}
    return {fact: value.removeprefix(ITEM)[: 4 if fact == "year" else None] for fact, value in values.items()}


def _open_graph(root: Element) -> dict[str, list[str]]:
    """The people of a page that is shared as a movie, and its length, which is given in seconds."""
    found: dict[str, list[str]] = {}
    for meta in _METAS(root):
        name, said = meta.get("property"), clean(meta.get("content") or "")
        if name in _OF_VIDEOS and not said.startswith("http"):
            found.setdefault(_OF_VIDEOS[name], []).append(said)
        elif name == "video:duration" and re.fullmatch("[0-9]{3,5}", said):
            found.setdefault("runtime", [str(round(int(said) / 60))])
    return found


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
                if any(_is_movie(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])):
                    yield {key: _names(value) for key, value in thing.items() if key == "name" or key in _FACTS}
                else:
                    waiting += [thing.get(key) for key in ("@graph", "mainEntity", "about", "workPresented")]


def _is_movie(kind: object) -> bool:
    """Whether a type is schema.org's Movie: its name alone, or with the vocabulary ahead."""
    return isinstance(kind, str) and re.split("[/:#]", kind[-50:])[-1] == "Movie"


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
            yield json.loads(_unwrapped(html[begin:end]))
        except (ValueError, RecursionError):
            continue


def _unwrapped(script: str) -> str:
    """A script without the comment or the CDATA section around it."""
    script = script.strip()
    begin = _WRAPPING.match(script)
    if begin is None:
        return script
    return script[begin.end() :].removesuffix("-->").removesuffix("]]>").rstrip().removesuffix("//")


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
        name = element.get("itemprop") or element.get("property")
        if name not in _FACTS and name != "name":
            continue
        owner = next(filter(_is_item, element.iterancestors()), None)
        if owner is scope:
            within = _NAMES_WITHIN(element) if _is_item(element) else []
            said = element.get("content") or _length(element, name) or text(within[0] if within else element)
            found.setdefault(name, []).append(clean(said))
    return found


def _is_item(element: Element) -> bool:
    return element.get("itemscope") is not None or element.get("typeof") is not None


def _length(element: Element, name: str) -> str:
    return (element.get("datetime") or "") if name == "duration" else ""
