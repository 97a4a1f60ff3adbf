"""The hours of a row, with what stands beside them: tickets, versions, halls."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import NamedTuple

from scraper.site.extractors import hours
from scraper.site.extractors.hours import Hour, Written, cancelled, other_days
from scraper.site.extractors.links import CINEMA
from scraper.site.extractors.markup import Page, clean, http_link
from scraper.site.extractors.rows import Cell, Link, Row, Unit
from scraper.site.polish import SaidDate

from .nights import SMALL_HOURS_END

_HOURS = re.compile(r"hour|godz|showtime|seans")
MOST_NOTES = 20  # of a cell that cancel or move hours, and are compared with each of them


class Showing(NamedTuple):
    """An hour of a row, with its ticket."""

    hour: Hour
    ticket_url: str | None = None
    version: str = ""
    cinema: str = ""  # as the hour's own link names it


def hour_cells(row: Row, *, marked: bool) -> list[Cell]:
    """The cells of a row that hold hours; only where the page marks them up as hours, if `marked`."""
    if not marked:
        units = [cell for cell in row.cells if cell.units]
        texts = [
            cell
            for cell in row.cells
            if not cell.units and cell.items and not cell.names.cinema and any(map(hours.has_clock, cell.texts))
        ]
        # Beside hours that are marked or called so, what is made otherwise is a runtime or a rating.
        makes = [cell.names for cell in units] or [cell.names for cell in texts if _is_called_hours(cell)]
        if makes and texts:
            texts = [cell for cell in texts if cell.names in makes or _is_called_hours(cell)]
        return [cell for cell in row.cells if cell in units or cell in texts] if texts else units
    # Beside a film's link alone, a time that links nowhere is how long the film is.
    alone = not row.links_to(CINEMA)
    return [
        cell
        for cell in row.cells
        if any(unit.linked or (not alone and hours.has_clock(unit.text)) for unit in cell.units)
    ]


def _is_called_hours(cell: Cell) -> bool:
    return any(map(_HOURS.search, cell.names.tokens))


def showings(
    page: Page, cells: Sequence[Cell], date: dt.date, *, beside: Sequence[str] = ()
) -> tuple[list[Showing], list[tuple[str, str]]]:
    """The showings in the cells of hours, and (text, reason) of each hour that can't be read or is cancelled; `beside`
    are the texts of the row's other cells.
    """
    found, problems = _showings(page, cells, date)
    for text in filter(cancelled.is_not_as_written, beside):
        reason = cancelled.reason(text, certain=len(found) == 1)
        problems += [(f"{showing.hour.time:%H:%M} {clean(text)}", reason) for showing in found]
        found = []
    return found, problems


def _showings(page: Page, cells: Sequence[Cell], date: dt.date) -> tuple[list[Showing], list[tuple[str, str]]]:
    found: list[Showing] = []
    problems: list[tuple[str, str]] = []
    for cell in cells:
        if (of_times := _of_times(page, cell, date)) is not None:
            found += of_times
            continue
        label, begun, leads = "", False, False
        not_shown = (_not_as_written(cell, date) | _under_another_day(cell, date)) if cell.texts else {}
        for n, item in enumerate(cell.items):
            if n in not_shown:
                problems.append((item.text.strip() if isinstance(item, Unit) else str(item).strip(), not_shown[n]))
                begun = True
            elif isinstance(item, Unit):
                begun = True
                text = item.text
                written = hours.read(text, date)
                if item.struck or not written.hours:
                    problems.append((text.strip(), "struck out" if item.struck else written.reason))
                    continue
                if item.titles and (said := next(filter(cancelled.is_not_as_written, item.titles), "")):
                    problems.append((f"{text.strip()} {said}", cancelled.reason(said, certain=len(written.hours) == 1)))
                    continue
                if item.titles and (
                    said := next(filter(None, (other_days.in_tooltip(t, date) for t in item.titles)), "")
                ):
                    problems.append((text.strip(), f"perhaps {other_days.OF_ANOTHER}{said}"))
                    continue
                if (written.days or item.day) and (other := another_day_given(date, written, item.day)):
                    problems.append((text.strip(), f"{other_days.OF_ANOTHER}{other}"))
                    continue
                ticket = None
                for href in item.tickets:
                    ticket = ticket or http_link(page.base, href)
                title = ""
                for tooltip in item.titles:
                    title = title or (hours.version(tooltip) if hours.is_version(tooltip) else "")
                ahead = label if leads else ""
                for hour in written.hours:
                    version = hours.join(ahead, hour.version, title) if ahead or title else hour.version
                    found.append(Showing(hour, ticket, version, item.cinema))
            elif isinstance(item, str):
                if hours.has_clock(item):
                    begun = True
                    written = hours.read(item, date)
                    if other := another_day_given(date, written):
                        problems.append((item.strip(), f"{other_days.OF_ANOTHER}{other}"))
                    elif written.hours and all(not h.version or hours.is_version(h.version) for h in written.hours):
                        found.extend(Showing(h, None, hours.join(label, h.version)) for h in written.hours)
                    else:
                        problems.append((item.strip(), written.reason or "words beside a time"))
                elif hours.is_version(item):
                    if not begun:
                        leads = True
                    if leads:
                        label = hours.version(item)
                    elif found:
                        found[-1] = _with(found[-1], version=hours.join(found[-1].version, hours.version(item)))
                elif hours.hides_an_hour(item):
                    problems.append((item.strip(), "no time like 10:30"))
            elif found and item.is_ticket and found[-1].ticket_url is None:
                found[-1] = _with(found[-1], ticket=http_link(page.base, item.href))
    return found, problems


def _of_times(page: Page, cell: Cell, date: dt.date) -> list[Showing] | None:
    """The showings of a cell whose hours say their times and nothing else, as most do; else None."""
    times = cell.times
    if times is None:
        return None
    found: list[Showing] = []
    for text, ticket, cinema in times:
        hour = hours.only(text, date)
        if hour is None:
            return None
        found.append(Showing(hour, http_link(page.base, ticket) if ticket else None, hour.version, cinema))
    return found


def _not_as_written(cell: Cell, date: dt.date) -> dict[int, str]:
    """Which of a cell's items, by their place, are hours that a text beside them says to be cancelled or moved, and
    the reason: those that it names, else the one ahead of it, or the first; of several hours it isn't certain which.
    """
    if not any(map(cancelled.is_not_as_written, cell.texts)):
        return {}
    texts = {n: item for n, item in enumerate(cell.items) if isinstance(item, str)}
    said = {n: text for n, text in texts.items() if cancelled.is_not_as_written(text)}
    hour_at = {n: item.text for n, item in enumerate(cell.items) if isinstance(item, Unit)}
    hour_at |= {n: text for n, text in texts.items() if hours.has_clock(text)}
    if len(said) > MOST_NOTES:
        return dict.fromkeys(hour_at, cancelled.NOT_AS_WRITTEN)
    told: dict[int, str] = {}
    for n, text in said.items():
        others = [place for place in hour_at if place != n]
        if named := hours.clocks(text):
            told |= {place: cancelled.NOT_AS_WRITTEN for place in others if named & hours.clocks(hour_at[place])}
        if others and (not named or cancelled.is_moved(text)):
            place = max((place for place in others if place < n), default=min(others))
            certain = len(hour_at) == 1 and len(hours.read(hour_at[place], date).hours) == 1
            told[place] = cancelled.reason(text, certain=certain)
    return told


def _under_another_day(cell: Cell, date: dt.date) -> dict[int, str]:
    """Which of a cell's items, by their place, are hours that a note without an hour says to be of another day: those
    behind it ("jutro:"), else those ahead of it. "PM" beside the hour's own markup leaves it unknown.
    """
    told: dict[int, str] = {}
    is_hour = [isinstance(item, Unit) or (isinstance(item, str) and hours.has_clock(item)) for item in cell.items]
    begins = 0
    for n, item in enumerate(cell.items):
        if is_hour[n] or not isinstance(item, str):
            continue
        half, said = hours.is_half_a_day(item), clean(item)
        if half or other_days.named_in(said, date):
            places = [place for place in range(begins, len(cell.items)) if is_hour[place]]
            ahead, behind = [place for place in places if place < n], [place for place in places if place > n]
            alone = half or item.strip().startswith("(")
            which = ahead[-1:] if alone and ahead else behind or ahead
            certain = "" if said.endswith((":", "-", "–")) else "perhaps "  # a label of what is behind it
            told |= dict.fromkeys(which, "no certain time" if half else f"{certain}{other_days.OF_ANOTHER}{said}")
            begins = n
    return told


def another_day_given(date: dt.date, written: Written, day: SaidDate | None = None) -> SaidDate | None:
    """The day, given with hours by their text or their markup, that isn't the programme's; what starts after midnight
    may be of the next.
    """
    by_night = all(hour.midnight or hour.time < SMALL_HOURS_END for hour in written.hours)
    may_be = [date, date + dt.timedelta(days=1)] if by_night else [date]
    for said in (*written.days, *([day] if day else [])):
        if not any(map(said.is_of, may_be)):
            return said
    return None


def _with(showing: Showing, *, version: str | None = None, ticket: str | None = None) -> Showing:
    version = showing.version if version is None else version
    return Showing(showing.hour, ticket or showing.ticket_url, version, showing.cinema)


def ticket_links(row: Row) -> list[str]:
    """The addresses at which a row's links sell tickets."""
    found: list[str] = []
    for cell in row.cells:
        for item in cell.items:
            if isinstance(item, Unit):
                found += item.tickets
            elif isinstance(item, Link) and item.is_ticket:
                found.append(item.href)
    return found


def not_as_written(row: Row) -> str:
    """The text beside a row's links, or the tooltip, that says its showing to be cancelled or moved."""
    texts = [text for cell in row.cells for text in cell.texts]
    texts += [title for cell in row.cells for unit in cell.units for title in unit.titles]
    return next(filter(cancelled.is_not_as_written, texts), "")


def version_beside(row: Row) -> str:
    """What a row says of its one showing: in texts, badges and tooltips beside its links."""
    said = []
    for cell in row.cells:
        for item in cell.items:
            if isinstance(item, str) and hours.is_version(item):
                said.append(hours.version(item))
            elif isinstance(item, Unit):
                said += [hours.version(text) for text in item.titles if hours.is_version(text)]
    return hours.join(*said)
