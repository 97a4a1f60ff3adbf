"""The days on offer: the calendar of a programme page (which offset of `/settings/set_day/{offset}` is which date, and
which is active), or its day select.

Offsets are read here and never computed: around midnight the server's today and ours differ.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, pairwise

from lxml import etree

from events.records import CalendarDay
from scraper.site.polish import LONGEST_DATE, SaidDate, read_date, weekday_number

from .markup import Element, Page, attribute_date, clean, is_small, open_page, tokens, words

_SET_DAY = re.compile(r"/settings/set_day/([0-9]{1,2})/?(?:[?#].*)?$")
_DAY_AND_MONTH = re.compile(r"\D*\b([0-9]{1,2}) ([0-9]{1,2})\b\D*")  # "Czw 2 10": weekday, day, month
_RUN_TOGETHER = re.compile(r"(?<=[^\W\d_])(?=[0-9])|(?<=[0-9])(?=[^\W\d_])")  # "Pt27.11"
_MONTH_DAY = re.compile(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})")
_HYPHENED = re.compile(r"(?<![0-9-])([0-9]{2})-([0-9]{2})(?![0-9-])")  # "27-11", or "11-27" as in ?day=11-27
_TOKEN = re.compile(r"[\x21-\x7e]+")  # it travels in a header, so nothing else may pass
_ACTIVE = {"active", "selected", "current", "aktywny", "aktywna", "wybrany"}
_NEGATIONS = {"not", "no", "non", "in"}
MOST_CELLS = 100  # that are looked at
MOST_SELECTS = 5

_MARK = re.compile("active|selected|current")
_METAS = etree.XPath("//meta[@name='csrf-token']/@content")


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the calendar. `said` is None where its label can't be read, `offset` where nothing selects it."""

    text: str
    said: SaidDate | None
    offset: int | None
    active: bool


def extract(html: str, *, url: str, today: dt.date) -> tuple[CalendarDay, ...]:
    """The days that the calendar's links select, in the page's order; ExtractionError when there is none.

    A day that can't be read is left out, and so are days that contradict each other (two dates of one offset).
    At most one is active; none when the page marks none, or several.
    """
    page = open_page(html, url=url)
    found = cells(page)
    active = [cell for cell in found if cell.active]
    days: dict[tuple[int, dt.date], bool] = {}
    for cell in found:
        if cell.offset is not None and cell.said is not None:
            with suppress(ValueError):
                day = (cell.offset, cell.said.near(today))
                days[day] = days.get(day, False) or (cell.active and len({cell.said for cell in active}) == 1)
    offsets, dates = Counter(offset for offset, _ in days), Counter(date for _, date in days)
    clear = tuple(
        CalendarDay(offset=offset, date=date, active=is_active)
        for (offset, date), is_active in days.items()
        if offsets[offset] == dates[date] == 1
    )
    if not clear:
        said = "; ".join(cell.text for cell in found)
        raise page.error("calendar", expected="days that link to /settings/set_day/{n}", found=said)
    return clear


def days_on_offer(html: str, *, url: str, today: dt.date) -> tuple[dt.date, ...]:
    """The dates that the page offers, in order: of its calendar, else of its day select; () when it has neither."""
    page = open_page(html, url=url)
    said = [cell.said for cell in cells(page)] or [option_date(option) for option in options(page)]
    dates = set()
    for date in filter(None, said):
        with suppress(ValueError):
            dates.add(date.near(today))
    return tuple(sorted(dates))


def csrf_token(html: str, *, url: str) -> str:
    """The token of the page's session, for the X-CSRF-Token header; ExtractionError when there isn't one."""
    page = open_page(html, url=url)
    found = {content.strip() for content in _METAS(page.root)}
    token = found.pop() if len(found) == 1 else ""
    if not _TOKEN.fullmatch(token):
        raise page.error("csrf token", expected="one of printable ASCII without spaces", found=token)
    return token


def active_date(days: Sequence[CalendarDay]) -> dt.date | None:
    """The date the page's session stands on; None when the calendar doesn't say."""
    return next((day.date for day in days if day.active), None)


def cells(page: Page) -> list[Cell]:
    """The calendar's days in the page's order: what links to set_day, then a day marked as active that doesn't."""
    if b"set_day" not in page.source and b"calendar" not in page.source:
        return []
    offsets: list[tuple[Element, int | None]] = []
    links = [(link, href) for link, href in page.links if "/set_day/" in href][:MOST_CELLS]
    for link, href in links:
        if match := _SET_DAY.search(href.strip()):
            offsets.append((_cell_of(link), int(match[1])))
    read = {cell for cell, _ in offsets}
    parents = {cell.getparent() for cell in read}
    for cell in islice(filter(_is_marked, page.root.iter("td", "li")), MOST_CELLS):
        if cell not in read and (cell.getparent() in parents or _in_a_calendar(cell)) and is_small(cell):
            offsets.append((cell, None))
    labels = _day_first([words(cell)[: LONGEST_DATE + 1] for cell, _ in offsets])
    found = [_read(cell, offset, label) for (cell, offset), label in zip(offsets, labels, strict=True)]
    if any(cell.active and cell.said and cell.offset is not None for cell in found):
        found = [cell for cell in found if cell.said or cell.offset is not None]  # without a date picker's "27"
    return found


def _day_first(labels: Sequence[str]) -> list[str]:
    """The labels of a calendar's days, "11-27" as "27.11": which of two numbers is the month is told by the days' being
    near each other. Where that tells nothing, the numbers are left out.
    """
    pairs = [(int(match[1]), int(match[2])) for label in labels if (match := _HYPHENED.search(label))]
    if not pairs:
        return list(labels)
    by_month, by_day = _days_apart(pairs), _days_apart([(month, day) for day, month in pairs])
    if by_month == by_day and any(one != other for one, other in pairs):
        return [_HYPHENED.sub(" ", label) for label in labels]
    said = r"\2.\1" if by_month < by_day else r"\1.\2"
    return [_HYPHENED.sub(said, label) for label in labels]


def _days_apart(pairs: Sequence[tuple[int, int]]) -> int:
    """How many days lie between the first and the last of (month, day), over the new year too."""
    try:
        days = sorted(dt.date(2000, month, day).timetuple().tm_yday for month, day in pairs)
    except ValueError:
        return 366
    gaps = [later - earlier for earlier, later in pairwise([*days, days[0] + 366])]
    return 366 - max(gaps)


def selected_options(page: Page) -> Iterator[Element]:
    """The options of day selects that are marked as selected."""
    return (option for option in options(page) if option.get("selected") is not None)


def option_date(option: Element) -> SaidDate | None:
    """The date that an option of a day select stands for: its value or its text, MM-DD or with a year."""
    texts = ((option.get("value") or "").strip(), words(option))
    match = next(filter(None, map(_MONTH_DAY.fullmatch, texts)), None)
    if match is None:
        return read_date(texts[1])
    with suppress(ValueError):
        dt.date(int(match[1] or 2000), int(match[2]), int(match[3]))
        return SaidDate(int(match[3]), int(match[2]), int(match[1]) if match[1] else None)
    return None


def options(page: Page) -> list[Element]:
    """The options of the page's day select."""
    of_days = (s for s in page.root.iter("select") if s.get("id") == "day_select" or s.get("name") == "day")
    return [option for select in islice(of_days, MOST_SELECTS) for option in islice(select.iter("option"), MOST_CELLS)]


def _cell_of(link: Element) -> Element:
    """The td, th or li that a link stands in, else what holds it alone, else the link itself."""
    around = [element for element in islice(link.iterancestors(), 3) if is_small(element)]
    cells = [element for element in around if element.tag in ("td", "th", "li")]
    alone = [element for element in around if sum(1 for _ in element.iter("a", "form")) == 1]
    return next(iter([*cells, *alone[::-1]]), link)


def _in_a_calendar(cell: Element) -> bool:
    return any("calendar" in (element.get("class") or "") for element in islice(cell.iterancestors(), 4))


def _is_marked(cell: Element) -> bool:
    return (
        _MARK.search(cell.get("class") or "") is not None
        or cell.get("aria-current") is not None
        or cell.get("aria-selected") is not None
    )


def _read(cell: Element, offset: int | None, label: str) -> Cell:
    elements = list(cell.iter())
    # A part that is called "mon" says the month.
    names = [name for part in elements for name in tokens(part) if part is cell or len(name) > len("thurs")]
    said = _said(label, names)
    if said is None:
        titles = {clean(title) for e in elements if (title := e.get("title") or e.get("aria-label"))}
        said = _said(titles.pop()[: LONGEST_DATE + 1], names) if len(titles) == 1 else None
    attributes = {date for element in elements if (date := attribute_date(element))}
    if len(attributes) == 1:
        (attribute,) = attributes
        said = said or attribute if said is None or said.agrees(attribute) else None
    return Cell(label, said, offset, any(map(_is_active, elements)))


def _is_active(element: Element) -> bool:
    if element.get("aria-current", "false") != "false" or element.get("aria-selected") == "true":
        return True
    for name in tokens(element):
        parts = re.split("[-_]+", name.removesuffix("day").rstrip("-_"))
        if parts[-1] in _ACTIVE and not _NEGATIONS.intersection(parts):
            return True
    return False


def _said(label: str, names: Sequence[str]) -> SaidDate | None:
    """The date of a label, with the weekday that it or else the cell's class names; None when they contradict."""
    label = _RUN_TOGETHER.sub(" ", label)
    said = read_date(label)
    if said is None and (match := _DAY_AND_MONTH.fullmatch(label)):
        with suppress(ValueError):
            dt.date(2000, int(match[2]), int(match[1]))
            said = SaidDate(int(match[1]), int(match[2]))
    if said is None:
        return None
    weekdays = {said.weekday, *map(_weekday, [*re.findall(r"[^\W\d_]+", label), *names])} - {None}
    if len(weekdays) > 1:
        return None
    return SaidDate(said.day, said.month, said.year, next(iter(weekdays), None))


def _weekday(name: str) -> int | None:
    with suppress(ValueError):  # "active", or a label like "Dziś"
        return weekday_number(name)
    return None
