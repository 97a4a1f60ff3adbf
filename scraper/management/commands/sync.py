"""`manage.py sync`: read the week. Exit status 0 complete, 1 incomplete, 2 wrong configuration or no worker."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.utils import timezone

from kinokrakow import clock, jobs
from kinokrakow.database.advice import next_step
from kinokrakow.http import rate_limit
from kinokrakow.models import Job, JobAttempt
from review import automatic
from scraper.coverage.witnesses import looking
from scraper.models import SyncRun
from scraper.monitoring import watch
from scraper.sync import report, retention, runs

BETWEEN_LINES = 0.2  # s, at least
NO_WORKER = 20.0  # s that due jobs may lie untouched, with none running, before we say that nobody works


class Command(BaseCommand):
    help = "Read the seven days on offer, their films and TMDB. Without options: ask the workers to, and return."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--inline", action="store_true", help="do all the work in this process; needs no workers")
        parser.add_argument("--wait", action="store_true", help="stay until the run and its films have ended")
        parser.add_argument("--cancel", action="store_true", help="cancel the sync that is running instead")
        parser.add_argument("--json", action="store_true", help="print the run as JSON on the last line of stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["cancel"]:
            self._cancel()
            return
        run = self._start()
        left = False
        if options["inline"]:
            left = not self._work_inline(run)
        elif options["wait"]:
            self._wait(run)
        self._end_progress()
        run.refresh_from_db()
        result = report.summary(run)
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self._print(run, result)
        if left or run.status not in (SyncRun.Status.RUNNING, SyncRun.Status.COMPLETE):
            raise SystemExit(1)

    def _start(self) -> SyncRun:
        try:
            run, new = runs.start_sync()
        except runs.Paused as paused:
            until = timezone.localtime(paused.state.paused_until).isoformat(" ", "minutes")
            raise CommandError(
                f"The site is paused until {until}: {paused.state.paused_why or 'no reason given'}. "
                "Next: wait, or end the pause in the admin (Outside services).",
                returncode=2,
            ) from paused
        except DatabaseError as error:
            raise CommandError(
                f"The database does not answer as it should ({error}). Next: {next_step(error)}.", returncode=2
            ) from error
        self._say(f"Sync {run.pk} " + ("started." if new else "is already running; joined it."))
        if not automatic.configured():
            self._say("TMDB_TOKEN is not set: showtimes are stored, their films wait for TMDB unpublished.")
        return run

    def _cancel(self) -> None:
        run = SyncRun.objects.filter(status=SyncRun.Status.RUNNING).first()
        if run is None or not runs.cancel(run):
            self.stdout.write("No sync is running.")
            return
        self.stdout.write(f"Sync {run.pk} is cancelled; what a worker has begun may still be finished.")

    def _work_inline(self, run: SyncRun) -> bool:
        """Do the run's jobs, and before them what an earlier run that was killed left behind; then look for gaps.

        False where work is left for later, because the site (or TMDB) asked for a pause that is too long to sit out.
        """
        left = Job.objects.active().filter(run__lt=run.pk).order_by("run").values_list("run", flat=True)
        done = True
        for number in [*dict.fromkeys(left), run.pk]:
            if number is not None:
                done &= jobs.run_inline(number, lambda: self._progress(run))
        self._end_progress()
        if not done:
            for closed in rate_limit.closures():
                until = timezone.localtime(closed.until).isoformat(" ", "minutes")
                self._say(f"{closed.host} wants no request before {until} (it said so by Retry-After or 429).")
            self._say(
                f"Sync {run.pk} is not done: what is left waits in the queue. Next: run workers, who go on by "
                "themselves (`python manage.py work`), or later once more `python manage.py sync --inline`."
            )
        if retention.overdue(clock.now()):  # no worker has dropped it
            jobs.perform(retention.ask())
        if done:
            for job in looking.ask(clock.now()):
                jobs.perform(job.pk)
        watch.look()
        return done

    def _wait(self, run: SyncRun) -> None:
        """Until the run has ended, and its films as far as the services that they need answer."""
        recovered = idle_since = time.monotonic()
        while self._awaited(run):
            self._progress(run)
            now = time.monotonic()
            if now - recovered > 5:
                jobs.recover()
                recovered = now
            due = Job.objects.filter(state=Job.State.QUEUED, due_at__lte=clock.now()).exists()
            if not due or self._anyone_works():
                idle_since = now
            if now - idle_since > NO_WORKER:
                self._end_progress()
                raise CommandError(
                    f"No worker has taken a job for {NO_WORKER:.0f} s; sync {run.pk} stays queued. "
                    "Next: start workers with `python manage.py work` (or web server and workers with "
                    "`python manage.py up`), or run `python manage.py sync --inline`.",
                    returncode=2,
                )
            time.sleep(0.2)

    @staticmethod
    def _awaited(run: SyncRun) -> bool:
        if SyncRun.objects.filter(pk=run.pk, status=SyncRun.Status.RUNNING).exists():
            return True
        return runs.pending(run, clock.now())[0].exists()

    @staticmethod
    def _anyone_works() -> bool:
        if Job.objects.filter(state=Job.State.RUNNING).exists():
            return True
        since = clock.now() - dt.timedelta(seconds=NO_WORKER / 2)
        return JobAttempt.objects.filter(started_at__gte=since).exists()

    def _say(self, text: str) -> None:
        self.stderr.write(text, self.style.NOTICE if self.stderr.isatty() else None)

    _shown, _next = "", 0.0

    def _progress(self, run: SyncRun) -> None:
        """One line that rewrites itself on a terminal; elsewhere a line whenever a day or ten films are done. Three
        statements: not after each of many quick jobs."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + BETWEEN_LINES
        line = report.progress(run, settings.KINO_REQUEST_INTERVAL)
        if self.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
        elif (gist := line.split(" · ")[0] + line.split(" · ")[1].split("/")[0][:-1]) != self._shown:
            self._shown = gist
            self.stderr.write(line, self.style.NOTICE)

    def _end_progress(self) -> None:
        if self.stderr.isatty():
            sys.stderr.write("\r\x1b[K")

    def _print(self, run: SyncRun, result: dict[str, Any]) -> None:
        if run.status == SyncRun.Status.RUNNING:
            self.stdout.write(f"Sync {run.pk} is queued. Watch it: python manage.py sync --wait")
            return
        self.stdout.write(f"Sync {run.pk}: {run.get_status_display()} in {result['seconds']} s")
        for day in result["days"]:
            mark = "!" if day["suspicious"] else " "
            self.stdout.write(
                f" {mark} {day['date']}  {day['status']:<9}{day['method'] or '-':<8}{day['showtimes']:>5} showtimes"
                f"{day['films']:>4} films{day['cinemas']:>4} cinemas"
                + (f"  {day['unread']} rows not understood" if day["unread"] else "")
                + (f"  {day['cancelled']} cancelled" if day["cancelled"] else "")
                + (f"  {day['error']}" if day["error"] else "")
            )
        for name in ("showtimes", "films", "requests"):
            self.stdout.write(f"   {name}: " + ", ".join(f"{n} {what}" for what, n in result[name].items()))
        for name, error in result["pending"]["waiting_for"].items():
            refused = name in result["pending"]["refused"]
            what = "refuses our key (next: manage.py doctor)" if refused else "does not answer"
            self.stdout.write(f"   {name} {what}, its films wait: {error}")
        for again in result["pending"]["asked_again"]:
            self.stdout.write(f"   {again['date'] or 'the calendar'} is asked for again at {again['at']}")
        if result["error"]:
            self.stdout.write(f"   {result['error']}")
