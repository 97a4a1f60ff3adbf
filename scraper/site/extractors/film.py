"""`/film/{slug}.html`: what the site says of a film. Only the title is always there.

Facts stand as "Label: value" in whatever markup: bold, a definition list, a table, a list, plain text. So the page's
content is first laid out as lines, in which emphasis, links and list items are marked; labels are then found in these.
Each fact is read by itself: one that makes no sense costs itself.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from lxml import etree

from events.records import FilmFacts
from scraper.site.polish import find_dates

from .links import film_slug
from .markup import Element, Page, clean, http_link, is_aside, is_small, open_page, stands_aside, text, tokens, words
from .rows import is_badge

FIRST_FILM_YEAR = 1888
YEARS_AHEAD = 5  # films are announced years before they are made
LONGEST_FILM = 900  # minutes; the longest ones shown in cinemas run a little over 800
LONGEST_TEXT = 255
MOST_NAMES = 100
MOST_ELEMENTS = 20_000  # of a page are read

# How the lines are marked: a link, an emphasis or a cell, an item of a list.
_LINK, _END_LINK, _EMPHASIS, _END_EMPHASIS, _ITEM = "\x01", "\x02", "\x03", "\x04", "\x05"
_MARKS = re.compile(r"[\x01-\x05]")
_EMPHASES = {"strong", "b", "em", "span", "label", "dt", "th", "td", "i", "u"}
_BLOCKS = {
    "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "li", "main", "ol", "p", "section", "table", "tbody", "td", "th", "tr", "ul",
}  # fmt: skip

_LABELS = {
    "original_title": ("tytuł oryginalny", "oryginalny tytuł", "tytuł oryg.", "tytuł angielski"),
    "runtime": ("czas trwania", "czas projekcji", "czas trwania filmu", "długość", "czas"),
    "production": ("produkcja", "kraj produkcji", "kraje produkcji", "kraj i rok produkcji", "kraj", "kraje"),
    "year": ("rok produkcji", "rok"),
    "genres": ("gatunek", "gatunki", "gatunek filmu", "rodzaj"),
    "premiere": (
        "premiera", "premiera w polsce", "premiera polska", "polska premiera", "data premiery", "premiera kinowa",
        "data premiery w polsce", "w kinach od", "data polskiej premiery", "premiera pl",
    ),
    "distributor": ("dystrybutor filmu", "dystrybutor", "dystrybucja", "dystrybutor w polsce", "dystrybucja w polsce"),
    "directors": ("reżyseria", "reżyser", "reżyserzy", "reżyserka", "reżyserki", "reż.", "reżyseria filmu"),
    "cast": ("obsada", "występują", "w rolach głównych", "w roli głównej", "aktorzy", "grają", "obsada filmu"),
    # Not kept, but where one begins, the value before it ends.
    "": (
        "scenariusz", "scenariusz i reżyseria", "zdjęcia", "muzyka", "montaż", "scenografia", "kostiumy", "producent",
        "producenci", "wersja", "wersja językowa", "język", "wiek", "od lat", "ograniczenia wiekowe",
        "kategoria wiekowa", "ocena", "opis", "nagrody", "strona", "strona www", "premiera światowa", "kategoria",
        "premiera na świecie",
        "światowa premiera", "napisy", "studio", "budżet", "tagi", "fabuła", "opis filmu", "zwiastun",
    ),
}  # fmt: skip
_FACT_OF = {label: fact for fact, labels in _LABELS.items() for label in labels}
_NAMES = "|".join(re.escape(label) for label in sorted(_FACT_OF, key=len, reverse=True))
# A label: with a colon, inside or outside its emphasis; emphasised; or alone in its line.
_LABEL = re.compile(
    rf"(?:(?<=[\n\x03\x04\x05,;|•·(])|(?<=[.\x02] )|^)[ \x04\x05]*+(?P<name>{_NAMES})"
    r"(?:[ \x04]*+:[ \x04]*+|(?<![\x03\x04\n])[ ]*+\x04[ ]*+(?![\x04]*:)|[ \x04]*+(?=\n))",
    re.IGNORECASE,
)
_ANY_LABEL = re.compile(r"\x03[^\x01-\x05\n]{1,40}(?::[ ]*\x04|\x04[ ]*:)")

_MINUTES = re.compile(r"(?<![0-9.,:])([0-9]{1,3}) ?(?:min(?:\.|uty?|ut)?|m|['′’])(?![0-9\w])", re.IGNORECASE)
_HOURS = re.compile(
    r"([0-9]{1,2}) ?(?:h|g|godz(?:\.|in[ay]?)?|:)(?: ?i)?"
    r" ?(?:([0-9]{1,2}) ?(?:m|min(?:\.|uty?|ut)?|['′’])?)?(?![0-9\w])",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![0-9])(?:1[89]|20|21)[0-9]{2}(?![0-9])")
_NO_COUNTRY = {"rok", "r", "prod", "produkcja", "kraj", "brak", "b.d"}
_NO_NAME = re.compile(
    r"(?:i inni|więcej|pełna obsada|cała obsada|zobacz|brak|…|\.\.\.|»|›|-|–)\b.*|[\W\d_]*", re.IGNORECASE
)
_SITE = re.compile(
    r"kino\.krakow|repertuar|krak[oó]w|\bkina\b|w kinach|seanse|bilety|^filmy?$|program kin", re.IGNORECASE
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
_YEAR_ONLY = re.compile(r"\(?[0-9]{4}\)?")

_META = "//meta[@property='{0}' or @name='{0}']/@content"
_OG_TITLE, _OG_IMAGE = etree.XPath(_META.format("og:title")), etree.XPath(_META.format("og:image"))
_TITLE = etree.XPath("string((//title)[1])")
_H1, _H2 = etree.XPath("//h1"), etree.XPath("(//h2)[position() <= 30]")
_HOME = etree.XPath("(.//a | ancestor::a)/@href")
_IMAGES = etree.XPath("//img[contains(@src, '/dbimages/') or contains(@data-src, '/dbimages/')]")


def extract(html: str, *, url: str, slug: str, today: dt.date) -> FilmFacts:
    """The facts of the film `slug`; ExtractionError unless the page has one title. A fact that is missing or makes
    no sense is None or ().
    """
    page = open_page(html, url=url)
    title = _title(page)
    said = _facts(page)
    countries = _countries(said.get("production", []))
    return FilmFacts(
        slug=slug,
        title=title,
        original_title=_line(said.get("original_title", [])),
        directors=_names(said.get("directors", [])),
        year=_year([*said.get("production", []), *said.get("year", [])], today=today),
        countries=countries,
        runtime=_runtime(said.get("runtime", [])),
        cast=_names(said.get("cast", [])),
        genres=_names(said.get("genres", [])),
        premiere=_premiere(said.get("premiere", [])),
        distributor=_line(said.get("distributor", [])),
        poster_url=_poster(page, slug),
    )


def knows(page: Page) -> bool:
    """Whether a page has facts as a film's page has them."""
    return len(_facts(page)) > 1


def _facts(page: Page) -> dict[str, list[str]]:
    """The marked values of each fact, in the page's order: of its content, else of all of the page."""
    return _labelled(_lines(page, everything=False)) or _labelled(_lines(page, everything=True))


def _lines(page: Page, *, everything: bool) -> str:
    """The page's content in marked lines, without its programme and what stands beside it."""
    pieces: list[str] = ["\n"]
    walker = etree.iterwalk(page.root, events=("start", "end"))
    for n, (event, element) in enumerate(walker):
        tag = element.tag
        if n > 2 * MOST_ELEMENTS:
            break
        if event == "start":
            if tag in ("head", "select") or (tag == "table" and "repert" in tokens(element)):
                walker.skip_subtree()
            elif not everything and tag in ("div", "aside", "nav", "footer", "ul", "section") and stands_aside(element):
                walker.skip_subtree()
                pieces.append("\n")
                continue
            else:
                pieces.append(_before(tag))
                pieces.append(_plain(element.text))
                continue
        else:
            pieces.append(_behind(tag))
            pieces.append(_plain(element.tail))
    return "".join(pieces)


def _before(tag: object) -> str:
    mark = "\n" if tag in _BLOCKS or tag == "br" else ""
    if tag == "a":
        return _LINK
    if tag in ("li", "dd"):
        return mark + _ITEM
    return mark + _EMPHASIS if tag in _EMPHASES else mark


def _behind(tag: object) -> str:
    if tag == "a":
        return _END_LINK
    return (_END_EMPHASIS if tag in _EMPHASES else "") + ("\n" if tag in _BLOCKS else "")


def _plain(raw: str | None) -> str:
    """A text with its white space as single spaces: the lines are ours."""
    if not raw:
        return ""
    said = clean(raw)
    return f"{' ' if raw[0].isspace() else ''}{said}{' ' if said and raw[-1].isspace() else ''}"


def _labelled(lines: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lines = re.sub(r" {2,}", " ", lines)
    labels = list(_LABEL.finditer(lines))
    for n, label in enumerate(labels):
        end = labels[n + 1].start() if n + 1 < len(labels) else len(lines)
        fact = _FACT_OF[label["name"].lower()]
        if fact and (value := _value(lines, label.end(), end)):
            found.setdefault(fact, []).append(value)
    return found


def _value(lines: str, start: int, end: int) -> str:
    """What follows a label: the rest of its line, else the next line that says something, with all items of a list."""
    end = min(end, start + 20_000)
    value = ""
    for line in lines[start:end].split("\n"):
        if not _MARKS.sub("", line).strip(" :"):
            continue
        if value and not (line.startswith(_ITEM) and value.startswith(_ITEM)):
            break
        if other := _ANY_LABEL.search(line):
            line = line[: other.start()]
            return value + line
        value = f"{value}{line}" if value else line
        if not line.startswith(_ITEM):
            break
    return value


def _said(value: str) -> str:
    return clean(_MARKS.sub(" ", value)).strip(" :")


def _line(values: Iterable[str]) -> str | None:
    return next((said[:LONGEST_TEXT].strip() for value in values if (said := _said(value)) and said not in "-–—"), None)


def _names(values: Iterable[str]) -> tuple[str, ...]:
    """The names of a list: its links, else what commas, slashes or items separate, without roles in brackets."""
    for value in values:
        links = re.findall(r"\x01([^\x02]*)\x02?", value)
        plain = re.split(r"[/,;\x05]", re.sub(r"\([^()]*\)", " ", value))
        names = [_said(name)[:LONGEST_TEXT].strip(" .") for name in links or plain]
        known = dict.fromkeys(name for name in names if name and not _NO_NAME.fullmatch(name))
        if known:
            return tuple(known)[:MOST_NAMES]
    return ()


def _year(values: Iterable[str], *, today: dt.date) -> int | None:
    for value in values:
        for year in map(int, _YEAR.findall(_said(value))):
            if FIRST_FILM_YEAR <= year <= today.year + YEARS_AHEAD:
                return year
    return None


def _countries(values: Iterable[str]) -> tuple[str, ...]:
    """("USA", "Wielka Brytania") of "USA / Wielka Brytania, 2014", "USA (2025)", "2025, Polska"."""
    for value in values:
        parts = re.split(r"[/,;()|\x05\x02]| [-–] ", _YEAR.sub(" ", value))
        names = (_said(part).strip(" .:") for part in parts)
        found = dict.fromkeys(
            n[:LONGEST_TEXT] for n in names if any(map(str.isalpha, n)) and n.lower() not in _NO_COUNTRY
        )
        if found:
            return tuple(found)[:MOST_NAMES]
    return ()


def _runtime(values: Iterable[str]) -> int | None:
    for value in values:
        said = _said(value)
        minutes = 0
        if said.isascii() and said.isdigit() and len(said) < 4:
            minutes = int(said)
        elif match := _HOURS.match(said):
            minutes = 60 * int(match[1]) + int(match[2] or 0)
        elif match := _MINUTES.match(said.removeprefix("ok. ").removeprefix("około ")):
            minutes = int(match[1])
        if 0 < minutes <= LONGEST_FILM:
            return minutes
    return None


def _premiere(values: Iterable[str]) -> dt.date | None:
    """The date with a year; of several, the one of Poland, else the first."""
    for value in values:
        said = _said(value)
        parts = re.split(r"[,;/]", said) if len(find_dates(said)) > 1 else [said]
        dated = [
            (not re.search(r"pol|\(pl", part, re.IGNORECASE), dt.date(date.year, date.month, date.day))
            for part in parts
            for date in find_dates(part)
            if date.year is not None and 1 <= date.year <= 9999
        ]
        if dated:
            return min(dated, key=lambda pair: pair[0])[1]
    return None


def _title(page: Page) -> str:
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
    return (clean("".join(pieces)) or text(heading))[:LONGEST_TEXT].strip()


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


def _poster(page: Page, slug: str) -> str | None:
    """The site's picture of the film: as it is shared, else the first that isn't another film's."""
    for address in _OG_IMAGE(page.root):
        if "/dbimages/" in address and (link := http_link(page.base, address)):
            return link
    for image in _IMAGES(page.root)[:50]:
        others = (film_slug(link.get("href") or "") for link in image.iterancestors("a"))
        if not is_aside(image) and all(other in ("", slug) for other in others):
            return http_link(page.base, image.get("src") or image.get("data-src") or "")
    return next((link for content in _OG_IMAGE(page.root) if (link := http_link(page.base, content))), None)
