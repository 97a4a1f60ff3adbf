"""A posted form becomes a decision: what TMDB must still tell is asked before the transaction begins."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from review import decisions
from review.decisions import Submission, lookup
from review.decisions.lookup import Reference
from review.matching.candidates import Candidate
from review.models import Decision, MatchCandidate

LONGEST_NOTE = 500
MOST_FILMS = 20  # pasted at once: TMDB is asked about each while the reviewer waits
LATEST = 365  # days that a question can be put off


class Unclear(ValueError):
    """The form says nothing that could be done; its text tells the reviewer why."""


def carry_out(form: QueryDict, submitted: Submission, others: Sequence[Submission] = ()) -> list[Decision]:
    """Do what the form says, on all or on none of the listings: `others` are asked the same question.

    Several films and a confirmation are said of one listing only. Raises `Unclear`, `lookup.NoAnswer`, or
    `decisions.Stale`.
    """
    match form.get("do", ""):
        case "accept":
            place = _reference(form.get("tmdb_id", ""))
            if place.tmdb_id is None:
                raise Unclear(_("No candidate was chosen."))
            return _accept(place.tmdb_id, submitted, others)
        case "several_films":
            films = _ticked(form, submitted)
            return _each(lambda one: decisions.several_films(one, films), submitted, others)
        case "not_on_tmdb":
            return _each(decisions.not_on_tmdb, submitted, others)
        case "not_a_film":
            return _each(decisions.not_a_film, submitted, others)
        case "confirm":
            return [decisions.confirm(submitted)]
        case "defer":
            note = form.get("note", "").strip()
            if not note:
                raise Unclear(_("Say why it is deferred: the next reviewer will see it."))
            until = _until(form.get("days", ""), submitted.at)
            return _each(lambda one: decisions.defer(one, until, note[:LONGEST_NOTE]), submitted, others)
    raise Unclear(_("No decision was chosen."))


def _each(verb: Callable[[Submission], Decision], first: Submission, others: Sequence[Submission]) -> list[Decision]:
    """In one transaction, by primary key: two that decide on the same films can't lock each other out."""
    group = uuid.uuid4() if others else None
    ordered = sorted((first, *others), key=lambda one: one.film)
    with transaction.atomic():
        return [verb(replace(one, group=group)) for one in ordered]


def _accept(tmdb_id: int, first: Submission, others: Sequence[Submission]) -> list[Decision]:
    if not others:
        return [accept(tmdb_id, first)]
    film = _films([Reference(tmdb_id=tmdb_id)], first)[0]  # asked before the transaction begins

    def verb(one: Submission) -> Decision:
        try:
            return decisions.accept(one, tmdb_id)
        except decisions.NotOffered:
            return decisions.accept_other(one, film)

    return _each(verb, first, others)


def accept(tmdb_id: int, submitted: Submission) -> Decision:
    """It is this film, offered or not. TMDB is asked about one of which only a search result is known."""
    try:
        return decisions.accept(submitted, tmdb_id)
    except decisions.NotOffered:
        return decisions.accept_other(submitted, _films([Reference(tmdb_id=tmdb_id)], submitted)[0])


def _ticked(form: QueryDict, submitted: Submission) -> list[Candidate]:
    """Several films: ticked candidates and, a line each, ids or links."""
    lines = [line for line in form.get("more", "").split() if line]
    if len(lines) > MOST_FILMS:
        raise Unclear(_("More than %(most)s films at once: is it a marathon?") % {"most": MOST_FILMS})
    places = dict.fromkeys(_reference(text) for text in [*form.getlist("tmdb_id"), *lines])
    films = {film.tmdb_id: film for film in _films(list(places), submitted)}
    if len(films) < 2:
        raise Unclear(_("Several films are at least two: tick candidates, or give ids or links."))
    return list(films.values())


def _films(places: list[Reference], submitted: Submission) -> list[Candidate]:
    """What is stored as TMDB told it whole; TMDB is asked about the rest."""
    rows = MatchCandidate.objects.filter(film=submitted.film, tmdb_id__in=[p.tmdb_id for p in places if p.tmdb_id])
    stored = {row.tmdb_id: Candidate.from_dict(row.facts) for row in rows if row.facts.get("detailed")}
    missing = [place for place in places if place.tmdb_id not in stored]
    fetched = lookup.fetch(missing) if missing else []
    if len(fetched) < len(missing):
        raise Unclear(_("TMDB has no film with one of these ids; nothing was changed."))
    return [*(stored[p.tmdb_id] for p in places if p.tmdb_id is not None and p.tmdb_id in stored), *fetched]


def _reference(text: str) -> Reference:
    try:
        return lookup.reference(text)
    except lookup.NotAReference as error:
        said = _("“%(text)s” is neither an id nor a link of a film at TMDB or IMDb.") % {"text": text[:80]}
        raise Unclear(said) from error


def _until(days: str, at: dt.datetime) -> dt.datetime | None:
    """The morning so many days on, tomorrow at the earliest; None (no number): until the facts change."""
    if not (days.isascii() and days.isdecimal() and len(days) <= 6):
        return None
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + dt.timedelta(days=min(max(int(days), 1), LATEST))
