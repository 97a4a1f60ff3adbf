"""A programme page becomes rows: its cinemas, films and showtimes, less what it no longer lists.

Every verb runs in its caller's transaction, in a handful of statements however many rows: a day's page is stored by
bulk upserts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from events.local_time import localise
from events.models import BATCH, Cinema, ListedFilm, Showtime, bulk
from events.models.taken_away import large_part
from events.processing.addresses import adopt
from events.processing.fitting import storable
from events.publishing import publish, published
from events.records import ListedShowtime, Programme

MOST_UNREAD = 5  # a page of which more than one row in so many was not understood is suspicious
#: How long a cinema's name stands that no page says any more, and how often it is noted that one does.
NAME_STANDS, NAME_SEEN_AGAIN = dt.timedelta(hours=36), dt.timedelta(hours=12)


class _Row(NamedTuple):
    """A showtime as it is stored, in plain columns; when it was seen, which never differs, comes last."""

    external_id: str
    film_id: int
    cinema_id: int
    day: dt.date
    starts_at: dt.datetime
    ticket_url: str | None
    version: str
    withdrawn_at: dt.datetime | None
    last_seen_at: dt.datetime
    first_seen_at: dt.datetime | None = None  # of what is stored it is not read


SEEN = 2  # columns


@dataclass(frozen=True, slots=True)
class Outcome:
    """What storing a programme page came to, in showtimes."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    unpublished: int = 0  # of the withdrawn
    suspicious: bool = False
    not_withdrawn: int = 0  # known and to come, but not listed, and left as they are


def store_programme(
    programme: Programme,
    *,
    at: dt.datetime,
    fresh: dt.timedelta,
    tickets_listed: bool = True,
    doubted: Programme | None = None,
    taken_away: int = 0,
) -> Outcome:
    """Store a verified page: upsert its showtimes by `external_id`, withdraw future ones it lacks, publish.

    Of films with a row that was not understood nothing is withdrawn; nothing at all where a heading was not, or where
    the page's end is missing. Such a page is suspicious, and so is one of which more than a fifth was not understood.

    `fresh`: a showtime seen less than this ago and unchanged is only touched. `tickets_listed`: False
    for a page kind without ticket links, whose silence about one erases none. A page with less than half
    of the day's future showtimes that are known withdraws nothing and is suspicious; so does one that would bring what
    its run takes away (`taken_away` published showtimes so far) to more than a tenth of all that are published. But if
    `doubted`, what was read of the day before and was suspicious then, says the same, it is believed.
    """
    programme = storable(programme)
    day = programme.date
    _store_cinemas(programme.showtimes, at)
    adopted = adopt(programme, at)
    expected = set(Showtime.objects.to_come(day, at).values_list("external_id", flat=True))
    listed = {s.external_id for s in programme.showtimes}
    to_come = _to_come(programme, at)
    confirmed = doubted is not None and doubted.empty == programme.empty and _to_come(doubted, at) == to_come
    lost = Showtime.objects.listed().filter(external_id__in=expected - listed, event__isnull=False).count()
    too_much = lost > 0 and large_part(lost + taken_away, published(at) + taken_away)
    too_few = 2 * len(to_come) < len(expected) or too_much
    unread = [row for row in programme.unread if not row.is_cancelled]
    half_read = MOST_UNREAD * len(unread) > len(unread) + len(programme.showtimes)
    suspicious = (too_few and not confirmed) or half_read or not programme.whole

    films = _store_listed_films(programme, at)
    cinemas = _cinemas(programme.showtimes)
    known = _known(day, listed)
    write: list[_Row] = []
    touch: list[int] = []
    for record in programme.showtimes:
        pk, row = known.get(record.external_id, (0, None))
        claimed = _claimed(record, row, films, cinemas, at, tickets_listed)
        if row is None or at - row.last_seen_at >= fresh or row[:-SEEN] != claimed[:-SEEN]:
            write.append(claimed)
        else:
            touch.append(pk)
    bulk.upsert(Showtime, _Row._fields, write, key="external_id", keep=["first_seen_at"])
    for start in range(0, len(touch), BATCH):
        seen = Showtime.objects.filter(pk__in=touch[start : start + BATCH], last_seen_at__lt=at)
        seen.update(last_seen_at=at)
    gone = set() if suspicious else expected - listed
    if gone and unread:
        gone -= _not_understood(gone, {row.film_slug for row in unread})
    left_films = set(Showtime.objects.filter(external_id__in=gone).values_list("film_id", flat=True))
    unpublished = Showtime.objects.listed().filter(external_id__in=gone, event__isnull=False).count() if gone else 0
    withdrawn = Showtime.objects.withdraw(gone, at)
    if write or withdrawn or adopted:
        publish({row.film_id for row in write} | left_films | adopted, at)
    created = sum(1 for row in write if row.external_id not in known)
    not_withdrawn = len(expected - listed) - withdrawn
    return Outcome(created, len(write) - created, len(touch), withdrawn, unpublished, suspicious, not_withdrawn)


def _known(day: dt.date, external_ids: Collection[str]) -> dict[str, tuple[int, _Row]]:
    """What is stored of a day, and under these ids, with its primary key."""
    found = _read(Q(day=day))
    others = [external_id for external_id in external_ids if external_id not in found]
    for start in range(0, len(others), BATCH):
        found |= _read(Q(external_id__in=others[start : start + BATCH]))
    return found


def _read(wanted: Q) -> dict[str, tuple[int, _Row]]:
    rows = Showtime.objects.filter(wanted).order_by().values_list("pk", *_Row._fields[:-1])
    return {values[0]: (pk, _Row(*values)) for pk, *values in rows}


def _not_understood(external_ids: set[str], film_slugs: set[str]) -> set[str]:
    """Those of films with rows that were not understood; all, where a row's film was not understood either."""
    if "" in film_slugs:
        return external_ids
    rows = Showtime.objects.filter(external_id__in=external_ids, film__slug__in=film_slugs)
    return set(rows.values_list("external_id", flat=True))


def _to_come(programme: Programme, at: dt.datetime) -> set[str]:
    """What of a page has not begun: a site may drop what has."""
    return {s.external_id for s in programme.showtimes if localise(s.starts_at) > at}


def _store_cinemas(records: Iterable[ListedShowtime], at: dt.datetime) -> None:
    """The cinemas by slug. Another name is taken over when no page has said the one before for a while: pages that
    disagree would otherwise rename the cinema at each sync, to and fro."""
    names: dict[str, str] = {}
    for record in records:
        names.setdefault(record.cinema_slug, record.cinema_name)
    rows = list(Cinema.objects.filter(slug__in=names))
    new = sorted(names.keys() - {row.slug for row in rows})
    Cinema.objects.bulk_create(
        [Cinema(slug=slug, name=names[slug], name_seen_at=at) for slug in new], ignore_conflicts=True
    )
    renamed, seen = [], []
    for row in rows:
        stands_for = at - row.name_seen_at if row.name_seen_at else NAME_STANDS
        if row.name == names[row.slug] and stands_for >= NAME_SEEN_AGAIN:
            seen.append(row.pk)
        elif row.name != names[row.slug] and stands_for >= NAME_STANDS:
            row.name, row.name_seen_at = names[row.slug], at
            renamed.append(row)
    if held := [*seen, *(row.pk for row in renamed)]:  # in one order, as whoever says that two cinemas are one does
        list(Cinema.objects.filter(pk__in=held).order_by("pk").select_for_update(no_key=True))
        Cinema.objects.filter(pk__in=seen).update(name_seen_at=at)
    Cinema.objects.bulk_update(renamed, ["name", "name_seen_at"])


def _cinemas(records: Iterable[ListedShowtime]) -> dict[str, int]:
    """Where each slug's showtimes are stored. Read when the films are held: who says at this moment that two cinemas
    are one comes before, or moves what is stored here too."""
    rows = Cinema.objects.filter(slug__in={r.cinema_slug for r in records})
    return {row.slug: row.same_as_id or row.pk for row in rows}


def _store_listed_films(programme: Programme, at: dt.datetime) -> dict[str, int]:
    """The films by slug, and those of what the page may withdraw. All are held, in one order, until the transaction
    ends: whoever matches one of them at this moment, or reads another day that lists it, comes before or after."""
    titles = {r.film_slug: r.film_title for r in programme.showtimes}
    listed = Q(slug__in=titles)
    new = sorted(titles.keys() - set(ListedFilm.objects.filter(listed).values_list("slug", flat=True)))
    ListedFilm.objects.bulk_create(
        [ListedFilm(slug=slug, title=titles[slug], first_seen_at=at, last_seen_at=at) for slug in new],
        ignore_conflicts=True,
    )
    may_go = Q(pk__in=Showtime.objects.to_come(programme.date, at).values("film"))
    films = ListedFilm.objects.filter(listed | may_go).order_by("pk").select_for_update(no_key=True)
    held = dict(films.values_list("slug", "pk"))
    ListedFilm.objects.filter(listed).update(last_seen_at=at)
    return held


def _claimed(
    record: ListedShowtime,
    row: _Row | None,
    films: dict[str, int],
    cinemas: dict[str, int],
    at: dt.datetime,
    tickets_listed: bool,
) -> _Row:
    ticket, version = record.ticket_url, record.version
    if row is not None and not tickets_listed:  # such a page says little of a showtime, and takes nothing back
        ticket, version = ticket or row.ticket_url, version or row.version
    return _Row(
        external_id=record.external_id,
        film_id=films[record.film_slug],
        cinema_id=cinemas[record.cinema_slug],
        day=record.day,
        # In UTC as rows are: a time of the hour that comes twice never equals one of another zone.
        starts_at=localise(record.starts_at).astimezone(dt.UTC),
        ticket_url=ticket,
        version=version,
        withdrawn_at=None,
        first_seen_at=at,
        last_seen_at=max(at, row.last_seen_at) if row else at,  # a replayed page is older than what was seen since
    )
