"""The review pages that show something: the queue, one question, provisional matches, quality."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.models import ListedFilm
from kinokrakow.staff.access import may_see
from review.automatic import upkeep
from review.decisions import lookup
from review.models import Decision
from review.queue import cards, labels, order, quality, question
from review.queue.deciding import confirm_ticked
from review.queue.frame import around, number, page, tab_of, user
from review.queue.order import Tab
from review.queue.refusals import said

DECISIONS_SHOWN = 50
THEN = 4  # questions named beside the one in hand


@may_see()
@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """The most urgent question of a tab, or the one at `?place=`; or what an empty tab means."""
    tab, at = tab_of(request), timezone.now()
    rows = order.waiting(tab, at)
    if rows:
        wanted = number(request.GET.get("place", "")) or 1
        return _question(request, rows[wanted - 1 if 1 <= wanted <= len(rows) else 0].film, tab, rows, at)
    return page(request, "admin/review/empty.html", {"tab": tab.value, **around(request, tab, rows, at)})


@may_see()
@require_safe
def question_page(request: HttpRequest, film_id: int) -> HttpResponse:
    """Any listed film as a question; `?q=&year=` searches TMDB (`&many=1`: more), `?ref=` looks up an id or link."""
    tab, at = tab_of(request), timezone.now()
    return _question(request, film_id, tab, order.waiting(tab, at), at)


def provisional(request: HttpRequest) -> HttpResponse:
    """Provisional matches, each pair side by side; POST confirms those that are ticked (`film=pk:revision`)."""
    return confirm_ticked(request) if request.method == "POST" else _provisional(request)


@may_see()
@require_safe
def _provisional(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    rows = order.waiting(Tab.PROVISIONAL, at)
    films = ListedFilm.objects.select_related("movie").in_bulk([row.film for row in rows])
    pairs = cards.pairs(films[row.film] for row in rows if row.film in films)
    waiting = {row.film: row for row in rows}
    context = {
        "pairs": [(waiting[film.pk], film, card) for film, card in pairs],
        **around(request, Tab.PROVISIONAL, rows, at),
    }
    return page(request, "admin/review/provisional.html", context)


@may_see("review.view_decision")
@require_safe
def history_page(request: HttpRequest) -> HttpResponse:
    """The latest decisions, each with who, when, what it moved and the way to take it back; `?mine=1`: one's own."""
    at = timezone.now()
    rows = Decision.objects.select_related("film", "by", "undone_by").order_by("-at", "-pk")
    mine = "mine" in request.GET
    if mine:
        rows = rows.filter(by=user(request))
    latest = list(rows[:DECISIONS_SHOWN])
    standing: dict[int, int] = {}
    for row in latest:
        if row.undone_at is None:
            standing.setdefault(row.film_id, row.pk)
    context = {
        "decisions": [(row, standing.get(row.film_id) == row.pk) for row in latest],
        "mine": mine,
        **around(request, Tab.OPEN, order.waiting(Tab.OPEN, at), at),
        "history_page": True,
        "title": _("Decisions"),
    }
    return page(request, "admin/review/history.html", context)


@may_see()
@require_safe
def quality_page(request: HttpRequest) -> HttpResponse:
    """How often the program was right, this week's sample to audit, and other thresholds tried dry."""
    at = timezone.now()
    sample = quality.sample(timezone.localtime(at))
    asked = quality.verdicts([Decision.Origin.QUEUE, Decision.Origin.BULK])
    audited = quality.verdicts([Decision.Origin.AUDIT])
    context = {
        "left": len(sample),
        "subject": next(iter(cards.pairs(sample[:1])), None),
        "audit": quality.audit(),
        "bands": quality.bands([*asked, *audited]),
        "dry_runs": quality.dry_runs(asked),
        "asked": len(asked),
        "contradicted": [(one.film, labels.against(one.against)) for one in upkeep.contradicted(at)],
        **around(request, Tab.OPEN, [], at),
        "quality_page": True,
        "title": _("How good are the matches?"),
    }
    return page(request, "admin/review/quality.html", context)


def _question(
    request: HttpRequest, film_id: int, tab: Tab, rows: list[order.Waiting], at: dt.datetime
) -> TemplateResponse:
    film = get_object_or_404(ListedFilm.objects.select_related("movie"), pk=film_id)
    shown = question.of(film, at, timezone.localdate(at), alone="alone" in request.GET)
    may_ask = request.user.has_perm("review.decide")  # whoever may not decide does not have TMDB asked
    results, trouble = _looked_up(request, film, timezone.localdate(at)) if may_ask else (None, "")
    decided = {film_id, *(other.pk for other in shown.same)}  # by this one decision
    place = next((n for n, row in enumerate(rows, start=1) if row.film == film_id), 0)
    context = {
        "question": shown,
        "subtitle": film.title,
        "alone": "alone" in request.GET,
        "results": cards.found(film, results or ()),
        "ticked": request.GET.getlist("tick"),
        "searched": results is not None,
        "more_to_find": len(results or ()) == lookup.SHOWN and "many" not in request.GET,
        "trouble": trouble,
        "origin": request.GET.get("origin", ""),
        "place": place,
        "of": len(rows),
        "following": order.after(rows, film_id),
        "previous": order.before(rows, film_id),
        "then": [row for row in rows[place:] if row.film not in decided][:THEN],
        **around(request, tab, rows, at),
    }
    return page(request, "admin/review/question.html", context)


def _looked_up(request: HttpRequest, film: ListedFilm, today: dt.date) -> tuple[Any, str]:
    """What TMDB found, None where nothing was asked; and what went wrong, in words."""
    words, ref = request.GET.get("q", "").strip(), request.GET.get("ref", "").strip()
    if not words and not ref:
        return None, ""
    try:
        if ref:
            return lookup.look_at(film, ref, today=today), ""
        year, most = number(request.GET.get("year", "").strip()), lookup.MANY if "many" in request.GET else lookup.SHOWN
        return lookup.search(film, words[:200], year, today=today, most=most), ""
    except (lookup.NoAnswer, lookup.NotAReference) as error:
        return None, said(error)
