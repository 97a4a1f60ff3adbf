"""Dates, moments and errors as sentences have them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from kinokrakow.staff import failures

LONGEST_ERROR = 240


def day_name(iso: str) -> str:
    """`2026-11-27` as "Friday 27 November"."""
    return date_format(dt.date.fromisoformat(iso), "l j E")  # E: a month as dates have it, "listopada"


def day_names(dates: list[str]) -> str:
    return ", ".join(date_format(dt.date.fromisoformat(iso), "D j.m") for iso in dates)


def moment(iso: str) -> str:
    moment = parse_datetime(iso)
    if moment is None:
        raise ValueError(f"no moment: {iso}")
    return date_format(timezone.localtime(moment), "j.m H:i")


def short(error: str) -> str:
    return cut(failures.said(failures.first(error)).rstrip("."))  # one way to a day is enough; its job tells them all


def cut(text: str) -> str:
    """What stands on a page, as it stands there, if it is not long."""
    return text if len(text) <= LONGEST_ERROR else text[:LONGEST_ERROR] + "…"
