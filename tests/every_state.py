"""A database in which everything that staff can meet stands once: every status of days, films, jobs, alerts, sources.

Written as rows, without a request: it costs half a second. What belongs together agrees, as syncs would leave it.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone

from events import publishing
from events.models import Cinema, Duplicate, EventSource, ListedFilm, Movie, OtherEvent, Showtime
from kinokrakow.models import Heartbeat, HostGate, Job, JobAttempt, ServiceState
from review import decisions
from review.matching import score as matching
from review.matching.candidates import Candidate
from review.models import MatchCandidate
from scraper.coverage.witnesses.comparison import Verdict
from scraper.models import (
    Alert,
    DayScrape,
    Delivery,
    Page,
    SyncRun,
    WatchState,
    WitnessCinema,
    WitnessDifference,
    WitnessLook,
)
from scraper.monitoring import messages
from tests.scraper.past import remember

Match = ListedFilm.Match
HOUSES = {
    "kijow": "Kijów",
    "multikino": "Multikino",
    "cinema-city/bonarka": "Cinema City Bonarka",
    "kika": "Kika",
    "mikro": "Mikro",
    "agrafka": "Agrafka",
}
HOURS = (dt.time(10, 30), dt.time(18, 15), dt.time(20, 45))
LONG = "Dziewięćdziesięciokilkuletnia Konstantynopolitańczykowianeczka z Nowohuckiego Centrum Kultury"

#: slug: title, match status, year, director, how many of the cinemas show it.
FILMS: dict[str, tuple[str, str, int | None, str, int]] = {
    "zwierzogrod-2": ("Zwierzogród 2", Match.MATCHED, 2025, "Jared Bush", 5),
    "bugonia": ("Bugonia", Match.MATCHED, 2025, "Yorgos Lanthimos", 3),
    "dom-dobry": ("Dom dobry", Match.MATCHED, 2025, "Wojciech Smarzowski", 4),
    "amadeusz": ("Amadeusz", Match.PROVISIONAL, 1984, "Miloš Forman", 1),
    "solaris": ("Solaris", Match.REVIEW, None, "", 2),
    "wicked-na-dobre": ("Wicked: Na dobre", Match.REVIEW, 2025, "", 3),
    "wicked-na-dobre-2d-dubbing": ("Wicked: Na dobre 2D dubbing", Match.REVIEW, 2025, "", 2),
    "ladies-night-wicked-na-dobre": ("Ladies Night: Wicked: Na dobre", Match.REVIEW, 2025, "", 1),
    "labirynt": ("Labirynt", Match.REVIEW, None, "", 1),
    "dziewiecdziesieciokilkuletnia": (LONG, Match.UNMATCHED, 2026, "Grzegorz Brzęczyszczykiewicz", 1),
    "nocna-zmiana": ("Nocna zmiana w Podgórzu", Match.NOT_ON_TMDB, 2024, "Anna Nowak", 1),
    "tosca": ("The Metropolitan Opera: Tosca", Match.NOT_A_FILM, None, "", 2),
    "kill-bill": ("Kill Bill 1 + Kill Bill 2", Match.SEVERAL_FILMS, None, "Quentin Tarantino", 1),
    "rejs": ("Rejs", Match.PENDING, 1970, "Marek Piwowski", 1),
    "ida": ("Ida", Match.ERROR, 2013, "Paweł Pawlikowski", 1),
    "anora": ("Anora", Match.MATCHED, 2024, "Sean Baker", 2),
}
OFFERED = {
    "solaris": ((593, "Solaris", 1972, "Andriej Tarkowski", 64.0), (2103, "Solaris", 2002, "Steven Soderbergh", 62.0)),
    "wicked-na-dobre": ((967941, "Wicked: Na dobre", 2025, "Jon M. Chu", 66.0),),
    "wicked-na-dobre-2d-dubbing": ((967941, "Wicked: Na dobre", 2025, "Jon M. Chu", 61.0),),
    "ladies-night-wicked-na-dobre": ((967941, "Wicked: Na dobre", 2025, "Jon M. Chu", 55.0),),
    "labirynt": tuple(
        (13597 + n, title, 1986 + n, f"Reżyser {n}", 58.0 - 3 * n)
        for n, title in enumerate(("Labirynt", "Labirynt fauna", "Labirynty", "W labiryncie", "Labirynt 2", "Wyjście"))
    ),
    "amadeusz": ((279, "Amadeusz", 1984, "Miloš Forman", 65.0),),
    "tosca": ((900001, "Tosca", 2001, "Benoît Jacquot", 52.0),),
    "kill-bill": (
        (24, "Kill Bill", 2003, "Quentin Tarantino", 58.0),
        (393, "Kill Bill 2", 2004, "Quentin Tarantino", 57.0),
    ),
    "nocna-zmiana": ((900002, "Nocna zmiana", 1990, "", 51.0),),
    "anora": ((1064213, "Anora", 2024, "Sean Baker", 68.0),),
}


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a test needs to find again. `run` is the last that ended."""

    at: dt.datetime
    run: SyncRun
    users: dict[str, User]  # by group; "chief" may do everything

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.at)


@transaction.atomic
def seed(at: dt.datetime | None = None, *, running: bool = True) -> Seeded:
    """Write it all, as of `at` (now). `running`: a sync is under way, with nobody at work."""
    at = at or timezone.now()
    users = _users()
    cinemas = _cinemas(at)
    films = _films(at)
    _showtimes(films, cinemas, at)
    _offer(films, at)
    publishing.publish([film.pk for film in films.values()], at)
    _decide(films, users["Reviewers"], at)
    run = _runs(at)
    _jobs(run, at)
    _alerts(users["Operators"], at)
    _others(cinemas, films, users["Operators"], at)
    _services(at)
    _witnesses(cinemas, films, users["Operators"], at)
    if running:
        _running(at)
    WatchState.objects.update_or_create(pk=1, defaults={"looked_at": at - dt.timedelta(minutes=1)})
    return Seeded(at, run, users)


def _users() -> dict[str, User]:
    """One of each group; a database emptied by another test lacks the groups."""
    from importlib import import_module

    from django.apps import apps

    import_module("scraper.migrations.0005_groups").make_groups(apps, None)
    users = {"plain": User.objects.create_user("plain", is_staff=True)}
    for name in ("Viewers", "Reviewers", "Operators"):
        users[name] = User.objects.create_user({"Reviewers": "anna"}.get(name, name.lower()), is_staff=True)
        users[name].groups.add(Group.objects.get(name=name))
    users["chief"] = User.objects.create_superuser("kino")
    return users


def _cinemas(at: dt.datetime) -> list[Cinema]:
    rows = [
        Cinema.objects.create(
            slug=slug,
            name=name,
            name_seen_at=at,
            latitude=50.06,
            longitude=19.94,
            located_at=at,
            located_by=Cinema.Located.BUNDLED,
        )
        for slug, name in HOUSES.items()
    ]
    Cinema.objects.filter(slug="mikro").update(place_doubt="Przystanek Mikro", located_by=Cinema.Located.NOMINATIM)
    Cinema.objects.filter(slug="agrafka").update(
        latitude=None,
        longitude=None,
        located_by="",
        located_at=None,
        locate_error="Nominatim knows no 'Kino Agrafka, Kraków'",
        locate_due_at=at + dt.timedelta(days=1),
    )
    Cinema.objects.create(slug="multikino-krakow", name="Multikino Kraków", same_as=rows[1])
    return rows


def _films(at: dt.datetime) -> dict[str, ListedFilm]:
    found = {}
    for number, (slug, (title, status, year, director, _houses)) in enumerate(FILMS.items(), start=1):
        movie = None
        if status in ListedFilm.LINKED:
            offered = OFFERED.get(slug)
            movie = Movie.objects.create(
                tmdb_id=offered[0][0] if offered else 1000 + number,
                title=title,
                original_title=title,
                year=year,
                runtime=100 + number,
                directors=[director],
                countries=["Polska"],
                asked_at=at,
            )
        found[slug] = ListedFilm.objects.create(
            slug=slug,
            title=title,
            year=year,
            directors=[director] if director else [],
            runtime=100 + number,
            countries=["Polska"],
            genres=["dramat"],
            match_status=Match.REVIEW if slug == "anora" else status,
            movie=None if slug == "anora" else movie,
            score=None if status == Match.PENDING else 64.0,
            first_seen_at=at - dt.timedelta(days=9),
            last_seen_at=at,
            facts_at=at,
            has_page=number % 7 != 0,
            facts_due_at=at + dt.timedelta(days=7),
            match_asked_at=at - dt.timedelta(hours=3),
            match_due_at=at + dt.timedelta(days=1) if status == Match.UNMATCHED else None,
            match_error="TMDB could not be asked: HTTP 503" if status == Match.ERROR else "",
        )
    return found


def _showtimes(films: dict[str, ListedFilm], cinemas: list[Cinema], at: dt.datetime) -> None:
    """On the days 0 to 4 and 7 (outside the seven): the fifth is empty, the sixth was never read."""
    today = timezone.localdate(at)
    rows = []
    for (slug, film), ahead in itertools.product(films.items(), (0, 1, 2, 3, 4, 7)):
        day = today + dt.timedelta(days=ahead)
        for cinema in cinemas[: FILMS[slug][4]]:
            starts = [timezone.make_aware(dt.datetime.combine(day, hour)) for hour in HOURS]
            if ahead == 0:  # one that has begun and two to come, at whatever hour this runs
                starts = [at - dt.timedelta(minutes=30), at + dt.timedelta(hours=2), at + dt.timedelta(hours=4)]
            if cinema.slug == "multikino" and ahead == 1:
                continue  # gone from tomorrow, as its alert says
            rows += [
                Showtime(
                    external_id=f"{slug}|{cinema.slug}|{start:%Y-%m-%dT%H:%M}",
                    film=film,
                    cinema=cinema,
                    day=day,
                    starts_at=start,
                    ticket_url=f"https://bilety.example/{slug}",
                    first_seen_at=at - dt.timedelta(days=2),
                    last_seen_at=at,
                    withdrawn_at=at if slug == "bugonia" and start == starts[-1] else None,
                )
                for start in starts
            ]
    Showtime.objects.bulk_create(rows)


def _offer(films: dict[str, ListedFilm], at: dt.datetime) -> None:
    for slug, offered in OFFERED.items():
        film = films[slug]
        known = {
            tmdb_id: Candidate(
                tmdb_id,
                title,
                title,
                year=year,
                directors=(director,) if director else (),
                runtime=115,
                countries=("PL",),
                vote_count=500,
                detailed=True,
                overview="Film o podróży, z której się nie wraca.",
            )
            for tmdb_id, title, year, director, _score in offered
        }
        judged = {one.candidate.tmdb_id: one for one in matching.judge(film.facts(), known.values(), today=at.date())}
        for rank, (tmdb_id, _title, _year, _director, score) in enumerate(offered, start=1):
            one = replace(judged[tmdb_id], score=score)
            MatchCandidate.objects.create(
                film=film,
                tmdb_id=tmdb_id,
                rank=rank,
                score=score,
                facts=one.candidate.as_dict(),
                reasons=[reason.as_dict() for reason in one.reasons],
                lift=one.lift or "",
                asked_at=at,
            )


def _decide(films: dict[str, ListedFilm], anna: User, at: dt.datetime) -> None:
    """Each verb once, one undone; a deferred question, and a decided one whose facts have changed since."""

    def hand(slug: str, minutes: int) -> decisions.Submission:
        film = ListedFilm.objects.get(pk=films[slug].pk)
        return decisions.Submission(film.pk, film.revision, anna, at - dt.timedelta(minutes=minutes))

    undone = decisions.not_a_film(hand("solaris", 50))
    decisions.undo(undone.pk, by=anna, at=at - dt.timedelta(minutes=49), sure=True)
    decisions.accept(hand("anora", 48), 1064213)
    decisions.defer(hand("labirynt", 40), at + dt.timedelta(days=3), "zapytać w kinie Kijów")
    for slug, verb in (("nocna-zmiana", decisions.not_on_tmdb), ("tosca", decisions.not_a_film)):
        ListedFilm.objects.filter(slug=slug).update(match_status=Match.REVIEW)
        verb(hand(slug, 30))
    ListedFilm.objects.filter(slug="kill-bill").update(match_status=Match.REVIEW)
    both = [Candidate.from_dict(row.facts) for row in MatchCandidate.objects.filter(film=films["kill-bill"])]
    decisions.several_films(hand("kill-bill", 20), both)
    ListedFilm.objects.filter(slug="anora").update(year=2025, reopened_at=at)


def _runs(at: dt.datetime) -> SyncRun:
    """Five weeks of ordinary runs, and today's, whose seven days stand in seven ways."""
    today = timezone.localdate(at)

    @dataclass(frozen=True)
    class Then:
        cinema_slug: str
        ticket: str = "x"

    usual = [Then(slug) for slug in list(HOUSES)[:5] for _ in range(14)]
    remember(today, lambda _date: usual, weeks=5)  # type: ignore[arg-type, return-value]
    SyncRun.objects.create(
        status="failed",
        started_at=at - dt.timedelta(days=2),
        finished_at=at - dt.timedelta(days=2, minutes=-1),
        error="HttpError: https://www.kino.krakow.pl: HTTP 503",
    )
    SyncRun.objects.create(
        status="cancelled",
        started_at=at - dt.timedelta(days=1, hours=20),
        finished_at=at - dt.timedelta(days=1, hours=19),
    )
    before = SyncRun.objects.create(
        status="complete",
        started_at=at - dt.timedelta(hours=31),
        finished_at=at - dt.timedelta(hours=30),
        site_today=today - dt.timedelta(days=1),
        requests=61,
        films=14,
        films_matched=5,
        showtimes=400,
        showtimes_published=280,
        counted_at=at,
    )
    run = SyncRun.objects.create(
        status="incomplete",
        started_at=at - dt.timedelta(minutes=20),
        finished_at=at - dt.timedelta(minutes=15),
        films_done_at=at - dt.timedelta(minutes=12),
        site_today=today,
        requests=48,
        films=13,
        films_matched=6,
        showtimes=360,
        showtimes_published=250,
        counted_at=at,
    )
    page = Page.objects.create(
        run=run,
        purpose=f"day:{today}:url",
        method="GET",
        sent_at=at,
        seconds=0.4182736455,
        status=200,
        url="https://www.kino.krakow.pl/cinema_program/by_movie?day=2026-11-28",
        headers={"Server": "nginx"},
    )
    page.body_gzip, page.sha256 = Page.packed(
        b"<!DOCTYPE html><html><head><title>x</title></head><body><h1>Repertuar</h1></body></html>"
    )
    page.save()
    Page.objects.create(
        run=run,
        purpose="film:zwierzogrod-2",
        method="GET",
        sent_at=at,
        seconds=20.000123456,
        url="https://x.example/film",
        error="ReadTimeout: " + "x" * 200,
    )
    for ahead in range(6):
        _day(before if ahead == 4 else run, today + dt.timedelta(days=ahead), ahead, page, at)
    _day(before, today + dt.timedelta(days=2), 3, page, at - dt.timedelta(hours=30))
    return run


def _day(run: SyncRun, date: dt.date, ahead: int, page: Page, at: dt.datetime) -> None:
    """0 verified, 1 a cinema gone, 2 failed, 3 doubted, 4 stale, 5 empty."""
    counts: dict[str, list[int]] = {}
    for slug, withdrawn in Showtime.objects.filter(day=date).values_list("cinema__slug", "withdrawn_at"):
        if withdrawn is None:
            counts.setdefault(slug, [0, 0])[0] += 1
            counts[slug][1] += 1
    if ahead == 0:
        counts["kijow"][0] += 2  # listed and not understood
    failed = ahead == 2 and run.status == "incomplete"
    read = not failed
    DayScrape.objects.create(
        run=run,
        date=date,
        ahead=ahead,
        status="failed" if failed else "empty" if ahead == 5 else "verified",
        suspicious=ahead == 3,
        way="" if failed else ("url", "session", "hour")[ahead % 3],
        date_said=date if read else None,
        statements={"date header": f"{date:%d.%m.%Y}", "calendar": f"{date:%d.%m}"} if read else {},
        unread_rows=2 if ahead == 0 else 0,
        cancelled=1 if ahead == 0 else 0,
        unread=[{"place": "row 17", "text": "20:15*", "reason": "no time like 10:30", "film": "rejs"}]
        if ahead == 0
        else [],
        attempts=4 if failed else 1,
        error="ExtractionError: calendar: expected 2026-11-30, found 2026-11-29" if failed else "",
        showtimes=sum(n for n, _ in counts.values()) if read else 0,
        films=14 if read and counts else 0,
        cinemas=len(counts) if read else 0,
        created=3,
        updated=1,
        unchanged=40,
        withdrawn=2 if ahead == 0 else 0,
        not_withdrawn=9 if ahead == 3 else 0,
        by_cinema=counts if read else {},
        page=page if read else None,
        finished_at=run.finished_at or at,
        film_slugs=list(FILMS),
    )


def _jobs(run: SyncRun, at: dt.datetime) -> None:
    """One in each state, one that retries, with attempts of every outcome and a traceback wider than any window."""
    today = timezone.localdate(at)
    kinds = (
        ("day", f"day:{today}", "done", ""),
        ("day", f"day:{today + dt.timedelta(days=2)}", "failed", "WrongDay: two days"),
        (
            "film",
            "film:dziewiecdziesieciokilkuletnia-konstantynopolitanczykowianeczka",
            "queued",
            "HttpError: HTTP 503",
        ),
        ("film", "film:ida", "running", ""),
        ("match", "match:17", "cancelled", ""),
        ("prune", "prune", "queued", ""),
    )
    outcomes = itertools.cycle(JobAttempt.Outcome.values)
    for number, (kind, key, state, error) in enumerate(kinds):
        begun = at - dt.timedelta(minutes=20 - number)
        job = Job.objects.create(
            kind=kind,
            key=key,
            args={"date": str(today)} if kind == "day" else {},
            run=run.pk,
            state=state,
            attempt=2,
            worker="krakow-1:4711:0123456789abcdef",
            error=error,
            queued_at=begun,
            due_at=at + dt.timedelta(minutes=15) if error and state == "queued" else begun,
            started_at=None if state == "queued" and not error else begun + dt.timedelta(seconds=1),
            finished_at=begun + dt.timedelta(seconds=3, milliseconds=417)
            if state in ("done", "failed", "cancelled")
            else None,
            lease_until=at + dt.timedelta(minutes=10) if state == "running" else None,
        )
        for attempt in (1, 2):
            JobAttempt.objects.create(
                job=job,
                number=attempt,
                outcome=next(outcomes),
                worker="krakow-1:4711",
                waited=0.123456789 * attempt,
                started_at=begun + dt.timedelta(seconds=attempt),
                finished_at=begun + dt.timedelta(seconds=attempt, milliseconds=731),
                error=error,
                traceback=("Traceback (most recent call last):\n  " + "x" * 600) if error else "",
                requests={"www.kino.krakow.pl": 3, "tmdb": 1},
            )


FACTS: dict[str, Any] = {
    "error": "ExtractionError: calendar: expected 2026-11-30, found 2026-11-29",
    "attempts": 4,
    "expected": 318,
    "known": 0,
    "dates": 6,
    "listed": 90,
    "missing": 30,
    "name": "Multikino",
    "week": False,
    "filled": 1,
    "of": 40,
    "before": 80,
    "rate": 71.5,
    "films": 2,
    "held": 9,
    "jobs": 1,
    "monitor": "m",
    "titles": ["Solaris", "Labirynt"],
    "showtimes": 9,
    "requests": 5,
    "status": 429,
    "title": "Rejs",
    "problem": 'it is headed "Rejs", not "Ida"',
    "rows": 3,
    "place": "row 17",
    "text": "20:15*",
    "reason": "no time like 10:30",
    "not_withdrawn": 9,
    "believed_next": True,
    "witness": "coigdzie.pl",
    "starts": 7,
}


def _alerts(operator: User, at: dt.datetime) -> None:
    """Open: both levels, one looked after, one silenced. Every other kind: once, over by now."""
    today = timezone.localdate(at)
    later = {"since": (at - dt.timedelta(hours=2)).isoformat(), "until": (at + dt.timedelta(hours=1)).isoformat()}
    made = {}
    open_kinds = ("cinema_gone", "day_failed", "day_suspicious", "films_unread", "review_soon", "tmdb_rate")
    for number, kind in enumerate(messages.KINDS):
        subject = (
            str(today + dt.timedelta(days=2))
            if kind.startswith("day_")
            else "multikino"
            if kind == "cinema_gone"
            else ""
        )
        facts = {**FACTS, **later}
        if kind in ("cinema_gone", "witness_missing"):
            facts["dates"] = [str(today + dt.timedelta(days=1))]
        made[kind] = Alert.objects.create(
            kind=kind,
            subject=subject,
            facts=facts,
            level="bad" if kind in open_kinds[:2] else "warn",
            opened_at=at - dt.timedelta(hours=number),
            updated_at=at,
            resolved_at=None if kind in open_kinds else at - dt.timedelta(minutes=number),
            expired=number % 5 == 0,
            told_at=at,
        )
    Alert.objects.filter(kind="day_suspicious").update(acknowledged_at=at, acknowledged_by=operator)
    Alert.objects.filter(kind="tmdb_rate").update(silenced_until=at + dt.timedelta(hours=20))
    for status, error in (("sent", ""), ("failed", "SMTPException: " + "x" * 300), ("waiting", "")):
        message = Delivery.objects.create(
            channel="e-mail",
            title="KinoKraków: Multikino is gone",
            text="…",
            status=status,
            error=error,
            attempts=1,
            created_at=at,
            ended_at=at if status != "waiting" else None,
        )
        message.alerts.add(made["cinema_gone"])


def _others(cinemas: list[Cinema], films: dict[str, ListedFilm], operator: User, at: dt.datetime) -> None:
    """Another source with three screenings: one alone, one that is ours too, one that is gone; a pair that is none."""
    source = EventSource.objects.create(slug="karnet", name="Karnet", priority=70)
    ours = list(
        Showtime.objects.filter(event__isnull=False, starts_at__gt=at).select_related("film").order_by("pk")[:2]
    )
    for number, showtime in enumerate(ours):
        other = OtherEvent.objects.create(
            source=source,
            external_id=f"k{number}",
            title=showtime.film.title,
            starts_at=showtime.starts_at,
            ends_at=showtime.starts_at + dt.timedelta(hours=2),
            cinema_name="Kino Kijów",
            first_seen_at=at,
            last_seen_at=at,
        )
        Duplicate.objects.create(
            hidden_showtime=showtime,
            shown_event=other,
            found_at=at,
            verdict="different" if number else "",
            reasons={"title": 100.0, "minutes": 5.0, "metres": 12, "same_name": True},
            decided_by=operator if number else None,
            decided_at=at if number else None,
        )
    for number, gone in ((2, None), (3, at)):
        OtherEvent.objects.create(
            source=source,
            external_id=f"k{number}",
            title=f"{LONG} {number}",
            starts_at=at + dt.timedelta(hours=5),
            ends_at=at + dt.timedelta(hours=7),
            cinema_name="Nowohuckie Centrum Kultury",
            first_seen_at=at,
            last_seen_at=at,
            gone_at=gone,
        )


def _witnesses(houses: list[Cinema], films: dict[str, ListedFilm], operator: User, at: dt.datetime) -> None:
    """One that is read, with every verdict and every kind of difference, and one that fails."""
    today = timezone.localdate(at)
    cinemas = {cinema.slug: cinema for cinema in houses}
    cells = [
        {
            "cinema": slug,
            "date": str(today + dt.timedelta(days=(number + ahead) % 7)),
            "verdict": verdict.value,
            "theirs": 17,
            "ours": 16,
            "same": 15,
            "missing": 2 if verdict in (Verdict.THEIRS_MORE, Verdict.BOTH_DIFFER) else 0,
            "extra": 1 if verdict in (Verdict.OURS_MORE, Verdict.BOTH_DIFFER) else 0,
        }
        for number, slug in enumerate(HOUSES)
        for ahead, verdict in enumerate(list(Verdict)[:7])
    ]
    for back in range(12, -1, -1):
        when = at - dt.timedelta(days=back)
        WitnessLook.objects.create(
            witness="coigdzie", began_at=when, ended_at=when, status="ok", requests=7, unread=2, cells=cells,
            unread_rows=["Bugonia 2026-11-28 18:00:00: no cinema", f"{LONG}: no start"], theirs=1702, ours=1705,
            same=1694 - 9 * back,
            problems=[{"dates": [str(today)], "cinema": "", "failure": "unreachable", "error": "HTTP 502"}],
        )  # fmt: skip
    WitnessLook.objects.create(
        witness="mikro", began_at=at, ended_at=at, status="failed", failure="changed", requests=2,
        error="Unreadable: expected a list, found '<!DOCTYPE html>" + "x" * 200,
    )  # fmt: skip
    for name, cinema in (("Kino Kijów", cinemas["kijow"]), ("Kino Letnie Zabłocie", None)):
        WitnessCinema.objects.create(
            witness="coigdzie", name=name, cinema=cinema, first_seen_at=at, last_seen_at=at, looks=3, starts=7
        )
    hour = (at + dt.timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    film = films["bugonia"]
    showtime = film.showtimes.order_by("-pk").first()
    for number, (kind, slug, their, our, answer) in enumerate((
        ("missing", "kijow", "BUGONIA", "", ""),
        ("missing", "kijow", LONG, "", ""),
        ("extra", "kijow", "", "Bugonia", ""),
        ("film", "multikino", "Rejs", "Bugonia", ""),
        ("missing", "mikro", "", "", "ours"),
        ("missing", "mikro", "Ida", "", "theirs"),
    )):  # fmt: skip
        WitnessDifference.objects.create(
            witness="coigdzie", cinema=cinemas[slug], date=timezone.localdate(hour), kind=kind, their_title=their,
            their_url="https://kino.coigdzie.pl/film/1" if their else "", our_title=our, found_at=at, seen_at=at,
            starts_at=hour + dt.timedelta(minutes=number), showtime=showtime if our else None, looks=1 + number % 2,
            answer=answer, answered_by=operator if answer else None, answered_at=at if answer else None,
        )  # fmt: skip


def _services(at: dt.datetime) -> None:
    HostGate.objects.create(
        host="www.kino.krakow.pl",
        next_at=at,
        robots_at=at,
        robots="User-agent: *\nCrawl-delay: 2",
        closed_since=at - dt.timedelta(minutes=5),
        closed_until=at + dt.timedelta(minutes=5),
    )
    for name, state in {
        "tmdb": {
            "failures": 3,
            "silent_since": at - dt.timedelta(minutes=9),
            "probe_at": at + dt.timedelta(minutes=2),
            "error": "ReadTimeout: " + "x" * 150,
        },
        "geocoder": {"paused_until": at + dt.timedelta(hours=2), "paused_why": "Wymiana serwera"},
        "kino": {},
    }.items():
        ServiceState.objects.update_or_create(name=name, defaults=state)
    for what in Heartbeat.What.values:
        Heartbeat.objects.create(what=what, name=f"krakow-1:{what}", workers=2, busy=1, began_at=at, seen_at=at)


def _running(at: dt.datetime) -> None:
    """A sync under way: a day read, one that failed and is tried again, the others waiting."""
    today = timezone.localdate(at)
    run = SyncRun.objects.create(started_at=at - dt.timedelta(minutes=2), site_today=today)
    for ahead in range(3):
        date = today + dt.timedelta(days=ahead)
        DayScrape.objects.create(run=run, date=date, ahead=ahead)
        Job.objects.create(
            kind="day",
            key=f"day:{date}:again",
            args={"date": str(date)},
            run=run.pk,
            state="queued",
            attempt=1,
            error="HttpError: HTTP 503" if ahead == 1 else "",
            queued_at=at - dt.timedelta(minutes=2),
            due_at=at + dt.timedelta(minutes=5 if ahead == 1 else -1),
        )
