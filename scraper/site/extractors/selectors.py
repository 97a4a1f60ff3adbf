"""What every extractor reads with: whole pages only, selectors that count their matches, text and links made safe.

A selector says how many matches it expects and raises otherwise (learnt from spatula), so that a changed layout is
an error that names its place, never a quiet "nothing found".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from parsel import Selector

from .errors import ExtractionError

# Controls (PostgreSQL refuses NUL), soft hyphens, zero-width and bidirectional marks, halves of surrogate pairs.
# What Python counts as white space is left for `clean` to collapse.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_END = "end-of-page"


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page and where it came from."""

    url: str
    root: Selector

    def error(
        self, place: str, *, expected: str, found: str, kind: type[ExtractionError] = ExtractionError
    ) -> ExtractionError:
        return kind(url=self.url, place=place, expected=expected, found=found)


def open_page(html: str, *, url: str) -> Page:
    """Parse a page; ExtractionError when its end is missing, because half a programme looks like a whole one.

    The end can be missing from what was sent, or be sent and yet not read: an unclosed comment or script swallows it,
    and too deep a nesting makes the parser stop without a word. A mark set behind the page shows whether it got there.
    """
    # Parsers take text as UTF-8, in which half a surrogate pair can't be written.
    html = _SURROGATE.sub("", html)
    page = Page(url, Selector(text=f'{html}<br id="{_END}">', type="html"))
    closing = re.search(r"</html\s*>", html, re.IGNORECASE)
    if closing is None and re.search(r"<html\b", html, re.IGNORECASE):
        raise page.error("end of page", expected="</html>", found=html[-80:])
    # Tables are counted up to the first </html>: one that comes too soon closes them, and rows behind it would be lost.
    body = html[: closing.start()] if closing else html
    opened = len(re.findall(r"<table\b", body, re.IGNORECASE))
    closed = len(re.findall(r"</table\s*>", body, re.IGNORECASE))
    if opened != closed:
        raise page.error("end of page", expected=f"{opened} of </table>", found=f"{closed} of them")
    if page.root.xpath("(//*)[last()]/@id").get() != _END:
        raise page.error("end of page", expected="markup that can be read to its end", found="a part that swallows it")
    return page


def one(page: Page, within: Selector, css: str, *, place: str) -> Selector:
    """The only match of `css`; ExtractionError for none or several."""
    matches = within.css(css)
    if len(matches) != 1:
        raise page.error(place, expected=f"one {css}", found=f"{len(matches)} in {text(within)!r}")
    return matches[0]


def at_most_one(page: Page, within: Selector, css: str, *, place: str) -> Selector | None:
    """The only match of `css`, or None; ExtractionError for several."""
    matches = within.css(css)
    if len(matches) > 1:
        raise page.error(place, expected=f"at most one {css}", found=f"{len(matches)} in {text(within)!r}")
    return matches[0] if matches else None


def clean(raw: str) -> str:
    """Without invisible characters, every run of white space (no-break spaces too) one space."""
    return " ".join(_INVISIBLE.sub("", raw).split())


def text(node: Selector) -> str:
    """The clean text of an element, entities decoded; a <br> is a space, scripts and styles say nothing."""
    pieces = node.xpath(".//text()[not(ancestor::script or ancestor::style)] | .//br")
    return clean("".join(piece.root if isinstance(piece.root, str) else " " for piece in pieces))


def http_link(base: str, href: str) -> str | None:
    """`href` resolved against `base` when that makes an http(s) address with a host, of any host; else None.

    None for javascript:, data: and other schemes, and for control characters, which browsers drop from the middle
    of an address ("java\\nscript:"). "//host/…" is the web's own shorthand for an address of the same scheme.
    """
    href = href.strip()
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
    if not href or not reachable or (own.scheme and not own.netloc):
        return None
    return address if parts.scheme in ("http", "https") else None
