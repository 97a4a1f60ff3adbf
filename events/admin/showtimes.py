"""Showtimes and the events that are made of them: what is out, and what keeps the rest from it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.admin import filters, links
from events.models import Duplicate, Event, ListedFilm, Showtime
from kinokrakow.admin import ReadOnly, ReadOnlyInline


def with_duplicates(rows: QuerySet[Showtime]) -> QuerySet[Showtime]:
    """`gives_way`: the primary key of the duplicate that hides a showtime, None if none does."""
    hiding = Duplicate.objects.in_force().filter(hidden_showtime=OuterRef("pk")).values("pk")[:1]
    return rows.annotate(gives_way=Subquery(hiding))


def duplicate_link(pk: int, text: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("admin:events_duplicate_change", args=[pk]), text)


def publication(row: Any) -> SafeString | str:
    """The event a showtime belongs to, or what keeps it from one, with the way there."""
    if row.gives_way:
        return duplicate_link(row.gives_way, gettext("duplicate: another source's is shown"))
    if row.event:
        return links.to(row.event)
    if row.withdrawn_at:
        return gettext("withdrawn %(when)s") % {"when": links.moment(row.withdrawn_at)}
    return links.question(row.film_id, row.film.get_match_status_display())


@admin.register(Showtime)
class ShowtimeAdmin(ReadOnly):
    list_display = ("starts_at", "the_film", "the_cinema", "publication", "ticket", "read", "page")
    list_filter = (filters.ToCome, filters.Published, "cinema", "day", "film__match_status")
    search_fields = ("film__title", "film__original_title", "film__slug", "film__movie__title", "cinema__name",
                     "external_id")  # fmt: skip
    list_select_related = ("film", "cinema", "event")
    date_hierarchy = "day"
    ordering = ("starts_at",)
    fields = ("why", "the_event", "the_film", "question", "the_movie", "the_cinema", "starts_at", "read", "page",
              "ticket", "external_id", "first_seen_at", "last_seen_at", "withdrawn_at")  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Showtime]:
        return with_duplicates(super().get_queryset(request))

    @admin.display(description=_("published"))
    def publication(self, row: Showtime) -> SafeString | str:
        return publication(row)

    @admin.display(description=_("published"))
    def why(self, row: Any) -> SafeString | str:
        """In a sentence, with the next step where there is one."""
        if row.gives_way:
            text = gettext("Published, but another source's showing is shown in its place: {duplicate}.")
            return format_html(text, duplicate=duplicate_link(row.gives_way, gettext("reason")))
        if row.event:
            return gettext("Published.") if row.starts_at > timezone.now() else gettext("Published; it is over.")
        if row.withdrawn_at:
            text = gettext("Not published: since {when} the site no longer lists it on {day}.")
            return format_html(text, when=links.moment(row.withdrawn_at), day=links.coverage(row.day))
        text = gettext("Not published: its film must be decided on first ({status}).")
        return format_html(text, status=links.question(row.film_id, row.film.get_match_status_display()))

    @admin.display(description=_("event"))
    def the_event(self, row: Showtime) -> SafeString | str:
        return links.to(row.event)

    @admin.display(description=_("listed film"), ordering="film__title")
    def the_film(self, row: Showtime) -> SafeString | str:
        return links.to(row.film)

    @admin.display(description=_("review"))
    def question(self, row: Showtime) -> SafeString:
        return links.question(row.film_id, row.film.get_match_status_display())

    @admin.display(description=_("movie (TMDB)"))
    def the_movie(self, row: Showtime) -> SafeString:
        return links.row_of(links.to(row.film.movie), links.tmdb(row.film.movie))

    @admin.display(description=_("cinema"), ordering="cinema__name")
    def the_cinema(self, row: Showtime) -> SafeString | str:
        return links.to(row.cinema)

    @admin.display(description=_("programme day"), ordering="day")
    def read(self, row: Showtime) -> SafeString:
        return links.coverage(row.day)

    @admin.display(description=_("source"))
    def page(self, row: Showtime) -> SafeString | str:
        return links.site_page(row)

    @admin.display(description=_("tickets"))
    def ticket(self, row: Showtime) -> SafeString | str:
        return links.outside(row.ticket_url, _("buy"))


class OccurrenceInline(ReadOnlyInline):
    model = Showtime
    fields = ("when", "the_film", "publication", "ticket")
    readonly_fields = fields
    ordering = ("starts_at",)
    verbose_name_plural = _("occurrences")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Showtime]:
        return with_duplicates(super().get_queryset(request)).select_related("film", "event")

    @admin.display(description=_("starts at"))
    def when(self, row: Showtime) -> SafeString | str:
        return links.to(row, links.moment(row.starts_at))

    @admin.display(description=_("listed film"))
    def the_film(self, row: Showtime) -> SafeString | str:
        return links.to(row.film)

    @admin.display(description=_("published"))
    def publication(self, row: Any) -> SafeString | str:
        return publication(row) if row.gives_way else gettext("published")

    @admin.display(description=_("tickets"))
    def ticket(self, row: Showtime) -> SafeString | str:
        return links.outside(row.ticket_url, _("buy"))


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ("title", "of", "the_cinema", "status", "occurrences", "soonest")
    list_filter = ("status", "cinema")
    search_fields = ("title", "movie__title", "movie__original_title", "film__title", "film__slug", "cinema__name")
    list_select_related = ("movie", "film", "cinema")
    inlines: ClassVar = [OccurrenceInline]
    fields = ("why", "title", "the_movie", "listings", "the_cinema", "withdrawn", "published_at", "updated_at")
    readonly_fields = fields

    def get_ordering(self, request: HttpRequest) -> Any:
        """The next first, what is over last: not in `ordering`, which may name no annotation."""
        return F("next_at").asc(nulls_last=True), "title"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        to_come = Q(showtimes__starts_at__gt=timezone.now())
        rows: QuerySet[Event] = super().get_queryset(request)
        return rows.annotate(
            to_come=Count("showtimes", filter=to_come), next_at=Min("showtimes__starts_at", filter=to_come)
        )

    @admin.display(description=_("published"))
    def why(self, row: Any) -> SafeString | str:
        if row.status == Event.Status.SCHEDULED:
            if not row.to_come:
                return gettext("Published; its showtimes are over.")
            text = ngettext(
                "Published, with %(n)s showtime to come.", "Published, with %(n)s showtimes to come.", row.to_come
            )
            return text % {"n": row.to_come}
        if row.cinema.same_as:
            text = gettext("Cancelled: its cinema is the same as {cinema}, where its showtimes are now.")
            return format_html(text, cinema=links.to(row.cinema.same_as))
        if self._withdrawn(row).exists():
            return gettext("Cancelled: the site no longer lists its showtimes.")
        return gettext("Cancelled: its listings have another match now, or none.")

    def _listings(self, row: Event) -> QuerySet[ListedFilm]:
        return ListedFilm.objects.filter(Q(movie__isnull=False, movie=row.movie_id) | Q(pk=row.film_id))

    def _withdrawn(self, row: Event) -> QuerySet[Showtime]:
        return Showtime.objects.filter(film__in=self._listings(row), cinema=row.cinema_id, withdrawn_at__isnull=False)

    @admin.display(description=_("film"), ordering="movie__title")
    def of(self, row: Event) -> SafeString | str:
        return links.to(row.movie or row.film)

    @admin.display(description=_("movie (TMDB)"))
    def the_movie(self, row: Event) -> SafeString:
        return links.row_of(links.to(row.movie), links.tmdb(row.movie))

    @admin.display(description=_("listed films"))
    def listings(self, row: Event) -> SafeString:
        """Every listing that is this film, and how its matching stands."""
        return links.row_of(
            *(
                format_html("{} ({})", links.to(film), links.question(film.pk, film.get_match_status_display()))
                for film in self._listings(row)
            )
        )

    @admin.display(description=_("cinema"), ordering="cinema__name")
    def the_cinema(self, row: Event) -> SafeString | str:
        return links.to(row.cinema)

    @admin.display(description=_("withdrawn"))
    def withdrawn(self, row: Event) -> SafeString:
        films = ",".join(str(film.pk) for film in self._listings(row))
        return links.changelist(
            Showtime, self._withdrawn(row).count(), film__id__in=films, cinema__id__exact=row.cinema_id,
            published="withdrawn",
        )  # fmt: skip

    @admin.display(description=_("occurrences to come"), ordering="to_come")
    def occurrences(self, row: Any) -> SafeString:
        return links.changelist(Showtime, row.to_come, event__id__exact=row.pk, when="to_come")

    @admin.display(description=_("next"), ordering="next_at")
    def soonest(self, row: Any) -> Any:
        return row.next_at
