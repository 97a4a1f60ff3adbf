"""The list of candidates that TMDB offered, with their scores."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from events.admin import links
from review.admin import filters
from review.admin.deciding import Deciding
from review.admin.export import as_csv
from review.models import MatchCandidate
from review.queue import labels


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
    fields = readonly_fields = (
        "title", "listed", "percent", "rank", "state", "reasons_", "lift_", "directors", "countries", "runtime",
        "overview", "tmdb", "asked_at",
    )  # fmt: skip

    @admin.display(description=_("reasons"))
    def reasons_(self, row: MatchCandidate) -> SafeString | str:
        lines = ((f"{chip.text} {chip.points}".rstrip(),) for chip in labels.chips(row.reasons))
        return format_html_join(mark_safe("<br>"), "{}", lines) or links.NONE

    @admin.display(description=_("what would raise the score"))
    def lift_(self, row: MatchCandidate) -> str:
        return labels.lift(row.lift)

    @admin.display(description=_("directors"))
    def directors(self, row: MatchCandidate) -> str:
        return ", ".join(row.facts.get("directors") or ())

    @admin.display(description=_("countries"))
    def countries(self, row: MatchCandidate) -> str:
        return ", ".join(row.facts.get("countries") or ())

    @admin.display(description=_("runtime (min)"))
    def runtime(self, row: MatchCandidate) -> str:
        return str(row.facts.get("runtime") or "")

    @admin.display(description=_("overview"))
    def overview(self, row: MatchCandidate) -> str:
        return str(row.facts.get("overview") or "")

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
        rows = queryset.select_related("film").order_by("film", "rank")
        self.accept_in_background(request, [(row.film, row.tmdb_id) for row in rows])

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
