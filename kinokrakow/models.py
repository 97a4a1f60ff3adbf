"""What every room above leans on: the rate limit of each host, the ledger of jobs, and who is alive."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kinokrakow.staff import names


class HostGate(models.Model):
    """The patience of one host, shared by all processes on all machines (see `kinokrakow.http`)."""

    host = models.CharField(_("host"), max_length=255, unique=True, help_text=_("Host name and port."))
    next_at = models.DateTimeField(_("next request not before"), default=timezone.now)
    holder = models.CharField(_("request in turn"), max_length=32, blank=True, default="")
    robots = models.TextField(_("robots.txt"), blank=True, default="")
    robots_at = models.DateTimeField(_("robots.txt read at"), null=True, blank=True)
    closed_since = models.DateTimeField(
        _("closed since"), null=True, blank=True, help_text=_("When the host first asked us to wait.")
    )
    closed_until = models.DateTimeField(_("closed until"), null=True, blank=True)

    class Meta:
        verbose_name = _("rate limit of a host")
        verbose_name_plural = _("rate limits of hosts")

    def __str__(self) -> str:
        return self.host


class Turn(models.Model):
    """A place in the line for a host's next slots: those who have `begun` first, then in the order of asking (the id).

    It counts until `here_until`; then whoever held it is taken for gone and the others no longer wait for it.
    """

    host = models.CharField(_("host"), max_length=255)
    holder = models.CharField(_("held by"), max_length=32)
    begun = models.BooleanField(_("has asked this host before"), default=False)
    here_until = models.DateTimeField(_("counts until"))

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        constraints: ClassVar = [models.UniqueConstraint(fields=["host", "holder"], name="one_turn_per_holder")]

    def __str__(self) -> str:
        return f"{self.holder} at {self.host}"


class Heartbeat(models.Model):
    """A long-running process, or the queue as a whole, that says from time to time that it works.

    Written by the process itself with the database's clock; `kinokrakow.jobs.heartbeats` says what follows from it.
    """

    class What(models.TextChoices):
        CLUSTER = "cluster", _("workers")
        WATCH = "watch", _("watch")
        QUEUE = "queue", _("queue")
        BACKUP = "backup", _("backup")

    what = models.CharField(_("what"), max_length=16, choices=What.choices)
    name = models.CharField(_("name"), max_length=255, unique=True, help_text=_("Machine and process."))
    workers = models.PositiveIntegerField(_("workers"), default=0)
    busy = models.PositiveIntegerField(_("of these at work"), default=0)
    began_at = models.DateTimeField(_("began at"))
    seen_at = models.DateTimeField(_("last seen at"), db_index=True)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.name}"


class ServiceState(models.Model):
    """What is known of one outside service: whether it answers (`kinokrakow.http.breaker`), and staff's pause."""

    name = models.CharField(_("service"), max_length=32, unique=True)
    failures = models.PositiveIntegerField(_("failed requests in a row"), default=0)
    silent_since = models.DateTimeField(_("does not answer since"), null=True, blank=True)
    probe_at = models.DateTimeField(_("asked again at"), null=True, blank=True)
    probes = models.PositiveIntegerField(_("times asked again in vain"), default=0)
    refused = models.BooleanField(_("refuses our key"), default=False)
    error = models.TextField(_("last error"), blank=True, default="")
    asked_as = models.CharField(
        _("asked as"), max_length=16, blank=True, default="", help_text=_("A hash of its address and our key.")
    )
    paused_until = models.DateTimeField(
        _("paused until"), null=True, blank=True, help_text=_("Nobody asks it for anything before.")
    )
    paused_why = models.CharField(_("why it is paused"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("outside service")
        verbose_name_plural = _("outside services")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return names.of_service(self.name)

    def paused(self, at: dt.datetime) -> bool:
        return self.paused_until is not None and self.paused_until > at


class JobQuerySet(models.QuerySet["Job"]):
    def active(self) -> JobQuerySet:
        return self.filter(state__in=Job.ACTIVE)

    def lost(self) -> JobQuerySet:
        """Running, but the lease has run out; or ends so late that a clock which was wrong must have written it."""
        running = self.filter(state=Job.State.RUNNING)
        return running.filter(Q(lease_until__lt=Now()) | Q(lease_until__gt=Now() + Job.LONGEST_LEASE))


class Job(models.Model):
    """One unit of work, from being asked for to done or failed. django-q carries only its id."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    ACTIVE: ClassVar[tuple[str, ...]] = (State.QUEUED, State.RUNNING)
    LONGEST_LEASE: ClassVar = dt.timedelta(hours=6)

    kind = models.CharField(_("kind"), max_length=32)
    key = models.CharField(_("key"), max_length=255, help_text=_("Unique while the job is waiting or running."))
    args = models.JSONField(_("arguments"), default=dict)
    run = models.BigIntegerField(_("run"), null=True, blank=True, db_index=True)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveIntegerField(_("attempts begun"), default=0)
    postponed = models.PositiveIntegerField(_("postponed"), default=0)
    worker = models.CharField(_("worker"), max_length=255, blank=True, default="")
    error = models.TextField(_("last error"), blank=True, default="")
    queued_at = models.DateTimeField(_("queued at"))
    due_at = models.DateTimeField(_("due at"))
    queue_row = models.BigIntegerField(_("row in django-q's queue"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    lease_until = models.DateTimeField(_("lease expires"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=("queued", "running")), name="one_active_job_per_key"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"]), models.Index(fields=["kind", "finished_at"])]

    def __str__(self) -> str:
        return f"{self.said} ({self.get_state_display()})"

    @property
    def said(self) -> str:
        """What it is for, in words; `key` is what programs call it."""
        return names.of_job(self.kind, self.key, self.args)

    @property
    def spent(self) -> int:
        """Attempts that count towards the limit of its kind."""
        return self.attempt - self.postponed


class JobAttempt(models.Model):
    """One try at a job: who, when, how it ended, and the whole traceback if it failed."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        RETRY = "retry", _("failed, tried again")
        FAILED = "failed", _("failed for good")
        POSTPONED = "postponed", _("put off by the host's rate limit")
        CRASHED = "crashed", _("worker lost")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="attempts", verbose_name=_("job"))
    number = models.PositiveIntegerField(_("number"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, default=Outcome.RUNNING)
    worker = models.CharField(_("worker"), max_length=255)
    waited = models.FloatField(_("seconds waited since due"), default=0)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True, default="")
    traceback = models.TextField(_("traceback"), blank=True, default="")
    requests = models.JSONField(_("requests by service"), default=dict)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.job_id} #{self.number}"
