"""An alert from its first finding to its end: what the monitors found, what was told, what people said. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scraper.dashboard.marks import BAD, GOOD, NONE, WARN
from scraper.models import Alert, Delivery


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to an alert, by whom (empty: by the program), and what was said with it."""

    at: dt.datetime
    text: str
    tone: str = NONE
    by: str = ""
    comment: str = ""


def of(alert: Alert) -> list[Step]:
    """In the order in which it happened."""
    return sorted(_steps(alert), key=lambda step: step.at)


def _steps(alert: Alert) -> Iterator[Step]:
    yield Step(alert.opened_at, _("found first"), BAD if alert.level == Alert.Level.BAD else WARN)
    if alert.changed_at:
        yield Step(alert.changed_at, _("a new cause, or worse"), WARN)
    for message in alert.deliveries.order_by("pk"):
        yield Step(
            message.ended_at or message.created_at,
            _("message by %(channel)s: %(status)s")
            % {"channel": message.channel, "status": message.get_status_display()},
            BAD if message.status == Delivery.Status.FAILED else NONE,
        )
    for answer in alert.answers.select_related("by"):
        text = str(answer.get_what_display())
        if answer.until:
            until = date_format(timezone.localtime(answer.until), "j.m H:i")
            text = _("%(what)s until %(until)s") % {"what": text, "until": until}
        yield Step(answer.at, text, NONE, answer.by.get_username() if answer.by else "–", answer.comment)
    if alert.resolved_at:
        yield Step(alert.resolved_at, _("over: its day has passed") if alert.expired else _("resolved"), GOOD)
    elif alert.updated_at > alert.opened_at:
        yield Step(alert.updated_at, _("found last"), NONE)
