"""Time that passes at once, in one process: the schedule, the workers' jobs, staff, and what goes wrong."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import Message
from typing import Any
from unittest import mock

import httpx
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import override_settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ, Schedule

from events import conf, publishing
from events.local_time import ZONE
from events.models import Cinema, ListedFilm
from kinokrakow import clock, jobs
from kinokrakow.http import wire
from kinokrakow.models import Job
from review import decisions
from scraper.demo.server import Asked
from scraper.demo.site_faults import Fault, renamed_table, truncated
from scraper.demo.tmdb import DemoTmdb
from scraper.monitoring import watch
from scraper.sync import schedules
from tests.year.judge import Judge
from tests.year.town import LivingSite, Town, without_tickets

LOOK_EVERY = dt.timedelta(hours=6)  # and whenever a sync has ended
TOKEN = "year"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong from `begin` to `end` (local), the alerts of which one must come, and those that may come too."""

    begin: dt.datetime
    end: dt.datetime
    what: str
    must: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    arg: str = ""


def site_fault(what: str, path: str) -> Fault | None:
    """How the site answers while it has this trouble."""
    programme = "/cinema_program/" in path
    match what:
        case "500":
            return Fault(status=500)
        case "503":
            return Fault(status=503, headers={"Retry-After": "120"})
        case "login":
            return Fault(status=200, body=b"<h1>Logowanie</h1><form><input name=login></form>")
        case "films behind a login" if path.startswith("/film/"):
            return Fault(status=200, body=b"<h1>Zaloguj</h1>")
        case "cut" if programme:
            return Fault(rewrite=truncated)
        case "unreadable" if programme:
            return Fault(rewrite=renamed_table)
        case "other day" if programme:
            return Fault(other_day=2)
        case "tickets gone":
            return Fault(rewrite=without_tickets)
    return None


def bites(trouble: Trouble, path: str, *, on_site: bool) -> bool:
    """Whether a request meets this trouble: film pages behind a login harm nobody who asks for none."""
    match trouble.what:
        case "down":
            return on_site
        case "left out" | "tickets gone":
            return on_site and "/cinema_program/" in path
        case "tmdb silent" | "tmdb refuses":
            return not on_site
    return on_site and site_fault(trouble.what, path) is not None


class Transport(httpx.BaseTransport):
    """httpx's way to the town's site and its TMDB, without a socket. Each answer takes a third of a second."""

    def __init__(self, life: Life) -> None:
        self.life = life

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        life, url = self.life, request.url
        life.sleep(0.3)
        troubles = {trouble.what for trouble in life.troubles_now()}
        path = url.raw_path.decode()
        on_site = str(url).startswith(life.site.url)
        life.met.update(t for t in life.troubles_now() if bites(t, path, on_site=on_site))
        if on_site:
            life.requests["site"] = life.requests.get("site", 0) + 1
            if "down" in troubles:
                raise httpx.ConnectError("no route to host", request=request)
            headers = Message()
            for name, value in request.headers.items():
                headers[name] = value
            answer = life.site.answer(Asked(request.method, path, headers))
            all_headers = {"Content-Type": answer.content_type, **answer.headers}
            return httpx.Response(
                answer.status, headers=all_headers, stream=httpx.ByteStream(answer.body), request=request
            )
        life.requests["tmdb"] = life.requests.get("tmdb", 0) + 1
        if "tmdb silent" in troubles:
            raise httpx.ReadTimeout("no answer", request=request)
        bearer = "" if "tmdb refuses" in troubles else request.headers.get("Authorization", "")
        status, found = life.tmdb.answer(url.path.removeprefix("/3"), dict(url.params), bearer)
        return httpx.Response(status, stream=httpx.ByteStream(json.dumps(found).encode()), request=request)


class Life:
    """A town, its troubles, and the program that reads it from `first` on."""

    def __init__(self, town: Town, tmdb: DemoTmdb, first: dt.date, troubles: list[Trouble], seed: int = 1) -> None:
        self.town, self.tmdb, self.troubles = town, tmdb, troubles
        self.site = LivingSite(town)
        self.dice = random.Random(seed)
        self.requests: dict[str, int] = {}
        self.first = dt.datetime.combine(first, dt.time(4))
        self.now = self.first.replace(tzinfo=ZONE).astimezone(dt.UTC)
        self.holidays: list[tuple[dt.date, dt.date]] = []
        self.decided: dict[str, tuple[str, int | None]] = {}
        self.syncs = 0
        self.met: Counter[Trouble] = Counter()  # requests that met each

    @contextmanager
    def running(self) -> Iterator[None]:
        with ExitStack() as stack:
            self.clock = stack.enter_context(time_machine.travel(self.now, tick=False))
            stack.enter_context(mock.patch("time.sleep", self.sleep))
            stack.enter_context(mock.patch.object(clock, "now", timezone.now))
            stack.enter_context(mock.patch.object(wire, "Transport", return_value=Transport(self)))
            stack.enter_context(mock.patch.object(conf, "GEOCODER", "none"))
            stack.enter_context(
                override_settings(
                    KINO_BASE_URL=self.site.url, TMDB_BASE_URL=self.tmdb.url, TMDB_TOKEN=TOKEN,
                    KINO_REQUEST_INTERVAL=0, TMDB_REQUEST_INTERVAL=0, ALERT_EMAILS=["staff@example.com"],
                    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
                )
            )  # fmt: skip
            connection_created.connect(self._tell_the_time)
            stack.callback(connection_created.disconnect, self._tell_the_time)
            connection.ensure_connection()
            self._tell_the_time(connection=connection)
            self.site.fault = lambda _method, path, _n: next(
                (fault for trouble in self.troubles_now() if (fault := site_fault(trouble.what, path))), None
            )
            stack.callback(self.site.server_close)
            yield

    def _tell_the_time(self, connection: Any, **_: object) -> None:
        """The database's clock is the simulation's: Django's Now() on SQLite is strftime(…, 'NOW')."""
        connection.connection.create_function(
            "strftime", 2, lambda _form, _when: f"{self.now.replace(tzinfo=None).isoformat(' ', 'milliseconds')}"
        )

    def sleep(self, seconds: float) -> None:
        self._go(self.now + dt.timedelta(seconds=max(seconds, 0.001)))

    def _go(self, at: dt.datetime) -> None:
        self.now = max(at, self.now)
        self.clock.move_to(self.now)
        self.town.now = self.now.astimezone(ZONE).replace(tzinfo=None)

    def troubles_now(self) -> list[Trouble]:
        return [trouble for trouble in self.troubles if trouble.begin <= self.town.now < trouble.end]

    def live(self, until: dt.datetime, judge: Judge, each_day: Callable[[], None] = lambda: None) -> None:
        """Let time pass: whatever is due first is done next, the jobs as a worker would."""
        schedules.set_up()
        looked, day, busy = self.now, None, True
        while self.now < until:
            job = Job.objects.filter(state=Job.State.QUEUED).order_by("due_at", "pk").first()
            turn = Schedule.objects.exclude(name__in=("recover", "heartbeat", "watch")).order_by("next_run").first()
            assert turn is not None
            assert turn.next_run is not None
            if job is not None and job.due_at <= self.now:
                self.town.dropped = frozenset(t.arg for t in self.troubles_now() if t.what == "left out")
                jobs.perform(job.pk)
                OrmQ.objects.all().delete()
                busy = True
                continue
            if busy or self.now - looked >= LOOK_EVERY:
                looked, busy = self.now, False
                watch.tick()
                judge.look(self)
            if day != self.town.today and self.town.now.hour >= 9:
                day = self.town.today
                self._review()
                self._unite()
                each_day()
            due = min(turn.next_run, looked + LOOK_EVERY, *([job.due_at] if job else []))
            self._go(due)
            if due == turn.next_run:
                self._take(turn)

    def _take(self, turn: Schedule) -> None:
        """What django-q2's scheduler does with a schedule that is due."""
        kwargs = {turn.intended_date_kwarg: turn.next_run.isoformat()} if turn.intended_date_kwarg else {}
        if turn.name != "films" or self.town.now.minute < 10:  # once an hour is enough here
            self.syncs += turn.name == "sync"
            import_string(turn.func)(**kwargs)
        Schedule.objects.filter(pk=turn.pk).update(next_run=turn.calculate_next_run(self.now))

    # --- staff

    def _review(self) -> None:
        """Somebody decides what is open, as it is; one in eight decides wrongly first, and undoes it."""
        if any(begin <= self.town.today < end for begin, end in self.holidays):
            return
        user, _ = User.objects.get_or_create(username="reviewer")
        kinds = {run.film.slug: run for run in self.town.runs}
        waiting = ListedFilm.objects.open_questions(timezone.now())
        absent = [slug for slug, run in kinds.items() if run.kind in ("absent", "stage")]
        missing = ListedFilm.objects.filter(match_status="unmatched", slug__in=absent)
        for film in sorted({*waiting, *missing}, key=lambda film: film.pk):
            run = kinds[film.slug]

            def said(film: ListedFilm = film) -> decisions.Submission:
                film.refresh_from_db()
                return decisions.Submission(film.pk, film.revision, user, timezone.now())

            if self.dice.random() < 1 / 8:
                wrong = decisions.not_on_tmdb(said()) if run.film.tmdb_ids else decisions.defer(said(), None, "later")
                decisions.undo(wrong.pk, by=user, at=timezone.now())
            if run.kind == "stage":
                decisions.not_a_film(said())
            elif run.kind == "absent":
                decisions.not_on_tmdb(said())
            else:
                try:
                    decisions.accept(said(), run.film.tmdb_ids[0])
                except decisions.NotOffered:
                    decisions.defer(said(), timezone.now() + dt.timedelta(days=1), "not offered")
                    continue
            film.refresh_from_db()
            self.decided[film.slug] = (film.match_status, film.movie.tmdb_id if film.movie else None)

    def _unite(self) -> None:
        """A cinema that has another address is told to be the one it was."""
        for change in self.town.changes:
            new = Cinema.objects.filter(slug=change.to, same_as=None).first() if change.what == "slug" else None
            old = Cinema.objects.filter(slug=change.cinema).first()
            if new is not None and old is not None:
                publishing.unite(new, old, at=timezone.now())
