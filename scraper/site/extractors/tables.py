"""Which tables of a page are its programme."""

from __future__ import annotations

from lxml import etree

from .markup import Element, Page

_PROGRAMME = etree.XPath("//table[contains(concat(' ', normalize-space(@class), ' '), ' repert ')]")


def programme_tables(page: Page) -> list[Element]:
    return list(_PROGRAMME(page.root))
