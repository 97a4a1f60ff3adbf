"""Films, candidates and the history of decisions as lists. Every action goes through the queue's own decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.admin import ListedFilmAdmin, links
from events.models import ListedFilm
from kinokrakow.admin import ReadOnly
from review import decisions
from review.admin import filters
from review.admin.export import as_csv
from review.decisions import Hand
from review.matching.score import REVIEW
from review.models import Decision, MatchCandidate
from review.queue import answers, labels, lookup
from review.queue.refusals import refused, refused_undo, said

A_WEEK = dt.timedelta(days=7)
TOLD = 10  # refusals named one by one

Answer = Callable[[Hand], Decision]


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the admin lets nobody in without an account"
    return request.user


class Deciding(ReadOnly):
    """Decides on the films of the chosen rows, and sums up what was and what was not done."""

    class Media:
        css: ClassVar = {"all": ("review/review.css",)}

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("review.decide")

    def has_undo_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("review.undo")

    def decide(self, request: HttpRequest, asked: list[tuple[ListedFilm, Answer]]) -> None:
        """Each on the film as it is now. What somebody decided stands: a list can't show that it was just decided."""
        closed = decisions.standing(film.pk for film, _answer in asked if film.decided_at and not film.reopened_at)
        done, told = 0, []
        for film, answer in asked:
            if film.pk in closed:
                told.append(refused(decisions.Stale(film, closed[film.pk])))
                continue
            hand = Hand(film.pk, film.revision, _user(request), timezone.now(), Decision.Origin.BULK)
            try:
                answer(hand)
                done += 1
            except decisions.Stale as stale:
                told.append(refused(stale))
            except (answers.Unclear, lookup.NoAnswer) as trouble:
                told.append(f"{film}: {said(trouble)}")
        self.sum_up(request, done, told)

    def sum_up(self, request: HttpRequest, done: int, told: list[str]) -> None:
        decided = ngettext("%(n)s film decided on", "%(n)s films decided on", done) % {"n": done}
        left = ngettext("%(n)s left as it was", "%(n)s left as they were", len(told)) % {"n": len(told)}
        self.message_user(request, f"{decided}, {left}.", messages.SUCCESS if done else messages.WARNING)
        for line in told[:TOLD]:
            self.message_user(request, line, messages.WARNING)


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

        def answer(film: ListedFilm) -> Answer:
            tmdb_id = best.get(film.pk)
            if tmdb_id is None:
                return _no_candidate
            return lambda hand: answers.accept(tmdb_id, hand)

        self.decide(request, [(film, answer(film)) for film in films])

    @admin.action(description=_("Confirm the match that stands"), permissions=["decide"])
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
        why = gettext("put off in the list of films")
        self.decide(request, [(film, lambda hand: decisions.defer(hand, hand.at + A_WEEK, why)) for film in queryset])

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


def _no_candidate(_hand: Hand) -> Decision:
    raise answers.Unclear(gettext("no candidate of %(least)s %% or more is offered") % {"least": REVIEW})


def _confirmed(film: ListedFilm) -> Answer:
    return decisions.confirm if film.movie_id or film.decided_at else _no_match


def _no_match(_hand: Hand) -> Decision:
    raise answers.Unclear(gettext("it has no match that could be confirmed"))


@admin.register(MatchCandidate)
class CandidateAdmin(Deciding):
    list_display = ("title", "listed", "percent", "rank", "state", "tmdb", "asked_at")
    list_filter = (
        "state",
        filters.Band,
        "film__match_status",
        filters.SoonestOfCandidate,
        "film__showtimes__cinema",
        filters.DecidedByOfCandidate,
    )
    search_fields = ("film__title", "film__original_title", "facts__title", "tmdb_id")
    list_select_related = ("film",)
    ordering = ("-score",)
    actions = ("accept", "export")

    @admin.display(description=_("candidate"))
    def title(self, row: MatchCandidate) -> str:
        year = row.facts.get("year")
        return f"{row.facts.get('title', '')} ({year})" if year else str(row.facts.get("title", ""))

    @admin.display(description=_("listed film"), ordering="film__title")
    def listed(self, row: MatchCandidate) -> SafeString:
        return links.question(row.film_id, row.film)

    @admin.display(description=_("score"), ordering="score")
    def percent(self, row: MatchCandidate) -> str:
        return f"{row.score:.0f}\N{NO-BREAK SPACE}%"

    @admin.display(description=_("TMDB id"), ordering="tmdb_id")
    def tmdb(self, row: MatchCandidate) -> SafeString:
        url = f"https://www.themoviedb.org/movie/{row.tmdb_id}"
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', url, row.tmdb_id)

    @admin.action(description=_("Accept these candidates"), permissions=["decide"])
    def accept(self, request: HttpRequest, queryset: QuerySet[MatchCandidate]) -> None:
        """Of two candidates of one film the first is accepted and the second finds its question closed."""

        def answer(tmdb_id: int) -> Answer:
            return lambda hand: answers.accept(tmdb_id, hand)

        rows = queryset.select_related("film").order_by("film", "rank")
        self.decide(request, [(row.film, answer(row.tmdb_id)) for row in rows])

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[MatchCandidate]) -> HttpResponse:
        rows = queryset.select_related("film")
        return as_csv(
            "candidates.csv",
            ("slug", "listed_title", "tmdb_id", "title", "year", "score", "rank", "state"),
            (
                (
                    row.film.slug, row.film.title, row.tmdb_id, row.facts.get("title"), row.facts.get("year"),
                    row.score, row.rank, row.state,
                )
                for row in rows
            ),
        )  # fmt: skip


class Undone(admin.SimpleListFilter):
    title = _("undone")
    parameter_name = "undone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("stands")), ("yes", _("undone"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        return queryset.filter(undone_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(Decision)
class DecisionAdmin(Deciding):
    """The history: who decided what, on what grounds, how long it had been open, undone or not."""

    list_display = (
        "at",
        "listed",
        "verb",
        "by",
        "open_for",
        "percent",
        "as_proposed",
        "undone",
    )
    list_filter = (Undone, "verb", "origin", "by", filters.Band)
    search_fields = ("film__title", "film__original_title", "note", "by__username")
    date_hierarchy = "at"
    list_select_related = ("film", "by", "undone_by")
    actions = ("undo",)
    fields = (
        "film", "verb", "tmdb_ids", "note", "by", "at", "origin", "open_for", "status_before", "proposed", "percent",
        "reasons", "listing", "showtimes", "undone",
    )  # fmt: skip
    readonly_fields: ClassVar = fields

    @admin.display(description=_("listed film"), ordering="film__title")
    def listed(self, row: Decision) -> SafeString:
        return links.question(row.film_id, row.film)

    @admin.display(description=_("open for"))
    def open_for(self, row: Decision) -> dt.timedelta | str:
        return dt.timedelta(seconds=round((row.at - row.open_since).total_seconds())) if row.open_since else "–"

    @admin.display(description=_("score"), ordering="score")
    def percent(self, row: Decision) -> str:
        return "–" if row.score is None else f"{row.score:.0f}\N{NO-BREAK SPACE}%"

    @admin.display(description=_("as proposed"), boolean=True)
    def as_proposed(self, row: Decision) -> bool | None:
        return None if row.proposed is None or row.verb == Decision.Verb.DEFER else row.right

    @admin.display(description=_("undone"))
    def undone(self, row: Decision) -> str:
        return f"{row.undone_by}, {timezone.localtime(row.undone_at):%d.%m. %H:%M}" if row.undone_at else ""

    @admin.display(description=_("candidates and reasons then"))
    def reasons(self, row: Decision) -> SafeString | str:
        lines = [
            f"{one['facts'].get('title', '')} ({one['tmdb_id']}), {one['score']:.0f} %: "
            + "; ".join(f"{chip.text} {chip.points}".rstrip() for chip in labels.chips(one["reasons"]))
            for one in row.candidates
        ]
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines)) or "–"

    @admin.display(description=_("the listing then"))
    def listing(self, row: Decision) -> str:
        told = (", ".join(map(str, value)) if isinstance(value, list) else value for value in row.facts.values())
        return " · ".join(str(value) for value in told if value)

    @admin.action(description=_("Undo"), permissions=["undo"])
    def undo(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        """The latest first: a decision made on top of another must go before it."""
        done, told = 0, []
        for pk in list(queryset.order_by("-at", "-pk").values_list("pk", flat=True)):
            try:
                decisions.undo(pk, by=_user(request), at=timezone.now())
                done += 1
            except decisions.NotUndone as error:
                told.append(refused_undo(error))
        undone = ngettext("%(n)s decision undone.", "%(n)s decisions undone.", done) % {"n": done}
        self.message_user(request, undone, messages.SUCCESS if done else messages.WARNING)
        for line in told[:TOLD]:
            self.message_user(request, line, messages.WARNING)
