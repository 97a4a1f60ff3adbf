"""What is shown where and when: showtimes as the site lists them, and the events that are published of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.cinemas import Cinema
from events.models.films import ListedFilm, Movie
from events.models.limits import LONGEST_ID, URL, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable


class Event(models.Model):
    """One film at one cinema, published; its showtimes are its occurrences.

    `movie` is the film as TMDB knows it. What is no single film of TMDB's is an event of the `film` as listed.
    """

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("scheduled")
        CANCELLED = "cancelled", pgettext_lazy("an event", "cancelled")

    title = models.TextField(_("title"))
    movie = models.ForeignKey(
        Movie, on_delete=models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("movie (TMDB)")
    )
    film = models.ForeignKey(
        ListedFilm, on_delete=models.PROTECT, null=True, blank=True, related_name="events",
        verbose_name=_("listed film"), help_text=_("Of an event without a movie."),
    )  # fmt: skip
    cinema = models.ForeignKey(Cinema, on_delete=models.PROTECT, related_name="events", verbose_name=_("cinema"))
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.SCHEDULED)
    published_at = models.DateTimeField(_("published at"))
    updated_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [models.Index(fields=["status", "updated_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["movie", "cinema"], name="one_event_per_movie_and_cinema"),
            models.UniqueConstraint(fields=["film", "cinema"], name="one_event_per_film_and_cinema"),
            models.CheckConstraint(
                condition=Q(movie__isnull=True, film__isnull=False) | Q(movie__isnull=False, film__isnull=True),
                name="event_of_a_movie_or_of_a_film",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ShowtimeQuerySet(models.QuerySet["Showtime"]):
    def listed(self) -> ShowtimeQuerySet:
        """Not withdrawn by the site."""
        return self.filter(withdrawn_at__isnull=True)

    def to_come(self, day: dt.date, at: dt.datetime) -> ShowtimeQuerySet:
        """Listed showtimes of a programme day that have not begun."""
        return self.listed().filter(day=day, starts_at__gt=at)

    def withdraw(self, external_ids: Iterable[str], at: dt.datetime) -> int:
        return self.listed().filter(external_id__in=list(external_ids)).update(withdrawn_at=at, event=None)


class Showtime(models.Model):
    """One screening as the site listed it, stored the moment its page was verified."""

    external_id = models.CharField(_("external id"), max_length=LONGEST_ID, unique=True)
    film = models.ForeignKey(
        ListedFilm, on_delete=models.PROTECT, related_name="showtimes", verbose_name=_("listed film")
    )
    cinema = models.ForeignKey(Cinema, on_delete=models.PROTECT, related_name="showtimes", verbose_name=_("cinema"))
    day = models.DateField(_("programme day"), help_text=_("The day the page said it was the programme of."))
    starts_at = models.DateTimeField(_("starts at"))
    ticket_url = models.URLField(_("tickets"), max_length=URL, null=True, blank=True)
    version = models.CharField(
        _("version"), max_length=VERSION, blank=True, default="", help_text=_("What its hour says besides the time.")
    )
    event = models.ForeignKey(
        Event, on_delete=models.SET_NULL, null=True, blank=True, related_name="showtimes", verbose_name=_("event")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    first_seen_at = models.DateTimeField(_("first seen at"))
    last_seen_at = models.DateTimeField(_("last seen at"))

    objects = ShowtimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("showtime")
        verbose_name_plural = _("showtimes")
        ordering: ClassVar = ["starts_at", "id"]
        indexes: ClassVar = [models.Index(fields=["day", "cinema"]), models.Index(fields=["starts_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(event__isnull=True), name="withdrawn_is_not_published"
            ),
            models.CheckConstraint(condition=Q(last_seen_at__gte=F("first_seen_at")), name="seen_first_before_last"),
        ]

    def __str__(self) -> str:
        when = date_format(timezone.localtime(self.starts_at), "j.m.Y H:i")
        return f"{self.film.title}, {self.cinema.name}, {when}"

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + self.film.length
