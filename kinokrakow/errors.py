"""The pages for what went wrong (400, 403, 404, 429, 500, a form without a valid token): in the reader's language, as
HTML, JSON or plain text, whatever is spoken at that address. They need no database, which may be what is down."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

PLAIN = ("/calendar/", "/healthz", "/metrics")  # programs read these


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = _("The address or the form could not be understood.")
    if isinstance(exception, BadRequest) and str(exception):
        said += f" ({exception})"
    return _answer(request, 400, _("Bad request"), said)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = _("Your account may not open this page or do this. Nothing was changed.")
    if request.path.startswith("/admin/"):
        said += " " + _("An administrator can add you to the group Viewers, Reviewers or Operators.")
    return _answer(request, 403, _("Not allowed"), said)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    said = _(
        "This form is out of date, usually because you have logged in again since. Nothing was changed. "
        "Go back, reload the page and send it again; cookies must be allowed."
    )
    return _answer(request, 403, _("Form out of date"), said)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, _("Not found"), _("There is nothing at this address, or nothing any more."))


def too_many_logins(request: HttpRequest, minutes: int) -> HttpResponse:
    said = _(
        "Too many logins have failed for this account or from this address. Wait %(minutes)s minutes, then try again. "
        "A browser that has logged in to the account before is not held up by what others try."
    )
    return _answer(request, 429, _("Too many failed logins"), said % {"minutes": minutes})


def server_error(request: HttpRequest) -> HttpResponse:
    said = _("Something went wrong here, and it has been written to the log. Try again in a moment.")
    return _answer(request, 500, _("Server error"), said)


def _answer(request: HttpRequest, status: int, title: str, said: str) -> HttpResponse:
    if request.path.startswith("/api/") or _asks_for_json(request):
        return JsonResponse({"detail": title}, status=status)
    if request.path.startswith(PLAIN):
        return HttpResponse(f"{title}. {said}\n", status=status, content_type="text/plain; charset=utf-8")
    staff = request.path.startswith("/admin/")
    context: dict[str, Any] = {
        "site": settings.SITE_NAME,
        "status": status,
        "title": title,
        "said": said,
        "language": get_language(),
        "onward": reverse("admin:index" if staff else "front"),
        "onward_label": _("Overview") if staff else _("What's on"),
    }
    return HttpResponse(get_template("error.html").render(context), status=status)


def _asks_for_json(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted
