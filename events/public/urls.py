"""What anybody may read. Each can be switched off (events.conf)."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import include, path, resolve
from django.views.decorators.csrf import csrf_exempt


def view(name: str) -> Callable[..., HttpResponseBase]:
    """A view of `events.public.views`, which is imported when one is first asked for: it, too, reads an address's
    parameters with the API's library."""

    def shown(request: HttpRequest, **named: Any) -> HttpResponseBase:
        answer: HttpResponseBase = getattr(import_module("events.public.views"), name)(request, **named)
        return answer

    return shown


@csrf_exempt
def api(request: HttpRequest, **_: Any) -> HttpResponseBase:
    """The API, imported when it is first asked for: its library takes an eighth of the start of every command."""
    found, positional, named = resolve(request.path_info, urlconf="events.public.api")
    answer: HttpResponseBase = found(request, *positional, **named)
    return answer


#: By the names that `events.public.api` has for them.
API = [path("", api, name="api-root"), path("openapi.json", api, name="openapi-json"), path("<path:rest>", api)]

urlpatterns = [
    path("", view("front"), name="front"),
    path("whats-on/", view("whats_on"), name="whats-on"),
    path("calendar/all.ics", view("calendar"), name="calendar"),
    path("calendar/cinema/<path:cinema>.ics", view("calendar"), name="calendar-cinema"),
    path("calendar/film/<str:film>.ics", view("calendar"), name="calendar-film"),
    path("api/", include((API, "api"))),
]
