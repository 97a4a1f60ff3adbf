"""What anybody may read: how it is cached, and that it can be switched off."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from events import conf

View = Callable[..., Any]


def public(switch: str) -> Callable[[View], View]:
    """A view that `conf.<switch>` can turn off (404). Its answer carries an ETag and may be kept for a while.

    The ETag is of the content: whatever changes that, a person's correction too, changes it.
    """

    def decorate(view: View) -> View:
        cached = conditional_page(cache_control(public=True, max_age=conf.PUBLIC_MAX_AGE)(view))

        @require_safe
        @wraps(view)
        def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not getattr(conf, switch):
                raise Http404(f"{switch} is off")
            answer: HttpResponse = cached(request, *args, **kwargs)
            return answer

        return served

    return decorate
