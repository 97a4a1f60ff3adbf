"""What is remembered of what anybody may read: that it has changed, and what calendars call it.

A reader asks `token()` first: as long as that is the same, nothing has to be looked up or laid out again.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

KEPT = dt.timedelta(hours=1)
DAYS_KEPT = dt.timedelta(days=60)
PRUNED_EACH = 200  # changes


class PublicChange(models.Model):
    """That something public has changed. A row each, so that nobody waits for another who changes something too."""

    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("public change")
        verbose_name_plural = _("public changes")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk} {self.at}"


class CalendarDay(models.Model):
    """What calendars have said of each showing of one day: by its id the UID, and when its entry last changed."""

    day = models.DateField(_("day"), unique=True)
    entries = models.JSONField(_("entries"), default=dict)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        default_permissions = ()
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return self.day.isoformat()


def tell(at: dt.datetime) -> None:
    """Something public has changed, in the caller's transaction."""
    made = PublicChange.objects.create(at=at)
    if made.pk % PRUNED_EACH == 0:
        PublicChange.objects.filter(at__lt=at - KEPT).delete()
        CalendarDay.objects.filter(day__lt=at.date() - DAYS_KEPT).delete()


def token() -> str:
    """Another text after each change. The count tells, too, of one that was begun earlier and committed later."""
    found = PublicChange.objects.aggregate(last=Max("pk"), count=Count("pk"), at=Max("at"))
    return f"{found['last']}-{found['count']}-{found['at'].timestamp() if found['at'] else ''}"
