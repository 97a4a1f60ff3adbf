"""The site's films and TMDB's."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from events.admin import links
from events.models import Event, ListedFilm, Movie, Showtime
from kinokrakow.admin import ReadOnly
from kinokrakow.staff import failures


def to_come() -> Q:
    return Q(showtimes__starts_at__gt=timezone.now(), showtimes__withdrawn_at__isnull=True)


@admin.register(ListedFilm)
class ListedFilmAdmin(ReadOnly):
    list_display: Any = (
        "title", "original_title", "year", "match_status", "movie", "percent", "soonest", "held", "shown",
    )  # fmt: skip
    list_filter: ClassVar[Any] = ("match_status", "has_page", "showtimes__cinema")
    search_fields = ("title", "original_title", "slug", "movie__title")
    list_select_related = ("movie",)
    fieldsets = (
        (_("Published?"), {"fields": ("match_status", "percent", "question", "film", "shown", "held", "withdrawn",
                                      "events", "told_error")}),
        (_("As the site lists it"), {"fields": ("title", "original_title", "slug", "page", "year", "directors",
                                                "countries", "runtime", "cast", "genres", "premiere", "distributor")}),
        (_("When"), {"fields": ("first_seen_at", "last_seen_at", "facts_at", "facts_due_at", "match_asked_at",
                                "match_due_at", "match_asks", "decided_at", "reopened_at", "deferred_at",
                                "deferred_until")}),
    )  # fmt: skip
    readonly_fields = ("percent", "question", "film", "shown", "held", "withdrawn", "events", "page", "told_error")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListedFilm]:
        rows: QuerySet[ListedFilm] = super().get_queryset(request)
        return rows.annotate(
            next_at=Min("showtimes__starts_at", filter=to_come()),
            held_count=Count("showtimes", filter=to_come() & Q(showtimes__event__isnull=True)),
            shown_count=Count("showtimes", filter=to_come() & Q(showtimes__event__isnull=False)),
        )

    @admin.display(description=_("why matching failed"))
    def told_error(self, row: ListedFilm) -> str:
        return failures.whole(row.match_error)

    @admin.display(description=_("score"), ordering="score")
    def percent(self, row: ListedFilm) -> str:
        return links.NONE if row.score is None else f"{row.score:.0f}\N{NO-BREAK SPACE}%"

    @admin.display(description=_("review"))
    def question(self, row: ListedFilm) -> SafeString:
        return links.question(row.pk, _("look"))

    @admin.display(description=_("movie (TMDB)"))
    def film(self, row: ListedFilm) -> SafeString:
        return links.row_of(links.to(row.movie), links.tmdb(row.movie))

    @admin.display(description=_("address"))
    def page(self, row: ListedFilm) -> SafeString | str:
        return links.outside(row.site_address(), row.site_address())

    @admin.display(description=_("next showtime"), ordering="next_at")
    def soonest(self, row: Any) -> Any:
        return row.next_at

    @admin.display(description=_("held"), ordering="held_count")
    def held(self, row: Any) -> SafeString:
        return links.changelist(Showtime, row.held_count, film__id__exact=row.pk, published="held", when="to_come")

    @admin.display(description=_("published"), ordering="shown_count")
    def shown(self, row: Any) -> SafeString:
        """With those that give way to their duplicates: the list of them says so."""
        return links.changelist(
            Showtime, row.shown_count, film__id__exact=row.pk, event__isnull="False", when="to_come"
        )

    @admin.display(description=_("withdrawn"))
    def withdrawn(self, row: ListedFilm) -> SafeString:
        count = row.showtimes.filter(withdrawn_at__isnull=False).count()
        return links.changelist(Showtime, count, film__id__exact=row.pk, published="withdrawn")

    @admin.display(description=_("events"))
    def events(self, row: ListedFilm) -> SafeString:
        if row.movie_id and row.match_status in ListedFilm.PUBLISHED:
            return links.changelist(
                Event, Event.objects.filter(movie=row.movie_id).count(), movie__id__exact=row.movie_id
            )
        return links.changelist(Event, row.events.count(), film__id__exact=row.pk)


@admin.register(Movie)
class MovieAdmin(ReadOnly):
    list_display = ("title", "original_title", "year", "runtime", "tmdb", "films", "events")
    search_fields = ("title", "original_title", "tmdb_id", "imdb_id")
    fields = ("title", "original_title", "year", "tmdb", "imdb_id", "films", "events", "runtime", "directors",
              "countries", "overview")  # fmt: skip
    readonly_fields = ("tmdb", "films", "events")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Movie]:
        rows: QuerySet[Movie] = super().get_queryset(request)
        return rows.annotate(
            film_count=Count("listed", distinct=True),
            event_count=Count("events", filter=Q(events__status=Event.Status.SCHEDULED), distinct=True),
        )

    @admin.display(description=_("TMDB id"), ordering="tmdb_id")
    def tmdb(self, row: Movie) -> SafeString | str:
        return links.tmdb(row)

    @admin.display(description=_("listed films"), ordering="film_count")
    def films(self, row: Any) -> SafeString:
        return links.changelist(ListedFilm, row.film_count, movie__id__exact=row.pk)

    @admin.display(description=_("events"), ordering="event_count")
    def events(self, row: Any) -> SafeString:
        return links.changelist(Event, row.event_count, movie__id__exact=row.pk, status__exact=Event.Status.SCHEDULED)
