"""Pure: what another source claims of a screening, or what kept it from being read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreeningEvent:
    """One screening. Times are aware; coordinates are degrees or None; addresses are http(s) or empty.

    `given_id` is what its publisher calls it, empty for nothing: `named` says whether that is an identifier, not only
    the address of a page that may be of several screenings. `detail` tells apart what is otherwise the same.
    """

    given_id: str
    named: bool
    detail: str
    title: str
    original_title: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    cinema_name: str
    latitude: float | None
    longitude: float | None
    url: str
    ticket_url: str
    image_url: str
    language: str
    subtitles: str
    format: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A line (from 1) with something that is no screening, why, and of which property. `past`: it only is over."""

    line: int
    reason: str
    property: str = ""
    past: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A property of a line that could not be read and was left out; the screening is kept."""

    line: int
    property: str
    reason: str
