"""Who may open a page of the admin that is none of Django's own: look with a permission, or change something by POST.

docs/REVIEWING.md has the table of groups and what each may do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

View = Callable[..., HttpResponse]
ENDED = "session-ended"  # in the address to which a login leads back after a form was sent in vain


def may_see(permission: str = "") -> Callable[[View], View]:
    """A page for staff with this permission, or (without one) for all staff; others get 403, or are asked to log in."""

    def guard(view: View) -> View:
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            _demand(request, permission)
            if ENDED in request.GET:
                messages.warning(request, _("You had been logged out: nothing was decided or changed."))
            return view(request, *args, **kwargs)

        return wraps(view)(admin.site.admin_view(checked))

    return guard


def may_do(permission: str, *, back: Callable[..., str]) -> Callable[[View], View]:
    """A change by POST, for staff with this permission.

    `back`, called as the view is, gives the address of the page with the form. It is where somebody whose session has
    ended comes after the login: what they sent is not carried out later, unseen.
    """

    def guard(view: View) -> View:
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            _demand(request, permission)
            return view(request, *args, **kwargs)

        inside = admin.site.admin_view(require_POST(checked))

        def sent(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not admin.site.has_permission(request):
                address = back(request, *args, **kwargs)
                again = f"{address}{'&' if '?' in address else '?'}{urlencode({ENDED: 1})}"
                return redirect_to_login(again, reverse("admin:login"))
            return inside(request, *args, **kwargs)

        return wraps(view)(sent)

    return guard


def _demand(request: HttpRequest, permission: str) -> None:
    if permission and not request.user.has_perm(permission):
        raise PermissionDenied
