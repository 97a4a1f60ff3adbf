"""What a film's page is called, and its picture."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml import etree

from events import city
from scraper.site.extractors.links import film_slug
from scraper.site.extractors.markup import Element, Page, clean, http_link, is_aside, is_small, text, words
from scraper.site.extractors.rows.names import is_badge

LONGEST_TEXT = 255

_SITE = re.compile(
    rf"kino\.krakow|repertuar|{city.pattern()}|\bkina\b|w kinach|seanse|bilety|^filmy?$|program kin",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"(?:repertuar|opis|obsada|zwiastun|galeria|opinie|komentarze|recenzj|zapowiedzi|premiery|seanse|podobne|zobacz|menu"
    r"|informacj|polecane|o filmie|szczegóły|kup bilet)",
    re.IGNORECASE,
)
_SITE_NAMES = {
    "", "kino.krakow.pl", "www.kino.krakow.pl", "repertuary.pl", "krakow.repertuary.pl", "film", "filmy", "kino",
    "repertuar", "strona filmu", "strona główna",
}  # fmt: skip
_LABEL = re.compile(r"^(?:film|tytuł)(?: polski)?: ", re.IGNORECASE)  # "Film: Bugonia"
_YEAR_ONLY = re.compile(r"\(?[0-9]{4}\)?")

_QUOTED = re.compile(r"[„“\"«]([^„“”\"«»]+)[”“\"»]")

_META = "//meta[@property='{0}' or @name='{0}']/@content"
_OG_TITLE, _OG_IMAGE = etree.XPath(_META.format("og:title")), etree.XPath(_META.format("og:image"))
_TITLE = etree.XPath("string((//title)[1])")
_H1, _H2 = etree.XPath("//h1"), etree.XPath("(//h2)[position() <= 30]")
_HOME = etree.XPath("(.//a | ancestor::a)/@href")
_IMAGES = etree.XPath("//img[contains(@src, '/dbimages/') or contains(@data-src, '/dbimages/')]")


def read(page: Page) -> str:
    """The text of the h1 that is not the site's own name; without one, of what else names the page."""
    named = [title for title in map(_without_site, [*_OG_TITLE(page.root), _TITLE(page.root)]) if title]
    headings = dict.fromkeys(title for heading in _H1(page.root)[:20] if (title := _heading(heading)))
    own = [title for title in headings if not _SITE.fullmatch(title) and not _is_the_sites(title)]
    if len(own) > 1:
        own = [title for title in own if title in named] or own
    if len(own) == 1:
        return own[0]
    if own:
        raise page.error("title", expected="one h1 with a text", found=" / ".join(own))
    second = [title for heading in _H2(page.root) if (title := _heading(heading)) and not _NO_TITLE.match(title)]
    for title in (*(title for title in second if title in named), *named, *second):
        return title
    raise page.error("title", expected="one h1 with a text", found="")


def _heading(heading: Element) -> str:
    """A heading's text without its badges and small print; empty when it stands aside or leads to the front page."""
    if is_aside(heading) or any(_path_of(href) in ("", "/") for href in _HOME(heading)[:20]):
        return ""
    pieces = [heading.text or ""]
    for child in heading:
        if is_small(child) and not (is_badge(child) or child.tag == "small" or _YEAR_ONLY.fullmatch(words(child))):
            pieces.append("".join(child.itertext()))
        pieces.append(f" {child.tail or ''}" if child.tag == "br" else child.tail or "")
    title = _LABEL.sub("", (clean("".join(pieces)) or text(heading))[:LONGEST_TEXT]).strip()
    return quoted[1] if (quoted := _QUOTED.fullmatch(title)) else title


def _path_of(href: str) -> str:
    try:
        return urlsplit(href.strip()).path
    except ValueError:
        return "?"


def _without_site(name: str) -> str:
    """A page's name without the site's: "Bugonia - repertuar kin - Kraków" is Bugonia."""
    parts = re.split(r"( [-–—|•·»:] )", clean(name)[: 4 * LONGEST_TEXT])
    while len(parts) > 1 and _SITE.search(parts[-1]):
        del parts[-2:]
    title = "".join(parts)[:LONGEST_TEXT].strip()
    return "" if _is_the_sites(title) else title


def _is_the_sites(title: str) -> bool:
    return title.lower() in _SITE_NAMES


def poster(page: Page, slug: str) -> str | None:
    """The site's picture of the film: as it is shared, else the first that isn't another film's."""
    for address in _OG_IMAGE(page.root):
        if "/dbimages/" in address and (link := http_link(page.base, address)):
            return link
    for image in _IMAGES(page.root)[:50]:
        others = (film_slug(link.get("href") or "") for link in image.iterancestors("a"))
        if not is_aside(image) and all(other in ("", slug) for other in others):
            return http_link(page.base, image.get("src") or image.get("data-src") or "")
    return next((link for content in _OG_IMAGE(page.root) if (link := http_link(page.base, content))), None)
