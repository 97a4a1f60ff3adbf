"""Cinemas: where they are, and which of them are one. What a person says about either stays."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import conf, geocoding, publishing
from events.admin import filters, links
from events.admin.films import to_come
from events.models import Cinema, Event, Showtime
from kinokrakow.staff import failures


class Stale(Exception):
    """Somebody, or a job, has changed the cinema since its form was shown."""


def token(row: Cinema) -> str:
    """What a form was shown of the things that it may change."""
    return f"{row.located_by} {row.located_at} {row.same_as_id}"


class CinemaForm(forms.ModelForm):  # type: ignore[type-arg]
    """A place by hand, and the cinema that this one is. Whatever job or colleague was faster is not overwritten."""

    seen = forms.CharField(widget=forms.HiddenInput, strip=False)

    class Meta:
        model = Cinema
        fields = ("latitude", "longitude", "same_as")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = token(self.instance)
        if "same_as" in self.fields:
            others = Cinema.objects.filter(same_as=None).exclude(pk=self.instance.pk)
            self.fields["same_as"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"latitude", "longitude"} & self.errors.keys():
            return cleaned
        place = self.place()
        one = (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None)
        if one:
            self.add_error(None, _("Give both latitude and longitude, or neither."))
        elif place and not place.in_city:
            self.add_error(
                None,
                _("%(latitude)s, %(longitude)s is not in %(city)s (latitude %(south)s to %(north)s, longitude %(west)s "
                  "to %(east)s): are the two the wrong way round?") % {
                    "city": conf.CITY, "latitude": place.latitude, "longitude": place.longitude, "south": conf.SOUTH,
                    "north": conf.NORTH, "west": conf.WEST, "east": conf.EAST,
                },
            )  # fmt: skip
        return cleaned

    def place(self) -> geocoding.Place | None:
        latitude, longitude = self.cleaned_data.get("latitude"), self.cleaned_data.get("longitude")
        return None if latitude is None or longitude is None else geocoding.Place(latitude, longitude)


@admin.register(Cinema)
class CinemaAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = CinemaForm
    list_display = ("name", "slug", "place", "located_by", "showtimes_to_come", "held", "is_one_with")
    list_filter = (filters.Located, ("place_doubt", admin.EmptyFieldListFilter), "located_by", filters.OneWithAnother)
    search_fields = ("name", "slug")
    list_select_related = ("same_as",)
    autocomplete_fields = ("same_as",)
    ordering = ("name",)
    actions = ("ask_again",)
    readonly_fields = ("name", "slug", "place", "located_by", "located_at", "told_error", "locate_due_at",
                       "showtimes_to_come", "held", "events", "aliases")  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        hand = ("latitude", "longitude")
        one = ("same_as", "aliases")
        return (
            (None, {"fields": ("name", "slug", "showtimes_to_come", "held", "events")}),
            (_("Place"), {
                "fields": ("place", "located_by", "located_at", "told_error", "locate_due_at", *hand),
                "description": _("Coordinates entered here are never overwritten. Clear both to geocode again at the "
                                 "next sync."),
            }),
            (_("Merged cinemas"), {"fields": (*one, "seen") if self.has_change_permission(request, obj) else one}),
        )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cinema]:
        rows: QuerySet[Cinema] = super().get_queryset(request)
        return rows.annotate(
            to_come=Count("showtimes", filter=to_come()),
            held_count=Count("showtimes", filter=to_come() & Q(showtimes__event__isnull=True)),
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """The picker of `same_as` offers those that stand for themselves."""
        rows, twice = super().get_search_results(request, queryset, search_term)
        return (rows.filter(same_as=None) if request.path == reverse("admin:autocomplete") else rows), twice

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().change_view(request, object_id, form_url, extra_context)
        except Stale:
            text = gettext(
                "This cinema has changed since its form was shown: nothing was saved. It is shown as it is now."
            )
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Cinema, form: Any, change: bool) -> None:
        """In the transaction of the form's view. The lock: two merges at once must not make a circle."""
        rows = {row.pk: row for row in Cinema.objects.select_for_update(no_key=True).order_by("pk")}
        row, now = rows[obj.pk], timezone.now()
        if token(row) != form.cleaned_data["seen"]:
            raise Stale
        if {"latitude", "longitude"} & set(form.changed_data) and not geocoding.correct(row, form.place(), at=now):
            raise Stale
        if "same_as" in form.changed_data:
            target = rows[obj.same_as_id] if obj.same_as_id else None
            if target and target.same_as_id:
                raise Stale
            publishing.unite(row, target, at=now)

    @admin.action(description=_("Geocode now"), permissions=["change"])
    def ask_again(self, request: HttpRequest, queryset: QuerySet[Cinema]) -> None:
        """Of those that have none: a place that is wrong is corrected, or taken away, in the form."""
        if conf.GEOCODER == "none" and not conf.CINEMA_PAGE:
            text = gettext("No geocoder configured: set GEOCODER, or enter the coordinates.")
            self.message_user(request, text, messages.ERROR)
            return
        with transaction.atomic():
            asked = [row for row in queryset if not row.located_by and geocoding.ask_for([row], at=timezone.now())]
        for row in asked:
            self.log_change(request, row, gettext("asked for its place"))
        left = len(queryset) - len(asked)
        text = ngettext("%(n)s cinema is looked for", "%(n)s cinemas are looked for", len(asked)) % {"n": len(asked)}
        if left:
            text += "; " + ngettext(
                "%(n)s has its place or is being looked for", "%(n)s have their places or are being looked for", left
            ) % {"n": left}
        self.message_user(request, f"{text}.", messages.SUCCESS if asked else messages.WARNING)

    @admin.display(description=_("place"), ordering="latitude")
    def place(self, row: Cinema) -> SafeString | str:
        """On the map, or why it has none."""
        if row.place_doubt:
            found = gettext("doubtful: the geocoder found %(what)s") % {"what": row.place_doubt}
            return format_html("{} ({})", links.on_the_map(row), found)
        if row.located_by:
            return links.on_the_map(row)
        return failures.said(row.locate_error) or gettext("not looked for yet")

    @admin.display(description=_("why it has no place"))
    def told_error(self, row: Cinema) -> str:
        return failures.whole(row.locate_error)

    @admin.display(description=_("same as"), ordering="same_as__name")
    def is_one_with(self, row: Cinema) -> SafeString | str:
        return links.to(row.same_as)

    @admin.display(description=_("merged into this one"))
    def aliases(self, row: Cinema) -> SafeString:
        return links.row_of(*(links.to(alias) for alias in row.aliases.all()))

    @admin.display(description=_("showtimes to come"), ordering="to_come")
    def showtimes_to_come(self, row: Any) -> SafeString:
        return links.changelist(
            Showtime, row.to_come, cinema__id__exact=row.pk, when="to_come", withdrawn_at__isnull="True"
        )

    @admin.display(description=_("held"), ordering="held_count")
    def held(self, row: Any) -> SafeString:
        return links.changelist(Showtime, row.held_count, cinema__id__exact=row.pk, published="held", when="to_come")

    @admin.display(description=_("events"))
    def events(self, row: Cinema) -> SafeString:
        count = row.events.filter(status=Event.Status.SCHEDULED).count()
        return links.changelist(Event, count, cinema__id__exact=row.pk, status__exact=Event.Status.SCHEDULED)
