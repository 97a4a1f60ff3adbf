"""The sentences of alerts: what is wrong, what it costs, and where to look. Rendered in the reader's language.

Each room has the sentences of the monitors in the room of the same name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from scraper.coverage.witnesses.listings.registry import WITNESSES
from scraper.models import Alert
from scraper.monitoring.messages import films, machinery, programme, services, witnesses
from scraper.monitoring.messages.phrases import day_name

__all__ = ["KINDS", "as_json", "day_name", "link", "parse_date_or_none", "sentence"]

KINDS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    **programme.KINDS,
    **films.KINDS,
    **services.KINDS,
    **machinery.KINDS,
    **witnesses.KINDS,
}


def sentence(alert: Alert) -> str:
    """What is wrong, since when apart: one or two sentences of plain text.

    An alert that another version of the program wrote may be of a kind, or lack facts, that this one does not know.
    """
    say = KINDS.get(alert.kind)
    if say is None:
        return str(alert)
    try:
        return capfirst(say(alert.subject, alert.facts))
    except (LookupError, TypeError, ValueError, AttributeError):
        return _("%(alert)s (written by another version of the program; its details can't be shown)") % {"alert": alert}


def as_json(alert: Alert) -> dict[str, str]:
    """The alert as plain values, for scripts: `kind`, `subject`, `since` (ISO 8601) and `message`."""
    since = timezone.localtime(alert.opened_at).isoformat(timespec="seconds")
    return {"kind": alert.kind, "subject": alert.subject, "since": since, "message": sentence(alert)}


def link(alert: Alert) -> str:
    """The path of the page where the cause can be looked into."""
    if alert.kind.startswith("day_") and parse_date_or_none(alert.subject):
        return reverse("coverage-day", args=[alert.subject])
    if alert.kind == "archive_overdue":
        return reverse("admin:kinokrakow_job_changelist") + "?kind__exact=prune"
    if alert.kind in ("jobs_stuck", "workers_gone"):
        return reverse("admin:kinokrakow_job_changelist") + "?state__exact=queued"
    if alert.kind == "films_unread":
        return reverse("admin:kinokrakow_job_changelist") + "?state__exact=failed"
    if alert.kind.endswith(("_silent", "_refused")) and alert.kind not in ("heartbeat_refused", "witness_silent"):
        return reverse("admin:kinokrakow_servicestate_changelist")
    if alert.kind == "host_closed":
        return reverse("admin:kinokrakow_hostgate_changelist")
    if alert.kind == "witness_cinema":
        return reverse("admin:scraper_witnesscinema_changelist") + "?cinema__isnull=True"
    if alert.kind.startswith("witness_") and (name := alert.subject.partition(":")[0]) in WITNESSES:
        return reverse("coverage-witness", args=[name])
    if alert.kind == "review_soon":
        return reverse("review")
    if alert.kind == "refused":
        return reverse("admin:scraper_page_changelist")
    return reverse("coverage")


def parse_date_or_none(iso: str) -> dt.date | None:
    try:
        return parse_date(iso)
    except ValueError:
        return None
