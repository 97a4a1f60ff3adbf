"""Alerts about what is missing, what was said of them and sent, and the state of the watch that finds them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kinokrakow.staff import readable as people
from scraper.models.alert_names import ALERTS


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> AlertQuerySet:
        return self.filter(resolved_at__isnull=True)


class Alert(models.Model):
    """One cause, from the evaluation that found it first to the one that did not find it any more.

    `kind` and `subject` name the cause; `facts` are the figures its sentence is made of
    (scraper/monitoring/messages/), so that everybody reads it in their own language.
    """

    class Level(models.TextChoices):
        BAD = "bad", _("critical")
        WARN = "warn", _("warning")

    kind = models.CharField(_("kind"), max_length=32)
    subject = models.CharField(_("subject"), max_length=255, blank=True, default="")
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    facts = models.JSONField(_("facts"), default=dict)
    opened_at = models.DateTimeField(_("since"))
    updated_at = models.DateTimeField(_("last found at"))
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    expired = models.BooleanField(
        _("expired"), default=False, help_text=_("Closed because what it was about is over, not because it is well.")
    )
    causes = models.JSONField(_("causes"), default=list, help_text=_("What it was about so far: a new one is told."))
    changed_at = models.DateTimeField(_("last new cause at"), null=True, blank=True)
    told_at = models.DateTimeField(_("last told at"), null=True, blank=True)
    resolved_told_at = models.DateTimeField(_("resolution told at"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("acknowledged by")
    )
    silenced_until = models.DateTimeField(_("silenced until"), null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(resolved_at__isnull=True), name="one_open_alert_per_cause"
            )
        ]

    def __str__(self) -> str:
        return f"{ALERTS.get(self.kind, self.kind)} {people.date(self.subject)}".rstrip()

    def silenced(self, at: dt.datetime) -> bool:
        return self.silenced_until is not None and self.silenced_until > at


class AlertAnswer(models.Model):
    """What somebody said of an alert: that they look after it, that it be silent until some time, or a comment."""

    class What(models.TextChoices):
        ACKNOWLEDGE = "acknowledge", _("acknowledged")
        RELEASE = "release", _("no longer acknowledged")
        SILENCE = "silence", _("silenced")
        SOUND = "sound", _("no longer silenced")
        COMMENT = "comment", _("comment")

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="answers", verbose_name=_("alert"))
    what = models.CharField(_("answer"), max_length=16, choices=What.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("answer to an alert")
        verbose_name_plural = _("answers to alerts")
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.comment}".rstrip()


class Delivery(models.Model):
    """One message over one channel, and what became of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    channel = models.CharField(_("channel"), max_length=100, help_text=_("E-mail, or which of ALERT_URLS; no secrets."))
    alerts = models.ManyToManyField(Alert, related_name="deliveries", verbose_name=_("alerts"))
    title = models.TextField(_("title"))
    text = models.TextField(_("text"))
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.WAITING)
    error = models.TextField(_("last error"), blank=True, default="")
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created at"))
    due_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("sent or given up at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.channel}: {self.title}"


class WatchState(models.Model):
    """What is known of the watch itself, in one row: when it last looked, and whether its heartbeat is taken."""

    busy_until = models.DateTimeField(_("somebody looks until"), null=True, blank=True)
    looked_at = models.DateTimeField(_("last look at"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last heartbeat taken at"), null=True, blank=True)
    heartbeat_failing_since = models.DateTimeField(_("heartbeat refused since"), null=True, blank=True)
    heartbeat_error = models.TextField(_("heartbeat's last error"), blank=True, default="")

    class Meta:
        verbose_name = _("state of the watch")
        verbose_name_plural = _("state of the watch")

    def __str__(self) -> str:
        return f"last look {self.looked_at}"
