"""What anybody may read: how it is kept, and that it can be switched off.

An answer is the same until something public changes (`events.models.changes`) or `PUBLIC_MAX_AGE` is over. So a reader
who has it already is told so before anything is looked up, and the next one gets what was laid out for the last.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_resolver, get_urlconf
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from events import conf
from events.models import changes

View = Callable[..., Any]
KEPT = 20_000_000  # bytes of answers, in each process
SHORTEST, LEVEL = 200, 3  # bytes from which an answer is compressed, and how hard
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q\s*=\s*0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)  # "gzip;q=0" refuses it
HEADERS = ("Content-Type", "Content-Encoding", "Content-Language", "Content-Disposition")


class Answers:
    """The answers given last. The oldest go when there are too many."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._kept: OrderedDict[str, tuple[dict[str, str], bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> HttpResponse | None:
        with self._lock:
            found = self._kept.get(key)
        return HttpResponse(found[1], headers=found[0]) if found else None

    def keep(self, key: str, answer: HttpResponse) -> None:
        headers = {name: answer[name] for name in HEADERS if answer.has_header(name)}
        with self._lock:
            if key in self._kept or len(answer.content) > KEPT // 4:
                return
            self._kept[key] = headers, answer.content
            self._left -= len(answer.content)
            while self._left < 0:
                _, (_, content) = self._kept.popitem(last=False)
                self._left += len(content)

    def forget(self) -> None:
        with self._lock:
            self._left += sum(len(content) for _, content in self._kept.values())
            self._kept.clear()


answers = Answers(KEPT)


def public(switch: str) -> Callable[[View], View]:
    """A view that `conf.<switch>` can turn off (404). Its answer is compressed, carries an ETag and may be kept.

    No answer sets a cookie; but the language one decides what a page says, so that a shared cache must know of it.
    """

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not getattr(conf, switch):
                raise Http404(f"{switch} is off")
            etag = _etag(request)
            key = etag + ("gzip" if _takes_gzip(request) else "")
            answer: HttpResponse | None = get_conditional_response(request, etag=etag)
            if answer is None:
                answer = answers.get(key)
            if answer is None:
                try:
                    answer = _compressed(request, view(request, *args, **kwargs))
                except BadRequest as error:  # a stranger's address is no fault of ours: no traceback in the log
                    refuse: View = get_resolver(get_urlconf()).resolve_error_handler(400)
                    answer = refuse(request, exception=error)
                assert answer is not None
                if answer.status_code == 200 and request.method == "GET":
                    answers.keep(key, answer)
            if answer.status_code in (200, 304):
                answer["ETag"] = etag
                patch_cache_control(answer, public=True, max_age=conf.PUBLIC_MAX_AGE)
            patch_vary_headers(answer, ("Accept-Language", "Cookie", "Accept-Encoding"))
            answer["Access-Control-Allow-Origin"] = "*"  # other people's pages may read it too
            return answer

        return served

    return decorate


def _takes_gzip(request: HttpRequest) -> bool:
    return _GZIP.search(request.headers.get("Accept-Encoding", "")) is not None


def _compressed(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer as small as its reader can take it. Django's own decorator compresses harder, for twice the time, and
    hides the length of secrets, which no public answer has."""
    if _takes_gzip(request) and answer.status_code == 200 and len(answer.content) >= SHORTEST:
        answer.content = gzip.compress(answer.content, LEVEL, mtime=0)
        answer["Content-Encoding"] = "gzip"
    return answer


def _etag(request: HttpRequest) -> str:
    """What the answer depends on: what is asked, in which language, what has changed, and about when it is."""
    age = max(1, conf.PUBLIC_MAX_AGE)
    parts = (
        request.get_host(), request.get_full_path(), get_language(),
        changes.token(), str(int(timezone.now().timestamp()) // age),
    )  # fmt: skip
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
    return f'W/"{digest[:32]}"'
