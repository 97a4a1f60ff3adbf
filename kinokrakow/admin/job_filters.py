"""What the list of jobs can be narrowed by, and what staff call the kinds of jobs."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kinokrakow.models import Job


class Retrying(admin.SimpleListFilter):
    """Waiting jobs of which an attempt has failed."""

    title = _("retrying")
    parameter_name = "retrying"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("an attempt has failed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(state=Job.State.QUEUED).exclude(error="") if self.value() else queryset


#: What staff call kinds of jobs, which are codes in the ledger.
NAMES = {
    "calendar": _("calendar"),
    "day": _("day"),
    "film": _("film page"),
    "match": _("matching"),
    "locate": _("geocoding"),
    "now_playing": _("now playing"),
    "prune": _("pruning"),
    "upkeep": _("films refreshed"),
}


def kind_name(kind: str) -> str:
    """The code itself for a kind without a name."""
    return str(NAMES.get(kind, kind))


class KindOfJob(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        used = Job.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, kind_name(kind)) for kind in used]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(kind=self.value()) if self.value() else queryset
