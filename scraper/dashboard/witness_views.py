"""A witness's page: look, say whose mistake a difference is, look at the witness now."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kinokrakow.staff.access import may_do, may_see
from scraper.coverage.witnesses import following, looking
from scraper.coverage.witnesses.listings.registry import WITNESSES, Witness
from scraper.dashboard import witnesses
from scraper.models import WitnessDifference

SAID = {"dismiss": WitnessDifference.Answer.THEIRS.value, "keep": WitnessDifference.Answer.OURS.value, "reopen": ""}


def _back(_request: HttpRequest, name: str, **_which: Any) -> str:
    return reverse("coverage-witness", args=[name])


@may_see("scraper.view_witnessdifference")
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """What a witness and we differ about. `?show=answered`: what staff have said something of."""
    answered = request.GET.get("show") == "answered"
    board = witnesses.board(_witness(name), timezone.now(), answered=answered)
    context = {
        "board": board,
        "answered": answered,
        "others": [w for w in WITNESSES.values() if w.on and w.name != name],
    }
    title = board.witness.title
    return TemplateResponse(
        request, "admin/scraper/witness.html", {**admin.site.each_context(request), "title": title, **context}
    )


@may_do("scraper.change_witnessdifference", back=_back)
def answer(request: HttpRequest, name: str) -> HttpResponse:
    """`do=dismiss`: the witness is mistaken. `do=keep`: our mistake. `do=reopen`: take that back. `id`: which."""
    witness, said = _witness(name), SAID.get(request.POST.get("do", ""))
    if said is None:
        raise Http404
    ids = [int(one) for one in request.POST.getlist("id") if one.isascii() and one.isdecimal() and len(one) < 19]
    rows = WitnessDifference.objects.filter(witness=witness.name, pk__in=ids)
    assert request.user.pk is not None, "the guard lets nobody in without an account"
    asked = [row for row in rows if row.answer != said]
    done = sum(following.answer(row, said, by=request.user.pk, at=timezone.now()) for row in asked)
    if done:
        text = ngettext("%(n)s difference answered.", "%(n)s differences answered.", done)
        messages.success(request, text % {"n": done})
    else:
        messages.warning(request, _("Nothing to do: somebody was quicker."))
    return redirect("coverage-witness", name)


@may_do("scraper.start_sync", back=_back)
def look_now(request: HttpRequest, name: str) -> HttpResponse:
    witness = _witness(name)
    if not witness.on:
        messages.warning(request, _("%(witness)s is not switched on (WITNESSES).") % {"witness": witness.title})
        return redirect("coverage-witness", name)
    _job, new = looking.ask_by_hand(witness)
    said = _("%(witness)s will be looked at.") if new else _("%(witness)s is already being looked at.")
    messages.success(request, said % {"witness": witness.title})
    return redirect("coverage-witness", name)


def _witness(name: str) -> Witness:
    if name not in WITNESSES:
        raise Http404
    return WITNESSES[name]
