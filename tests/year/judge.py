"""Whether what the program has, and says, is what the town was: judged by its tables and what the site served."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from events.local_time import ZONE
from events.models import Cinema, ListedFilm, Showtime
from scraper.coverage import readings, week
from scraper.models import Alert

if TYPE_CHECKING:
    from tests.year.simulation import Life, Trouble
    from tests.year.town import Key

AFTERWARDS = dt.timedelta(days=2)  # in which what a trouble left behind may still be told
TOLD_WITHIN = dt.timedelta(hours=3)
OLD = dt.timedelta(hours=27)
KEPT = 40  # examples of each thing that is wrong


class Judge:
    """Counts what is wrong, with some examples."""

    def __init__(self) -> None:
        self.wrong: Counter[str] = Counter()
        self.examples: list[str] = []
        self.looks = 0

    def note(self, what: str, example: object) -> None:
        self.wrong[what] += 1
        if self.wrong[what] <= KEPT:
            self.examples.append(f"{what}: {example}")

    def look(self, life: Life) -> None:
        """Compare each day of the week that was served whole since its last reading with what is stored."""
        self.looks += 1
        at = life.now
        gone = week.gone_cinemas(Alert.objects.open())
        for day in readings.days(week.week_from(life.town.today)):
            served = life.site.served.get(day.date)
            status = week.status_of(day, at, gone)
            if status in ("verified", "empty") and (not served or life.town.now - served[0] > OLD):
                self.note("read, says the page, but it was not served", (at, day.date))
            if served and day.read and status in ("verified", "empty"):
                self._compare(life, day.date, served[1])

    def _compare(self, life: Life, date: dt.date, truth: frozenset[Key]) -> None:
        same = dict(Cinema.objects.filter(same_as__isnull=False).values_list("slug", "same_as__slug"))
        there = {(film, same.get(cinema, cinema), start) for film, cinema, start in truth if start > life.town.now}
        rows = Showtime.objects.listed().filter(day=date, starts_at__gt=life.now)
        ours: Counter[Key] = Counter(
            (film, cinema, start.astimezone(ZONE).replace(tzinfo=None))
            for film, cinema, start in rows.values_list("film__slug", "cinema__slug", "starts_at")
        )
        lost, extra = there - ours.keys(), ours.keys() - there
        times = {(film, cinema, start.time()) for film, cinema, start in lost}
        for film, cinema, start in extra:
            what = "misdated" if (film, cinema, start.time()) in times else "extra"
            self.note(what, f"{life.town.now}: {film} {cinema} {start}")
        for key in lost:
            self.note("lost", f"{life.town.now}: {key[0]} {key[1]} {key[2]}")
        for key, count in ours.items():
            if count > 1:
                self.note("doubled", (life.town.now, *key))

    def at_the_end(self, life: Life) -> None:
        """All that was ever served is there, no decision was overridden, and each match is right."""
        same = dict(Cinema.objects.filter(same_as__isnull=False).values_list("slug", "same_as__slug"))
        rows = Showtime.objects.values_list("film__slug", "cinema__slug", "starts_at")
        ours = Counter((f, c, s.astimezone(ZONE).replace(tzinfo=None)) for f, c, s in rows.iterator())
        for key in {(film, same.get(cinema, cinema), start) for film, cinema, start in life.site.ever} - ours.keys():
            self.note("lost for good", key)
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
            opened = alert.opened_at.astimezone(ZONE).replace(tzinfo=None)
            if not any(_explains(trouble, alert.kind, opened) for trouble in life.troubles) and not _fact(life, alert):
                self.note("false alert", f"{opened}: {alert.kind} {alert.subject} {alert.facts}")
        for trouble in life.troubles:
            opened_kinds = {
                alert.kind
                for alert in Alert.objects.filter(
                    opened_at__lt=(trouble.end + TOLD_WITHIN).replace(tzinfo=ZONE)
                ).exclude(resolved_at__lt=trouble.begin.replace(tzinfo=ZONE))
            }
            if (
                trouble in life.met
                and trouble.must
                and trouble.end <= life.town.now
                and not trouble.must & opened_kinds
            ):
                self.note("missed fault", (trouble.begin, trouble.what))


def _explains(trouble: Trouble, kind: str, opened: dt.datetime) -> bool:
    return kind in trouble.must | trouble.may and trouble.begin <= opened <= trouble.end + AFTERWARDS


def _fact(life: Life, alert: Alert) -> bool:
    """What is so without any trouble: films that wait for a person, and that TMDB does not have."""
    odd = {run.film.slug for run in life.town.runs if run.kind != "plain"}
    if alert.kind == "review_soon":
        return set(alert.causes) <= odd
    if alert.kind == "tmdb_rate":
        rate: float = alert.facts["rate"]
        on = alert.opened_at.astimezone(ZONE).date()
        shown = [
            r
            for r in life.town.runs
            if r.opens <= on + dt.timedelta(days=7) and on < r.opens + dt.timedelta(weeks=r.weeks)
        ]
        return sum(run.kind != "plain" for run in shown) / len(shown) >= 0.15 and rate > 0
    return False
