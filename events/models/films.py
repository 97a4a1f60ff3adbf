"""Films: as the site lists them and as TMDB knows them, and where the matching of the two stands."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.limits import SLUG, URL
from events.records import FilmFacts, film_path

DEFAULT_RUNTIME = 120  # min, of a film whose length nobody says


class Movie(models.Model):
    """A film as TMDB knows it."""

    tmdb_id = models.BigIntegerField(_("TMDB id"), unique=True)
    imdb_id = models.CharField(_("IMDb id"), max_length=16, blank=True, default="")
    title = models.TextField(_("title"))
    original_title = models.TextField(_("original title"), blank=True, default="")
    names = models.JSONField(_("other names"), default=list, blank=True)  # under which cinemas may list it
    year = models.IntegerField(_("year"), null=True, blank=True)
    runtime = models.PositiveIntegerField(_("runtime (min)"), null=True, blank=True)
    directors = models.JSONField(_("directors"), default=list)
    countries = models.JSONField(_("countries"), default=list)
    overview = models.TextField(_("overview"), blank=True, default="")
    poster_path = models.CharField(_("poster path"), max_length=255, blank=True, default="")
    asked_at = models.DateTimeField(_("asked about at"), null=True, blank=True)  # when TMDB said so, all of it

    class Meta:
        verbose_name = _("movie (TMDB)")
        verbose_name_plural = _("movies (TMDB)")
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title


class ListedFilmQuerySet(models.QuerySet["ListedFilm"]):
    def facts_due(self, at: dt.datetime) -> ListedFilmQuerySet:
        """Films whose page was never read, or so long ago that it should be read again."""
        return self.filter(Q(facts_due_at__isnull=True) | Q(facts_due_at__lte=at))

    def match_due(self, at: dt.datetime) -> ListedFilmQuerySet:
        """Films that TMDB should be asked about now; one that is matched or decided on only at the time set for it."""
        never_asked = Q(decided_at__isnull=True, match_status__in=ListedFilm.ASKED_AGAIN, match_due_at__isnull=True)
        return self.filter(Q(match_due_at__lte=at) | never_asked)

    def open_questions(self, at: dt.datetime) -> ListedFilmQuerySet:
        """Films that wait for a person's decision, but for those put off."""
        asked = Q(match_status=ListedFilm.Match.REVIEW) | Q(reopened_at__isnull=False)
        return self.filter(asked).exclude(pk__in=ListedFilm.objects.deferred(at))

    def deferred(self, at: dt.datetime) -> ListedFilmQuerySet:
        """Put off until a day to come, or until their facts change."""
        return self.filter(deferred_at__isnull=False).filter(Q(deferred_until__isnull=True) | Q(deferred_until__gt=at))


class ListedFilm(models.Model):
    """A film as the site lists it, under one slug, and where its matching stands."""

    class Match(models.TextChoices):
        PENDING = "pending", _("not asked yet")
        MATCHED = "matched", _("matched")
        PROVISIONAL = "provisional", _("matched provisionally")
        REVIEW = "review", _("waits for a decision")
        UNMATCHED = "unmatched", _("no match found")
        NOT_ON_TMDB = "not_on_tmdb", _("not on TMDB")
        NOT_A_FILM = "not_a_film", _("not a film")
        SEVERAL_FILMS = "several_films", _("several films")
        ERROR = "error", _("could not be matched")

    LINKED: ClassVar[tuple[str, ...]] = (Match.MATCHED, Match.PROVISIONAL)
    # A film that is asked about anew is pending and keeps its movie: its events stand until there is an answer.
    PUBLISHED: ClassVar[tuple[str, ...]] = (*LINKED, Match.PENDING)
    # What a person said is no one film of TMDB's: published as the site describes it.
    PUBLISHED_ALONE: ClassVar[tuple[str, ...]] = (Match.NOT_ON_TMDB, Match.NOT_A_FILM, Match.SEVERAL_FILMS)
    ASKED_AGAIN: ClassVar[tuple[str, ...]] = (Match.PENDING, Match.UNMATCHED, Match.NOT_ON_TMDB, Match.ERROR)

    slug = models.CharField(_("slug"), max_length=SLUG, unique=True)
    title = models.TextField(_("title"))
    original_title = models.TextField(_("original title"), blank=True, default="")
    directors = models.JSONField(_("directors"), default=list)
    year = models.IntegerField(_("year"), null=True, blank=True)
    countries = models.JSONField(_("countries"), default=list)
    runtime = models.PositiveIntegerField(_("runtime (min)"), null=True, blank=True)
    cast = models.JSONField(_("cast"), default=list)
    genres = models.JSONField(_("genres"), default=list)
    premiere = models.DateField(_("Polish premiere"), null=True, blank=True)
    distributor = models.TextField(_("distributor"), blank=True, default="")
    poster_url = models.URLField(_("the site's poster"), max_length=URL, blank=True, default="")

    facts_at = models.DateTimeField(_("film page read at"), null=True, blank=True)
    facts_due_at = models.DateTimeField(_("film page due at"), null=True, blank=True)
    has_page = models.BooleanField(_("has a page"), null=True, help_text=_("No: its page answered 404."))
    facts_given = models.JSONField(
        _("facts on its page"), default=list, help_text=_("What the page said when it was last believed.")
    )
    page_problem = models.TextField(
        _("why its page is not believed"), blank=True, default="", help_text=_("Its facts are those of before.")
    )
    address_cut = models.BooleanField(
        _("address was cut"), default=False,
        help_text=_("Stored by an older version, which left out the UUID of an address: it may be of several films."),
    )  # fmt: skip

    match_status = models.CharField(_("matching"), max_length=16, choices=Match.choices, default=Match.PENDING)
    movie = models.ForeignKey(
        Movie, on_delete=models.PROTECT, null=True, blank=True, related_name="listed", verbose_name=_("movie (TMDB)")
    )
    score = models.FloatField(_("score (%)"), null=True, blank=True)
    match_asked_at = models.DateTimeField(_("TMDB asked at"), null=True, blank=True)
    match_due_at = models.DateTimeField(_("TMDB due at"), null=True, blank=True)
    match_asks = models.PositiveIntegerField(_("times TMDB had no match"), default=0)
    match_error = models.TextField(_("last matching error"), blank=True, default="")

    parts = models.ManyToManyField(
        Movie, blank=True, related_name="listed_within", verbose_name=_("films of a double bill (TMDB)")
    )
    decided_at = models.DateTimeField(
        _("decided at"), null=True, blank=True, help_text=_("By a person: no job changes the match.")
    )
    reopened_at = models.DateTimeField(
        _("reopened at"), null=True, blank=True, help_text=_("The facts changed after the decision, which stands.")
    )
    deferred_at = models.DateTimeField(_("deferred at"), null=True, blank=True)
    deferred_until = models.DateTimeField(
        _("deferred until"), null=True, blank=True, help_text=_("Empty: until the facts change.")
    )
    revision = models.PositiveIntegerField(
        _("revision"), default=0, help_text=_("Counts changes of the question or of its answer.")
    )

    first_seen_at = models.DateTimeField(_("first seen at"))
    last_seen_at = models.DateTimeField(_("last seen at"))

    objects = ListedFilmQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed film")
        verbose_name_plural = _("listed films")
        ordering: ClassVar = ["title"]
        indexes: ClassVar = [models.Index(fields=["match_status"])]

    def __str__(self) -> str:
        return self.title

    @property
    def length(self) -> dt.timedelta:
        """What the site, or else TMDB, gives; 120 minutes when neither does."""
        known = self.runtime or (self.movie.runtime if self.movie else None)
        return dt.timedelta(minutes=known or DEFAULT_RUNTIME)

    def site_address(self) -> str:
        """Where the site says more: its page about the film, or its programme when it has none."""
        path = "/cinema_program/by_movie" if self.has_page is False else film_path(self.slug)
        return f"{settings.KINO_BASE_URL}{path}"

    def facts(self) -> FilmFacts:
        """The row as the record that the matcher reads."""
        return FilmFacts(
            slug=self.slug,
            title=self.title,
            original_title=self.original_title or None,
            directors=tuple(self.directors),
            year=self.year,
            countries=tuple(self.countries),
            runtime=self.runtime,
            cast=tuple(self.cast),
            genres=tuple(self.genres),
            premiere=self.premiere,
            distributor=self.distributor or None,
            poster_url=self.poster_url or None,
        )
