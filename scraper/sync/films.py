"""A listed film: its own page read when that is due, then TMDB asked about it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from events import processing
from events.models import ListedFilm
from kinokrakow import http, jobs
from kinokrakow.models import Job
from review import automatic
from review.tasks import FETCH_AGAIN
from scraper.site import client


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
        facts = client.read_film(slug, today=timezone.localdate(), run=job.run)
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
        proposal = automatic.propose(film, today=timezone.localdate(), patience=http.PATIENCE)
    except (http.HttpError, http.NotYet) as error:
        # The page is read and stays read; asking TMDB again is a job of its own.
        delay = error.seconds if isinstance(error, http.NotYet) else http.backoff(1)
        with jobs.finishing(job):
            jobs.enqueue("match", f"match:{slug}", run=job.run, delay=delay, slug=slug)
        return
    with jobs.finishing(job):
        automatic.record(film, proposal, at=timezone.now())
