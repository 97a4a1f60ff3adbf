"""Pure: which heading of a page an element belongs to, by where they stand and not by the tags between them.

It is that of the nearest element around it that has any. What stands in a branch with rows of its own is a neighbour's:
a row that has lost its heading gets none, never the next one's.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from itertools import islice

from lxml import etree

from scraper.coverage.witnesses.listings.reading import text

Element = etree._Element
_PLAIN = etree.XPath(
    ".//text()[not(parent::script or parent::style or"
    " parent::*[contains(concat(' ', normalize-space(@class), ' '), ' badge ')])]"
)
DEPTH = 12  # elements around a row that are looked through


def nearest(
    row: Element,
    find: Callable[[Element], list[Element]],
    holding: Set[Element],
    *,
    within: Element | None = None,
    behind: Element | None = None,
) -> tuple[Element | None, Element | None]:
    """What `find` finds for a row (None: nothing of its own), and the element around both.

    `holding`: all elements with rows in them. `within`: the outermost to look in. `behind`: where headings and rows
    stand side by side, one before this element is none of the row's.
    """
    branch = row
    for around in islice(row.iterancestors(), DEPTH):
        found = [one for one in find(around) if said(one)]
        own = [one for one in found if _child(one, around) not in holding]
        if own:
            only = own[0] if len({said(one) for one in own}) == 1 and around is not within else None
            return only if only is not None else _before(branch, own, around, behind), around
        if found or around is within:
            return None, None
        branch = around
    return None, None


def said(element: Element | None) -> str:
    """The text of an element in one line, without the badges in it ("new", "3D") if it has any other."""
    return "" if element is None else text("".join(_PLAIN(element))) or text("".join(element.itertext()))


def _before(branch: Element, own: list[Element], around: Element, behind: Element | None) -> Element | None:
    children = {_child(one, around): one for one in own}
    end = None if behind is None else _child(behind, around)
    for sibling in branch.itersiblings(preceding=True):
        if sibling in children:
            return children[sibling]
        if sibling is end:
            return None
    return None


def _child(inner: Element, around: Element) -> Element:
    """The child of `around` that is or holds `inner`."""
    return next((e for e in (inner, *inner.iterancestors()) if e.getparent() is around), inner)
