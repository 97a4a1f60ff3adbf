"""Rows in the making: what is read is added to the row that is open, or opens one."""

from __future__ import annotations

from scraper.site.extractors.markup import Element
from scraper.site.polish import SaidDate

from . import Cell, Row
from .cells import MOST_PARTS, CellReader, TooMuch

MOST_ROWS = 10_000  # of a page; a day of 6,000 showtimes has some 2,500
MOST_CELLS = 100  # of a row


class RowMaker:
    """The rows so far, and what the next part of the page belongs to."""

    def __init__(self, host: str) -> None:
        self.rows: list[Row] = []
        self._cells = CellReader(host)
        self._row: Row | None = None  # to which cells are added
        self._whole_row = False  # it is a row of the page, not made of stray cells
        self._loose = False  # it is made of a stray part
        self._cell: Cell | None = None  # to which stray parts are added
        self._in_cells = 0  # tables that are being read and stand in a cell
        self._above: list[Cell] | None = None
        self._day: SaidDate | None = None

    def _piece(self) -> Cell:
        """The cell that stray parts are added to."""
        if self._cell is None:
            row = self._row
            if row is None:
                row = self._open()
                self._loose = True
            self._cell = Cell("td", self._cells.names[None])
            row.cells.append(self._cell)
        return self._cell

    def _add_part(self, part: Element | str) -> None:
        if self._row is not None:
            self._row.parts.append(part)

    def _doubt(self, why: str) -> None:
        row = self._open()
        row.doubt = why
        row.parts.append("…")
        self._end()

    def _open(self, element: Element | None = None) -> Row:
        names = self._cells.names[None if element is None else element.get("class")]
        row = Row(len(self.rows) + 1, names, nested=self._in_cells > 0)
        row.above, self._above = self._above, None
        row.day = self._day
        self.rows.append(row)
        if len(self.rows) > MOST_ROWS:
            raise TooMuch
        self._row, self._whole_row, self._loose, self._cell = row, False, False, None
        return row

    def _end(self) -> None:
        if self._row is not None and len(self._row.cells) > MOST_CELLS:
            self._row.doubt = "too many cells"
            del self._row.cells[MOST_CELLS:]
        elif self._row is not None and any(cell.parts > MOST_PARTS for cell in self._row.cells):
            self._row.doubt = "too much in a cell"
        self._row, self._whole_row, self._loose, self._cell = None, False, False, None
