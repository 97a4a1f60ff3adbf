"""Checks of this installation: nothing outside is asked."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.checks import run_checks
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import Schedule

from kinokrakow import secret
from kinokrakow.database.advice import next_step
from kinokrakow.jobs import heartbeats
from kinokrakow.models import Heartbeat
from scraper.models import Alert, WatchState
from scraper.monitoring.doctor.finding import BAD, OK, WARN, Finding
from scraper.sync import schedules

CLOCKS_MAY_DIFFER = 5.0  # s between this machine and the database
LATE = dt.timedelta(minutes=10)  # that a schedule may be overdue: they have a grain of half a minute
SCARCE, FULL = 1e9, 200e6  # bytes left on the disk
BACKUP_AGE = dt.timedelta(days=2)


def configuration() -> Finding:
    """Django's checks before a deployment, and ours."""
    name = "configuration"
    if settings.DEBUG:
        return Finding(name, WARN, "DEBUG is on", "on a server set DEBUG=0 (or leave it out)")
    if settings.SITE_URL.startswith("http://127.0.0.1"):
        said = f"SITE_URL is {settings.SITE_URL}: for this machine only"
        return Finding(name, WARN, said, "on a server set SITE_URL=https://your.name, as docs/OPERATING.md says")
    found = [message for message in run_checks(include_deployment_checks=True) if not message.is_silenced()]
    if found:
        worst = max(found, key=lambda message: message.level)
        said = f"{len(found)} complaints; the worst: {worst.msg}"
        return Finding(name, BAD if worst.is_serious() else WARN, said, "python manage.py check --deploy says all")
    return Finding(name, OK, "as on a server")


def database() -> Finding:
    began = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            version = ".".join(map(str, connection.get_database_version()))
            tables = connection.introspection.table_names(cursor)
    except DatabaseError as error:
        return Finding("database", BAD, " ".join(str(error).split())[:300], next_step(error))
    said = f"{connection.display_name} {version} answers in {(time.monotonic() - began) * 1000:.0f} ms"
    if not tables:
        return Finding("database", BAD, f"{said} and holds no tables", "python manage.py migrate")
    return Finding("database", OK, said)


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing[:3])
        return Finding("migrations", BAD, f"{len(missing)} are missing: {names}", "python manage.py migrate")
    return Finding("migrations", OK, "none is missing")


def key() -> Finding:
    """The file of a key that was made here."""
    on_sqlite = connection.vendor == "sqlite"
    path = secret.place(str(settings.DATABASES["default"]["NAME"]) if on_sqlite else "")
    if path is None or not path.exists() or path.read_text().strip() != settings.SECRET_KEY:
        return Finding("key", OK, "SECRET_KEY is set")
    if path.stat().st_mode & 0o077:
        return Finding("key", BAD, f"others can read {path}", f"chmod 600 {path}")
    return Finding("key", OK, f"kept in {path}, which others can't read")


def workers() -> Finding:
    alive = heartbeats.workers_alive()
    if not alive:
        return Finding("workers", BAD, "none is there: no sync runs by itself", "python manage.py work")
    if heartbeats.silent(Heartbeat.What.QUEUE, heartbeats.ALIVE["queue"]):
        said = f"{alive} are there, but no scheduled task has been done for minutes"
        return Finding("workers", BAD, said, "end `work` and start it again; its log says more")
    return Finding("workers", OK, f"{alive} are there")


def watch() -> Finding:
    looked = WatchState.objects.values_list("looked_at", flat=True).first()
    if not heartbeats.living(Heartbeat.What.WATCH).exists():
        since = f"the last look was {_ago(looked)} ago" if looked else "nobody has ever looked"
        return Finding("watch", BAD, f"it does not run; {since}", "python manage.py work (or watch)")
    count = Alert.objects.open().count()
    return Finding("watch", OK, f"it runs; {count} alerts are open" if count else "it runs; no alert is open")


def scheduled() -> Finding:
    rows = {row.name: row for row in Schedule.objects.all()}
    missing = sorted(schedules.wanted().keys() - rows.keys())
    if missing:
        return Finding("schedules", BAD, f"missing: {', '.join(missing)}", "python manage.py set_schedules")
    before = timezone.now() - LATE
    late = sorted(name for name in schedules.wanted() if (rows[name].next_run or before) < before)
    if late:
        return Finding("schedules", BAD, f"overdue: {', '.join(late)}", "start the workers: python manage.py work")
    sync = timezone.localtime(rows["sync"].next_run)
    return Finding("schedules", OK, f"the next sync is due {sync:%d.%m. %H:%M}")


def clock() -> Finding:
    """Leases and alerts go by the database's clock; ours sees another time only if a machine's is wrong."""
    theirs = Schedule.objects.annotate(now=Now()).values_list("now", flat=True).first()
    if theirs is None:
        return Finding("clock", OK, "nothing to compare with yet")
    differ = abs((timezone.now() - theirs).total_seconds())
    if differ > CLOCKS_MAY_DIFFER:
        said = f"this machine's and the database's differ by {differ:.0f} s"
        return Finding("clock", BAD, said, "let both keep time (timedatectl set-ntp true)")
    return Finding("clock", OK, "the same as the database's")


def disk() -> Finding:
    place = settings.BASE_DIR
    if connection.vendor == "sqlite":
        place = Path(settings.DATABASES["default"]["NAME"]).resolve().parent
    free = shutil.disk_usage(place).free
    said = f"{free / 1e9:.1f} GB free at {place}"
    if free < SCARCE:
        said_next = "make room, or lower ARCHIVE_DAYS"
        return Finding("disk", BAD if free < FULL else WARN, said, said_next)
    return Finding("disk", OK, said)


def backups() -> Finding:
    made = heartbeats.last_seen(Heartbeat.What.BACKUP)
    how = "python manage.py backup FILE, once a day (docs/deploy/ has a timer)"
    if made is None:
        return Finding("backups", WARN, "none has been made by `manage.py backup`", how)
    if timezone.now() - made > BACKUP_AGE:
        return Finding("backups", WARN, f"the last one is {_ago(made)} old", how)
    return Finding("backups", OK, f"the last one is {_ago(made)} old")


CHECKS: tuple[Callable[[], Finding], ...] = (
    migrations, key, workers, watch, scheduled, clock, disk, backups,
)  # fmt: skip


def _ago(moment: dt.datetime) -> str:
    minutes = max(0, int((timezone.now() - moment).total_seconds() // 60))
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"
