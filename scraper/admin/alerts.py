"""Alerts, and the messages about them that were sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kinokrakow.admin import ReadOnly
from kinokrakow.staff import failures
from kinokrakow.staff import readable as people
from scraper.dashboard import alert_line, names
from scraper.dashboard.views import SILENCES
from scraper.models import Alert, Delivery
from scraper.monitoring.messages import link, sentence


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

    @admin.display(description=_("lasted"))
    def lasted(self, alert: Alert) -> str:
        return people.duration((alert.resolved_at or timezone.now()) - alert.opened_at)

    @admin.display(description=_("details"))
    def details(self, alert: Alert) -> SafeString | str:
        """What it was made of, for whoever mends the program: names and errors as they are stored."""
        facts = people.facts({"kind": alert.kind, "subject": alert.subject, **people.fields(alert.facts)})
        form = '<details><summary>{}</summary><code lang="en">{}</code></details>'
        return format_html(form, gettext("in full"), facts)

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


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("title_", "channel", "status", "created_at", "ended_at", "error_")
    list_filter = ("status", "channel")
    fields = (
        "channel", "told", "title", "text", "status", "error", "attempts", "created_at", "due_at", "ended_at",
    )  # fmt: skip
    readonly_fields = ("told",)

    @admin.display(description=_("alerts"))
    def told(self, delivery: Delivery) -> SafeString:
        rows = [(reverse("admin:scraper_alert_change", args=[one.pk]), sentence(one)) for one in delivery.alerts.all()]
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', rows)

    @admin.display(description=_("title"))
    def title_(self, delivery: Delivery) -> str:
        return Truncator(delivery.title).chars(80)

    @admin.display(description=_("last error"))
    def error_(self, delivery: Delivery) -> str:
        return Truncator(failures.said(delivery.error)).chars(100)
