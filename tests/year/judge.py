"""Whether what the program has, and says, is what the town was: judged by its tables and what the site served."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from events.local_time import ZONE, week_from
from events.models import Cinema, ListedFilm, Showtime
from scraper.coverage import readings, week
from scraper.models import Alert, SyncRun
from tests.year.town import Key, Served, after_midnight_only

if TYPE_CHECKING:
    from tests.year.simulation import Life, Trouble

AFTERWARDS = dt.timedelta(days=2)  # in which what a trouble left behind may still be told
TOLD_WITHIN = dt.timedelta(hours=3)
OLD = dt.timedelta(hours=27)
KEPT = 40  # examples of each thing that is wrong


class Judge:
    """Counts what is wrong, with some examples."""

    def __init__(self) -> None:
        self.wrong: Counter[str] = Counter()
        self.examples: list[str] = []
        self.explained: Counter[str] = Counter()  # by the rule that explains it
        self.troubles: dict[str, Any] = {}  # how many requests met each, and which of its alerts told
        self.looks = 0

    def note(self, what: str, example: object) -> None:
        self.wrong[what] += 1
        if self.wrong[what] <= KEPT:
            self.examples.append(f"{what}: {example}")

    def look(self, life: Life) -> None:
        """Compare each day of the week that the page calls read with what the site served of it."""
        self.looks += 1
        at = life.now
        gone = week.gone_cinemas(Alert.objects.open())
        # Of a day that is being asked for again the page says how it was read last.
        spoilt = set() if SyncRun.objects.filter(status=SyncRun.Status.RUNNING).exists() else life.site.spoilt
        for day in readings.days(week_from(life.town.today)):
            if week.status_of(day, at, gone) not in ("verified", "empty"):
                continue
            served = life.site.served.get(day.date, [])
            if not served or life.town.now - served[-1].at > OLD or day.date in spoilt:
                self.note("read, says the page, but it was not served", (at, day.date))
            if served:
                self._compare(life, day.date, served)

    def _compare(self, life: Life, date: dt.date, served: list[Served]) -> None:
        same = _same()
        seen = _united(life.site.seen, same)
        rows = Showtime.objects.listed().filter(day=date, starts_at__gt=life.now)
        ours = _keys(rows)
        pages = [_united(each.keys, same) for each in served]
        page = min(pages, key=lambda keys: len({key for key in keys if key[2] > life.town.now} ^ ours.keys()))
        there = {key for key in page if key[2] > life.town.now}
        lost, extra = there - ours.keys(), ours.keys() - there
        times = {(film, cinema, start.time()) for film, cinema, start in lost}
        # Of an hour after midnight that stands alone no page says which night it is: its film there loses nothing.
        unclear = after_midnight_only(page)
        for film, cinema, start in extra:
            if (film, cinema) in unclear and (film, cinema, start) in seen:
                self.explained["kept beside an hour that says no night"] += 1
                continue
            what = "misdated" if (film, cinema, start.time()) in times else "extra"
            self.note(what, f"{life.town.now}: {film} {cinema} {start}")
        for key in lost:
            self.note("lost", f"{life.town.now}: {key[0]} {key[1]} {key[2]}")
        for key, count in ours.items():
            if count > 1:
                self.note("doubled", (life.town.now, *key))

    def at_the_end(self, life: Life) -> None:
        """All that had to be kept is there and nothing that no page listed, no decision was overridden, and each match
        is right."""
        same = _same()
        ours = _keys(Showtime.objects.all())
        for key in _united(life.site.ever, same) - ours.keys():
            self.note("lost for good", key)
        for key in ours.keys() - _united(life.site.seen, same):
            self.note("never served", key)
        right = {run.film.slug: run for run in life.town.runs}
        for film in ListedFilm.objects.select_related("movie"):
            is_now = (film.match_status, film.movie.tmdb_id if film.movie else None)
            if film.slug in life.decided and is_now != life.decided[film.slug]:
                self.note("decision overridden", (film.slug, life.decided[film.slug], is_now))
            if film.movie and film.movie.tmdb_id not in right[film.slug].film.tmdb_ids:
                self.note("wrong match", (film.slug, is_now))
        self._alerts(life)

    def _alerts(self, life: Life) -> None:
        for alert in Alert.objects.order_by("opened_at"):
            opened = _local(alert.opened_at)
            by = next((trouble.what for trouble in life.troubles if _explains(trouble, alert, opened)), "")
            by = by or _fact(life, alert)
            if by:
                self.explained[f"{alert.kind}: {by}"] += 1
            else:
                self.note("false alert", f"{opened}: {alert.kind} {alert.subject} {alert.facts}")
        for trouble in life.troubles:
            if not trouble.must or trouble.begin < life.first or trouble.end > life.town.now:
                continue
            told = Alert.objects.filter(
                opened_at__gte=trouble.begin.replace(tzinfo=ZONE),
                opened_at__lt=(trouble.end + TOLD_WITHIN).replace(tzinfo=ZONE),
            )
            kinds = {alert.kind for alert in told if _about(trouble, alert)}
            self.troubles[f"{trouble.begin} {trouble.what}"] = {
                "requests": life.met[trouble], "told": sorted(trouble.must & kinds),
            }  # fmt: skip
            if not life.met[trouble]:
                self.note("trouble that no request met", (trouble.begin, trouble.what))
            elif not trouble.must & kinds:
                self.note("missed fault", (trouble.begin, trouble.what))


def _same() -> dict[str, str]:
    return dict(Cinema.objects.filter(same_as__isnull=False).values_list("slug", "same_as__slug"))


def _united(keys: Iterable[Key], same: dict[str, str]) -> set[Key]:
    return {(film, same.get(cinema, cinema), start) for film, cinema, start in keys}


def _keys(rows: QuerySet[Showtime]) -> Counter[Key]:
    found = rows.values_list("film__slug", "cinema__slug", "starts_at")
    return Counter((film, cinema, _local(start)) for film, cinema, start in found.iterator())


def _local(at: dt.datetime) -> dt.datetime:
    return at.astimezone(ZONE).replace(tzinfo=None)


def _about(trouble: Trouble, alert: Alert) -> bool:
    """An alert of one cinema is about no other's trouble."""
    return not alert.kind.startswith("cinema_") or not trouble.arg or alert.subject == trouble.arg


def _explains(trouble: Trouble, alert: Alert, opened: dt.datetime) -> bool:
    in_time = trouble.begin <= opened <= trouble.end + AFTERWARDS
    return in_time and alert.kind in trouble.must | trouble.may and _about(trouble, alert)


def _fact(life: Life, alert: Alert) -> str:
    """What is so without any trouble: films that wait for a person, that TMDB does not have, and an hour after midnight
    that stands alone, of which the page says no night."""
    odd = {run.film.slug for run in life.town.runs if run.kind != "plain"}
    if alert.kind == "review_soon" and set(alert.causes) <= odd:
        return "films that wait for a person"
    if alert.kind == "rows_unread" and alert.facts["reason"] == "nothing says of which night":
        opened = _local(alert.opened_at).date()
        titles = [life.town.films[film].title for film, served in life.site.unclear if served == opened]
        if any(alert.facts["place"].startswith(f"film {title}, cinema ") for title in titles):
            return "an hour that says no night"
    if alert.kind == "tmdb_rate":
        on = alert.opened_at.astimezone(ZONE).date()
        shown = [
            r
            for r in life.town.runs
            if r.opens <= on + dt.timedelta(days=7) and on < r.opens + dt.timedelta(weeks=r.weeks)
        ]
        if sum(run.kind != "plain" for run in shown) / len(shown) >= 0.15:
            return "films that TMDB does not have"
    return ""
