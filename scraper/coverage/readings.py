"""What each date listed whenever it was read, and what past weeks let expect of it. Few queries, however many dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from events.local_time import ZONE
from events.models import Cinema, Showtime
from scraper.coverage.expectation import WEEKS, Expected, expect, short_of
from scraper.coverage.holidays import is_holiday
from scraper.models import DayScrape

SAME_HOUR = dt.timedelta(minutes=45)  # that readings of different days may lie apart and be of the same hour
KNOWN_FOR = dt.timedelta(hours=48)  # a date is held against its own readings of this long
FIELDS = (
    "pk", "run_id", "date", "ahead", "status", "suspicious", "way", "date_said", "attempts", "error", "showtimes",
    "films", "cinemas", "by_cinema", "unread_rows", "cancelled", "unread", "page_id", "finished_at", "not_withdrawn",
)  # fmt: skip


class Past(NamedTuple):
    """What a reading of a past week listed. Two hundred of them are compared with a week: rows would take longer."""

    date: dt.date
    ahead: int | None
    by_cinema: Mapping[str, Sequence[int]]

    @property
    def counted(self) -> int:
        return sum(counts[0] for counts in self.by_cinema.values())


@dataclass(frozen=True, slots=True)
class Day:
    """A date: its last attempt, its last reading, and what was to be expected of that.

    `tried` and `read` are rows of DayScrape (`read` None: never read). `earlier` are the readings of the same
    date in the KNOWN_FOR before `read`, `past` those of past weeks that it is compared with. `expected` is None
    on holidays and while there is not enough history; in `cinemas_expected` such cinemas are missing.
    """

    date: dt.date
    tried: DayScrape | None = None
    read: DayScrape | None = None
    earlier: tuple[DayScrape, ...] = ()
    expected: Expected | None = None
    cinemas_expected: dict[str, Expected] = field(default_factory=dict)
    past: tuple[Past, ...] = ()

    @property
    def holiday(self) -> bool:
        return is_holiday(self.date)

    @property
    def failed(self) -> bool:
        return self.tried is not None and self.tried.status == DayScrape.Status.FAILED

    @property
    def known(self) -> int:
        """The most that an earlier reading of this date listed."""
        return max((row.counted for row in self.earlier), default=0)

    @property
    def slugs(self) -> set[str]:
        """Cinemas that the day lists, listed or should list."""
        rows = (*self.earlier, *((self.read,) if self.read else ()))
        return {*self.cinemas_expected, *(slug for row in rows for slug in row.by_cinema)}

    def missing(self, drop: float) -> int:
        """Showtimes that the day's last reading lacks; `drop` (0.3) is the share that may be missing without a word."""
        return short_of(self.read.counted, self.expected, self.known, drop) if self.read else 0

    def missing_at(self, cinema: str, drop: float) -> int:
        """The same for one cinema, which may also have none at all although it always had some."""
        listed, expected, known = self.listed(cinema), self.cinemas_expected.get(cinema), self.known_at(cinema)
        if listed == 0 and (known or (expected and expected.low)):
            return max(known, round(expected.usual) if expected and expected.low else 0)
        return short_of(listed, expected, known, drop)

    def listed(self, cinema: str) -> int:
        return count(self.read, cinema)

    def known_at(self, cinema: str) -> int:
        return max((count(row, cinema) for row in self.earlier), default=0)


def count(row: DayScrape | Past | None, cinema: str) -> int:
    """Showtimes of a cinema on a scraped day."""
    return int(row.by_cinema.get(cinema, (0,))[0]) if row else 0


def counts(date: dt.date, at: dt.datetime) -> dict[str, tuple[int, ...]]:
    """By cinema, the showtimes of a date read at `at`, and how many have a ticket link and a version.

    What had begun before counts whether or not the page still lists it, so that an evening's reading of
    today can be compared with a morning's.
    """
    rows = Showtime.objects.listed().filter(Q(last_seen_at__gte=at) | Q(starts_at__lte=at), day=date)
    versions = Count("pk", filter=~Q(version=""))
    found = rows.order_by().values_list("cinema__slug").annotate(n=Count("pk"), t=Count("ticket_url"), v=versions)
    return {slug: tuple(counts) for slug, *counts in found}


def days(dates: Collection[dt.date]) -> tuple[Day, ...]:
    """A `Day` for each date, in order."""
    rows: dict[dt.date, list[DayScrape]] = {date: [] for date in dates}
    for row in _light(DayScrape.objects.filter(date__in=dates).exclude(status=DayScrape.Status.WAITING)):
        rows[row.date].append(row)
    found = [_of(date, rows[date]) for date in sorted(rows)]
    past = _past({day.date: last for day in found if (last := day.read or day.tried)})
    return tuple(_with_expectation(day, *past.get(day.date, ([], [], []))) for day in found)


def last_read(dates: Collection[dt.date]) -> dict[dt.date, DayScrape]:
    """The last reading of each date that has one."""
    newest = _newest(DayScrape.objects.filter(date__in=dates), "date")
    return {row.date: row for row in _light(newest)}


def _of(date: dt.date, rows: list[DayScrape]) -> Day:
    readings = [row for row in rows if row.status in DayScrape.READ]
    if not readings:
        return Day(date, tried=rows[-1] if rows else None)
    *before, read = readings
    since = read_at(read) - KNOWN_FOR
    return Day(date, rows[-1], read, tuple(row for row in before if not row.suspicious and read_at(row) >= since))


def read_at(row: DayScrape) -> dt.datetime:
    assert row.finished_at is not None, f"a day that was read has no time: {row.pk}"
    return row.finished_at


def _past(last: dict[dt.date, DayScrape]) -> dict[dt.date, tuple[list[Past], list[Past], list[Past]]]:
    """By date: ordinary readings of the same weekday in past weeks, equally many days ahead and one more, of the same
    hour: a programme that comes out in the afternoon is not missing in the morning. And the last on the day itself."""
    ahead = {date: row.ahead for date, row in last.items() if row.ahead is not None}
    weeks: dict[dt.date, list[dt.date]] = {
        date: [then for week in range(1, WEEKS + 1) if not is_holiday(then := date - dt.timedelta(weeks=week))]
        for date in ahead
        if not is_holiday(date)
    }
    if not weeks:
        return {}
    hours = {then: _local(last[date].finished_at) for date, dates in weeks.items() for then in dates}
    wanted = Q()
    for date, dates in weeks.items():
        wanted |= Q(ahead__in=(ahead[date], ahead[date] + 1), date__in=dates)
    ordinary = DayScrape.objects.filter(suspicious=False)
    later = [then for date, dates in weeks.items() if ahead[date] for then in dates]
    in_the_end = _newest(ordinary.filter(ahead=0, date__in=later), "date").values_list("pk", flat=True)
    chosen = DayScrape.objects.filter(pk__in=[*_at_the_same_hour(ordinary.filter(wanted), hours), *in_the_end])
    same = _same()
    found = {
        (date, days): Past(date, days, united(by_cinema, same))
        for date, days, by_cinema in chosen.order_by("pk").values_list(*Past._fields)
    }

    def read(dates: list[dt.date], ahead: int) -> list[Past]:
        return [found[then, ahead] for then in dates if (then, ahead) in found]

    return {
        date: (read(dates, ahead[date]), read(dates, ahead[date] + 1), read(dates, 0)) for date, dates in weeks.items()
    }


def _with_expectation(day: Day, past: list[Past], day_earlier: list[Past], in_the_end: list[Past]) -> Day:
    rows = (past, day_earlier, in_the_end)
    slugs = {slug for row in past for slug in row.by_cinema}
    each = {slug: expect(*([count(row, slug) for row in then] for then in rows)) for slug in slugs}
    return replace(
        day,
        expected=expect(*([row.counted for row in then] for then in rows)),
        cinemas_expected={slug: expected for slug, expected in each.items() if expected is not None},
        past=tuple(past),
    )


def _local(at: dt.datetime | None) -> dt.time:
    return (at or timezone.now()).astimezone(ZONE).time()


def _at_the_same_hour(rows: QuerySet[DayScrape], hours: Mapping[dt.date, dt.time]) -> Collection[int]:
    """By date and days ahead the primary key of the last reading until that date's hour (SAME_HOUR later at most), else
    of the first."""
    chosen: dict[tuple[dt.date, int | None], int] = {}
    read = rows.filter(status__in=DayScrape.READ).order_by("pk").values_list("pk", "date", "ahead", "finished_at")
    for pk, date, ahead, at in read:
        until = (dt.datetime.combine(date, hours[date]) + SAME_HOUR).time()
        if (date, ahead) not in chosen or _local(at) <= max(until, hours[date]):
            chosen[date, ahead] = pk
    return chosen.values()


def _newest(rows: QuerySet[DayScrape], *by: str) -> QuerySet[DayScrape]:
    newest = rows.filter(status__in=DayScrape.READ).order_by().values(*by).annotate(newest=Max("pk")).values("newest")
    return DayScrape.objects.filter(pk__in=newest)


def _light(rows: QuerySet[DayScrape]) -> Iterable[DayScrape]:
    """In the order they were made, without the long lists of films; cinemas that are one are counted as one."""
    same = _same()
    found = list(rows.only(*FIELDS).order_by("pk"))
    for row in found:
        row.by_cinema = united(row.by_cinema, same)
    return found


def _same() -> dict[str, str]:
    """The cinemas that are another, and which."""
    return dict(Cinema.objects.filter(same_as__isnull=False).values_list("slug", "same_as__slug"))


def united(by_cinema: Mapping[str, Sequence[int]], same: Mapping[str, str]) -> Mapping[str, Sequence[int]]:
    """The counts of a day, those of each cinema that `same` says is another added to that other's.

    What was read before two cinemas were found to be one is counted as what is read since.
    """
    if same.keys().isdisjoint(by_cinema):
        return by_cinema
    whole: dict[str, tuple[int, ...]] = {}
    for slug, counts in by_cinema.items():
        name = same.get(slug, slug)
        whole[name] = tuple(map(sum, zip(whole[name], counts, strict=False))) if name in whole else tuple(counts)
    return whole
