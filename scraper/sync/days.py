"""A day of a run: fetched, verified, stored, and its films asked for."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import asdict
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from events import geocoding, local_time, processing
from events.local_time import localise
from events.models import ListedFilm
from events.records import Programme
from kinokrakow import clock, jobs
from kinokrakow.models import Job
from review import automatic
from scraper.coverage import readings
from scraper.models import DayScrape, Page
from scraper.site import client
from scraper.site.extractors.errors import ExtractionError
from scraper.sync import second_reading

logger = logging.getLogger(__name__)

MOST_KEPT, LONGEST = 20, 300  # of a page's statements and of its rows that were not understood; letters of each
BETTER_WAY_AGAIN = dt.timedelta(days=1)  # between two tries of the ways that the hour programme stood in for

Status = DayScrape.Status


def _day_failed(job: Job, error: str) -> None:
    DayScrape.objects.filter(run=job.run, date=job.args["date"], status__in=(Status.WAITING, Status.FAILED)).update(
        status=Status.FAILED, error=error, attempts=F("attempts") + job.spent, finished_at=clock.now()
    )
    logger.error("day %s failed after %d attempts: %s", job.args["date"], job.spent, error)


@jobs.task("day", failed=_day_failed)
def scrape_day(job: Job) -> None:
    """Read one day, in a session of its own or by URL, and store it if and only if the page says it is that day."""
    date = dt.date.fromisoformat(job.args["date"])
    today = timezone.localdate(clock.now())
    read = _in_hand(job.args.get("page"), date, today) or _fetched(job, date, today)
    with jobs.finishing(job):
        at = clock.now()
        day = DayScrape.objects.select_related("run").get(run=job.run, date=date)
        apply_day(day, read, at=at, attempts=job.spent)
        geocoding.ask(at, run=job.run)
        _ask_for_films(read.programme, at, job.run)


def _fetched(job: Job, date: dt.date, today: dt.date) -> client.DayRead:
    """The day from the site. Where the run's first page never came, most likely the site is down: asked once only."""
    by_address = bool(job.args.get("by_address"))
    try:
        return client.read_day(date, today=today, first=remembered_way(), by_address=by_address, run=job.run)
    except client.DayUnreadable as error:
        if by_address:
            raise jobs.GiveUp(str(error)) from error
        raise


def read_again(date: dt.date) -> tuple[Job, bool] | None:
    """Ask for one day of the last run again; returns its job and whether it is new, None for a day of no run.

    A day that a sync is about to read anyway is not asked for twice: then its job is the answer.
    """
    day = DayScrape.objects.filter(date=date).order_by("-run_id").first()
    if day is None:
        return None
    with transaction.atomic():
        active = Job.objects.active().filter(kind="day", args__date=str(date))
        later = active.filter(state=Job.State.QUEUED, args__again__gte=1, due_at__gt=clock.now())
        tries = list(later.values_list("pk", flat=True))
        soon = active.exclude(pk__in=tries).first()
        asked = (soon, False) if soon else jobs.enqueue("day", f"again:{date}", run=day.run_id, date=str(date))
        for job_id in tries:  # what was to be asked for later is asked for now
            jobs.cancel(job_id)
    return asked


def _in_hand(page_id: int | None, date: dt.date, today: dt.date) -> client.DayRead | None:
    """The calendar's own page is the programme of its active day: it is not fetched twice."""
    page = Page.objects.filter(pk=page_id).first() if page_id else None
    if page is None:
        return None
    fetched = client.fetched_from(page)
    try:
        return client.DayRead(
            client.parse_day(fetched, client.Way.SESSION, date=date, today=today), client.Way.SESSION, page.pk
        )
    except ExtractionError as error:
        logger.warning("day %s: the page in hand is of no use, fetching: %s", date, error)
        return None


def remembered_way() -> str:
    """The best way that brought one of the last days that had to be asked for; empty when none has yet.

    Not simply the last one's: a day that came by session because of one bad answer would otherwise send
    all later ones there, at three times the requests. And the hour programme, which lacks tickets, is left
    for the better ways once a day, or one bad moment would cost every later day its tickets.
    """
    read = DayScrape.objects.filter(status__in=DayScrape.READ).exclude(page__purpose="calendar")
    ways = set(read.order_by("-finished_at").values_list("way", flat=True)[: local_time.WEEK - 1])
    best = next((way for way in client.WAYS if way in ways), "")
    if best == client.Way.HOUR:
        others = Page.objects.filter(purpose__startswith="day:", sent_at__gte=clock.now() - BETTER_WAY_AGAIN)
        return best if others.exclude(purpose__endswith=f":{best}").exists() else ""
    return best


def apply_day(
    day: DayScrape, read: client.DayRead, *, at: dt.datetime, attempts: int, believed: bool = False
) -> processing.Outcome:
    """Store a verified programme and write down on the day's row what came of it, in the caller's transaction.

    `believed`: a person says that what it lacks is gone.
    """
    programme = processing.storable(read.programme)
    outcome = processing.store_programme(
        programme,
        at=at,
        fresh=dt.timedelta(hours=settings.FRESHNESS_HOURS),
        tickets_listed=read.way != client.Way.HOUR,
        doubted=programme if believed else second_reading.doubted(day),
        taken_away=_taken_away(day),
    )
    unread = [row for row in programme.unread if not row.is_cancelled]
    starts = [localise(s.starts_at) for s in programme.showtimes]
    slugs = sorted({s.film_slug for s in programme.showtimes})
    found = {
        "status": Status.EMPTY if programme.empty else Status.VERIFIED,
        "suspicious": outcome.suspicious,
        "way": read.way,
        "date_said": programme.date,
        "statements": {
            place[:LONGEST]: said[:LONGEST] for place, said in islice(programme.statements.items(), MOST_KEPT)
        },
        "unread_rows": len(unread),
        "cancelled": len(programme.unread) - len(unread),
        "unread": [{name: value[:LONGEST] for name, value in asdict(row).items()} for row in unread[:MOST_KEPT]],
        "attempts": attempts,
        "error": "",
        "first_at": min(starts, default=None),
        "last_at": max(starts, default=None),
        "showtimes": len(starts),
        "films": len(slugs),
        "cinemas": len({s.cinema_slug for s in programme.showtimes}),
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "withdrawn": outcome.withdrawn,
        "unpublished": outcome.unpublished,
        "not_withdrawn": outcome.not_withdrawn,
        "film_slugs": slugs,
        "by_cinema": readings.counts(programme.date, at),
        "page_id": read.page_id,
        "finished_at": at,
    }
    if DayScrape.objects.filter(pk=day.pk, status=day.status).update(**found) != 1:
        raise jobs.GiveUp(f"day {day.date} of run {day.run_id} is no longer {day.status}")
    logger.info(
        "day %s: page said %s, %d showtimes from %s to %s, %d films, %d cinemas, %d rows not understood, "
        "%d cancelled, by %s, attempt %d%s",
        day.date,
        programme.date,
        len(starts),
        found["first_at"],
        found["last_at"],
        len(slugs),
        found["cinemas"],
        len(unread),
        len(programme.unread) - len(unread),
        read.way,
        attempts,
        ", SUSPICIOUS: too little was read" if outcome.suspicious else "",
    )
    return outcome


def _taken_away(day: DayScrape) -> int:
    """Published showtimes that the other days of the run withdrew, as far as they are stored."""
    others = DayScrape.objects.filter(run=day.run_id).exclude(pk=day.pk)
    return int(others.aggregate(count=Sum("unpublished", default=0))["count"])


def _ask_for_films(programme: Programme, at: dt.datetime, run: int | None) -> None:
    """A job for each listed film whose page or whose match is due, however many days list it."""
    listed = ListedFilm.objects.filter(slug__in={s.film_slug for s in programme.showtimes})
    due = listed.facts_due(at)
    if automatic.configured():
        due = due | listed.match_due(at)
    wanted = {f"film:{slug}": slug for slug in due.order_by("slug").values_list("slug", flat=True)}
    for key in jobs.not_active(wanted):
        jobs.enqueue("film", key, run=run, slug=wanted[key])
