"""Outside services and hosts for staff: whether each answers, a pause, and a host that may be asked again."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kinokrakow import jobs
from kinokrakow.admin.readonly import Readable, ReadOnly
from kinokrakow.http import rate_limit
from kinokrakow.models import HostGate, ServiceState
from kinokrakow.staff import failures, names


class Moment(forms.DateTimeInput):
    """One field for date and time, as browsers know it: Django's two have no label of their own."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


@admin.register(HostGate)
class HostGateAdmin(ReadOnly):
    list_display = ("host", "next_at", "closed_since", "closed_until", "robots_at")
    actions = ("open_again",)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("kinokrakow.change_hostgate")

    @admin.action(description=_("Let requests go on at once"), permissions=["manage"])
    def open_again(self, request: HttpRequest, queryset: QuerySet[HostGate]) -> None:
        """For a host that asked for a pause which is known to be over, or whose time a wrong clock wrote."""
        count = sum(rate_limit.open_again(host) for host in queryset.values_list("host", flat=True))
        jobs.hurry()
        self.message_user(request, ngettext("%(n)s host opened.", "%(n)s hosts opened.", count) % {"n": count})


@admin.register(ServiceState)
class ServiceStateAdmin(Readable, admin.ModelAdmin):  # type: ignore[type-arg]
    """The outside services: whether each answers. Staff with the right to change them pause one until some time."""

    list_display = ("called", "silent_since", "probe_at", "refused", "paused_until", "paused_why", "error_")
    formfield_overrides: ClassVar[Any] = {models.DateTimeField: {"form_class": forms.DateTimeField, "widget": Moment}}
    fields = ("called", "paused_until", "paused_why", "silent_since", "probe_at", "refused", "failures", "error")
    readonly_fields = ("called", "silent_since", "probe_at", "refused", "failures", "error")

    @admin.display(description=_("service"), ordering="name")
    def called(self, state: ServiceState) -> str:
        return names.of_service(state.name)

    @admin.display(description=_("last error"))
    def error_(self, state: ServiceState) -> str:
        return Truncator(failures.said(state.error)).chars(100)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ServiceState, form: Any, change: bool) -> None:
        """Only the pause: what the program has noted meanwhile stays."""
        obj.save(update_fields=["paused_until", "paused_why"])
