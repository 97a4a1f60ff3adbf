"""Runs, their days, the archive, alerts and deliveries for staff. All of it is written by jobs and read here."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kinokrakow.admin import ReadOnly, ReadOnlyInline
from scraper.dashboard import timeline
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
        return format_html('<a href="{}">{}</a>', reverse("coverage-day", args=[scrape.date]), scrape.date)

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

    @admin.display(description=_("seconds"))
    def took(self, run: SyncRun) -> int | str:
        return round((run.finished_at - run.started_at).total_seconds()) if run.finished_at else ""

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
    list_display = ("sent_at", "purpose", "method", "status", "seconds", "run", "size", "look")
    list_filter = ("status", "method")
    search_fields = ("purpose", "url")
    ordering: ClassVar = ["-pk"]
    fields = ("run", "purpose", "method", "url", "sent_at", "seconds", "status", "headers", "error", "sha256", "look")
    readonly_fields = fields
    show_full_result_count = False
    list_select_related = ("run",)

    @admin.display(description=_("bytes, gzip"))
    def size(self, page: Page) -> int:
        return len(page.body_gzip)

    @admin.display(description=_("page"))
    def look(self, page: Page) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("coverage-page", args=[page.pk]), _("as fetched"))


class Open(admin.SimpleListFilter):
    title = pgettext_lazy("alerts", "open")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", pgettext_lazy("alerts", "open")), ("no", _("resolved"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        return queryset.filter(resolved_at__isnull=self.value() == "yes") if self.value() else queryset


@admin.register(Alert)
class AlertAdmin(ReadOnly):
    """The history of what was missing. Open alerts are answered on the coverage page."""

    list_display = ("says", "level", "opened_at", "lasted", "acknowledged_by", "silenced_until")
    list_filter = (Open, "level", "kind")
    date_hierarchy = "opened_at"
    list_select_related = ("acknowledged_by",)
    fields = (
        "says", "level", "kind", "subject", "opened_at", "updated_at", "resolved_at", "acknowledged_at",
        "acknowledged_by", "silenced_until", "where", "facts",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("alert"))
    def says(self, alert: Alert) -> str:
        return sentence(alert)

    @admin.display(description=_("open for"))
    def lasted(self, alert: Alert) -> dt.timedelta:
        lasted = (alert.resolved_at or timezone.now()) - alert.opened_at
        return dt.timedelta(seconds=round(lasted.total_seconds()))

    @admin.display(description=_("look"))
    def where(self, alert: Alert) -> SafeString:
        url = link(alert)
        return format_html('<a href="{}">{}</a>', url, url)


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
    list_select_related = ("cinema", "answered_by")
    date_hierarchy = "date"
