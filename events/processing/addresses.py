"""A film's address: what is a film of its own, and what an older version stored under another's.

The site puts a UUID behind a film's name where another film has that name already. Until version 1.1 it was cut off,
so the films of one name shared a row. `adopt` gives a film that is listed under its whole address a row of its own,
with the match, the decision and the showtimes that it had, and leaves the old row to the film of the plain name.
"""

from __future__ import annotations

import datetime as dt

from events.models import ListedFilm, Showtime
from events.records import Programme, plain_slug


def adopt(programme: Programme, at: dt.datetime) -> set[int]:
    """Move what an older version stored under a cut address to the films that the page lists under the whole one;
    returns the films whose showtimes moved. In the caller's transaction."""
    plain = {s.film_slug: cut for s in programme.showtimes if (cut := plain_slug(s.film_slug)) != s.film_slug}
    if not plain:
        return set()
    shared = ListedFilm.objects.filter(slug__in=set(plain.values()), address_cut=True)
    old = {film.slug: film for film in shared.order_by("pk").select_for_update(no_key=True)}
    films = {film.slug: film for film in ListedFilm.objects.filter(slug__in=plain)}
    listed = {s.external_id for s in programme.showtimes}
    cut_ids = {
        s.external_id: f"{plain[s.film_slug]}{s.external_id.removeprefix(s.film_slug)}"
        for s in programme.showtimes
        if plain.get(s.film_slug) in old
    }
    stored = Showtime.objects.in_bulk({*cut_ids, *cut_ids.values()} - (listed - set(cut_ids)), field_name="external_id")
    moved: list[Showtime] = []
    touched: set[int] = set()
    for whole_id, cut_id in cut_ids.items():
        slug = whole_id.partition("|")[0]
        if slug not in films:
            films[slug] = _copy(old[plain[slug]], slug)
        row = stored.pop(cut_id, None)
        if row is None or whole_id in stored or cut_id in listed:
            continue
        row.external_id, row.film = whole_id, films[slug]
        moved.append(row)
        touched |= {films[slug].pk, old[plain[slug]].pk}
    Showtime.objects.bulk_update(moved, ["external_id", "film"])
    # What is asked of a film that is listed no more is asked of the one that took its place.
    left = ListedFilm.objects.filter(pk__in=touched, slug__in=old)
    left = left.exclude(pk__in=Showtime.objects.listed().filter(starts_at__gt=at).values("film"))
    left.filter(match_status=ListedFilm.Match.REVIEW).update(match_status=ListedFilm.Match.PENDING)
    left.filter(reopened_at__isnull=False).update(reopened_at=None)
    return touched


def _copy(film: ListedFilm, slug: str) -> ListedFilm:
    """The film under its whole address, with all that is known and decided; its own page is still to be read."""
    copy = ListedFilm.objects.get(pk=film.pk)
    copy.pk, copy.slug, copy.address_cut, copy.revision = None, slug, False, 0
    copy.facts_at = copy.facts_due_at = copy.has_page = None
    copy._state.adding = True
    copy.save(force_insert=True)
    copy.parts.set(film.parts.all())
    candidates = list(film.candidates.all())
    for candidate in candidates:
        candidate.pk, candidate.film = None, copy
    film.candidates.model._default_manager.bulk_create(candidates)
    return copy
