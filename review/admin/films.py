"""The list of listed films, with what a reviewer can decide on many of them at once."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.admin import ListedFilmAdmin
from events.models import ListedFilm
from review import decisions
from review.admin import filters
from review.admin.deciding import Answer, Deciding
from review.admin.export import as_csv
from review.decisions import Submission
from review.matching.weights import REVIEW
from review.models import Decision, MatchCandidate
from review.queue import answers

A_WEEK = dt.timedelta(days=7)

admin.site.unregister(ListedFilm)


@admin.register(ListedFilm)
class FilmAdmin(ListedFilmAdmin, Deciding):
    """Listed films, as `events` shows them, with what a reviewer can do to many."""

    list_display = (
        "title", "question", "year", "match_status", "movie", "percent", "soonest", "held", "shown",
    )  # fmt: skip
    list_filter: ClassVar[Any] = (
        "match_status",
        filters.Band,
        filters.Candidates,
        filters.Hinted,
        filters.Soonest,
        "showtimes__cinema",
        filters.DecidedBy,
        "has_page",
    )
    actions = ("accept_best", "confirm", "not_on_tmdb", "not_a_film", "defer_a_week", "export")

    @admin.action(description=_("Accept the best candidate"), permissions=["decide"])
    def accept_best(self, request: HttpRequest, queryset: QuerySet[ListedFilm]) -> None:
        """Where there is one worth a question: what the matcher holds unlikely is for a closer look."""
        films = list(queryset)
        best: dict[int, int] = {}
        offered = MatchCandidate.objects.offered().filter(film__in=[film.pk for film in films], score__gte=REVIEW)
        for row in offered.order_by("film", "-rank"):
            best[row.film_id] = row.tmdb_id
        self.accept_in_background(request, [(film, best.get(film.pk)) for film in films])

    @admin.action(description=_("Confirm the current match"), permissions=["decide"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[ListedFilm]) -> None:
        self.decide(request, [(film, _confirmed(film)) for film in queryset])

    @admin.action(description=_("Not on TMDB"), permissions=["decide"])
    def not_on_tmdb(self, request: HttpRequest, queryset: QuerySet[ListedFilm]) -> None:
        self.decide(request, [(film, decisions.not_on_tmdb) for film in queryset])

    @admin.action(description=_("Not a film"), permissions=["decide"])
    def not_a_film(self, request: HttpRequest, queryset: QuerySet[ListedFilm]) -> None:
        self.decide(request, [(film, decisions.not_a_film) for film in queryset])

    @admin.action(description=_("Defer for a week"), permissions=["decide"])
    def defer_a_week(self, request: HttpRequest, queryset: QuerySet[ListedFilm]) -> None:
        why = gettext("deferred in the list of films")
        self.decide(
            request,
            [(film, lambda submitted: decisions.defer(submitted, submitted.at + A_WEEK, why)) for film in queryset],
        )

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[ListedFilm]) -> HttpResponse:
        header = ("slug", "title", "original_title", "year", "status", "score", "tmdb_id", "decided_at", "next", "held")
        rows: Any = queryset.select_related("movie")
        return as_csv(
            "films.csv",
            header,
            (
                (
                    film.slug, film.title, film.original_title, film.year, film.match_status, film.score,
                    film.movie.tmdb_id if film.movie else None, film.decided_at, film.next_at, film.held_count,
                )
                for film in rows
            ),
        )  # fmt: skip


def _confirmed(film: ListedFilm) -> Answer:
    return decisions.confirm if film.movie_id or film.decided_at else _no_match


def _no_match(_submitted: Submission) -> Decision:
    raise answers.Unclear(gettext("it has no match that could be confirmed"))
