"""What every extractor reads with: a page's tree, clean text, and links made safe.

The tree is the one that a browser would build: lxml's parser (libxml2 ≥ 2.14) reads scripts, comments and raw text as
HTML5 says, and what a browser doesn't show is taken out here. All of it is linear in the page's length, for a page may
be hostile.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree

from scraper.site.polish import SaidDate, read_date

from . import swallowed
from .errors import ExtractionError

Element = etree._Element

LONGEST_LINK = 2000  # letters; what the database keeps

# Controls (PostgreSQL refuses NUL), soft hyphens, zero-width and bidirectional marks, halves of surrogate pairs.
# What Python counts as white space is left for `clean` to collapse.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_SIMPLE_LINK = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[!-~]*")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_CLOSING = re.compile(rb"</(?:([Hh][Tt][Mm][Ll])|[Bb][Oo][Dd][Yy])\s*+>")
_LINE_BREAK = re.compile(rb"<(?:br|BR)")
_TO_CHANGE = re.compile(rb"<(?:/[HhBb][TtOo]|br|BR|!--)")  # what comes before the first of these is left as it is
_END = "end-of-page"
# The parser compares an end tag with every open element, so a deep tree and many end tags don't go together: a page
# with more of them than this is read 256 elements deep, others 2048.
MANY_END_TAGS = 50_000
MOST_COMMENTS = 10_000  # that are looked at

_NOT_SHOWN = (
    "script", "style", "template", "noscript", "textarea", "iframe", "svg", "math", "object", "noembed", "noframes"
)  # fmt: skip
_ASIDE = {"aside", "nav", "footer", "dialog"}
_ASIDE_NAME = re.compile(
    r"(?<!no)(?<!has)(?<!with)[ _-]"
    r"(?:side|sidebar|aside|menu|footer|promo|reklama|advert|ads?|banner|popup|modal|cookies?|newsletter)[ _-]",
    re.IGNORECASE,
)
SMALL = 30  # elements
SMALL_TEXT = 1000  # characters

_DISPLAY_NONE = re.compile(r"display\s*+:\s*+none", re.IGNORECASE)
_OPEN = {"active", "show", "in"}
_UNSEEN = {"sr-only", "visually-hidden", "hidden"}


@dataclass(frozen=True)
class Page:
    """A page and where it came from.

    `base` is what its links are relative to. `whole` is false when its end is missing: half a programme looks like a
    whole one. `source` is the text that was parsed: what it doesn't hold need not be looked for in a large tree.
    """

    url: str
    root: Element
    base: str
    whole: bool
    source: bytes
    end: Element  # the last element

    @cached_property
    def links(self) -> Sequence[tuple[Element, str]]:
        """Its links and forms in its order that lead to films or days, each with its address: a page has thousands, so
        they are looked through once.
        """
        return [
            (link, href)
            for link in self.root.iter("a", "form")
            if (href := link.get("href") or link.get("action"))
            and ("film/" in href or "/set_day/" in href or "film/" in href.lower())
        ]

    def error(
        self, place: str, *, expected: str, found: str, kind: type[ExtractionError] = ExtractionError
    ) -> ExtractionError:
        return kind(url=self.url, place=place, expected=expected, found=found)


def open_page(html: str, *, url: str) -> Page:
    """Parse a page, whatever it is.

    Browsers read on behind </body> and </html>, and the parser doesn't, so these are taken out. The end of a page is
    missing when nothing closes <html>, when a table is left open, or when something swallows what is behind it (an
    unclosed comment or script, too deep a nesting): a mark set behind the page shows that.
    """
    raw = html.encode("utf-8", "ignore").replace(b"\0", b"")
    first = _TO_CHANGE.search(raw)
    begin = first.start() if first else len(raw)
    rest, closed = _without_ends(raw[begin:])
    raw = raw[:begin] + _LINE_BREAK.sub(rb"\n\g<0>", rest)
    parser = etree.HTMLParser(
        encoding="utf-8",
        remove_comments=not 0 < rest.count(b"<!--") <= MOST_COMMENTS,
        remove_pis=True,
        huge_tree=len(raw) < 3 * MANY_END_TAGS or raw.count(b"</") < MANY_END_TAGS,
    )
    root = etree.fromstring(raw + f'<br id="{_END}">'.encode(), parser)
    if root is None:
        raise ExtractionError(url=url, place="page", expected="HTML", found=html[:200])
    last = root
    while len(last):
        last = last[-1]
    whole = closed and last.get("id") == _END and next(last.iterancestors("table"), None) is None
    if hidden := list(root.iter(etree.Comment, *_NOT_SHOWN)):
        swallowed.mark(hidden)
        etree.strip_elements(root, etree.Comment, *_NOT_SHOWN, with_tail=False)
    base = next((base.get("href") for base in root.iter("base")), None)
    return Page(url, root, (http_link(url, base) or url) if base else url, whole, raw, last)


def _without_ends(raw: bytes) -> tuple[bytes, bool]:
    """A page without </body> and </html>, and whether it had the latter."""
    first = _CLOSING.search(raw)
    if first is None:
        return raw, False
    rest = raw[first.start() :]
    closed = any(match[1] for match in _CLOSING.finditer(rest))
    return raw[: first.start()] + _CLOSING.sub(b" ", rest), closed


def clean(raw: str) -> str:
    """Without invisible characters, every run of white space (no-break spaces too) one space."""
    return " ".join((raw if raw.isprintable() else _INVISIBLE.sub("", raw)).split())


def text(element: Element) -> str:
    """The clean text of an element, entities decoded; a <br> is a space."""
    return clean("".join(element.itertext()))


def words(element: Element) -> str:
    """The clean text of an element, with a space wherever a tag begins or ends: "Pt" and "27.11" of two spans."""
    return clean(" ".join(element.itertext()))


def tokens(element: Element) -> list[str]:
    """The names in an element's class, in lower case."""
    return (element.get("class") or "").lower().split()


def is_small(element: Element) -> bool:
    """Whether an element holds little enough to be a cell or a heading, so that it may be read more than once."""
    return sum(1 for _ in islice(element.iter(), SMALL + 1)) <= SMALL and len("".join(element.itertext())) <= SMALL_TEXT


def is_hidden(element: Element) -> bool:
    """Whether an element is marked as one that nobody sees."""
    names = element.get("class")
    return (
        element.get("hidden") is not None
        or _DISPLAY_NONE.search(element.get("style") or "") is not None
        or (names is not None and is_called_unseen(set(names.lower().split())))
    )


def is_called_unseen(names: set[str]) -> bool:
    """Whether an element is hidden by its classes: a tab that is not open is."""
    return not _UNSEEN.isdisjoint(names) or ("tab-pane" in names and _OPEN.isdisjoint(names))


def is_aside(element: Element, *, but: Set[Element] = frozenset()) -> bool:
    """Whether an element stands beside the page's content: in a sidebar, a menu, a footer, an advertisement, whatever
    those in `but` are.
    """
    return any(stands_aside(around) for around in (element, *element.iterancestors()) if around not in but)


def stands_aside(element: Element) -> bool:
    """Whether an element is itself a sidebar, a menu, a footer, an advertisement."""
    if element.tag in _ASIDE:
        return True
    names = f" {element.get('class') or ''} {element.get('id') or ''} "
    return names != "  " and element.tag not in ("html", "body", "main") and _ASIDE_NAME.search(names) is not None


def attribute_date(element: Element) -> SaidDate | None:
    """The date that an attribute of an element gives to programs: `data-date`, or the `datetime` of a <time>."""
    value = element.get("data-date") or element.get("data-day") or element.get("datetime") or ""
    if match := _MONTH_DAY.fullmatch(value):  # as in ?day=11-27
        value = f"{match[2]}.{match[1]}"
    return read_date(value[:10]) if 4 <= len(value) <= 40 else None


def http_link(base: str, href: str) -> str | None:
    """`href` resolved against `base` when that makes an http(s) address with a host, of any host; else None.

    None for javascript:, data: and other schemes, for control characters, which browsers drop from the middle of an
    address ("java\\nscript:"), and for what is too long to be kept. "//host/…" is the web's own shorthand for an
    address of the same scheme.
    """
    if _SIMPLE_LINK.fullmatch(href):
        return href if len(href) <= LONGEST_LINK else None
    href = href.strip()
    return _resolved(base, href) if href and len(href) <= LONGEST_LINK else None


@lru_cache(maxsize=4096)
def _resolved(base: str, href: str) -> str | None:
    if _INVISIBLE.search(href) or any(char.isspace() and char != " " for char in href):
        return None
    try:
        own = urlsplit(href)
        address = urljoin(base, href.replace(" ", "%20"))
        parts = urlsplit(address)
        reachable = bool(parts.hostname) and parts.port != 0  # reading a malformed port raises
    except ValueError:
        return None
    if not own.path.strip() and not own.netloc and not own.query:  # "#": this very page, where a script does the rest
        return None
    if not reachable or (own.scheme and not own.netloc) or len(address) > LONGEST_LINK:
        return None
    return address if parts.scheme in ("http", "https") else None
