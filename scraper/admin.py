"""Runs, their days, the archive, alerts and deliveries for staff. All of it is written by jobs and read here."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kinokrakow import people
from kinokrakow.admin import ReadOnly, ReadOnlyInline
from scraper.dashboard import alert_line, names, timeline
from scraper.dashboard.views import SILENCES
from scraper.models import (
    Alert,
    DayScrape,
    Delivery,
    Page,
    SyncRun,
    WitnessCinema,
    WitnessDifference,
    WitnessLook,
)
from scraper.monitoring.messages import link, sentence
from scraper.sync import report


class DayInline(ReadOnlyInline):
    model = DayScrape
    fields = ("day", "how", "way", "date_said", "attempts", "showtimes", "films", "cinemas", "unread_rows", "error")
    readonly_fields = fields
    ordering: ClassVar = ["date"]

    @admin.display(description=_("day"))
    def day(self, scrape: DayScrape) -> SafeString:
        day = date_format(scrape.date, "D j.m")
        return format_html('<a href="{}">{}</a>', reverse("coverage-day", args=[scrape.date]), day)

    @admin.display(description=_("status"))
    def how(self, scrape: DayScrape) -> str:
        return f"{scrape.get_status_display()}, {_('suspicious')}" if scrape.suspicious else scrape.get_status_display()

    def get_queryset(self, request: HttpRequest) -> QuerySet[DayScrape]:
        return super().get_queryset(request).defer("film_slugs", "by_cinema", "statements", "unread")


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnly):
    """A run, its days, and all of its jobs on a time line."""

    list_display = (
        "__str__",
        "started_at",
        "took",
        "requests",
        "films",
        "films_matched",
        "showtimes",
        "showtimes_published",
    )
    list_filter = ("status",)
    date_hierarchy = "started_at"
    inlines: ClassVar = [DayInline]
    change_form_template = "admin/scraper/run.html"

    @admin.display(description=_("took"))
    def took(self, run: SyncRun) -> str:
        return people.duration(run.finished_at - run.started_at) if run.finished_at else ""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        context = extra_context or {}
        if isinstance(run, SyncRun):
            context |= {
                "timeline": timeline.of(run, timezone.now()),
                "films": report.films(run, list(run.days.all())),
                "film_jobs": report.film_jobs(run),
            }
        return super().change_view(request, object_id, form_url, context)


@admin.register(Page)
class PageAdmin(ReadOnly):
    list_display = ("sent_at", "purpose", "method", "status", "took", "run", "size", "look")
    list_filter = ("status", "method")
    search_fields = ("purpose", "url")
    ordering: ClassVar = ["-pk"]
    fields = ("run", "purpose", "method", "url", "sent_at", "took", "status", "size", "said", "error", "sha256", "look")
    readonly_fields = fields
    show_full_result_count = False
    list_select_related = ("run",)

    @admin.display(description=_("size"))
    def size(self, page: Page) -> str:
        """Of what is kept, compressed."""
        return filesizeformat(len(page.body_gzip))

    @admin.display(description=_("took"), ordering="seconds")
    def took(self, page: Page) -> str:
        return people.duration(dt.timedelta(seconds=page.seconds))

    @admin.display(description=_("headers"))
    def said(self, page: Page) -> SafeString | str:
        return people.facts(_dict(page.headers))

    @admin.display(description=_("page"))
    def look(self, page: Page) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("coverage-page", args=[page.pk]), _("saved page"))


class Open(admin.SimpleListFilter):
    title = pgettext_lazy("alerts", "open")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", pgettext_lazy("alerts", "open")), ("no", _("resolved"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        return queryset.filter(resolved_at__isnull=self.value() == "yes") if self.value() else queryset


class KindOfAlert(admin.SimpleListFilter):
    """By what an alert is about, in words."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        used = Alert.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, names.of_alert(kind)) for kind in used]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Alert)
class AlertAdmin(ReadOnly):
    """The history of what was missing; an open one is answered on its own page, or on the coverage page."""

    list_display = ("says", "level", "opened_at", "lasted", "acknowledged_by", "silenced_until")
    list_filter = (Open, "level", KindOfAlert)
    date_hierarchy = "opened_at"
    list_select_related = ("acknowledged_by",)
    fields = ("level", "opened_at", "lasted", "resolved_at", "acknowledged_by", "silenced_until", "details")
    readonly_fields = fields
    change_form_template = "admin/scraper/alert.html"

    @admin.display(description=_("alert"))
    def says(self, alert: Alert) -> str:
        return sentence(alert)

    @admin.display(description=_("open for"))
    def lasted(self, alert: Alert) -> str:
        return people.duration((alert.resolved_at or timezone.now()) - alert.opened_at)

    @admin.display(description=_("details"))
    def details(self, alert: Alert) -> SafeString | str:
        return people.facts({_("kind"): alert.kind, _("subject"): alert.subject, **_dict(alert.facts)})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        alert = self.get_object(request, object_id)
        extra = {**(extra_context or {})}
        if isinstance(alert, Alert):
            extra |= {
                "title": _("Alert"),
                "subtitle": None,
                "said": sentence(alert),
                "cause": link(alert),
                "steps": alert_line.of(alert),
                "silenced": alert.silenced(timezone.now()),
                "silences": [(hours, people.duration(dt.timedelta(hours=hours))) for hours in SILENCES],
            }
        return super().change_view(request, object_id, form_url, extra)


def _dict(value: Any) -> dict[str, Any]:
    """What another version of the program wrote may be anything."""
    return value if isinstance(value, dict) else {"": value}


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("title_", "channel", "status", "created_at", "ended_at", "error_")
    list_filter = ("status", "channel")

    @admin.display(description=_("title"))
    def title_(self, delivery: Delivery) -> str:
        return Truncator(delivery.title).chars(80)

    @admin.display(description=_("last error"))
    def error_(self, delivery: Delivery) -> str:
        return Truncator(delivery.error).chars(100)


@admin.register(WitnessCinema)
class WitnessCinemaAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Which of our cinemas a witness means by a name; what is set here stays."""

    list_display = ("name", "witness", "cinema", "outside", "looks", "starts", "last_seen_at")
    list_filter = ("witness", "outside", ("cinema", admin.EmptyFieldListFilter))
    search_fields = ("name", "cinema__name")
    list_select_related = ("cinema",)
    fields = ("witness", "name", "cinema", "outside", "looks", "starts", "first_seen_at", "last_seen_at")
    readonly_fields = ("witness", "name", "looks", "starts", "first_seen_at", "last_seen_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(WitnessLook)
class WitnessLookAdmin(ReadOnly):
    list_display = (
        "began_at", "witness", "status", "failure", "whole", "requests", "theirs", "ours", "same", "unread",
    )  # fmt: skip
    list_filter = ("witness", "status")


@admin.register(WitnessDifference)
class WitnessDifferenceAdmin(ReadOnly):
    """The history of differences. Open ones are answered on the witness's own page."""

    list_display = (
        "starts_at", "witness", "cinema", "kind", "their_title", "our_title", "looks", "answer", "answered_by",
        "over_at",
    )  # fmt: skip
    list_filter = ("witness", "kind", "answer")
    fields = (
        "witness", "cinema", "date", "starts_at", "kind", "their_title", "their_url", "our_title", "showtime", "looks",
        "whole_looks", "found_at", "seen_at", "over_at", "answer", "answered_by", "answered_at",
    )  # fmt: skip
    readonly_fields = fields
    list_select_related = ("cinema", "answered_by")
    date_hierarchy = "date"
