"""Differences are followed from look to look, in the caller's transaction; what staff said of one stays with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db.models import F

from events.local_time import ZONE, localise
from events.models import Cinema, Showtime
from scraper.coverage.witnesses import agreement
from scraper.coverage.witnesses.agreement import Claim, Difference, Key, Short
from scraper.coverage.witnesses.comparison import Compared
from scraper.coverage.witnesses.listings.records import NIGHT_ENDS, Start
from scraper.models import WitnessDifference, WitnessLook

BATCH = 500


def follow(
    look: WitnessLook,
    cells: Sequence[Compared],
    starts: Mapping[int, Start],
    showtimes: Mapping[int, Showtime],
    nights_read: frozenset[dt.date],
) -> None:
    """Bring the open differences in line with the cells of a look.

    One behind midnight stays as it is where the look did not read the night of its date.
    """
    at = look.ended_at
    slugs = _slugs()
    pks = dict(Cinema.objects.filter(same_as=None).values_list("slug", "pk"))
    rows = {
        (row.kind, slugs[row.cinema_id], _wall(row.starts_at), row.number): row
        for row in WitnessDifference.objects.open().filter(witness=look.witness)
    }
    night = {key for key, row in rows.items() if key[2].hour < NIGHT_ENDS and row.date not in nights_read}
    known = {key: (key[1], row.date) for key, row in rows.items() if key not in night or row.starts_at <= at}
    settled = agreement.settle(known, cells, _wall(at))
    for found, fields in (
        (settled.over, {"over_at": at}),
        (settled.again, {"looks": F("looks") + 1, "whole_looks": F("whole_looks") + int(look.whole), "seen_at": at}),
    ):
        wanted = [rows[key].pk for key in found]
        for first in range(0, len(wanted), BATCH):
            WitnessDifference.objects.filter(pk__in=wanted[first : first + BATCH]).update(**fields)
    new = [_row(look, key, one, pks[key[1]], starts, showtimes) for key, one in settled.new.items()]
    WitnessDifference.objects.bulk_create(
        new,
        batch_size=BATCH,
        update_conflicts=True,  # it was there before, and is back
        unique_fields=["witness", "cinema", "starts_at", "kind", "number"],
        update_fields=[
            "date", "their_title", "their_url", "our_title", "showtime", "looks", "whole_looks", "found_at", "seen_at",
            "over_at",
        ],
    )  # fmt: skip


def short_cinemas(witness: str) -> dict[str, Short]:
    """By slug, the cinemas that lack starts according to two looks at a witness."""
    slugs = _slugs()
    rows = WitnessDifference.objects.open().filter(witness=witness)
    return agreement.short_cinemas(_claim(row, slugs[row.cinema_id]) for row in rows)


def answer(difference: WitnessDifference, said: str, *, by: int, at: dt.datetime) -> bool:
    """Staff say whose mistake it is, or (empty) take that back; False if somebody else has said something meanwhile."""
    mine = WitnessDifference.objects.filter(pk=difference.pk, answer=difference.answer)
    return mine.update(answer=said, answered_by=by if said else None, answered_at=at if said else None) == 1


def _claim(row: WitnessDifference, slug: str) -> Claim:
    return Claim(row.kind, slug, row.date, row.looks, row.whole_looks, row.answer == WitnessDifference.Answer.THEIRS)


def _row(
    look: WitnessLook,
    key: Key,
    one: Difference,
    cinema: int,
    starts: Mapping[int, Start],
    showtimes: Mapping[int, Showtime],
) -> WitnessDifference:
    start = starts[one.theirs.key] if one.theirs else None
    showtime = showtimes[one.ours.key] if one.ours else None
    return WitnessDifference(
        witness=look.witness, cinema_id=cinema, date=one.date, starts_at=localise(one.starts_at), kind=one.kind.value,
        number=key[3], their_title=start.title if start else "", their_url=start.url if start else "",
        our_title=showtime.film.title if showtime else "", showtime=showtime, whole_looks=int(look.whole),
        found_at=look.ended_at, seen_at=look.ended_at,
    )  # fmt: skip


def _slugs() -> dict[int, str]:
    return {cinema.pk: (cinema.same_as or cinema).slug for cinema in Cinema.objects.select_related("same_as")}


def _wall(at: dt.datetime) -> dt.datetime:
    return at.astimezone(ZONE).replace(tzinfo=None)
