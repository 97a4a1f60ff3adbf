"""Runs, their days, and the archive of what was fetched."""

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
from django.utils.translation import gettext_lazy as _

from kinokrakow.admin import ReadOnly, ReadOnlyInline
from kinokrakow.staff import readable as people
from scraper.dashboard import names
from scraper.dashboard.charts import timeline
from scraper.models import DayScrape, Page, SyncRun
from scraper.sync import report


class DayInline(ReadOnlyInline):
    model = DayScrape
    fields = (
        "day",
        "how",
        "way",
        "date_said",
        "attempts",
        "showtimes",
        "films",
        "cinemas",
        "unread_rows",
        "cancelled",
        "error",
    )
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
        "with_films",
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
        return people.duration(run.took) if run.took else ""

    @admin.display(description=_("with film pages"))
    def with_films(self, run: SyncRun) -> str:
        return people.duration(run.took_with_films) if run.took_with_films else ""

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
    list_display = ("sent_at", "for_what", "method", "status", "took", "run", "size", "look")
    list_filter = ("status", "method")
    search_fields = ("purpose", "url")
    ordering: ClassVar = ["-pk"]
    fields = (
        "run",
        "for_what",
        "purpose",
        "method",
        "url",
        "sent_at",
        "took",
        "status",
        "size",
        "said",
        "error",
        "sha256",
        "look",
    )
    readonly_fields = fields
    show_full_result_count = False
    list_select_related = ("run",)

    @admin.display(description=_("what for"), ordering="purpose")
    def for_what(self, page: Page) -> str:
        return names.of_purpose(page.purpose)

    @admin.display(description=_("size"))
    def size(self, page: Page) -> str:
        """Of what is kept, compressed."""
        return filesizeformat(len(page.body_gzip))

    @admin.display(description=_("took"), ordering="seconds")
    def took(self, page: Page) -> str:
        return people.duration(dt.timedelta(seconds=page.seconds))

    @admin.display(description=_("headers"))
    def said(self, page: Page) -> SafeString | str:
        return people.facts(page.headers)

    @admin.display(description=_("page"))
    def look(self, page: Page) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("coverage-page", args=[page.pk]), _("saved page"))
