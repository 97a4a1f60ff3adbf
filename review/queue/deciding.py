"""The review pages that change something: deciding, undoing, confirming provisional matches."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import ListedFilm
from kinokrakow.staff.access import may_do
from review import decisions
from review.decisions import grouping, lookup
from review.models import Decision
from review.queue import answers
from review.queue.frame import address, number, tab_of, undo_if_sure, user
from review.queue.refusals import refused, refused_undo, said

TYPED = ("origin", "q", "year", "ref", "more", "note")  # what a refused form gives back to whoever filled it in


@may_do("review.decide", back=lambda request, film_id: address(film_id, tab_of(request), _typed(request)))
def decide(request: HttpRequest, film_id: int) -> HttpResponse:
    """Carry out a decision (`do`) on the film as it was shown (`revision`), and go on to the next question.

    It is at the same `place` in the queue, once the one that was decided on has left it.
    """
    tab, at = tab_of(request), timezone.now()
    try:
        first = _submission(request, film_id, request.POST.get("revision", ""), at)
        others = [_ticked(request, text, at) for text in request.POST.getlist("also")[: grouping.MOST]]
        answers.carry_out(request.POST, first, [one for one in others if one.film != film_id])
    except ListedFilm.DoesNotExist as missing:
        raise Http404 from missing
    except decisions.Stale as stale:
        messages.warning(request, refused(stale))
        return redirect(address(film_id, tab, _typed(request)))
    except (answers.Unclear, lookup.NoAnswer) as trouble:
        messages.error(request, said(trouble))
        return redirect(address(film_id, tab, _typed(request)))
    if request.POST.get("origin") == Decision.Origin.AUDIT:
        return redirect("review-quality")
    place = request.POST.get("place", "")
    return redirect(address(None, tab, {"place": [place]} if place.isdecimal() and place != "1" else None))


@may_do("review.undo", back=lambda request, decision_id: address(None, tab_of(request)))
def undo(request: HttpRequest, decision_id: int) -> HttpResponse:
    decision = get_object_or_404(Decision.objects.select_related("film"), pk=decision_id)
    try:
        sure = request.POST.get("sure") == "1"
        undone = decisions.undo_together(decision_id, by=user(request), at=timezone.now(), sure=sure)
    except decisions.NotUndone as error:
        messages.warning(request, refused_undo(error))
    except decisions.TakesMuch as much:
        return undo_if_sure(request, decision, much)
    else:
        text = _("Undone: “%(film)s” is as it was before it was decided.") % {"film": decision.film}
        if others := len(undone) - 1:
            also = ngettext(
                "So is %(n)s other listing decided with it.", "So are %(n)s other listings decided with it.", others
            )
            text += " " + also % {"n": others}
        messages.success(request, text)
    return redirect(address(decision.film_id, tab_of(request)))


@may_do("review.decide", back=lambda _request: reverse("review-provisional"))
def confirm_ticked(request: HttpRequest) -> HttpResponse:
    """Confirm the provisional matches that are ticked (`film=pk:revision`)."""
    confirmed, at = 0, timezone.now()
    for ticked in request.POST.getlist("film"):
        try:
            decisions.confirm(_ticked(request, ticked, at, Decision.Origin.BULK))
            confirmed += 1
        except ListedFilm.DoesNotExist:
            raise PermissionDenied(_("This form did not come from one of our pages.")) from None
        except decisions.Stale as stale:
            messages.warning(request, f"{stale.film}: {refused(stale)}")
    summary = ngettext("%(n)s match confirmed.", "%(n)s matches confirmed.", confirmed) % {"n": confirmed}
    messages.add_message(request, messages.SUCCESS if confirmed else messages.WARNING, summary)
    return redirect("review-provisional")


def _submission(
    request: HttpRequest, film: int, revision: str, at: dt.datetime, origin: str | None = None
) -> decisions.Submission:
    shown = number(revision)
    if shown is None:
        raise PermissionDenied(_("This form did not come from one of our pages."))
    wanted = origin or request.POST.get("origin", "")
    made_in = wanted if wanted in Decision.Origin.values else Decision.Origin.QUEUE
    return decisions.Submission(film, shown, user(request), at, made_in)


def _ticked(request: HttpRequest, text: str, at: dt.datetime, origin: str | None = None) -> decisions.Submission:
    """A film as it was shown, written as `pk:revision`."""
    film, _colon, revision = text.partition(":")
    return _submission(request, number(film) or 0, revision, at, origin)


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    """What the reviewer had filled in, searched for and ticked, so that nothing has to be typed twice."""
    typed = {name: [value] for name in TYPED if (value := request.POST.get(name, ""))}
    if request.POST.get("do") == "several_films":
        typed["tick"] = request.POST.getlist("tmdb_id")
    return typed
