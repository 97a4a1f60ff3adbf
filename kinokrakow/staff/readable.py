"""Forms for people: how long something took, and what a JSON object says, a line each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

NONE = "–"
PARTS = 2  # of a duration: days and hours, but not their minutes
UNITS = (
    (86400, gettext_noop("%(n)s d")), (3600, gettext_noop("%(n)s h")),
    (60, gettext_noop("%(n)s min")), (1, gettext_noop("%(n)s s")),
)  # fmt: skip


def decimal(value: float) -> str:
    """A number to one place, in the reader's language. Django's `number_format` cuts what it doesn't show, so that 50
    of 61 would be 81.9 % on a page and 82.0 % in JSON.
    """
    return number_format(round(value, 1), 1)


def duration(length: dt.timedelta) -> str:
    """ "0.4 s", "3 min 20 s", "2 h 5 min", "6 d 4 h"."""
    seconds = max(0.0, length.total_seconds())
    if seconds < 10:
        return _("%(n)s s") % {"n": decimal(seconds)}
    left = round(seconds)
    told: list[str] = []
    for size, form in UNITS:
        count, left = divmod(left, size)
        if told or count:
            told.append(_(form) % {"n": count} if count else "")
        if len(told) == PARTS:
            break
    return " ".join(part for part in told if part)


def fields(found: Any) -> Mapping[Any, Any]:
    """An object from the database as it should be: what another version of the program wrote may be anything."""
    return found if isinstance(found, Mapping) else {"": found}


def facts(found: Any, names: Mapping[str, Any] = MappingProxyType({})) -> SafeString | str:
    """What an object says, a line for each of its fields that says anything; `names`: what people call these."""
    rows = [
        (str(names.get(name, name)), told(value))
        for name, value in fields(found).items()
        if value not in ("", None, [], {})
    ]
    lines = ((f"{name}: " if name else "", value) for name, value in rows)
    return format_html_join(mark_safe("<br>"), "{}{}", lines) if rows else NONE


def told(value: Any) -> str:
    """A value of JSON: yes and no, numbers as they are written here, moments in local time, lists with commas."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return number_format(round(value, 1))
    if isinstance(value, list | tuple):
        return ", ".join(told(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {told(each)}" for name, each in value.items())
    return _moment(str(value))


def date(text: str) -> str:
    """`2026-11-28` as dates are written here, what is none as it is."""
    try:
        found = parse_date(text) if len(text) == len("2026-11-28") else None
    except ValueError:
        found = None
    return date_format(found, "j.m.Y") if found else text


def _moment(text: str) -> str:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    return date_format(localtime(moment), "j.m.Y H:i") if moment and is_aware(moment) else date(text)
