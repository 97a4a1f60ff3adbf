"""Runs, their days, and every page they fetched."""

from __future__ import annotations

import gzip
import hashlib
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SyncRun(models.Model):
    """One sync of the whole week. At most one runs at a time; a second joins it."""

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        COMPLETE = "complete", _("complete")
        INCOMPLETE = "incomplete", _("incomplete")
        FAILED = "failed", _("failed")

    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.RUNNING)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    site_today = models.DateField(_("the site's today"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True, default="")

    class Meta:
        verbose_name = _("sync run")
        verbose_name_plural = _("sync runs")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["status"], condition=Q(status="running"), name="one_run_at_a_time")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_status_display()}"


class Page(models.Model):
    """One request to the site and its answer, compressed; failed ones too."""

    run = models.ForeignKey(
        SyncRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="pages", verbose_name=_("run")
    )
    purpose = models.CharField(
        _("purpose"), max_length=300, db_index=True, help_text=_("calendar, day:DATE:WAY or film:SLUG")
    )
    method = models.CharField(_("method"), max_length=8)
    url = models.TextField(_("address"))
    sent_at = models.DateTimeField(_("sent at"), db_index=True)
    seconds = models.FloatField(_("seconds"))
    status = models.PositiveIntegerField(_("HTTP status"), null=True, blank=True)
    headers = models.JSONField(_("headers"), default=dict)
    error = models.TextField(_("error"), blank=True, default="")
    body_gzip = models.BinaryField(_("body, gzip"), default=b"")
    sha256 = models.CharField(_("SHA-256 of the body"), max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("fetched page")
        verbose_name_plural = _("fetched pages")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.method} {self.url}"

    @property
    def body(self) -> bytes:
        return gzip.decompress(self.body_gzip) if self.body_gzip else b""

    @staticmethod
    def packed(body: bytes) -> tuple[bytes, str]:
        """The body as it is stored, and its hash."""
        return gzip.compress(body, 6, mtime=0), hashlib.sha256(body).hexdigest()


class DayScrape(models.Model):
    """One day of one run: what was asked for, what the page said, and what came of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        VERIFIED = "verified", _("verified")
        EMPTY = "empty", _("empty, the page says so")
        FAILED = "failed", _("failed")

    class Way(models.TextChoices):
        URL = "url", _("by URL")
        SESSION = "session", _("by a session of its own")
        HOUR = "hour", _("by the hour programme")

    READ: ClassVar[tuple[str, ...]] = (Status.VERIFIED, Status.EMPTY)

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="days", verbose_name=_("run"))
    date = models.DateField(_("date asked for"))
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.WAITING)
    suspicious = models.BooleanField(
        _("suspicious"), default=False, help_text=_("Less than half of what was known: nothing was withdrawn.")
    )
    way = models.CharField(_("way"), max_length=16, choices=Way.choices, blank=True, default="")
    date_said = models.DateField(_("date the page said"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True, default="")
    first_at = models.DateTimeField(_("first showtime"), null=True, blank=True)
    last_at = models.DateTimeField(_("last showtime"), null=True, blank=True)
    showtimes = models.PositiveIntegerField(_("showtimes"), default=0)
    films = models.PositiveIntegerField(_("films"), default=0)
    cinemas = models.PositiveIntegerField(_("cinemas"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    withdrawn = models.PositiveIntegerField(_("withdrawn"), default=0)
    film_slugs = models.JSONField(_("films listed"), default=list)
    page = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("page"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("scraped day")
        verbose_name_plural = _("scraped days")
        ordering: ClassVar = ["run", "date"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "date"], name="one_row_per_run_and_day")]
        indexes: ClassVar = [models.Index(fields=["date", "finished_at"])]

    def __str__(self) -> str:
        return f"{self.date} ({self.get_status_display()})"
