"""A film's own page becomes facts, or the reason why there are none. Every verb runs in its caller's transaction."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import replace
from typing import Any

from events.models import URL, ListedFilm
from events.records import LONGEST_NAME, FilmFacts

#: What a film's page may say besides its title.
FACTS = (
    "original_title", "directors", "year", "countries", "runtime", "cast", "genres", "premiere", "distributor",
    "poster_url",
)  # fmt: skip
IDENTIFYING = ("title", "original_title", "year", "runtime", "directors")
LONGEST_LIST = 50
PAGE_GONE_AGAIN = dt.timedelta(hours=2)  # until a page is asked for again that answers 404 and should not
FEW_PAGES, FEW_GONE = 8, 3  # less than these say nothing about a share


def store_facts(film: ListedFilm, facts: FilmFacts, *, at: dt.datetime, refresh: dt.timedelta) -> frozenset[str]:
    """Keep what the film's page says; returns the names of the changed facts that say which film it is.

    A fact that the page does not give (any more) keeps its last value: silence is no correction. Nothing counts as
    changed when the page was never read before and nobody has asked TMDB by the title alone; and of a film that a
    person decided on, no fact does that was not known then.
    """
    old = film.facts()
    facts = _cut(facts)
    given = [name for name in FACTS if getattr(facts, name)]
    kept = replace(facts, **{name: getattr(old, name) for name in FACTS if name not in given})
    told = film.facts_at is not None or film.match_asked_at is not None
    changed = _changed(old, kept) if told else frozenset()
    if film.decided_at is not None:
        changed = frozenset(name for name in changed if getattr(old, name))
    ListedFilm.objects.filter(pk=film.pk).update(
        title=kept.title,
        original_title=kept.original_title or "",
        directors=list(kept.directors),
        year=kept.year,
        countries=list(kept.countries),
        runtime=kept.runtime,
        cast=list(kept.cast),
        genres=list(kept.genres),
        premiere=kept.premiere,
        distributor=kept.distributor or "",
        poster_url=kept.poster_url or "",
        has_page=True,
        facts_given=given,
        page_problem="",
        facts_at=at,
        facts_due_at=at + refresh,
    )
    film.refresh_from_db()
    return changed


def _cut(facts: FilmFacts) -> FilmFacts:
    """The facts at lengths that a row may have."""

    def cut(value: Any) -> Any:
        if isinstance(value, str):
            return value[:LONGEST_NAME]
        return tuple(map(cut, value[:LONGEST_LIST])) if isinstance(value, tuple) else value

    poster = facts.poster_url if facts.poster_url and len(facts.poster_url) <= URL else None
    plain: dict[str, Any] = {name: cut(getattr(facts, name)) for name in ("title", *FACTS) if name != "poster_url"}
    return replace(facts, **plain, poster_url=poster)


def store_no_page(film: ListedFilm, *, at: dt.datetime, refresh: dt.timedelta) -> None:
    """Keep that the film's page answered 404; what it said before stands.

    A film that had a page is asked about again soon, and so are all without one while most pages answer so: a renamed
    path looks like this.
    """
    had_one = bool(film.has_page)
    ListedFilm.objects.filter(pk=film.pk).update(
        has_page=False, page_problem="", facts_at=at, facts_due_at=at + (PAGE_GONE_AGAIN if had_one else refresh)
    )
    if pages_missing(at):
        soon = at + PAGE_GONE_AGAIN
        ListedFilm.objects.filter(has_page=False, facts_due_at__gt=soon).update(facts_due_at=soon)


def pages_missing(at: dt.datetime) -> int:
    """How many film pages answered 404 in the day before `at`, if those are so many that the path may have changed:
    more than half of all that were asked for, or at least three, and half, that were there before. Else 0."""
    asked = ListedFilm.objects.filter(facts_at__gt=at - dt.timedelta(days=1), facts_at__lte=at)
    pages, missing = asked.count(), asked.filter(has_page=False)
    without, gone = missing.count(), missing.exclude(facts_given=[]).count()
    many = (pages >= FEW_PAGES and 2 * without > pages) or (gone >= FEW_GONE and 2 * gone >= pages)
    return without if many else 0


def doubt_page(film: ListedFilm, problem: str, *, due: dt.datetime) -> None:
    """What answered at the film's address is not believed to be its page: what is known of it stands."""
    ListedFilm.objects.filter(pk=film.pk).update(page_problem=problem, facts_due_at=due)


def _changed(old: FilmFacts, new: FilmFacts) -> frozenset[str]:
    """Which of the facts that say which film it is differ, however they are written: then TMDB is asked again."""
    return frozenset(name for name in IDENTIFYING if _spelling(getattr(old, name)) != _spelling(getattr(new, name)))


def _spelling(value: object) -> object:
    """Without case, accents, punctuation and order of names, which a site may change without meaning anything by it."""
    if isinstance(value, str):
        return "".join(c for c in unicodedata.normalize("NFKD", value.casefold()) if c.isalnum()) or value
    return frozenset(map(_spelling, value)) if isinstance(value, tuple) else value
