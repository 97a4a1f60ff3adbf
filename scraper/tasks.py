"""What jobs do: fetch → extract → process. Each ends in one transaction with all of its effects."""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from events import geocoding, processing
from events.models import ListedFilm
from events.records import Programme
from kinokrakow import http, jobs
from kinokrakow.models import Job
from review import automatic
from review.tmdb import Tmdb
from scraper import doubt, readings, site
from scraper.extractors import calendar
from scraper.extractors.errors import ExtractionError
from scraper.models import DayScrape, Page, SyncRun

logger = logging.getLogger(__name__)

WEEK = 7
BETTER_WAY_AGAIN = dt.timedelta(days=1)  # between two tries of the ways that the hour programme stood in for
RUN_HOURS = dt.timedelta(hours=6)  # after which a new sync no longer joins a run
FETCH_AGAIN = dt.timedelta(hours=1)  # after a film page or TMDB failed for good

Status = DayScrape.Status


def start_sync() -> tuple[SyncRun, bool]:
    """Ask for a sync; returns the run, and whether it is new. While one runs, a second joins it."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                run = SyncRun.objects.create(started_at=timezone.now())
        except IntegrityError:
            running = SyncRun.objects.filter(status=SyncRun.Status.RUNNING).first()
            if running and not _given_up(running):
                return running, False
            return start_sync()
        jobs.enqueue("calendar", f"calendar:{run.pk}", run=run.pk)
        if automatic.configured():
            jobs.enqueue("now_playing", f"now_playing:{run.pk}", run=run.pk)
    return run, True


def _given_up(run: SyncRun) -> bool:
    """End a run that has gone on for RUN_HOURS (a site that asks for hours of patience, again and again): what waits
    is cancelled, so its days are shown as unread and a new run can begin. False where it may, or must, go on."""
    if timezone.now() - run.started_at < RUN_HOURS:
        return False
    for job_id in Job.objects.filter(run=run.pk, state=Job.State.QUEUED).values_list("pk", flat=True):
        jobs.cancel(job_id)
    finish_run(run.pk)
    return not SyncRun.objects.filter(pk=run.pk, status=SyncRun.Status.RUNNING).exists()


def scheduled_sync() -> int:
    """What the schedule calls."""
    return start_sync()[0].pk


# --- the week ---------------------------------------------------------------------------------------


def _calendar_failed(job: Job, error: str) -> None:
    SyncRun.objects.filter(pk=_run(job).pk).update(error=error)


def _run(job: Job) -> SyncRun:
    assert job.run is not None, f"{job.key} belongs to no run"
    return SyncRun.objects.get(pk=job.run)


@jobs.task("calendar", failed=_calendar_failed)
def read_calendar(job: Job) -> None:
    """Read the days on offer off the site's own calendar, and ask for each of them."""
    today = timezone.localdate()
    fetched = site.read_calendar(run=job.run)
    cells = calendar.extract(fetched.text, url=fetched.url, today=today)
    with jobs.finishing(job):
        run = _run(job)
        active = next(cell.date for cell in cells if cell.active)
        for cell in cells:
            DayScrape.objects.create(run=run, date=cell.date, ahead=(cell.date - active).days)
            page = fetched.page_id if cell.active else None
            jobs.enqueue("day", f"day:{cell.date}:{run.pk}", run=run.pk, date=str(cell.date), page=page)
        SyncRun.objects.filter(pk=run.pk).update(site_today=active)


def _day_failed(job: Job, error: str) -> None:
    DayScrape.objects.filter(run=job.run, date=job.args["date"], status=Status.WAITING).update(
        status=Status.FAILED, error=error, attempts=job.spent, finished_at=timezone.now()
    )
    logger.error("day %s failed after %d attempts: %s", job.args["date"], job.spent, error)


@jobs.task("day", failed=_day_failed)
def scrape_day(job: Job) -> None:
    """Read one day, in a session of its own or by URL, and store it if and only if the page says it is that day."""
    date = dt.date.fromisoformat(job.args["date"])
    today = timezone.localdate()
    read = _in_hand(job.args.get("page"), date, today) or site.read_day(
        date, today=today, first=remembered_way(), run=job.run
    )
    with jobs.finishing(job):
        at = timezone.now()
        day = DayScrape.objects.select_related("run").get(run=job.run, date=date)
        apply_day(day, read, at=at, attempts=job.spent)
        geocoding.ask(at, run=job.run)
        _ask_for_films(read.programme, at, job.run)
        if day.run.status != SyncRun.Status.RUNNING:
            jobs.enqueue("watch", "watch")


def read_again(date: dt.date) -> tuple[Job, bool] | None:
    """Ask for one day of the last run again; returns its job and whether it is new, None for a day of no run.

    A day that a sync is about to read anyway is not asked for twice: then its job is the answer.
    """
    day = DayScrape.objects.filter(date=date).order_by("-run_id").first()
    if day is None:
        return None
    active = Job.objects.active().filter(kind="day", args__date=str(date)).first()
    return (active, False) if active else jobs.enqueue("day", f"again:{date}", run=day.run_id, date=str(date))


def _in_hand(page_id: int | None, date: dt.date, today: dt.date) -> site.DayRead | None:
    """The calendar's own page is the programme of its active day: it is not fetched twice."""
    page = Page.objects.filter(pk=page_id).first() if page_id else None
    if page is None:
        return None
    fetched = site.fetched_from(page)
    try:
        return site.DayRead(
            site.parse_day(fetched, site.Way.SESSION, date=date, today=today), site.Way.SESSION, page.pk
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
    ways = set(read.order_by("-finished_at").values_list("way", flat=True)[: WEEK - 1])
    best = next((way for way in site.WAYS if way in ways), "")
    if best == site.Way.HOUR:
        others = Page.objects.filter(purpose__startswith="day:", sent_at__gte=timezone.now() - BETTER_WAY_AGAIN)
        return best if others.exclude(purpose__endswith=f":{best}").exists() else ""
    return best


def apply_day(day: DayScrape, read: site.DayRead, *, at: dt.datetime, attempts: int) -> processing.Outcome:
    """Store a verified programme and write down on the day's row what came of it, in the caller's transaction."""
    programme = read.programme
    outcome = processing.store_programme(
        programme,
        at=at,
        fresh=dt.timedelta(hours=settings.FRESHNESS_HOURS),
        tickets_listed=read.way != site.Way.HOUR,
        doubted=doubt.doubted(day),
    )
    starts = [processing.localise(s.starts_at) for s in programme.showtimes]
    slugs = sorted({s.film_slug for s in programme.showtimes})
    found = {
        "status": Status.EMPTY if programme.empty else Status.VERIFIED,
        "suspicious": outcome.suspicious,
        "way": read.way,
        "date_said": programme.date,
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
        "film_slugs": slugs,
        "by_cinema": readings.counts(programme.date, at),
        "page_id": read.page_id,
        "finished_at": at,
    }
    if DayScrape.objects.filter(pk=day.pk, status=day.status).update(**found) != 1:
        raise jobs.GiveUp(f"day {day.date} of run {day.run_id} is no longer {day.status}")
    logger.info(
        "day %s: page said %s, %d showtimes from %s to %s, %d films, %d cinemas, by %s, attempt %d%s",
        day.date,
        programme.date,
        len(starts),
        found["first_at"],
        found["last_at"],
        len(slugs),
        found["cinemas"],
        read.way,
        attempts,
        ", SUSPICIOUS: less than half of what was known" if outcome.suspicious else "",
    )
    return outcome


def _ask_for_films(programme: Programme, at: dt.datetime, run: int | None) -> None:
    """A job for each listed film whose page or whose match is due, however many days list it."""
    listed = ListedFilm.objects.filter(slug__in={s.film_slug for s in programme.showtimes})
    due = listed.facts_due(at)
    if automatic.configured():
        due = due | listed.match_due(at)
    wanted = {f"film:{slug}": slug for slug in due.order_by("slug").values_list("slug", flat=True)}
    for key in jobs.not_active(wanted):
        jobs.enqueue("film", key, run=run, slug=wanted[key])


# --- films ------------------------------------------------------------------------------------------


def _film_failed(job: Job, error: str) -> None:
    """Without its page a film is asked about by its title; what the page says when it comes is a change of facts."""
    slug, now = job.args["slug"], timezone.now()
    film = ListedFilm.objects.filter(slug=slug)
    film.facts_due(now).update(facts_due_at=now + FETCH_AGAIN, match_error=error)
    if automatic.configured() and film.match_due(now).exists():
        jobs.enqueue("match", f"match:{slug}", run=job.run, slug=slug)


@jobs.task("film", failed=_film_failed)
def fetch_film(job: Job) -> None:
    """Read a film's page if that is due, then ask TMDB if that is: its event follows within a moment."""
    slug, now = job.args["slug"], timezone.now()
    if ListedFilm.objects.filter(slug=slug).facts_due(now).exists():
        facts = site.read_film(slug, today=timezone.localdate(), run=job.run)
        with transaction.atomic():
            film = ListedFilm.objects.select_for_update().get(slug=slug)
            changed = processing.store_facts(
                film, facts, at=timezone.now(), refresh=dt.timedelta(days=settings.FILM_REFRESH_DAYS)
            )
            if changed:
                automatic.reconsider(film, changed, at=now)
    film = ListedFilm.objects.get(slug=slug)
    if not automatic.configured() or not ListedFilm.objects.filter(pk=film.pk).match_due(now).exists():
        with jobs.finishing(job):
            # The page came; an error that says otherwise is past. One of TMDB's is until TMDB has been asked.
            ListedFilm.objects.filter(pk=film.pk, match_due_at__isnull=True).update(match_error="")
            return
    try:
        proposal = automatic.propose(film, today=timezone.localdate(), patience=site.PATIENCE)
    except (http.HttpError, http.NotYet) as error:
        # The page is read and stays read; asking TMDB again is a job of its own.
        delay = error.seconds if isinstance(error, http.NotYet) else http.backoff(1)
        with jobs.finishing(job):
            jobs.enqueue("match", f"match:{slug}", run=job.run, delay=delay, slug=slug)
        return
    with jobs.finishing(job):
        automatic.record(film, proposal, at=timezone.now())


def _match_failed(job: Job, error: str) -> None:
    film = ListedFilm.objects.get(slug=job.args["slug"])
    automatic.could_not_ask(film, error, again_at=timezone.now() + FETCH_AGAIN)


@jobs.task("match", failed=_match_failed)
def match_film(job: Job) -> None:
    """Ask TMDB about a film that it could not be asked about before."""
    film = ListedFilm.objects.get(slug=job.args["slug"])
    proposal = automatic.propose(film, today=timezone.localdate(), patience=site.PATIENCE)
    with jobs.finishing(job):
        automatic.record(film, proposal, at=timezone.now())


@jobs.task("now_playing")
def read_now_playing(job: Job) -> None:
    """TMDB's now-playing list for Poland, at most once a day."""
    if not automatic.now_playing_due(timezone.now()):
        with jobs.finishing(job):
            return
    with http.Session(automatic.service(), patience=site.PATIENCE) as session:
        tmdb_ids = Tmdb(session).now_playing()
    with jobs.finishing(job):
        automatic.store_now_playing(tmdb_ids, at=timezone.now())


# --- the end of a run -------------------------------------------------------------------------------


@jobs.when_settled
def finish_run(run_id: int) -> None:
    """Close the run if its last job has ended; runs in that job's transaction, after its own update.

    The lock orders two jobs that end at once: the second sees the first as done. What is read again after
    the end is judged again, and the end stays when it was.
    """
    run = SyncRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or Job.objects.active().filter(run=run_id).exists():
        return
    if run.status != SyncRun.Status.RUNNING:
        SyncRun.objects.filter(pk=run_id).update(status=verdict(run))
        return
    at = timezone.now()
    run.days.filter(status=Status.WAITING).update(status=Status.FAILED, error="its job was cancelled", finished_at=at)
    SyncRun.objects.filter(pk=run_id).update(status=verdict(run), finished_at=at)
    jobs.enqueue("watch", "watch", run=run_id)


def verdict(run: SyncRun) -> str:
    """Complete: seven days or more, every one verified or empty. Failed: not one."""
    days = list(run.days.values_list("status", flat=True))
    read = sum(1 for status in days if status in DayScrape.READ)
    if not read:
        return SyncRun.Status.FAILED
    return SyncRun.Status.COMPLETE if read == len(days) >= WEEK else SyncRun.Status.INCOMPLETE


def prune() -> int:
    """Drop archived pages older than ARCHIVE_DAYS, and jobs that ended before that."""
    before = timezone.now() - dt.timedelta(days=settings.ARCHIVE_DAYS)
    pages, _ = Page.objects.filter(sent_at__lt=before).delete()
    ended, _ = Job.objects.filter(finished_at__lt=before).delete()
    return pages + ended
