"""The review pages of the admin: the queue, one question, provisional matches, quality; deciding and undoing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from events.models import ListedFilm
from review import decisions
from review.models import Decision
from review.queue import answers, lookup, order, quality, question
from review.queue.order import Tab
from review.queue.refusals import refused, refused_undo, said

View = Callable[..., HttpResponse]
UNDO_OFFERED = dt.timedelta(hours=1)  # after a decision, on the page; later in the history
THEN = 4  # questions named beside the one in hand
TYPED = ("origin", "q", "year", "ref", "more", "note")  # what a refused form gives back to whoever filled it in


def staff(view: View) -> View:
    """All staff may look; others are sent to log in."""
    return wraps(view)(admin.site.admin_view(view))


def staff_who_may(permission: str) -> Callable[[View], View]:
    """Staff with this permission; others of the staff get 403."""

    def guard(view: View) -> View:
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            # As `has_perm`, but in one query: it would read all permissions of the user, and then of the groups.
            if not User.objects.with_perm(permission).filter(pk=_user(request).pk).exists():
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wraps(view)(admin.site.admin_view(checked))

    return guard


@staff
@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """The most urgent question of a tab, or the one at `?place=`; or what an empty tab means."""
    tab, at = _tab(request), timezone.now()
    rows = order.waiting(tab, at)
    if rows:
        place = request.GET.get("place", "")
        wanted = int(place) if place.isdecimal() else 1
        return _question(request, rows[wanted - 1 if 1 <= wanted <= len(rows) else 0].film, tab, rows, at)
    return _page(request, "admin/review/empty.html", {"tab": tab.value, **_around(request, tab, rows, at)})


@staff
@require_safe
def question_page(request: HttpRequest, film_id: int) -> HttpResponse:
    """Any listed film as a question; `?q=&year=` searches TMDB, `?ref=` looks up an id or link."""
    tab, at = _tab(request), timezone.now()
    return _question(request, film_id, tab, order.waiting(tab, at), at)


@staff_who_may("review.decide")
@require_POST
def decide(request: HttpRequest, film_id: int) -> HttpResponse:
    """Carry out a decision (`do`) on the film as it was shown (`revision`), and go on to the next question.

    It is at the same `place` in the queue, once the one that was decided on has left it.
    """
    tab, at = _tab(request), timezone.now()
    try:
        answers.carry_out(request.POST, _hand(request, film_id, request.POST.get("revision", ""), at))
    except ListedFilm.DoesNotExist as missing:
        raise Http404 from missing
    except decisions.Stale as stale:
        messages.warning(request, refused(stale))
        return redirect(_address(film_id, tab, _typed(request)))
    except (answers.Unclear, lookup.NoAnswer) as trouble:
        messages.error(request, said(trouble))
        return redirect(_address(film_id, tab, _typed(request)))
    if request.POST.get("origin") == Decision.Origin.AUDIT:
        return redirect("review-quality")
    place = request.POST.get("place", "")
    return redirect(_address(None, tab, {"place": [place]} if place.isdecimal() and place != "1" else None))


@staff_who_may("review.undo")
@require_POST
def undo(request: HttpRequest, decision_id: int) -> HttpResponse:
    decision = get_object_or_404(Decision.objects.select_related("film"), pk=decision_id)
    try:
        decisions.undo(decision_id, by=_user(request), at=timezone.now())
    except decisions.NotUndone as error:
        messages.warning(request, refused_undo(error))
    else:
        messages.success(request, _("Undone: “%(film)s” is as it was before it was decided.") % {"film": decision.film})
    return redirect(_address(decision.film_id, _tab(request)))


@staff
def provisional(request: HttpRequest) -> HttpResponse:
    """Provisional matches, each pair side by side; POST confirms those that are ticked (`film=pk:revision`)."""
    at = timezone.now()
    if request.method == "POST":
        if not request.user.has_perm("review.decide"):
            raise PermissionDenied
        _confirm_all(request, at)
        return redirect("review-provisional")
    rows = order.waiting(Tab.PROVISIONAL, at)
    films = ListedFilm.objects.select_related("movie").in_bulk([row.film for row in rows])
    pairs = question.pairs(films[row.film] for row in rows if row.film in films)
    waiting = {row.film: row for row in rows}
    context = {
        "pairs": [(waiting[film.pk], film, card) for film, card in pairs],
        **_around(request, Tab.PROVISIONAL, rows, at),
    }
    return _page(request, "admin/review/provisional.html", context)


@staff
@require_safe
def quality_page(request: HttpRequest) -> HttpResponse:
    """How often the program was right, this week's sample to audit, and other thresholds tried dry."""
    at = timezone.now()
    sample = quality.sample(timezone.localtime(at))
    asked = quality.verdicts([Decision.Origin.QUEUE, Decision.Origin.BULK])
    audited = quality.verdicts([Decision.Origin.AUDIT])
    context = {
        "left": len(sample),
        "subject": next(iter(question.pairs(sample[:1])), None),
        "audit": quality.audit(),
        "bands": quality.bands([*asked, *audited]),
        "dry_runs": quality.dry_runs(asked),
        "asked": len(asked),
        **_around(request, Tab.OPEN, [], at),
        "quality_page": True,
        "title": _("How good are the matches?"),
    }
    return _page(request, "admin/review/quality.html", context)


def _question(
    request: HttpRequest, film_id: int, tab: Tab, rows: list[order.Waiting], at: dt.datetime
) -> TemplateResponse:
    film = get_object_or_404(ListedFilm.objects.select_related("movie"), pk=film_id)
    shown = question.of(film, at, timezone.localdate(at))
    results, trouble = _looked_up(request, film, timezone.localdate(at))
    place = next((n for n, row in enumerate(rows, start=1) if row.film == film_id), 0)
    context = {
        "question": shown,
        "subtitle": film.title,
        "results": question.found(film, results or ()),
        "ticked": request.GET.getlist("tick"),
        "searched": results is not None,
        "trouble": trouble,
        "origin": request.GET.get("origin", ""),
        "place": place,
        "of": len(rows),
        "following": order.after(rows, film_id),
        "previous": order.before(rows, film_id),
        "then": [row for row in rows[place : place + THEN] if row.film != film_id],
        **_around(request, tab, rows, at),
    }
    return _page(request, "admin/review/question.html", context)


def _looked_up(request: HttpRequest, film: ListedFilm, today: dt.date) -> tuple[Any, str]:
    """What TMDB found, None where nothing was asked; and what went wrong, in words."""
    words, ref = request.GET.get("q", "").strip(), request.GET.get("ref", "").strip()
    if not words and not ref:
        return None, ""
    try:
        if ref:
            return lookup.look_at(film, ref, today=today), ""
        year = request.GET.get("year", "")
        return lookup.search(film, words[:200], int(year) if year.isdecimal() else None, today=today), ""
    except (lookup.NoAnswer, lookup.NotAReference) as error:
        return None, said(error)


def _around(request: HttpRequest, tab: Tab, rows: list[order.Waiting], at: dt.datetime) -> dict[str, Any]:
    """What every page has: tabs with their counts, showtimes held, precision, the last decision to undo."""
    mine = Decision.objects.standing().filter(by=_user(request), at__gte=at - UNDO_OFFERED).select_related("film")
    return {
        "tab": tab.value,
        "tally": order.tally(at),
        "held": sum(row.held for row in rows),
        "audit": quality.audit(),
        "last": mine.first(),
        "now": at,
        "may_decide": request.user.has_perm("review.decide"),
        "may_undo": request.user.has_perm("review.undo"),
    }


def _confirm_all(request: HttpRequest, at: dt.datetime) -> None:
    confirmed = 0
    for ticked in request.POST.getlist("film"):
        film, _colon, revision = ticked.partition(":")
        try:
            hand = _hand(request, int(film) if film.isdecimal() else 0, revision, at, Decision.Origin.BULK)
            decisions.confirm(hand)
            confirmed += 1
        except ListedFilm.DoesNotExist:
            raise PermissionDenied(_("This form did not come from one of our pages.")) from None
        except decisions.Stale as stale:
            messages.warning(request, f"{stale.film}: {refused(stale)}")
    summary = ngettext("%(n)s match confirmed.", "%(n)s matches confirmed.", confirmed) % {"n": confirmed}
    messages.add_message(request, messages.SUCCESS if confirmed else messages.WARNING, summary)


def _hand(request: HttpRequest, film: int, revision: str, at: dt.datetime, origin: str | None = None) -> decisions.Hand:
    if not revision.isdecimal():
        raise PermissionDenied(_("This form did not come from one of our pages."))
    wanted = origin or request.POST.get("origin", "")
    made_in = wanted if wanted in Decision.Origin.values else Decision.Origin.QUEUE
    return decisions.Hand(film, int(revision), _user(request), at, made_in)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the guard lets nobody in without an account"
    return request.user


def _tab(request: HttpRequest) -> Tab:
    wanted = request.POST.get("tab") or request.GET.get("tab")
    return Tab(wanted) if wanted in list(Tab) else Tab.OPEN


def _address(film: int | None, tab: Tab, typed: Mapping[str, Sequence[str]] | None = None) -> str:
    """Of a question, or of the queue's beginning, in the tab where the reviewer is; with what was `typed` there."""
    path = reverse("review-question", args=[film]) if film else reverse("review")
    query = {**({} if tab == Tab.OPEN else {"tab": [tab.value]}), **(typed or {})}
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    """What the reviewer had filled in, searched for and ticked, so that nothing has to be typed twice."""
    typed = {name: [value] for name in TYPED if (value := request.POST.get(name, ""))}
    if request.POST.get("do") == "several_films":
        typed["tick"] = request.POST.getlist("tmdb_id")
    return typed


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
    around = {**admin.site.each_context(request), "title": _("Which film is this?"), "is_nav_sidebar_enabled": False}
    return TemplateResponse(request, template, {**around, **context})
