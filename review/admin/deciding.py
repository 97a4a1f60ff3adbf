"""What the lists of review share: deciding on the films of chosen rows, and the sum of what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from events.models import ListedFilm
from kinokrakow.admin import ReadOnly
from review import decisions
from review.decisions import Submission, bulk, lookup
from review.matching.weights import REVIEW
from review.models import Decision
from review.queue import answers
from review.queue.refusals import refused, said

TOLD = 10  # refusals named one by one


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the admin lets nobody in without an account"
    return request.user


Answer = Callable[[Submission], Decision]


class Deciding(ReadOnly):
    """Decides on the films of the chosen rows, and sums up what was and what was not done."""

    class Media:
        css: ClassVar = {"all": ("review/review.css",)}

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("review.decide")

    def has_undo_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("review.undo")

    def decide(self, request: HttpRequest, asked: list[tuple[ListedFilm, Answer]]) -> None:
        """Each on the film as it is now. What somebody decided stands: a list can't show that it was just decided."""
        closed = decisions.standing(film.pk for film, _answer in asked if film.decided_at and not film.reopened_at)
        done, told = 0, []
        for film, answer in asked:
            if film.pk in closed:
                told.append(refused(decisions.Stale(film, closed[film.pk])))
                continue
            submitted = Submission(film.pk, film.revision, user_of(request), timezone.now(), Decision.Origin.BULK)
            try:
                answer(submitted)
                done += 1
            except decisions.Stale as stale:
                told.append(refused(stale))
            except (answers.Unclear, lookup.NoAnswer) as trouble:
                told.append(f"{film}: {said(trouble)}")
        self.sum_up(request, done, told)

    def accept_in_background(self, request: HttpRequest, chosen: list[tuple[ListedFilm, int | None]]) -> None:
        """Have these candidates accepted; what somebody decided, or has none worth a question, is said at once."""
        closed = decisions.standing(film.pk for film, _tmdb_id in chosen if film.decided_at and not film.reopened_at)
        open_ones = [(film, tmdb_id) for film, tmdb_id in chosen if tmdb_id is not None and film.pk not in closed]
        told = [refused(decisions.Stale(film, closed[film.pk])) for film, _tmdb_id in chosen if film.pk in closed]
        none = gettext("no candidate of %(least)s %% or more is offered") % {"least": REVIEW}
        told += [f"{film}: {none}" for film, tmdb_id in chosen if tmdb_id is None and film.pk not in closed]
        if open_ones:
            row = bulk.ask(open_ones, by=user_of(request), at=timezone.now())
            count = len({film.pk for film, _tmdb_id in open_ones})
            text = ngettext("%(n)s film is being accepted.", "%(n)s films are being accepted.", count) % {"n": count}
            link = format_html(
                '{} <a href="{}">{}</a>', text, reverse("admin:review_bulk_change", args=[row.pk]), gettext("Summary")
            )
            self.message_user(request, link, messages.SUCCESS)
        for line in told[:TOLD]:
            self.message_user(request, line, messages.WARNING)

    def sum_up(self, request: HttpRequest, done: int, told: list[str]) -> None:
        decided = ngettext("%(n)s film decided on", "%(n)s films decided on", done) % {"n": done}
        left = ngettext("%(n)s left as it was", "%(n)s left as they were", len(told)) % {"n": len(told)}
        self.message_user(request, f"{decided}, {left}.", messages.SUCCESS if done else messages.WARNING)
        for line in told[:TOLD]:
            self.message_user(request, line, messages.WARNING)
