"""What anybody may read: how it is cached, and that it can be switched off."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from events import conf

View = Callable[..., Any]


def public(switch: str) -> Callable[[View], View]:
    """A view that `conf.<switch>` can turn off (404). Its answer is compressed, carries an ETag and may be kept.

    The ETag is of the content: whatever changes that, a person's correction too, changes it. No answer sets a
    cookie; but the language one decides what a page says, so that a shared cache must know of it.
    """

    def decorate(view: View) -> View:
        @conditional_page
        def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            answer: HttpResponse = view(request, *args, **kwargs)
            if answer.status_code == 200:
                patch_cache_control(answer, public=True, max_age=conf.PUBLIC_MAX_AGE)
            patch_vary_headers(answer, ("Accept-Language", "Cookie"))
            return answer

        @gzip_page
        @require_safe
        @wraps(view)
        def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not getattr(conf, switch):
                raise Http404(f"{switch} is off")
            answer: HttpResponse = told(request, *args, **kwargs)
            answer["Access-Control-Allow-Origin"] = "*"  # other people's pages may read it too
            return answer

        return served

    return decorate
