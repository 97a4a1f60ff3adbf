"""What witnesses said."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kinokrakow.admin import ReadOnly
from kinokrakow.staff import failures, names
from scraper.dashboard import witnesses
from scraper.models import WitnessCinema, WitnessDifference, WitnessLook


class OfWitness(admin.SimpleListFilter):
    title = _("witness")
    parameter_name = "witness"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        used = model_admin.model.objects.order_by("witness").values_list("witness", flat=True).distinct()
        return [(name, names.of_witness(name)) for name in used]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(witness=self.value()) if self.value() else queryset


class Called(admin.ModelAdmin):  # type: ignore[type-arg]
    """A witness by its name, which is a code in the database."""

    @admin.display(description=_("witness"), ordering="witness")
    def called(self, row: WitnessCinema | WitnessLook | WitnessDifference) -> str:
        return names.of_witness(row.witness)


@admin.register(WitnessCinema)
class WitnessCinemaAdmin(Called):
    """Which of our cinemas a witness means by a name; what is set here stays."""

    list_display = ("name", "called", "meant", "looks", "starts", "last_seen_at")
    list_filter = (OfWitness, "outside", ("cinema", admin.EmptyFieldListFilter))
    search_fields = ("name", "cinema__name")
    list_select_related = ("cinema",)
    autocomplete_fields = ("cinema",)
    fields = ("called", "name", "cinema", "outside", "looks", "starts", "first_seen_at", "last_seen_at")
    readonly_fields = ("called", "name", "looks", "starts", "first_seen_at", "last_seen_at")

    @admin.display(description=_("cinema"), ordering="cinema__name")
    def meant(self, row: WitnessCinema) -> str:
        return str(row.cinema or (gettext("none of ours") if row.outside else gettext("not known yet")))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(WitnessLook)
class WitnessLookAdmin(Called, ReadOnly):
    list_display = (
        "began_at", "called", "status", "failure", "whole", "requests", "theirs", "ours", "same", "unread",
    )  # fmt: skip
    list_filter = (OfWitness, "status")
    fields = (
        "called", "whole", "began_at", "ended_at", "status", "failure", "not_read", "requests", "theirs", "ours",
        "same", "unread", "unread_told",
    )  # fmt: skip
    readonly_fields = ("called", "not_read", "unread_told")

    @admin.display(description=_("what could not be read"))
    def not_read(self, row: WitnessLook) -> SafeString:
        return format_html_join(mark_safe("<br>"), "{}", ((each,) for each in witnesses.problems_of(row)))

    @admin.display(description=_("the first of these"))
    def unread_told(self, row: WitnessLook) -> SafeString:
        return format_html_join(mark_safe("<br>"), "{}", ((failures.said(each),) for each in row.unread_rows))


@admin.register(WitnessDifference)
class WitnessDifferenceAdmin(Called, ReadOnly):
    """The history of differences. Open ones are answered on the witness's own page."""

    list_display = (
        "starts_at", "called", "cinema", "kind", "their_title", "our_title", "looks", "answer", "answered_by",
        "over_at",
    )  # fmt: skip
    list_filter = (OfWitness, "kind", "answer")
    fields = (
        "called", "cinema", "date", "starts_at", "kind", "their_title", "their_url", "our_title", "showtime", "looks",
        "whole_looks", "found_at", "seen_at", "over_at", "answer", "answered_by", "answered_at",
    )  # fmt: skip
    readonly_fields = fields
    list_select_related = ("cinema", "answered_by")
    date_hierarchy = "date"
