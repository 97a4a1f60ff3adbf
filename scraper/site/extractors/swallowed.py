"""Parts of a programme hidden by what is not shown: a comment or a script opened or closed in a wrong place."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

SWALLOWED = "swallowed"  # the mark that something hides a part of the rows here
_ROW_PARTS = re.compile(r"</?t[rdh]\b|film/", re.IGNORECASE)
_ROW_TAGS = re.compile(r"<(/?)(t[rdh]|table|tbody|a|h[1-6]|span|div)\b", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")


def mark(hidden: Iterable[etree._Element]) -> None:
    """Leave a mark where something that isn't shown hides a part of a table's rows: a comment or a script that was
    opened or closed in a wrong place. It may hide a film, whose rows must not go to the film above.
    """
    for element in hidden:
        up = element.getparent()
        if up is None or next(element.iterancestors("table", "tr"), None) is None:
            continue
        if len(element):
            parts = ("tr", "td", "th") if up.tag in ("td", "th") else ("tr", "td", "th", "a", *_HEADINGS)
            hides = next(element.iter(*parts), None) is not None
        else:
            hides = _hides_a_part(element.text or "")
        if hides:
            element.addprevious(etree.Element(SWALLOWED))


def _hides_a_part(text: str) -> bool:
    """Whether a text that isn't shown has rows, or parts of them, that are not closed in it."""
    if "<" not in text or not _ROW_PARTS.search(text):
        return False
    opened: list[str] = []
    for match in _ROW_TAGS.finditer(text):
        name = match[2].lower()
        if not match[1]:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return True
    return bool(opened)
