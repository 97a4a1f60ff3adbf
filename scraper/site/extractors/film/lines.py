"""A film page's content as lines of text, in which emphasis, links, list items and cells are marked."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

from lxml import etree

from events.records import plain_slug
from scraper.site.extractors.links import film_slug
from scraper.site.extractors.markup import Element, Page, clean, is_small, stands_aside, text, tokens

from .vocabulary import FACT_OF

MOST_ELEMENTS = 20_000  # of a page are read
MOST_TABLES, MOST_COLUMNS = 50, 20
LONGEST_LABEL = 60  # characters
MOST_LINKS = 1000  # to other films are looked at

LINK, END_LINK, EMPHASIS, END_EMPHASIS, ITEM, CELL, BREAK = "\x01", "\x02", "\x03", "\x04", "\x05", "\x06", "\x0e"
MARKS = re.compile(r"[\x01-\x06\x0e]")

_EMPHASES = {"strong", "b", "em", "span", "label", "dt", "th", "td", "i", "u", "summary"}
_BLOCKS = {
    "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "section", "summary", "table", "tbody",
    "td", "th", "tr", "ul",
}  # fmt: skip
_ASIDE = {"div", "aside", "nav", "footer", "ul", "ol", "section"}
_LABELLING = ("data-label", "data-title", "data-th", "data-name", "data-field", "aria-label", "title", "alt")
_NOTE = re.compile(r"\[?[0-9a-z*†]{1,3}\]?")  # "[1]"
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_OF_READERS = re.compile(r"(?:^|[ _-])(?:comments?|komentarz\w*|opinie|reviews?|recenzj\w*)(?:$|[ _-])", re.IGNORECASE)
# Headings of what is no longer about this film.
_OF_OTHERS = re.compile(
    r"(?:podobne|inne filmy|pozostałe filmy|polecamy|polecane|zobacz (?:też|także|również)|premiery\b|zapowiedzi"
    r"|komentarze|opinie|recenzje|najpopularniejsze|popularne|nowości|może ci|wkrótce|w tym tygodniu)",
    re.IGNORECASE,
)


def lay_out(page: Page, slug: str, *, everything: bool) -> str:
    """The content of the page of the film `slug` without its programme, what is about other films, and (unless
    `everything` is asked for) what stands beside it.
    """
    others = _about_other_films(page, slug)
    columns = _labels_of_columns(page)
    pieces: list[str] = ["\n"]
    walker = etree.iterwalk(page.root, events=("start", "end"))
    elsewhere = False  # below a heading of other films
    for n, (event, element) in enumerate(walker):
        tag = element.tag
        if n > 2 * MOST_ELEMENTS:
            break
        if event == "start":
            if tag == "h1":
                elsewhere = False
            elif tag in _HEADINGS and is_small(element):
                elsewhere = _OF_OTHERS.match(text(element)) is not None
            if _is_passed_over(element, everything) or element in others:
                walker.skip_subtree()
                pieces.append("\n")
                continue
            if not elsewhere:
                pieces += (_before(tag), _label_in(element) or columns.get(element, ""), _plain(element.text))
        elif not elsewhere:
            pieces.append(_behind(tag))
            if (element.text or len(element)) and _label_in(element):
                pieces.append("\n")
            pieces.append(_plain(element.tail))
    return re.sub(r" {2,}", " ", "".join(pieces))


def _is_passed_over(element: Element, everything: bool) -> bool:
    tag = element.tag
    if tag in ("head", "select") or (tag == "table" and "repert" in tokens(element)):
        return True
    if tag == "sup" and _NOTE.fullmatch("".join(islice(element.itertext(), 3))[:10]):
        return True
    if tag not in _ASIDE or everything:
        return False
    return stands_aside(element) or _OF_READERS.search(f"{element.get('class')} {element.get('id')}") is not None


def _label_in(element: Element) -> str:
    """The label that an attribute gives to what an element says, or to what stands right behind it, as a line begins
    with one.
    """
    for name in _LABELLING if element.attrib else ():
        label = clean((element.get(name) or "")[:LONGEST_LABEL]).partition(":")[0].strip(" –-")
        if label.lower() in FACT_OF:
            return _as_label(label)
    return ""


def _as_label(label: str) -> str:
    return f"\n{EMPHASIS}{label}:{END_EMPHASIS} "


def _labels_of_columns(page: Page) -> dict[Element, str]:
    """The labels that head the columns of a table with one row of facts."""
    found: dict[Element, str] = {}
    for table in islice(page.root.iter("table"), MOST_TABLES):
        rows = [list(islice(row, MOST_COLUMNS)) for row in islice(table.iter("tr"), 3)]
        if len(rows) == 2 and len(rows[0]) == len(rows[1]) > 1 and is_small(table):
            labels = [text(head).strip(" :") for head in rows[0]]
            if all(label.lower() in FACT_OF for label in labels) and not any(
                text(cell).strip(" :").lower() in FACT_OF for cell in rows[1]
            ):
                found |= dict(zip(rows[1], map(_as_label, labels), strict=True))
    return found


def _about_other_films(page: Page, slug: str) -> set[Element]:
    """The list items, cards and rows that link to other films: what they say is not of this one."""
    around: dict[Element, None] = {}
    for link, href in page.links[:MOST_LINKS] if slug else ():
        other = film_slug(href)
        if other and plain_slug(other) != plain_slug(slug):
            card = next(link.iterancestors("li", "article", "tr"), None)
            if card is not None:
                around[card] = None
    return {card for card in around if next(card.iter("h1"), None) is None}


def _before(tag: object) -> str:
    if tag == "br":
        return BREAK + "\n"
    mark = "\n" if tag in _BLOCKS else ""
    if tag == "a":
        return LINK
    if tag in ("li", "dd"):
        return mark + ITEM
    if tag in ("td", "th"):
        mark += CELL
    return mark + EMPHASIS if tag in _EMPHASES else mark


def _behind(tag: object) -> str:
    if tag == "a":
        return END_LINK
    return (END_EMPHASIS if tag in _EMPHASES else "") + ("\n" if tag in _BLOCKS else "")


def _plain(raw: str | None) -> str:
    """A text with its white space as single spaces: the lines are ours."""
    if not raw:
        return ""
    said = MARKS.sub("", clean(raw).replace("：", ":"))
    said = said if said.isascii() else unicodedata.normalize("NFC", said)
    return f"{' ' if raw[0].isspace() else ''}{said}{' ' if said and raw[-1].isspace() else ''}"
