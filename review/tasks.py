"""Jobs of the matching: a listed film asked about, and TMDB's now-playing list read."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from events.models import ListedFilm
from kinokrakow import http, jobs
from kinokrakow.models import Job
from review import automatic
from review.automatic import now_playing, upkeep
from review.automatic.asking import TRIES
from review.decisions import bulk
from review.models import Bulk

FETCH_AGAIN = dt.timedelta(hours=1)  # after a film page or TMDB failed for good


def _match_failed(job: Job, error: str) -> None:
    film = ListedFilm.objects.get(slug=job.args["slug"])
    automatic.could_not_ask(film, error, again_at=timezone.now() + FETCH_AGAIN)


@jobs.task("match", failed=_match_failed)
def match_film(job: Job) -> None:
    """Ask TMDB about a film that it could not be asked about before."""
    film = ListedFilm.objects.get(slug=job.args["slug"])
    proposal = automatic.propose(film, today=timezone.localdate(), patience=http.PATIENCE)
    with jobs.finishing(job):
        automatic.record(film, proposal, at=timezone.now())


@jobs.task("now_playing")
def read_now_playing(job: Job) -> None:
    """TMDB's now-playing list for Poland, at most once a day."""
    if not now_playing.due(timezone.now()):
        with jobs.finishing(job):
            return
    with http.Session(automatic.service(), patience=http.PATIENCE, tries=TRIES) as session:
        tmdb_ids = now_playing.ask(session)
    with jobs.finishing(job):
        now_playing.store(tmdb_ids, at=timezone.now())
        jobs.enqueue("upkeep", "upkeep")


@jobs.task("upkeep")
def keep_movies(job: Job) -> None:
    """Movies that are shown described anew, at most monthly; the content of others dropped before six months."""
    movies = upkeep.due(timezone.now())
    with http.Session(automatic.service(), patience=http.PATIENCE) as session:
        found = upkeep.ask(movies, session)
    with transaction.atomic():
        upkeep.purge(timezone.now())
    with jobs.finishing(job):
        upkeep.refresh(movies, found, at=timezone.now())


@jobs.task("accept")
def accept_chosen(job: Job) -> None:
    """The candidates that somebody chose in a list, each accepted as by hand."""
    asked = Bulk.objects.select_related("by").get(pk=job.args["bulk"])
    left = bulk.carry_out(asked)
    with jobs.finishing(job):
        Bulk.objects.filter(pk=asked.pk).update(left=left, finished_at=timezone.now())
