"""Monitors of the films: pages not read, facts that are missing, films not on TMDB, decisions that are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Min

from events import processing
from events.models import ListedFilm, Showtime
from kinokrakow.models import Job
from review import automatic
from review.automatic import upkeep
from scraper.coverage import week
from scraper.coverage.expectation import rarer
from scraper.models import Alert
from scraper.monitoring.monitors.situation import BAD, WARN, Finding, Seen, Situation, always, monitor

FIELDS = processing.FACTS
FEW_PAGES, FEW_FILMS = 8, 10  # less than these says nothing about a share
PAGES_COMPARED = 500
TOO_MANY_TO_NAME = 6
SHOWN_LATELY = dt.timedelta(days=2)  # since a film was listed last: older ones are past
REMEMBERED = dt.timedelta(days=7)  # that a film page which could not be read is looked back at

Page = tuple[dt.datetime | None, list[str]]  # facts_at, and the names of the facts that the page gave


def _pages(now: Situation) -> tuple[list[Page], list[Page]]:
    """The film pages read since the last run that read anything began (FEW_PAGES at least), and those before."""
    read = ListedFilm.objects.filter(has_page=True, facts_at__isnull=False).order_by("-facts_at")
    pages: list[Page] = list(read.values_list("facts_at", "facts_given")[:PAGES_COMPARED])
    since = now.reading_run.started_at if now.reading_run else now.at
    new = max(FEW_PAGES, read.filter(facts_at__gte=since).count())
    return pages[:new], pages[new:]


def _enough_pages(_alert: Alert, now: Situation) -> Seen:
    new, old = _pages(now)
    return Seen.WELL if len(new) >= FEW_PAGES and len(old) >= FEW_PAGES else Seen.UNSEEN


@monitor(**{f"field_gone:{name}": _enough_pages for name in FIELDS})
def film_fields(now: Situation) -> Iterator[Finding]:
    """Facts that film pages used to give and no longer do: the layout is drifting."""
    new, old = _pages(now)
    for name in FIELDS:
        share = sum(1 for _at, given in old if name in given) / len(old) if len(old) >= FEW_PAGES else 0
        filled = sum(1 for _at, given in new if name in given)
        if rarer(filled, len(new), share, FEW_PAGES):
            facts = {"filled": filled, "of": len(new), "before": round(100 * share)}
            yield Finding("field_gone", WARN, name, facts)


@monitor(films_unread=always)
def film_pages(now: Situation) -> Iterator[Finding]:
    """Pages of films to come that could not be read at last: of these nothing but a title is known."""
    failed = Job.objects.filter(kind="film", state=Job.State.FAILED, finished_at__gte=now.at - REMEMBERED)
    last = {job.args.get("slug", ""): job for job in failed.order_by("finished_at", "pk")}
    waiting = Showtime.objects.listed().filter(film__slug__in=last, starts_at__gt=now.at)
    read_at = dict(waiting.order_by().values_list("film__slug", "film__facts_at"))
    slugs = [slug for slug, job in last.items() if slug in read_at and not _read_since(read_at[slug], job)]
    if slugs:
        held = waiting.filter(film__slug__in=slugs, event=None).count()
        facts = {"films": len(slugs), "error": last[slugs[-1]].error, "held": held}
        yield Finding("films_unread", WARN, facts=facts, causes=tuple(slugs))


def _read_since(facts_at: dt.datetime | None, job: Job) -> bool:
    return facts_at is not None and job.finished_at is not None and facts_at >= job.queued_at


@monitor(films_doubted=always)
def doubted_pages(now: Situation) -> Iterator[Finding]:
    """What answers at films' addresses and is not believed to be their pages: a login, another film, no facts left."""
    films = ListedFilm.objects.exclude(page_problem="").filter(last_seen_at__gte=now.at - SHOWN_LATELY)
    rows = list(films.order_by("facts_due_at", "pk").values_list("slug", "title", "page_problem"))
    if rows:
        _slug, title, problem = rows[-1]
        level = BAD if len(rows) >= FEW_PAGES else WARN
        facts = {"films": len(rows), "title": title, "problem": problem}
        yield Finding("films_doubted", level, facts=facts, causes=tuple(slug for slug, _, _ in rows))


@monitor(films_missing=always)
def missing_pages(now: Situation) -> Iterator[Finding]:
    """So many film pages answer 404 that their address may have changed."""
    if missing := processing.pages_missing(now.at):
        yield Finding("films_missing", BAD, facts={"films": missing})


def _where_tmdb_is_asked(_alert: Alert, _now: Situation) -> Seen:
    return Seen.WELL if automatic.configured() else Seen.OVER


@monitor(tmdb_rate=_where_tmdb_is_asked)
def tmdb_rate(now: Situation) -> Iterator[Finding]:
    """Fewer films of the week on TMDB than there should be; what is still to be asked about says nothing yet."""
    if not automatic.configured():
        return
    flow = week.funnel(now.days)
    films = flow.films - sum(step.films for step in flow.steps if step.status == ListedFilm.Match.PENDING)
    if films >= FEW_FILMS and 100 * flow.films_matched / films < settings.ALERT_TMDB_PERCENT:
        rate = round(100 * flow.films_matched / films, 1)
        yield Finding("tmdb_rate", WARN, facts={"rate": rate, "films": films, "held": flow.stored - flow.published})


@monitor(review_soon=always)
def review_soon(now: Situation) -> Iterator[Finding]:
    """Films that wait for a decision and play before long: their showtimes are held."""
    soon = now.at + dt.timedelta(hours=settings.ALERT_REVIEW_HOURS)
    waiting = Showtime.objects.listed().filter(
        starts_at__gt=now.at, starts_at__lte=soon, film__match_status=ListedFilm.Match.REVIEW
    )
    rows = waiting.order_by().values_list("film__slug", "film__title").annotate(first=Min("starts_at"))
    films = [(slug, title) for slug, title, _first in rows.order_by("first", "film__slug")]
    if films:
        facts = {
            "films": len(films),
            "titles": [title for _, title in films[:TOO_MANY_TO_NAME]],
            "showtimes": waiting.count(),
        }
        yield Finding("review_soon", WARN, facts=facts, causes=tuple(slug for slug, _ in films))


@monitor(matches_contradicted=always)
def contradicted_matches(now: Situation) -> Iterator[Finding]:
    """Matches made by the program that the facts now contradict: another runtime, director or part."""
    found = upkeep.contradicted(now.at)
    if found:
        titles = [one.film.title for one in found[:TOO_MANY_TO_NAME]]
        facts = {"films": len(found), "titles": titles}
        yield Finding("matches_contradicted", WARN, facts=facts, causes=tuple(one.film.slug for one in found))
