"""What every review page shares: its tab, its address, and what stands around its content."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from review.decisions import TakesMuch
from review.models import Decision
from review.queue import order, quality
from review.queue.order import Tab
from review.queue.refusals import takes_much

UNDO_OFFERED = dt.timedelta(hours=1)  # after a decision, on the page; later in the history


def user(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the guard lets nobody in without an account"
    return request.user


def tab_of(request: HttpRequest) -> Tab:
    wanted = request.POST.get("tab") or request.GET.get("tab")
    return Tab(wanted) if wanted in list(Tab) else Tab.OPEN


def number(text: str) -> int | None:
    """A number that somebody typed or a form sent; None for anything else, and for more digits than any of ours has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 12 else None


def address(film: int | None, tab: Tab, typed: Mapping[str, Sequence[str]] | None = None) -> str:
    """Of a question, or of the queue's beginning, in the tab where the reviewer is; with what was `typed` there."""
    path = reverse("review-question", args=[film]) if film else reverse("review")
    query = {**({} if tab == Tab.OPEN else {"tab": [tab.value]}), **(typed or {})}
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


def undo_if_sure(request: HttpRequest, decision: Decision, much: TakesMuch) -> TemplateResponse:
    """Ask once more before an undo that unpublishes much."""
    context = {
        **admin.site.each_context(request),
        "title": _("Undo “%(film)s”?") % {"film": decision.film},
        "decision": decision,
        "said": takes_much(much),
        "tab": tab_of(request).value,
        "back": address(decision.film_id, tab_of(request)),
    }
    return TemplateResponse(request, "admin/review/undo_if_sure.html", context)


def around(request: HttpRequest, tab: Tab, rows: list[order.Waiting], at: dt.datetime) -> dict[str, Any]:
    """What every page has: tabs with their counts, showtimes held, precision, the last decision to undo."""
    mine = Decision.objects.standing().filter(by=user(request), at__gte=at - UNDO_OFFERED).select_related("film")
    return {
        "tab": tab.value,
        "tally": order.tally(at),
        "held": sum(row.held for row in rows),
        "audit": quality.audit(),
        **_last(mine.first()),
        "now": at,
        "may_decide": request.user.has_perm("review.decide"),
        "may_undo": request.user.has_perm("review.undo"),
    }


def _last(decision: Decision | None) -> dict[str, Any]:
    """The decision that can be undone, on how many listings it was made, and how many showtimes it moved."""
    rows = list(decision.together().standing().values_list("showtimes", flat=True)) if decision else []
    return {"last": decision, "last_listings": len(rows) - 1, "last_showtimes": sum(rows)}


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
    around = {**admin.site.each_context(request), "title": _("Which film is this?")}
    return TemplateResponse(request, template, {**around, **context})
