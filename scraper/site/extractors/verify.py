"""Whether a page speaks of the day that was asked for. Nothing of a page is stored before it has passed here."""

from __future__ import annotations

import datetime as dt

from parsel import Selector

from scraper.site.polish import header_date, parse_header_date

from . import calendar
from .errors import WrongDay
from .markup import Page, text


def statement(page: Page, said: tuple[int, int, int, int | None], date: dt.date, *, place: str) -> None:
    """WrongDay unless (weekday, day, month) are those of `date`, and the year too where it is said."""
    weekday, day, month, year = said
    if (weekday, day, month, year or date.year) != (date.weekday(), date.day, date.month, date.year):
        found = f"weekday {weekday + 1}, {day}.{month:02}" + (f".{year}" if year else "")
        raise page.error(place, expected=header_date(date), found=found, kind=WrongDay)


def calendar_day(page: Page, date: dt.date, *, today: dt.date) -> None:
    """WrongDay unless the calendar stands on `date`; ExtractionError when there is no calendar to be read."""
    active = calendar.active_date(calendar.read(page, today=today))
    if active != date:
        raise page.error("calendar", expected=date.isoformat(), found=active.isoformat(), kind=WrongDay)


def header(page: Page, cell: Selector, date: dt.date) -> None:
    """WrongDay unless a `th.date` names `date`; ExtractionError when it names no day."""
    said = text(cell)
    try:
        parsed = parse_header_date(said)
    except ValueError as error:
        raise page.error("date header", expected=header_date(date), found=said) from error
    statement(page, parsed, date, place="date header")
