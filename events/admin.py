"""Films, cinemas, showtimes and events for staff: "why is this (not) published?" in two clicks.

What jobs write is read-only here; it would be overwritten by the next sync.
"""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, Min, Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from events.models import Cinema, Event, ListedFilm, Movie, Showtime


def changelist(model: type[Model], count: int, **filters: object) -> SafeString | str:
    """A count that leads to the rows it counts."""
    if not count:
        return "0"
    meta = model._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return format_html('<a href="{}?{}">{}</a>', url, urlencode(filters), count)


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only the program writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Published(admin.SimpleListFilter):
    """Showtimes by whether they are out, and if not, why."""

    title = _("published")
    parameter_name = "published"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("published")), ("held", _("held: film not settled")), ("withdrawn", _("withdrawn"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Showtime]) -> QuerySet[Showtime]:
        match self.value():
            case "yes":
                return queryset.filter(event__isnull=False)
            case "held":
                return queryset.filter(event__isnull=True, withdrawn_at__isnull=True)
            case "withdrawn":
                return queryset.filter(withdrawn_at__isnull=False)
        return queryset


class ToCome(admin.SimpleListFilter):
    """Showtimes before and after now."""

    title = _("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("to_come", _("to come")), ("past", _("past"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Showtime]) -> QuerySet[Showtime]:
        match self.value():
            case "to_come":
                return queryset.filter(starts_at__gt=timezone.now())
            case "past":
                return queryset.filter(starts_at__lte=timezone.now())
        return queryset


@admin.register(Showtime)
class ShowtimeAdmin(ReadOnly):
    list_display = ("starts_at", "film", "cinema", "publication", "ticket")
    list_filter = (ToCome, Published, "cinema", "day", "film__match_status")
    search_fields = ("film__title", "film__slug", "cinema__name", "external_id")
    list_select_related = ("film", "cinema", "event")
    date_hierarchy = "day"
    ordering = ("starts_at",)

    @admin.display(description=_("published"))
    def publication(self, row: Showtime) -> SafeString | str:
        """The event it belongs to, or what keeps it from one."""
        if row.event:
            return format_html(
                '<a href="{}">{}</a>', reverse("admin:events_event_change", args=[row.event_id]), row.event
            )
        if row.withdrawn_at:
            return _("withdrawn %(when)s") % {"when": timezone.localtime(row.withdrawn_at).strftime("%d.%m. %H:%M")}
        film = reverse("admin:events_listedfilm_change", args=[row.film_id])
        return format_html('<a href="{}">{}</a>', film, row.film.get_match_status_display())

    @admin.display(description=_("tickets"))
    def ticket(self, row: Showtime) -> SafeString | str:
        if not row.ticket_url:
            return "–"
        return format_html('<a href="{}" rel="noopener noreferrer nofollow">{}</a>', row.ticket_url, _("buy"))


@admin.register(ListedFilm)
class ListedFilmAdmin(ReadOnly):
    list_display = ("title", "original_title", "year", "match_status", "movie", "percent", "soonest", "held", "shown")
    list_filter = ("match_status", "has_page", "showtimes__cinema")
    search_fields = ("title", "original_title", "slug", "movie__title")
    list_select_related = ("movie",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListedFilm]:
        to_come = Q(showtimes__starts_at__gt=timezone.now(), showtimes__withdrawn_at__isnull=True)
        rows: QuerySet[ListedFilm] = super().get_queryset(request)
        return rows.annotate(
            next_at=Min("showtimes__starts_at", filter=to_come),
            held_count=Count("showtimes", filter=to_come & Q(showtimes__event__isnull=True)),
            shown_count=Count("showtimes", filter=to_come & Q(showtimes__event__isnull=False)),
        )

    @admin.display(description=_("score"), ordering="score")
    def percent(self, row: ListedFilm) -> str:
        return "–" if row.score is None else f"{row.score:.0f}\N{NO-BREAK SPACE}%"

    @admin.display(description=_("next showtime"), ordering="next_at")
    def soonest(self, row: Any) -> Any:
        return row.next_at

    @admin.display(description=_("held"), ordering="held_count")
    def held(self, row: Any) -> SafeString | str:
        return changelist(Showtime, row.held_count, film__id__exact=row.pk, published="held", when="to_come")

    @admin.display(description=_("published"), ordering="shown_count")
    def shown(self, row: Any) -> SafeString | str:
        return changelist(Showtime, row.shown_count, film__id__exact=row.pk, published="yes", when="to_come")


@admin.register(Cinema)
class CinemaAdmin(ReadOnly):
    list_display = ("name", "slug", "showtimes_to_come")
    search_fields = ("name", "slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cinema]:
        to_come = Q(showtimes__starts_at__gt=timezone.now(), showtimes__withdrawn_at__isnull=True)
        rows: QuerySet[Cinema] = super().get_queryset(request)
        return rows.annotate(to_come=Count("showtimes", filter=to_come))

    @admin.display(description=_("showtimes to come"), ordering="to_come")
    def showtimes_to_come(self, row: Any) -> SafeString | str:
        return changelist(Showtime, row.to_come, cinema__id__exact=row.pk, when="to_come")


@admin.register(Movie)
class MovieAdmin(ReadOnly):
    list_display = ("title", "original_title", "year", "runtime", "tmdb")
    search_fields = ("title", "original_title", "tmdb_id", "imdb_id")

    @admin.display(description=_("TMDB id"), ordering="tmdb_id")
    def tmdb(self, row: Movie) -> SafeString:
        url = f"https://www.themoviedb.org/movie/{row.tmdb_id}"
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', url, row.tmdb_id)


class OccurrenceInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Showtime
    fields = ("starts_at", "film", "ticket_url")
    readonly_fields = fields
    ordering = ("starts_at",)
    extra = 0
    can_delete = False
    verbose_name_plural = _("occurrences")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ("title", "movie", "cinema", "status", "occurrences", "soonest")
    list_filter = ("status", "cinema")
    search_fields = ("title", "movie__title", "cinema__name")
    list_select_related = ("movie", "cinema")
    inlines: ClassVar = [OccurrenceInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        to_come = Q(showtimes__starts_at__gt=timezone.now())
        rows: QuerySet[Event] = super().get_queryset(request)
        return rows.annotate(
            to_come=Count("showtimes", filter=to_come), next_at=Min("showtimes__starts_at", filter=to_come)
        )

    @admin.display(description=_("occurrences to come"), ordering="to_come")
    def occurrences(self, row: Any) -> SafeString | str:
        return changelist(Showtime, row.to_come, event__id__exact=row.pk, when="to_come")

    @admin.display(description=_("next"), ordering="next_at")
    def soonest(self, row: Any) -> Any:
        return row.next_at
