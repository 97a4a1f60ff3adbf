"""A sync of the week and its days."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scraper.models.pages import Page


class SyncRun(models.Model):
    """One sync of the whole week. It ends with its last day, its films go on. One runs at a time; a second joins it."""

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        COMPLETE = "complete", _("complete")
        INCOMPLETE = "incomplete", _("incomplete")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", pgettext_lazy("a run", "cancelled")

    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.RUNNING)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    site_today = models.DateField(_("site's date"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True, default="")

    films_done_at = models.DateTimeField(_("films done at"), null=True, blank=True)

    # Counted when the run has ended, and once more when its films are done: the trend over thirty runs must not
    # count their rows again.
    counted_at = models.DateTimeField(_("counted at"), null=True, blank=True)
    requests = models.PositiveIntegerField(_("requests to the site"), null=True, blank=True)
    films = models.PositiveIntegerField(_("films to match"), null=True, blank=True)
    films_matched = models.PositiveIntegerField(_("matched"), null=True, blank=True)
    showtimes = models.PositiveIntegerField(_("showtimes of the week"), null=True, blank=True)
    showtimes_published = models.PositiveIntegerField(_("of these published"), null=True, blank=True)

    class Meta:
        verbose_name = _("sync run")
        verbose_name_plural = _("sync runs")
        ordering: ClassVar = ["-id"]
        permissions: ClassVar = [("start_sync", _("Can start and cancel a sync, and have a day read again"))]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["status"], condition=Q(status="running"), name="one_run_at_a_time")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_status_display()}"

    @property
    def took(self) -> dt.timedelta | None:
        """From its begin to its end: its days are read, and its film pages asked for."""
        return self.finished_at - self.started_at if self.finished_at else None

    @property
    def took_with_films(self) -> dt.timedelta | None:
        """Until the last of its film pages was read, which all of its `requests` are."""
        until = self.films_done_at or self.finished_at
        return until - self.started_at if until else None


class DayScrape(models.Model):
    """One day of one run: what was asked for, what the page said, and what came of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        VERIFIED = "verified", _("verified")
        EMPTY = "empty", _("empty (according to the page)")
        FAILED = "failed", _("failed")

    class Way(models.TextChoices):
        URL = "url", _("by URL")
        SESSION = "session", _("by session")
        HOUR = "hour", _("by the hour programme")

    READ: ClassVar[tuple[str, ...]] = (Status.VERIFIED, Status.EMPTY)
    #: What rows may give, and its place in `by_cinema`; an older version counted ticket links only.
    GIVEN: ClassVar[dict[str, int]] = {"ticket_url": 1, "version": 2}

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="days", verbose_name=_("run"))
    date = models.DateField(_("date asked for"))
    ahead = models.SmallIntegerField(_("days ahead of the site's today"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.WAITING)
    suspicious = models.BooleanField(
        _("suspicious"), default=False, help_text=_("Too little was read to be believed: nothing was withdrawn.")
    )
    way = models.CharField(_("way"), max_length=16, choices=Way.choices, blank=True, default="")
    date_said = models.DateField(_("date on page"), null=True, blank=True)
    statements = models.JSONField(
        _("statements of its date"), default=dict, help_text=_("By place, the text that names the date.")
    )
    unread_rows = models.PositiveIntegerField(_("rows not understood"), default=0)
    cancelled = models.PositiveIntegerField(
        _("cancelled showings"), default=0, help_text=_("Listed as cancelled: they are no showtimes.")
    )
    unread = models.JSONField(
        _("text not understood"), default=list, help_text=_("Of the first rows: place, text, reason and film.")
    )
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
    unpublished = models.PositiveIntegerField(
        _("unpublished"), default=0, help_text=_("Of the withdrawn, those that were published.")
    )
    not_withdrawn = models.PositiveIntegerField(
        _("not withdrawn"), default=0, help_text=_("Known and to come, but not listed, and left as they are.")
    )
    film_slugs = models.JSONField(_("films listed"), default=list)
    by_cinema = models.JSONField(
        _("showtimes by cinema"),
        default=dict,
        help_text=_("By slug: showtimes, and how many of them have a ticket link. What has begun counts too."),
    )
    page = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("page"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("scraped day")
        verbose_name_plural = _("scraped days")
        ordering: ClassVar = ["run", "date"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "date"], name="one_row_per_run_and_day")]
        indexes: ClassVar = [models.Index(fields=["date", "finished_at"]), models.Index(fields=["date", "ahead"])]

    def __str__(self) -> str:
        return f"{self.date} ({self.get_status_display()})"

    @property
    def counted(self) -> int:
        """Showtimes by all cinemas: what the page listed, and what had begun before it was read."""
        return sum(counts[0] for counts in self.by_cinema.values())
