"""A listed film: its own page read when that is due, then TMDB asked about it."""

from __future__ import annotations

from django.utils import timezone

from events.models import ListedFilm, Showtime
from kinokrakow import clock, http, jobs
from kinokrakow.models import Job
from review import automatic
from review.tasks import FETCH_AGAIN
from scraper.site import client
from scraper.sync import film_pages

A_FEW = 5  # pages asked again at a time: when a whole site is behind a login, the others can wait for these


def _film_failed(job: Job, error: str) -> None:
    """Without its page a film is asked about by its title; what the page says when it comes is a change of facts."""
    slug, now = job.args["slug"], clock.now()
    film = ListedFilm.objects.filter(slug=slug)
    film.facts_due(now).update(facts_due_at=now + FETCH_AGAIN, match_error=error)
    if automatic.configured() and film.match_due(now).exists():
        jobs.enqueue("match", f"match:{slug}", run=job.run, slug=slug)


def ask_again() -> int:
    """Ask for a few of the pages that are to be read again before their usual time; what the schedule calls.

    They are those that were not believed, and those that answered 404 and should not; returns how many.
    """
    now = clock.now()
    shown = Showtime.objects.listed().filter(starts_at__gt=now).values("film")
    doubted = ListedFilm.objects.exclude(page_problem="") | ListedFilm.objects.filter(has_page=False)
    due = doubted.filter(facts_due_at__lte=now, pk__in=shown).order_by("facts_due_at", "pk")
    wanted = {f"film:{slug}": slug for slug in due.values_list("slug", flat=True)[:A_FEW]}
    keys = jobs.not_active(wanted)
    for key in keys:
        jobs.enqueue("film", key, slug=wanted[key])
    return len(keys)


@jobs.task("film", failed=_film_failed)
def fetch_film(job: Job) -> None:
    """Read a film's page if that is due, then ask TMDB if that is: its event follows within a moment."""
    slug, now = job.args["slug"], clock.now()
    if ListedFilm.objects.filter(slug=slug).facts_due(now).exists():
        page = client.read_film(slug, today=timezone.localdate(clock.now()), run=job.run)
        film_pages.store(slug, page, at=clock.now(), now=now)
    film = ListedFilm.objects.get(slug=slug)
    if not automatic.configured() or not ListedFilm.objects.filter(pk=film.pk).match_due(now).exists():
        with jobs.finishing(job):
            # The page came; an error that says otherwise is past. One of TMDB's is until TMDB has been asked.
            ListedFilm.objects.filter(pk=film.pk, match_due_at__isnull=True).update(match_error="")
            return
    try:
        proposal = automatic.propose(film, today=timezone.localdate(clock.now()), patience=http.PATIENCE)
    except (http.HttpError, http.NotYet) as error:
        # The page is read and stays read; asking TMDB again is a job of its own.
        # (While TMDB's breaker is open, that job puts itself off; without workers it gives up instead.)
        delay = error.seconds if isinstance(error, http.NotYet) else http.backoff(1)
        delay = 0 if isinstance(error, http.Open) else delay
        with jobs.finishing(job):
            jobs.enqueue("match", f"match:{slug}", run=job.run, delay=delay, slug=slug)
        return
    with jobs.finishing(job):
        automatic.record(film, proposal, at=clock.now())
