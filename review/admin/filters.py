"""Filters of the changelists of films, candidates and decisions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Showtime
from events.titles import reading
from review.matching.weights import MATCHED, PROVISIONAL, REVIEW
from review.models import MatchCandidate

BANDS = {
    "matched": (MATCHED, 101),
    "provisional": (PROVISIONAL, MATCHED),
    "review": (REVIEW, PROVISIONAL),
    "unmatched": (0, REVIEW),
}


class Band(admin.SimpleListFilter):
    """By score."""

    title = _("band")
    parameter_name = "band"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, f"{low}–{min(high, 100)} %") for name, (low, high) in BANDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        if self.value() not in BANDS:
            return queryset
        low, high = BANDS[self.value() or ""]
        return queryset.filter(score__gte=low, score__lt=high)


class Soonest(admin.SimpleListFilter):
    """Films that play within so many days."""

    title = _("plays")
    parameter_name = "plays"
    film = "pk"  # of the listed film, from the rows of the list

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("within a day")), ("3", _("within three days")), ("7", _("within a week"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        if self.value() not in ("1", "3", "7"):
            return queryset
        at = timezone.now()
        soon = Showtime.objects.listed().filter(
            starts_at__gt=at, starts_at__lte=at + dt.timedelta(days=int(self.value() or 0))
        )
        return queryset.filter(**{f"{self.film}__in": soon.values("film")})


class SoonestOfCandidate(Soonest):
    film = "film"


class Candidates(admin.SimpleListFilter):
    """Films by how many candidates are offered."""

    title = _("candidates")
    parameter_name = "candidates"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("none")), ("one", _("one")), ("several", _("several"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        offered = MatchCandidate.objects.offered().filter(film=OuterRef("pk")).order_by().values("film")
        counted: QuerySet[Model] = queryset.alias(
            offered=Coalesce(Subquery(offered.annotate(n=Count("pk")).values("n")), 0)
        )
        match self.value():
            case "none":
                return counted.filter(offered=0)
            case "one":
                return counted.filter(offered=1)
            case "several":
                return counted.filter(offered__gt=1)
        return queryset


class Hinted(admin.SimpleListFilter):
    """Films whose title says that they may be something else: a play, a concert, several films."""

    title = _("may be no film")
    parameter_name = "hint"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("by its title"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        if self.value() != "yes":
            return queryset
        titles = queryset.order_by().values_list("pk", "title")
        return queryset.filter(pk__in=[pk for pk, title in titles if reading.read(title).hint])


class DecidedBy(admin.SimpleListFilter):
    """By who decided last and stands."""

    title = _("decided by")
    parameter_name = "decided_by"
    decisions = "decisions"  # from the rows of the list

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        people = get_user_model().objects.filter(decisions__isnull=False).distinct()
        return [(str(person.pk), person.get_username()) for person in people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        if not (self.value() or "").isdecimal():
            return queryset
        standing = {f"{self.decisions}__by": self.value(), f"{self.decisions}__undone_at__isnull": True}
        return queryset.filter(**standing).distinct()


class DecidedByOfCandidate(DecidedBy):
    decisions = "film__decisions"
