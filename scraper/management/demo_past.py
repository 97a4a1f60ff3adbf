"""The demo's past: what five weeks of syncs and of people's decisions would have left behind, written at once.

Nothing of it has happened, and all of it says so: runs and days in their text, decisions in their note and by their
author, an account that nobody can log in to. What it says agrees with the demo's world, whose weeks depend on nothing
but their dates, and the scores are those that the matcher gives.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from events.local_time import localise
from events.models import Cinema, ListedFilm, Showtime
from review import decisions
from review.automatic.recording import candidate_row
from review.matching import score as matching
from review.matching.candidates import Candidate
from review.matching.weights import MATCHED, REVIEW
from review.models import Decision, MatchCandidate
from scraper.demo import posters, world
from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.tmdb.index import Index
from scraper.models import Alert, DayScrape, SyncRun

WEEKS = 5
AUTHOR = "demo"
LABEL = "Made up by the demo"
READ_AT = dt.time(13, 10)
SERVER_ERROR = "HttpError: HTTP 500 (made up by the demo)"
#: Days ago on which something went wrong: what.
DOWN, FAILED_DAY, CANCELLED = 17, 9, 25
GONE, CLOSED = (4, 5), "paradox"  # a cinema that listed nothing on these days
SPECIAL = "DKF: {}"  # special showings have no page of their own: title and cinema are all that is known
ODD = ("Koncert: Zimna wojna na żywo", "Wykład: Kino i architektura", "Pokaz slajdów: Islandia")  # no films

Day = dict[str, tuple[int, int]]  # by cinema: showtimes, and how many of them have a ticket link


@transaction.atomic
def write(now: dt.datetime) -> bool:
    """Write it, unless a sync has been in this database; returns whether it did. Its last sync is a day old at most,
    at whatever hour the demo is begun: an older one would be missed before this week is read."""
    today, clock = timezone.localdate(now), max(READ_AT, timezone.localtime(now).time())
    if SyncRun.objects.exists():
        return False
    author, _ = get_user_model().objects.get_or_create(username=AUTHOR, defaults={"is_active": False})
    author.set_unusable_password()
    author.save(update_fields=["password"])
    past = [today - dt.timedelta(days=ago) for ago in range(7 * WEEKS, 0, -1)]
    weeks = [world.World(past[0] + dt.timedelta(weeks=number)) for number in range(WEEKS + 1)]
    listed = {day: _listed(week, day, today) for week in weeks for day in week.days}
    _showtimes(weeks[0], [row for day in past for row in listed[day]])
    _runs(today, clock, {day: _counts(rows) for day, rows in listed.items()})
    _alerts(today)
    _decide(author, today)
    return True


def _listed(week: world.World, day: dt.date, today: dt.date) -> list[world.Showtime]:
    closed = (today - day).days in GONE
    return [row for row in week.on(day) if not (closed and row.cinema_slug == CLOSED)]


def _counts(rows: Iterable[world.Showtime]) -> Day:
    total: Counter[str] = Counter()
    linked: Counter[str] = Counter()
    for row in rows:
        total[row.cinema_slug] += 1
        linked[row.cinema_slug] += row.ticket is not None
    return {slug: (count, linked[slug]) for slug, count in total.items()}


def _at(day: dt.date, clock: dt.time = READ_AT) -> dt.datetime:
    return localise(dt.datetime.combine(day, clock))


def _showtimes(known: world.World, rows: list[world.Showtime]) -> None:
    """What was shown. Its films' pages are still to be read, and TMDB to be asked: that is the first sync's."""
    first = min(row.day for row in rows)
    begun, ended = _at(first - dt.timedelta(days=6)), _at(max(row.day for row in rows))
    cinemas = Cinema.objects.bulk_create(
        Cinema(slug=one.slug, name=one.name, name_seen_at=begun) for one in known.cinemas.values()
    )
    by_slug = {cinema.slug: cinema for cinema in cinemas}
    films = ListedFilm.objects.bulk_create(
        ListedFilm(slug=film.listed_slug, title=film.title, first_seen_at=begun, last_seen_at=ended)
        for slug, film in known.films.items()
        if any(row.film_slug == slug for row in rows)
    )
    by_film = {film.slug: film for film in films}
    made = {}
    for row in rows:
        film = by_film[known.films[row.film_slug].listed_slug]
        key = f"{film.slug}|{row.cinema_slug}|{row.starts_at:%Y-%m-%dT%H:%M}"
        made[key] = Showtime(
            external_id=key, film=film, cinema=by_slug[row.cinema_slug], day=row.day, starts_at=localise(row.starts_at),
            ticket_url=row.ticket if row.ticket and row.ticket.startswith("https://") else None,
            first_seen_at=_at(row.day - dt.timedelta(days=6)), last_seen_at=_at(row.day),
        )  # fmt: skip
    Showtime.objects.bulk_create(made.values(), batch_size=500)


def _runs(today: dt.date, clock: dt.time, counts: Mapping[dt.date, Day]) -> None:
    """A run a day, each of seven days; of three of them something went wrong."""
    scrapes: list[DayScrape] = []
    for ago in range(7 * WEEKS + 6, 0, -1):
        read_on = today - dt.timedelta(days=ago)
        dates = [date for ahead in range(7) if (date := read_on + dt.timedelta(days=ahead)) in counts]
        listed = sum(count for date in dates for count, _tickets in counts[date].values())
        status = {
            DOWN: SyncRun.Status.FAILED, CANCELLED: SyncRun.Status.CANCELLED, FAILED_DAY: SyncRun.Status.INCOMPLETE,
        }.get(ago, SyncRun.Status.COMPLETE)  # fmt: skip
        read = status in (SyncRun.Status.COMPLETE, SyncRun.Status.INCOMPLETE)
        at, films = _at(read_on, clock), 50 + read_on.toordinal() % 9
        run = SyncRun(
            status=status, started_at=at, finished_at=at + dt.timedelta(seconds=100 + read_on.toordinal() % 41),
            site_today=read_on, error=f"{LABEL}: HTTP 503" if ago == DOWN else LABEL,
        )  # fmt: skip
        if read:
            run.counted_at = run.films_done_at = run.finished_at
            run.requests, run.films, run.films_matched = films + 9, films, films - 5 - read_on.day % 4
            run.showtimes, run.showtimes_published = listed, round(0.95 * listed)
        run.save()
        for date in dates if read else ():
            scrapes.append(_day(run, date, counts[date], failed=ago == FAILED_DAY and date == read_on))
    DayScrape.objects.bulk_create(scrapes, batch_size=500)


def _day(run: SyncRun, date: dt.date, counts: Day, *, failed: bool) -> DayScrape:
    row = DayScrape(
        run=run, date=date, ahead=(date - timezone.localdate(run.started_at)).days, finished_at=run.finished_at,
        attempts=4 if failed else 1, statements={"demo": LABEL},
    )  # fmt: skip
    if failed:
        row.status, row.error = DayScrape.Status.FAILED, SERVER_ERROR
        return row
    row.status, row.way, row.date_said, row.by_cinema = DayScrape.Status.VERIFIED, DayScrape.Way.URL, date, counts
    row.showtimes, row.cinemas = sum(count for count, _ in counts.values()), len(counts)
    row.films = min(40, row.showtimes)
    return row


def _alerts(today: dt.date) -> None:
    """What was told of these troubles, long over."""
    failed, gone = today - dt.timedelta(days=FAILED_DAY), today - dt.timedelta(days=max(GONE))
    dates = [str(today - dt.timedelta(days=ago)) for ago in sorted(GONE, reverse=True)]
    house = next(one for one in world.CINEMAS if one.slug == CLOSED)
    told: tuple[tuple[str, str, dt.date, dict[str, Any]], ...] = (
        ("day_failed", str(failed), failed, {"attempts": 4, "error": SERVER_ERROR, "known": 250, "expected": 255}),
        ("cinema_gone", CLOSED, gone, {"name": house.name, "week": False, "dates": dates, "missing": 11}),
    )
    Alert.objects.bulk_create(
        Alert(
            kind=kind, subject=subject, level=Alert.Level.BAD, facts={**facts, "made up by": AUTHOR},
            opened_at=_at(day), updated_at=_at(day), told_at=_at(day), resolved_at=_at(day + dt.timedelta(days=1)),
            resolved_told_at=_at(day + dt.timedelta(days=1)),
        )
        for kind, subject, day, facts in told
    )  # fmt: skip


def _decide(author: Any, today: dt.date) -> None:
    """Questions that the matcher would have asked of showings without any facts, each answered; a few answers were
    wrong, undone, and given anew."""
    index = Index(TMDB_ENTRIES)
    names = sorted({entry.get("pl_title") or entry["title"] for entry in TMDB_ENTRIES})[::2]
    asked: list[tuple[ListedFilm, tuple[matching.Scored, ...]]] = []
    for title in (*(SPECIAL.format(name) for name in names), *ODD):
        ago = 7 * WEEKS - 33 * len(asked) // 50
        at = _at(today - dt.timedelta(days=ago), dt.time(9 + len(asked) % 7, 7 * len(asked) % 60))
        film = ListedFilm(
            slug=f"demo-{world.slugify(title)}", title=title, has_page=False, match_status=ListedFilm.Match.REVIEW,
            match_asked_at=at, facts_at=at, facts_due_at=_at(today + dt.timedelta(days=30)),
            first_seen_at=at, last_seen_at=at,
        )  # fmt: skip
        found = [_candidate(entry) for entry in index.search(title.partition(": ")[2])]
        scored = matching.judge(film.facts(), found, today=at.date())[:5]
        if title in ODD or (scored and REVIEW <= scored[0].score < MATCHED):
            asked.append((film, scored))
    ListedFilm.objects.bulk_create(film for film, _ in asked)
    MatchCandidate.objects.bulk_create(
        candidate_row(film, one, rank, film.first_seen_at)
        for film, scored in asked
        for rank, one in enumerate(scored, start=1)
    )
    for number, (film, scored) in enumerate(asked):
        at = film.first_seen_at + dt.timedelta(minutes=7)
        hand = decisions.Submission(film.pk, 0, author, at)
        if film.title in ODD:
            decisions.not_a_film(hand)
        elif number % 13 == 6:
            decisions.not_on_tmdb(hand)
        elif number % 11 == 4:
            wrong = decisions.not_a_film(hand)
            later = at + dt.timedelta(minutes=1)
            decisions.undo(wrong.pk, by=author, at=later, sure=True)
            film.refresh_from_db()
            again = decisions.Submission(film.pk, film.revision, author, later)
            decisions.accept(again, scored[0].candidate.tmdb_id)
        else:
            decisions.accept(hand, scored[0].candidate.tmdb_id)
    Decision.objects.filter(by=author).update(note=LABEL)


def _candidate(entry: Mapping[str, Any]) -> Candidate:
    return Candidate(
        entry["tmdb_id"], entry.get("pl_title") or entry["title"], entry.get("original_title") or entry["title"],
        names=(entry["title"], *entry.get("alternative_titles", ())), year=entry.get("year"),
        release_date=entry.get("release_date", ""), runtime=entry.get("runtime"),
        directors=tuple(entry.get("directors", ())), countries=tuple(entry.get("countries", ())),
        vote_count=entry.get("vote_count"), popularity=entry.get("popularity"),
        poster_path=posters.path_of(entry["tmdb_id"]), original_language=entry.get("original_language", ""),
        imdb_id=entry.get("imdb_id", ""), overview=entry.get("overview", ""), detailed=True,
    )  # fmt: skip
