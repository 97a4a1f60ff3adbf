"""A film of TMDB's as a card beside the listing: its facts, the matcher's reasons, and how its title differs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from events.models import ListedFilm
from review.matching.candidates import Candidate
from review.matching.score import Scored
from review.models import MatchCandidate
from review.queue import labels

LONGEST_MARKED = 200  # letters
ALIKE = 0.6  # from here on two titles are so near that their differences are worth marking
DIGITS = 9  # films that a search found and a digit accepts
POSTERS = f"{settings.TMDB_IMAGE_URL}/t/p/w154"
_POSTER = re.compile(r"/[A-Za-z0-9_-]+\.(jpg|png)")


@dataclass(frozen=True, slots=True)
class Fact:
    text: str
    tone: str = labels.NONE


@dataclass(frozen=True, slots=True)
class Card:
    """A candidate. `key`: the digit that accepts it, 0 without one; `state`: as MatchCandidate has it, or "found"."""

    film: Candidate
    key: int
    score: float
    facts: tuple[Fact, ...]
    chips: tuple[labels.Chip, ...]
    lift: str
    state: str
    title: tuple[tuple[str, bool], ...] = ()  # in pieces: text, and whether it differs from what is listed

    @property
    def poster(self) -> str:
        path = self.film.poster_path
        return POSTERS + path if _POSTER.fullmatch(path) else ""

    @property
    def bar(self) -> int:
        return round(self.score)


def pairs(films: Iterable[ListedFilm]) -> list[tuple[ListedFilm, Card]]:
    """Films, their movies loaded, beside the match that stands, as a card; one query."""
    linked = {film.pk: film for film in films if film.movie}
    rows = MatchCandidate.objects.filter(film__in=linked, tmdb_id=F("film__movie__tmdb_id"))
    cards = {row.film_id: stored(linked[row.film_id], row, 0) for row in rows}
    return [(film, cards[pk]) for pk, film in linked.items() if pk in cards]


def found(film: ListedFilm, results: Sequence[Scored]) -> tuple[Card, ...]:
    """Films looked up by hand, as cards that take over the digits; what was rejected before is shown as such."""
    ids = [one.candidate.tmdb_id for one in results]
    rejected = MatchCandidate.objects.filter(film=film, tmdb_id__in=ids, state=MatchCandidate.State.REJECTED)
    before = set(rejected.values_list("tmdb_id", flat=True)) if ids else set()
    return tuple(
        _card(
            film,
            one.candidate,
            [reason.as_dict() for reason in one.reasons],
            one.score,
            one.lift or "",
            "rejected" if one.candidate.tmdb_id in before else "found",
            key if key <= DIGITS else 0,
        )
        for key, one in enumerate(results, start=1)
    )


def stored(listed: ListedFilm, row: MatchCandidate, key: int) -> Card:
    return _card(listed, Candidate.from_dict(row.facts), row.reasons, row.score, row.lift, row.state, key)


def _card(
    listed: ListedFilm,
    film: Candidate,
    reasons: Sequence[Mapping[str, Any]],
    score: float,
    lift: str,
    state: str,
    key: int,
) -> Card:
    facts = tuple(_facts(film, labels.outcomes(reasons)))
    title = tuple(marked(film.title, (listed.title, listed.original_title)))
    return Card(film, key, score, facts, tuple(labels.chips(reasons)), labels.lift(lift), state, title)


def marked(title: str, listed: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """A candidate's title in pieces, each with whether it differs from the nearest of the listed titles.

    Nothing is marked in a title that is another one altogether: that it is the other's says enough.
    """
    ours = title.casefold()
    if len(ours) != len(title) or len(title) > LONGEST_MARKED:
        yield title, False
        return
    compared = [SequenceMatcher(None, text.casefold()[:LONGEST_MARKED], ours, autojunk=False) for text in listed]
    nearest = max(compared, key=SequenceMatcher.ratio)
    if nearest.ratio() < ALIKE:
        yield title, False
        return
    for operation, _from, _to, start, end in nearest.get_opcodes():
        if start < end:
            yield title[start:end], operation != "equal"


def _facts(film: Candidate, tones: Mapping[str, str]) -> Iterator[Fact]:
    if film.original_title and film.original_title != film.title:
        yield Fact(film.original_title, tones.get("original_title", labels.NONE))
    yield Fact(str(film.year) if film.year else _("year unknown"), tones.get("year", labels.NONE))
    yield Fact(", ".join(film.directors) or _("director unknown"), tones.get("director", labels.NONE))
    runtime = _("%(n)s min") % {"n": film.runtime} if film.runtime else _("runtime unknown")
    yield Fact(runtime, tones.get("runtime", labels.NONE))
    if film.countries:
        yield Fact(", ".join(film.countries), tones.get("country", labels.NONE))
