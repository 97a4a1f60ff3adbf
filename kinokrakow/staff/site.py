"""The admin's site: what staff come for stands first, accounts last, and no list of pages takes a list's width."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kinokrakow.staff import logins

#: Sentences of Django's that decline the noun they are given, which Polish can't, and a button that names no action:
#: translated anew in our catalogue.
DJANGO_S = (
    gettext_noop("Log in"),
    gettext_noop("Add %s"),
    gettext_noop("Change %s"),
    gettext_noop("View %s"),
    gettext_noop("Add %(name)s"),
    gettext_noop("Select %s"),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop(
        "Are you sure you want to delete the %(object_name)s “%(escaped_object)s”? All of the following related items "
        "will be deleted:"
    ),
)
_BEYOND = re.compile(r"out of range|too large|integer string conversion")  # what Python says of such numbers
ORDER = ("events", "review", "scraper", "kinokrakow", "auth")


V = TypeVar("V", bound=Callable[..., HttpResponseBase])


class StaffSite(AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = _("Overview")
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Django's, and the browser is known from then on (`kinokrakow.staff.logins`)."""
        response = super().login(request, extra_context)
        if request.method == "POST" and request.user.is_authenticated:
            logins.remember(response, request.user)
        return response

    def admin_view(self, view: V, cacheable: bool = False) -> V:
        """Django's, and an address that asks for a year beyond all calendars is a bad request and no fault of ours."""
        inside = super().admin_view(view, cacheable)

        @wraps(inside)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return inside(request, *args, **kwargs)
            except (OverflowError, ValueError) as error:
                if request.method != "GET" or not _BEYOND.search(str(error)):
                    raise
                raise BadRequest(str(error)) from error

        return cast(V, asked)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: ORDER.index(app["app_label"]) if app["app_label"] in ORDER else len(ORDER))


class StaffAdminConfig(AdminConfig):
    default_site = "kinokrakow.staff.site.StaffSite"
