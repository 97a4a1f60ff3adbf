"""What a row is that lists no showtimes: a date, a note, a heading that lost its link, the columns' titles."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Set

from scraper.site.extractors import hours
from scraper.site.extractors.hours import other_days
from scraper.site.extractors.links import CINEMA, FILM, TICKET
from scraper.site.extractors.rows import Row
from scraper.site.polish import find_dates, is_date, read_date

from .naming import HEADING_CLASS

NEAR = dt.timedelta(days=31)  # in which a date in a row is a day of the programme, and no film's name
_TITLE = re.compile(r"[^\W\d_](?:[^\d]*[^\W\d_])?[.:]?")
_DAYS_AHEAD = {"wczoraj": -1, "jutro": 1, "pojutrze": 2}
_NOTE_CLASS = re.compile(
    r"(?:.*[-_])?(?:ads?|advert\w*|banner|reklama|promo\w*|sponsor|legend\w*|note|info|uwag[ai]|spacer|separator)"
)
_NO_SHOWING = re.compile(
    r"[^\w*]*(?:\*|czas (?:trwania|projekcji)|długość|trwa |(?:ostatnia |data )?aktualizacj|stan na|legenda)",
    re.IGNORECASE,
)
_NOTE_WORDS = re.compile(
    r"reklam|legend|objaśni|oznacz|uwag|sponsor|promoc|konkurs|bilet|\bkup |newsletter|polec|partner|zobacz|więcej"
    r"|pobierz|aplikacj|rabat|zniżk|cennik|informacj|kliknij|sprawdź|napisy =|[–=-] (?:napisy|dubbing|lektor)|^[*(]",
    re.IGNORECASE,
)


def is_date_row(row: Row) -> bool:
    """Whether a row says a date and nothing else."""
    return is_called_date(row) or (len(row.cells) <= 2 and is_date(row.text))


def own_words(date: dt.date, today: dt.date) -> set[str]:
    """The words like "jutro" that name `date`."""
    return {word for word, ahead in _DAYS_AHEAD.items() if today + dt.timedelta(days=ahead) == date}


def has_days_side_by_side(row: Row) -> bool:
    """Whether a row heads columns of several days: a showing is then of the day above it."""
    if len(row.cells) < 2:
        return False
    said = {date for cell in row.cells if cell.tag == "th" or not cell.units for date in find_dates(cell.loose)[:1]}
    return len(said) > 1


def another_day(row: Row, date: dt.date, today: dt.date, *, first: bool) -> bool | None:
    """Whether a row says that what stands under it is of another day than `date`; None when it says no day. The
    `first` heading of a page may call its own day "jutro".
    """
    if row.links_to(FILM) or row.links_to(CINEMA):
        return None
    text = row.text
    if is_date(text) or hours.at_the_head(text):
        said = read_date(text)
        try:
            day = said.near(today) if said else None
        except ValueError:  # a film may be called "Środa, 9 maja"
            day = None
        if day is not None and (day == date or abs(day - date) <= NEAR or (said and said.weekday is not None)):
            return day != date
    if word := other_days.says_another_day(text):
        return not (first and today + dt.timedelta(days=_DAYS_AHEAD[word]) == date)
    weekday = other_days.weekday_of(text)
    if weekday is None and hours.at_the_head(text):
        weekday = other_days.weekday_of(text.split()[0])  # "Pt, 10:30"
    return None if weekday is None else weekday != date.weekday()


def is_called_date(row: Row) -> bool:
    """Whether a row or a cell of it is called a date, or a day."""
    return row.names.date or any(cell.names.date for cell in row.cells)


def is_note(row: Row, shapes: Set[tuple[str, ...]]) -> bool:
    """Whether a row says something that is no part of the programme: an advertisement, a legend, nothing at all."""
    if any(map(_NOTE_CLASS.fullmatch, row.classes)):
        return True
    return not _may_be_a_heading(row, shapes) and (not row.text or bool(_NOTE_WORDS.search(row.text)))


def tells_no_showing(row: Row) -> bool:
    """Whether the time in a row without links is how long a film is, when the page was made, or in a footnote."""
    return not any(cell.links or cell.units for cell in row.cells) and _NO_SHOWING.match(row.text) is not None


def is_blank(row: Row, shapes: Set[tuple[str, ...]]) -> bool:
    """Whether a row says nothing: at most it shows a picture that leads elsewhere. A heading's cell that is empty has
    lost its film.
    """
    if row.text or _may_be_a_heading(row, shapes):
        return False
    return bool(row.links_to(TICKET)) or not row.shows_a_picture()


def _may_be_a_heading(row: Row, shapes: Set[tuple[str, ...]]) -> bool:
    return any(cell.headed for cell in row.cells) or ("th" in row.shape and any("th" in shape for shape in shapes))


def is_titles(row: Row) -> bool:
    """Whether a row names the columns: "Kino", "Godziny"."""
    named = [cell.loose for cell in row.cells if cell.tag == "th" and cell.loose]
    return len(named) > 1 and all(map(_TITLE.fullmatch, named))


def looks_like_a_heading(row: Row, shapes: Set[tuple[str, ...]]) -> bool:
    """Whether a row without the link of a heading is made like one: like the page's others, or by its classes."""
    if len(row.cells) > 1 and row.shape not in shapes:
        return False
    return (
        row.shape in shapes
        or any(cell.tag == "th" or cell.headed for cell in row.cells)
        or any(map(HEADING_CLASS.fullmatch, row.classes))
    )
