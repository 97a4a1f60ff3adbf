"""Runs, their days, every page they fetched, and the alerts about what is missing."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scraper.coverage.witnesses.models import WitnessCinema as WitnessCinema
from scraper.coverage.witnesses.models import WitnessDifference as WitnessDifference
from scraper.coverage.witnesses.models import WitnessLook as WitnessLook


class SyncRun(models.Model):
    """One sync of the whole week. It ends with its last day, its films go on. One runs at a time; a second joins it."""

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        COMPLETE = "complete", _("complete")
        INCOMPLETE = "incomplete", _("incomplete")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

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
        EMPTY = "empty", _("empty (according to the page)")
        FAILED = "failed", _("failed")

    class Way(models.TextChoices):
        URL = "url", _("by URL")
        SESSION = "session", _("by session")
        HOUR = "hour", _("by the hour programme")

    READ: ClassVar[tuple[str, ...]] = (Status.VERIFIED, Status.EMPTY)

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
        return sum(showtimes for showtimes, _tickets in self.by_cinema.values())

    @property
    def tickets(self) -> int:
        return sum(tickets for _showtimes, tickets in self.by_cinema.values())


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
        return f"{self.kind} {self.subject}".rstrip()

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
