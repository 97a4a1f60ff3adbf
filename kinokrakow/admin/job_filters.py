"""What the list of jobs can be narrowed by."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kinokrakow.models import Job
from kinokrakow.staff import names


class Retrying(admin.SimpleListFilter):
    """Waiting jobs of which an attempt has failed."""

    title = _("retrying")
    parameter_name = "retrying"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("an attempt has failed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(state=Job.State.QUEUED).exclude(error="") if self.value() else queryset


class KindOfJob(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        used = Job.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, names.of_job_kind(kind)) for kind in used]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(kind=self.value()) if self.value() else queryset
