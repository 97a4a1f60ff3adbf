"""The calendar of a programme page: which offset of `/settings/set_day/{offset}` is which date, and which is active.

Offsets are read here and never computed: around midnight the server's today and ours differ.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from parsel import Selector

from events.records import CalendarDay
from scraper.site.polish import infer_date, weekday_number

from .markup import Page, one, open_page, text

_SET_DAY = re.compile(r"/settings/set_day/([0-9]{1,2})/?(?:[?#].*)?$")
_LABEL = re.compile(r"(\D*?) ?([0-9]{1,2}) ([0-9]{1,2})")  # "Czw 2 10": weekday, day, month
_TOKEN = re.compile(r"[\x21-\x7e]+")  # it travels in a header, so nothing else may pass


def extract(html: str, *, url: str, today: dt.date) -> tuple[CalendarDay, ...]:
    """The calendar's days in the page's order, exactly one of them active; ExtractionError otherwise."""
    return read(open_page(html, url=url), today=today)


def csrf_token(html: str, *, url: str) -> str:
    """The token of the page's session, for the X-CSRF-Token header; ExtractionError when there isn't one."""
    page = open_page(html, url=url)
    meta = one(page, page.root, 'meta[name="csrf-token"]', place="csrf token")
    token = meta.attrib.get("content", "").strip()
    if not _TOKEN.fullmatch(token):
        raise page.error("csrf token", expected="printable ASCII without spaces", found=token)
    return token


def read(page: Page, *, today: dt.date) -> tuple[CalendarDay, ...]:
    """`extract` for a page that is open already."""
    table = one(page, page.root, "table.calendar", place="calendar")
    days = tuple(
        _day(page, cell, match, today=today)
        for cell in table.css("td")
        for href in cell.css("a::attr(href)").getall()
        if (match := _SET_DAY.search(href.strip()))
    )
    if not days:
        raise page.error("calendar", expected="links to /settings/set_day/{n}", found=text(table))
    _all_different(page, "offsets", [day.offset for day in days])
    _all_different(page, "dates", [day.date.isoformat() for day in days])
    active = [day.date.isoformat() for day in days if day.active]
    if len(active) != 1:
        raise page.error("calendar", expected="one active day", found=", ".join(active))
    return days


def active_date(days: Sequence[CalendarDay]) -> dt.date:
    """The date the page's session stands on."""
    return next(day.date for day in days if day.active)


def _day(page: Page, cell: Selector, set_day: re.Match[str], *, today: dt.date) -> CalendarDay:
    offset = int(set_day[1])
    place = f"calendar, day {offset}"
    label = text(cell)
    match = _LABEL.fullmatch(label)
    if match is None:
        raise page.error(place, expected="weekday, day and month like 'Czw 2 10'", found=label)
    classes = cell.attrib.get("class", "").split()
    weekdays = {number for name in (match[1], *classes) if (number := _weekday(name)) is not None}
    if len(weekdays) != 1:
        raise page.error(place, expected="one weekday, by class or label", found=f"{label!r}, class {classes}")
    try:
        date = infer_date(int(match[2]), int(match[3]), today=today, weekday=weekdays.pop())
    except ValueError as error:
        raise page.error(place, expected=f"a date near {today} on the weekday named", found=str(error)) from error
    return CalendarDay(offset=offset, date=date, active="active" in classes)


def _weekday(name: str) -> int | None:
    try:
        return weekday_number(name)
    except ValueError:  # "active", or a label like "Dziś"
        return None


def _all_different(page: Page, what: str, values: Sequence[object]) -> None:
    if len(set(values)) != len(values):
        raise page.error("calendar", expected=f"different {what}", found=", ".join(map(str, values)))
