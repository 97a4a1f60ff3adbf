"""What staff call kinds of alerts and what pages were fetched for, which are codes in the database."""

from __future__ import annotations

from kinokrakow.staff import names
from kinokrakow.staff import readable as people
from scraper.models import DayScrape
from scraper.models.alert_names import ALERTS


def of_alert(kind: str) -> str:
    """The code itself for a kind that this version does not know."""
    return str(ALERTS.get(kind, kind))


def of_purpose(purpose: str) -> str:
    """ "day: 28.11.2026, by URL", "film page: bugonia"; a witness's name for one of its answers."""
    kind, _colon, for_what = purpose.partition(":")
    if f"{kind}:" == names.WITNESS:
        return names.of_service(purpose)
    if kind == "day":
        date, _colon, way = for_what.partition(":")
        ways = dict(DayScrape.Way.choices)
        for_what = ", ".join(str(part) for part in (people.date(date), ways.get(way, way)) if part)
    called = "robots.txt" if kind == "robots" else names.of_job_kind(kind)
    return f"{called}: {for_what}" if for_what else called
