"""Read a run's archived pages again: what a mended extractor makes of them is stored as if just fetched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from events.models import ListedFilm
from scraper.models import DayScrape, Page, SyncRun
from scraper.site import client
from scraper.site.extractors.errors import ExtractionError
from scraper.sync import film_pages
from scraper.sync.days import apply_day
from scraper.sync.runs import verdict


def replay(run: SyncRun) -> Iterator[tuple[str, str]]:
    """Yield (what, outcome) for each day and each film of the run, the outcome in words.

    A day is taken from the last of its pages that is verified. What happened since then counts: a day
    that a later run has read is not overwritten by an older page.
    """
    for day in run.days.order_by("date"):
        yield f"day {day.date}", _replay_day(run, day)
    slugs = run.pages.filter(purpose__startswith="film:", status=200).values_list("purpose", flat=True).distinct()
    for purpose in sorted(set(slugs)):
        yield purpose.replace(":", " ", 1), _replay_film(run, purpose)


def believe(date: dt.date) -> bool:
    """Withdraw what the last, suspicious reading of a day lacks, at a person's word.

    False where there is none, its page is no longer kept, or has parts that were not understood: such a page says
    nothing about what it lacks, whoever believes it.
    """
    readings = DayScrape.objects.filter(date=date, status__in=DayScrape.READ).select_related("page")
    day = readings.order_by("run_id").last()
    if day is None or day.page is None or not day.suspicious:
        return False
    today = timezone.localdate(day.page.sent_at)
    try:
        programme = client.parse_day(client.fetched_from(day.page), day.way, date=date, today=today)
    except ExtractionError:
        return False
    read = client.DayRead(programme, client.Way(day.way), day.page.pk)
    with transaction.atomic():
        outcome = apply_day(day, read, at=timezone.now(), attempts=day.attempts, believed=True)
    return not outcome.suspicious


def _replay_day(run: SyncRun, day: DayScrape) -> str:
    later = DayScrape.objects.filter(date=day.date, run_id__gt=run.pk, status__in=DayScrape.READ).order_by("run_id")
    problems = []
    for page, way in _pages_of(run, day.date):
        if newer := later.first():
            return _left_alone(newer)
        today = timezone.localdate(page.sent_at)
        try:
            programme = client.parse_day(client.fetched_from(page), way, date=day.date, today=today)
        except ExtractionError as error:
            problems.append(str(error))
            continue
        with transaction.atomic():
            read = client.DayRead(programme, way, page.pk)
            outcome = apply_day(day, read, at=page.sent_at, attempts=day.attempts)
            if newer := later.first():  # stored while this waited for the films' locks: it was read later all the same
                transaction.set_rollback(True)
                return _left_alone(newer)
            if run.status != SyncRun.Status.RUNNING:
                SyncRun.objects.filter(pk=run.pk, status=run.status).update(status=verdict(run))
                run.refresh_from_db()
        return (
            f"{outcome.created} created, {outcome.updated} updated, {outcome.unchanged} unchanged, "
            f"{outcome.withdrawn} withdrawn"
        )
    return "failed: " + ("; ".join(problems) or "no page was archived")


def _left_alone(newer: DayScrape) -> str:
    return f"left alone, run {newer.run_id} read it later"


def _pages_of(run: SyncRun, date: dt.date) -> Iterator[tuple[Page, str]]:
    """The run's pages that may be of `date`, the newest first, and the way each was fetched by."""
    for page in run.pages.filter(purpose__startswith=f"day:{date}:", status=200, method="GET").order_by("-id"):
        yield page, page.purpose.rpartition(":")[2]
    for page in run.pages.filter(purpose="calendar", status=200).order_by("-id"):
        yield page, client.Way.SESSION


def _replay_film(run: SyncRun, purpose: str) -> str:
    slug = purpose.removeprefix("film:")
    page = run.pages.filter(purpose=purpose, status=200).order_by("-id").first()
    row = ListedFilm.objects.filter(slug=slug).first()
    if page is None or row is None:
        return "failed: no such film or page any more"
    try:
        read = client.parse_film(client.fetched_from(page), slug, today=timezone.localdate(page.sent_at))
    except ExtractionError as error:
        return f"failed: {error}"
    with transaction.atomic():
        row = ListedFilm.objects.select_for_update(no_key=True).get(pk=row.pk)  # no newer page comes between
        if row.facts_at is not None and row.facts_at > page.sent_at + dt.timedelta(hours=1):
            return "left alone, its page was read later"
        problem = film_pages.store(slug, read, at=page.sent_at, now=timezone.now())
    return f"not believed: {problem}" if problem else "read"
