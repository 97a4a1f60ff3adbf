"""How staff narrow lists down to what they ask about."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Duplicate, EventSource


class Choice(ABC, admin.SimpleListFilter):
    """A filter of fixed choices; each is a condition on the rows."""

    choices_: tuple[tuple[str, Any], ...]

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple[tuple[str, Any], ...]:
        return self.choices_

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(self.condition(value)) if value in dict(self.choices_) else queryset

    @abstractmethod
    def condition(self, value: str | None) -> Q:
        """What the rows of this choice fulfil."""


class Published(Choice):
    """Showtimes by whether they are out, and if not, why."""

    title = _("published")
    parameter_name = "published"
    choices_ = (
        ("yes", _("published")),
        ("double", _("duplicate: another source's is shown")),
        ("held", _("not published: film not decided")),
        ("withdrawn", _("withdrawn")),
    )

    def condition(self, value: str | None) -> Q:
        duplicate = Q(
            pk__in=Duplicate.objects.in_force().filter(hidden_showtime__isnull=False).values("hidden_showtime")
        )
        return {
            "yes": Q(event__isnull=False) & ~duplicate,
            "double": Q(event__isnull=False) & duplicate,
            "held": Q(event__isnull=True, withdrawn_at__isnull=True),
        }.get(value or "", Q(withdrawn_at__isnull=False))


class Shown(Choice):
    """Other sources' events by whether they are out, and if not, why."""

    title = _("shown")
    parameter_name = "shown"
    choices_ = (
        ("yes", _("shown")),
        ("double", _("duplicate: another source's is shown")),
        ("gone", _("gone")),
    )

    def condition(self, value: str | None) -> Q:
        duplicate = Q(pk__in=Duplicate.objects.in_force().filter(hidden_event__isnull=False).values("hidden_event"))
        return {
            "yes": Q(gone_at__isnull=True) & ~duplicate,
            "double": Q(gone_at__isnull=True) & duplicate,
        }.get(value or "", Q(gone_at__isnull=False))


class ToCome(Choice):
    """Before and after now."""

    title = _("when")
    parameter_name = "when"
    choices_ = (("to_come", _("to come")), ("past", _("past")))

    def condition(self, value: str | None) -> Q:
        return Q(starts_at__gt=timezone.now()) if value == "to_come" else Q(starts_at__lte=timezone.now())


class DuplicateToCome(ToCome):
    def condition(self, value: str | None) -> Q:
        now = timezone.now()
        to_come = Q(hidden_showtime__starts_at__gt=now) | Q(hidden_event__starts_at__gt=now)
        return to_come if value == "to_come" else ~to_come


class SourceOfDuplicate(admin.SimpleListFilter):
    """Whichever side of a duplicate it is on."""

    title = _("event source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(row.slug, row.name) for row in EventSource.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Duplicate]) -> QuerySet[Duplicate]:
        if not self.value():
            return queryset
        return queryset.filter(Q(shown_event__source__slug=self.value()) | Q(hidden_event__source__slug=self.value()))


class OneWithAnother(Choice):
    """Cinemas that the site lists beside the one that they are."""

    title = _("duplicate cinema")
    parameter_name = "twice"
    choices_ = (("yes", _("the same as another")), ("no", _("itself")))

    def condition(self, value: str | None) -> Q:
        return Q(same_as__isnull=value == "no")


class Located(Choice):
    title = _("place")
    parameter_name = "place"
    choices_ = (("yes", _("has its place")), ("no", _("has no place")), ("refused", _("could not be found")))

    def condition(self, value: str | None) -> Q:
        if value == "refused":
            return Q(located_by="") & ~Q(locate_error="")
        return ~Q(located_by="") if value == "yes" else Q(located_by="")
