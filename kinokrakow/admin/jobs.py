"""Jobs for staff: what waits, runs and failed, every attempt with its whole error; retry and cancel."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import django_q.admin  # noqa: F401  registers the lists that are taken away here
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_q.models import Failure, OrmQ, Schedule, Success

from kinokrakow import jobs
from kinokrakow.admin.job_filters import KindOfJob, Retrying
from kinokrakow.admin.readonly import ReadOnly, ReadOnlyInline
from kinokrakow.jobs import workload
from kinokrakow.models import Job, JobAttempt
from kinokrakow.staff import failures, names
from kinokrakow.staff import readable as people
from kinokrakow.staff.access import may_do

# The ledger says all about jobs; django-q's own lists hold what it has not taken yet, and can be emptied by mistake.
for model in (Failure, OrmQ, Schedule, Success):
    admin.site.unregister(model)


class AttemptInline(ReadOnlyInline):
    model = JobAttempt
    fields = readonly_fields = ("number", "outcome", "worker", "took_up", "started", "ran", "asked", "whole_error")
    ordering: ClassVar = ["-number"]

    @admin.display(description=_("waited"))
    def took_up(self, attempt: JobAttempt) -> str:
        return people.duration(dt.timedelta(seconds=attempt.waited))

    @admin.display(description=_("started at"))
    def started(self, attempt: JobAttempt) -> str:
        return _moment(attempt.started_at)

    @admin.display(description=_("ran"))
    def ran(self, attempt: JobAttempt) -> str:
        return _took(attempt.started_at, attempt.finished_at)

    @admin.display(description=_("requests"))
    def asked(self, attempt: JobAttempt) -> str:
        return ", ".join(
            f"{names.of_service(name)}: {count}" for name, count in people.fields(attempt.requests).items()
        )

    @admin.display(description=_("error"))
    def whole_error(self, attempt: JobAttempt) -> str:
        """In a word, and behind it the whole traceback, as wide as it is."""
        if not attempt.traceback:
            return failures.whole(attempt.error)
        form = '<details><summary>{}</summary><pre lang="en">{}</pre></details>'
        return format_html(form, failures.said(attempt.error), attempt.traceback)


AGAIN = (Job.State.FAILED, Job.State.CANCELLED)


def ask_again(job: Job) -> bool:
    """The same again, as a new job; False when it is waiting or running anyway."""
    return jobs.enqueue(job.kind, job.key, run=job.run, **job.args)[1]


def _page_of(_request: HttpRequest, job_id: int) -> str:
    return reverse("admin:kinokrakow_job_change", args=[job_id])


@may_do("kinokrakow.change_job", back=_page_of)
def again(request: HttpRequest, job_id: int) -> HttpResponse:
    """Retry a job that failed or was cancelled: on to the new one."""
    job = get_object_or_404(Job, pk=job_id)
    if job.state not in AGAIN:
        messages.warning(request, gettext("Nothing to do: it is %(state)s.") % {"state": job.get_state_display()})
        return redirect(_page_of(request, job_id))
    new, asked = jobs.enqueue(job.kind, job.key, run=job.run, **job.args)
    said = gettext("Asked for again.") if asked else gettext("It is waiting or running already.")
    messages.add_message(request, messages.SUCCESS if asked else messages.WARNING, said)
    return redirect(_page_of(request, new.pk))


@may_do("kinokrakow.change_job", back=_page_of)
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    job = get_object_or_404(Job, pk=job_id)
    if jobs.cancel(job.pk):
        messages.success(request, gettext("Cancelled."))
    else:
        messages.warning(request, gettext("Nothing to do: it is %(state)s.") % {"state": job.get_state_display()})
    return redirect(_page_of(request, job_id))


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("said", "state", "run", "attempt", "asked", "next_at", "waited", "ran", "what")
    list_filter = ("state", Retrying, KindOfJob)
    search_fields = ("key", "error")
    search_help_text = _("Key (day:2026-11-27, film:bugonia) or words of the error.")
    ordering: ClassVar = ["-pk"]
    actions = ("retry", "cancel")
    inlines: ClassVar = [AttemptInline]
    list_per_page = 50
    fields = ("key", "the_kind", "state", "error", "the_run", "details", "attempt", "postponed", "worker",
              "asked", "due", "started", "ended", "ran", "lease_until")  # fmt: skip
    readonly_fields = fields
    show_full_result_count = False

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("kinokrakow.change_job")

    @admin.display(description=_("job"), ordering="key")
    def said(self, job: Job) -> str:
        return job.said

    @admin.display(description=_("queued at"), ordering="queued_at")
    def asked(self, job: Job) -> str:
        return _moment(job.queued_at)

    @admin.display(description=_("due at"))
    def due(self, job: Job) -> str:
        return _moment(job.due_at)

    @admin.display(description=_("started at"))
    def started(self, job: Job) -> str:
        return _moment(job.started_at) if job.started_at else ""

    @admin.display(description=_("finished at"))
    def ended(self, job: Job) -> str:
        return _moment(job.finished_at) if job.finished_at else ""

    @admin.display(description=_("kind"))
    def the_kind(self, job: Job) -> str:
        return names.of_job_kind(job.kind)

    @admin.display(description=_("details"))
    def details(self, job: Job) -> SafeString | str:
        told = dict(people.fields(job.args))
        if "witness" in told:
            told["witness"] = names.of_witness(str(told["witness"]))
        return people.facts(told, names.ARGUMENTS)

    @admin.display(description=_("run"))
    def the_run(self, job: Job) -> str:
        """All jobs of the run; the run itself belongs to a room above this one."""
        if job.run is None:
            return ""
        jobs_of_run = f"{reverse('admin:kinokrakow_job_changelist')}?run__exact={job.run}"
        return format_html('{} (<a href="{}">{}</a>)', job.run, jobs_of_run, gettext("its jobs"))

    @admin.display(description=_("next attempt"), ordering="due_at")
    def next_at(self, job: Job) -> str:
        return _moment(job.due_at) if job.state == Job.State.QUEUED else ""

    @admin.display(description=_("waited"))
    def waited(self, job: Job) -> str:
        return _took(job.queued_at, job.started_at)

    @admin.display(description=_("ran"))
    def ran(self, job: Job) -> str:
        return _took(job.started_at, job.finished_at)

    @admin.display(description=_("last error"))
    def what(self, job: Job) -> str:
        return Truncator(failures.said(job.error)).chars(100)

    @admin.action(description=_("Retry failed and cancelled jobs"), permissions=["manage"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Ask for the same again, as a new job; one that is waiting or running anyway is left alone."""
        asked = sum(1 for job in queryset.filter(state__in=AGAIN).order_by("pk") if ask_again(job))
        self._say(request, ngettext("%(n)s job asked for again.", "%(n)s jobs asked for again.", asked), asked)

    @admin.action(description=_("Cancel waiting jobs"), permissions=["manage"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        waiting = queryset.filter(state=Job.State.QUEUED).values_list("pk", flat=True)
        cancelled = sum(1 for job_id in list(waiting) if jobs.cancel(job_id))
        self._say(request, ngettext("%(n)s job cancelled.", "%(n)s jobs cancelled.", cancelled), cancelled)

    def _say(self, request: HttpRequest, text: str, count: int) -> None:
        if count:
            self.message_user(request, text % {"n": count}, messages.SUCCESS)
        else:
            self.message_user(request, gettext("Nothing to do among the selected jobs."), messages.WARNING)

    def get_urls(self) -> list[Any]:
        return [
            path("<int:job_id>/again/", again, name="kinokrakow_job_again"),
            path("<int:job_id>/cancel/", cancel, name="kinokrakow_job_cancel"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        job = self.get_object(request, object_id)
        offered = {}
        if isinstance(job, Job) and self.has_manage_permission(request):
            offered = {"may_ask_again": job.state in AGAIN, "may_cancel": job.state == Job.State.QUEUED}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **offered})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(
            request,
            {
                **(extra_context or {}),
                "counts": workload.counts(),
                "durations": workload.durations(),
                "workers": workload.workers(timezone.now()),
                "retrying": workload.RETRYING,
            },
        )


def _moment(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), "j.m H:i:s")


def _took(begun: dt.datetime | None, ended: dt.datetime | None) -> str:
    return people.duration(ended - begun) if begun and ended and ended >= begun else ""
