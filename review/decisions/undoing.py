"""Decisions taken back, and which of them stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q

from events import publishing
from events.models import Event, ListedFilm
from events.models.taken_away import large_part
from review import automatic
from review.decisions import snapshot
from review.decisions.draft import Verb, log
from review.models import Decision


class NotUndone(Exception):
    """`decision` was undone before, or `later` was decided on top of it."""

    def __init__(self, decision: Decision, later: Decision | None) -> None:
        super().__init__(f"decision {decision.pk} can't be undone")
        self.decision = decision
        self.later = later


class TakesMuch(Exception):
    """To undo this would unpublish more of the programme than anything may by itself: ask whether that is meant."""

    def __init__(self, showtimes: int, published: int) -> None:
        super().__init__(f"{showtimes} of {published} published showtimes would be taken away")
        self.showtimes = showtimes
        self.published = published


@contextmanager
def _not_much(at: dt.datetime, *, sure: bool) -> Iterator[None]:
    before = 0 if sure else publishing.published(at)
    yield
    if not sure and large_part(lost := before - publishing.published(at), before):
        raise TakesMuch(lost, before)


def undo(decision_id: int, *, by: AbstractBaseUser, at: dt.datetime, sure: bool = False) -> Decision:
    """Put back what the decision changed, as it was; only the latest standing decision of a film.

    Raises `TakesMuch`, and has changed nothing, where that would unpublish more than a tenth of all; not if `sure`.

    A deferral changed nothing but itself: what the program has found out since, a match too, stays. After any other
    decision no job changes the film, so that its status, candidates, events and showtimes go back as a whole.
    """
    with transaction.atomic(), _not_much(at, sure=sure):
        mine = Decision.objects.standing().filter(pk=decision_id)
        if mine.update(undone_at=at, undone_by=by.pk) != 1:
            raise NotUndone(Decision.objects.get(pk=decision_id), None)
        decision = Decision.objects.select_related("film", "by").get(pk=decision_id)
        film = decision.film
        # Whoever decides on the film at this moment holds its row: what comes after this update sees their decision.
        ListedFilm.objects.filter(pk=film.pk).update(revision=F("revision") + 1)
        later = film.decisions.standing().filter(pk__gt=decision.pk).select_related("by").last()
        if later:
            raise NotUndone(decision, later)
        if decision.verb == Verb.DEFER:
            snapshot.restore_deferral(film, decision.before)
        else:
            _restore_question(decision, film, at)
        log(film, by, f"Undone: {decision.get_verb_display()}")
        return decision


def undo_together(decision_id: int, *, by: AbstractBaseUser, at: dt.datetime, sure: bool = False) -> list[Decision]:
    """Undo a decision on all listings that it was made on at once, or on none; raises `NotUndone` or `TakesMuch`."""
    with transaction.atomic(), _not_much(at, sure=sure):
        asked = Decision.objects.get(pk=decision_id)
        rows = list(asked.together().standing().order_by("film").values_list("pk", flat=True)) or [decision_id]
        return [undo(pk, by=by, at=at, sure=True) for pk in rows]


def _restore_question(decision: Decision, film: ListedFilm, at: dt.datetime) -> None:
    snapshot.restore(film, decision.before)
    publishing.publish([film.pk], at)
    made = Event.objects.filter(Q(film=film) | Q(movie__tmdb_id__in=decision.tmdb_ids), published_at=decision.at)
    made.filter(showtimes__isnull=True).delete()
    film.refresh_from_db()
    changed = snapshot.changed_facts(decision.facts, film)
    if changed:  # what is restored answers to other facts
        automatic.reconsider(film, changed, at=at)


def standing(films: Iterable[int]) -> dict[int, Decision]:
    """The latest standing decision on each of these films."""
    rows = Decision.objects.standing().filter(film__in=films).select_related("by").order_by("at", "pk")
    return {row.film_id: row for row in rows}
