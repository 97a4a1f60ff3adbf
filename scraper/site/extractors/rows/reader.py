"""Reading a programme's rows in the order of the page's source.

Markup may be damaged: rows inside cells, cells outside rows, a table that ends too soon or not at all, a comment that
swallows half a row. Whatever the tree then looks like, its order is the source's. So everything is read in that order,
and what stands under a heading is what follows it: an element that holds rows is taken apart, and what stands outside
rows becomes a row of its own, which later is understood or told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from functools import cached_property
from itertools import islice

from lxml import etree

from scraper.site.extractors.markup import Element, attribute_date, is_hidden
from scraper.site.extractors.swallowed import SWALLOWED

from . import Cell, Row
from .cells import BROKEN, HEADINGS
from .making import MOST_CELLS, RowMaker
from .names import Names

DEEPEST = 100  # elements around a row

_PARTS = {"tbody", "thead", "tfoot"}
_SAYS_NOTHING = {"colgroup", "col", "br", "hr"}
_SAYS_SOMETHING = re.compile(r"\w")


def _begins_again(row: Row, tag: str, names: Names) -> bool:
    """Whether a cell begins another row, where no row's tag says it: it is made as one of the row before, and is no
    further cell of its hours.
    """
    classed = [cell for cell in row.cells if cell.names.tokens]
    same = [cell for cell in classed if cell.names is names and cell.tag == tag]
    if not same or same[0] is classed[0]:
        return bool(same)
    return same[-1] is not row.cells[-1] and not any(cell.units for cell in same)


class Reader(RowMaker):
    """Reads tables, and what stands astray between and behind them, into rows.

    `holding` finds the elements that hold rows without being a table, or part of one; `around` are those around the
    programme's tables, layout tables among them; `tops` are the programme's tables, each with what stands right above.
    """

    def __init__(
        self,
        host: str,
        holding: Callable[[], Set[Element]],
        *,
        around: Set[Element],
        tops: Mapping[Element, list[Element]],
    ):
        super().__init__(host)
        self._find_holding = holding
        self._around = around
        self._tops = tops
        self._heads = {part for parts in tops.values() for part in parts}
        self._inside = 0  # tables that are being read
        self._depth = 0

    @cached_property
    def _holding(self) -> Set[Element]:
        return self._find_holding()  # which takes its time, and most programmes need not ask

    def spread(self, element: Element) -> None:
        """Read what an element holds, piece by piece."""
        if self._depth >= DEEPEST:
            self._doubt("nested too deep")
            return
        self._depth += 1
        if element.tag == "a":
            self._cells.opened_link(element, self._piece())
        elif element.tag in HEADINGS:
            self._piece().headed = True
        self.text(element.text)
        for child in element:
            if not (child.tag == "tr" and self._read_plain_row(child)):
                self.read(child)
            self.text(child.tail)
        self._depth -= 1

    def read(self, element: Element) -> None:
        """Read an element that stands between rows, or holds some; a day that it gives to programs is theirs."""
        outer, self._day = self._day, attribute_date(element) or self._day
        self._read(element)
        self._day = outer

    def _read(self, element: Element) -> None:
        tag = element.tag
        if element in self._around:
            self._end()
            self.spread(element)
        elif tag == "tr":
            self._read_row(element)
        elif tag == "td" or tag == "th":
            self._read_cell(element, str(tag))
        elif tag == "table":
            self._read_table(element)
        elif tag == SWALLOWED:
            self._doubt("something that was left open hides what stood here")
        elif tag in _PARTS:
            if not self._whole_row:
                self._end()
            self.spread(element)
        elif element in self._holding:
            self._cell = None
            if "<" in str(tag):
                self._end()  # "<tr<td": the row above was not closed
            if BROKEN.match(str(tag)):
                self._doubt("a tag that was left open hides what stood here")
            if is_hidden(element):
                self._doubt("rows that nobody sees")  # another day's tab, in a table that was left open
                return
            self.spread(element)
        elif tag == "caption" and (element in self._heads or next(element.iter("a"), None) is None):
            pass
        elif tag not in _SAYS_NOTHING:
            self._read_part(element)

    def text(self, text: str | None) -> None:
        """Read a text between cells or rows; decoration says nothing."""
        if text and not text.isspace() and _SAYS_SOMETHING.search(text):
            cell = self._piece()
            cell.items.append(text)
            self._add_part(text)

    def _read_row(self, element: Element) -> None:
        row = self._open(element)
        if element in self._holding:
            self._whole_row = True
            self.spread(element)
        else:
            row.parts.append(element)
            self._read_cells(element, row)
        self._end()

    def _read_plain_row(self, element: Element) -> bool:
        """Read a row of plain cells, those made like earlier ones without going through their trees."""
        if "_holding" in self.__dict__ and element in self._holding:
            return False  # it holds rows of its own; to write each of them out again would take its time
        written = etree.tostring(element, encoding="unicode", with_tail=False)
        cells = self._cells.alike.cells(element, written)
        if cells is None:
            return False
        row = self._open(element)
        if not written.startswith("<tr>"):
            row.day = attribute_date(element) or row.day
        row.parts.append(element)
        row.cells = cells
        self._row = None
        return True

    def _read_cells(self, element: Element, row: Row) -> None:
        """Read a row that holds no others."""
        cells = self._cells
        cells.count(len(element))
        if (text := element.text) and not text.isspace() and _SAYS_SOMETHING.search(text):
            row.cells.append(cells.of_text(text))
        for child in islice(element, MOST_CELLS + 1):
            tag = child.tag
            if tag == "td" or tag == "th":
                row.cells.append(cells.cell(child, str(tag)))
            elif tag not in _SAYS_NOTHING:
                row.cells.append(self._without_a_cell(child))
            if (tail := child.tail) and not tail.isspace() and _SAYS_SOMETHING.search(tail):
                row.cells.append(cells.of_text(tail))

    def _without_a_cell(self, element: Element) -> Cell:
        cell = Cell("td", self._cells.names[element.get("class")])
        self._cells.part(element, cell)
        return cell

    def _read_cell(self, element: Element, tag: str) -> None:
        if self._row is not None and len(self._row.cells) > MOST_CELLS and element not in self._holding:
            return  # the row is not believed, and each further cell would be compared with all of its cells
        if self._loose:
            self._end()
        names = self._cells.names[element.get("class")]
        if self._row is not None and not self._whole_row and _begins_again(self._row, tag, names):
            self._end()
        row = self._row or self._open()
        if element not in self._holding:
            row.cells.append(self._cells.cell(element, tag))
            row.parts.append(element)
            self._cell = None
            return
        self._cell = Cell(tag, names)
        if names.hour:
            self._cell.add_unit()
        row.cells.append(self._cell)
        self.spread(element)
        self._cell = None

    def _read_part(self, element: Element) -> None:
        if self._loose or (self._row is not None and not self._whole_row and self._cell is None):
            self._end()  # what stands between rows is a row of its own
        cell = self._piece()
        if not cell.items:
            cell.names = self._cells.names[element.get("class")]
        self._cells.part(element, cell)
        self._add_part(element)

    def _read_table(self, element: Element) -> None:
        if element in self._tops:
            self._above = [self._cells.cell(part) for part in self._tops[element]]
        elif not self._inside:
            return  # a table beside the programme
        outer, whole, cell, first = self._row, self._whole_row, self._cell, len(self.rows)
        self._row = self._cell = None
        self._whole_row = False
        self._inside, self._in_cells = self._inside + 1, self._in_cells + (cell is not None)
        self.spread(element)
        self._inside, self._in_cells = self._inside - 1, self._in_cells - (cell is not None)
        self._end()
        inside = self.rows[first:]
        if any(cell.films or cell.units for row in inside for cell in row.cells):
            for row in inside:
                row.nested = False  # no advertisement, but a part of the programme: the table was left open
        if outer is None:
            return
        if all(row.is_only_hours() for row in inside):
            outer.cells += [cell for row in inside for cell in row.cells]
            outer.parts += [part for row in inside for part in row.parts]
            del self.rows[first:]
        elif any(row.doubt or row.cells for row in inside):
            return  # what follows in the row around it stands under these
        self._row, self._whole_row, self._cell = outer, whole, cell
