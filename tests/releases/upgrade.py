"""A database as release 1.0 left it, in the middle of a sync and with open alerts, is upgraded and goes on.

    python -m tests.releases.upgrade      # on the empty database of DATABASE_URL

1.0.json holds the rows that 1.0 wrote (the rows of its models, as `dumpdata` has them). They are put into the tables
that its migrations make, moved to today; then this version migrates, does what was in flight, and syncs.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from pathlib import Path
from typing import Any

ROWS = Path(__file__).parent / "1.0.json"
OF = dt.date(2026, 11, 28)  # the day its rows were written
LAST = [("kinokrakow", "0001_initial"), ("events", "0004_other_sources"), ("review", "0004_decision_revision"),
        ("scraper", "0002_coverage")]  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinokrakow.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.utils import timezone

    today = timezone.localdate()
    make_tables_of_the_release()
    put_rows(json.loads(moved(ROWS.read_text(), today - OF)))
    call_command("migrate", verbosity=0)

    from django.contrib.auth.models import User

    from events.models import ListedFilm
    from kinokrakow import jobs
    from kinokrakow.models import Job
    from review.models import Decision
    from scraper.demo.site import DemoSite
    from scraper.demo.world import World
    from scraper.models import Alert, SyncRun
    from scraper.monitoring import watch
    from scraper.sync import schedules
    from tests.scraper.inline import small

    setup_test_environment()
    found: dict[str, Any] = {"alerts": Alert.objects.open().count()}
    schedules.set_up()
    browser = Client()
    browser.force_login(User.objects.get())
    found["pages"] = {path: browser.get(path).status_code for path in PAGES}
    with DemoSite(small(World(today))) as site:
        settings.KINO_BASE_URL, settings.KINO_REQUEST_INTERVAL = site.url, 0
        settings.GEOCODER, settings.TMDB_TOKEN = "none", ""
        jobs.recover()
        jobs.run_inline(SyncRun.objects.latest("pk").pk)
        found["in flight"] = Job.objects.active().exclude(kind__in=("match", "now_playing", "geocode")).count()
        try:
            call_command("sync", "--inline", verbosity=0)
        except SystemExit as ended:
            found["sync"] = ended.code
    found["run"] = SyncRun.objects.latest("pk").status
    found["looked"] = watch.look()
    found["pages after"] = {path: browser.get(path).status_code for path in PAGES}
    found["decisions"] = list(Decision.objects.values_list("film__slug", "verb"))
    found["matched"] = sorted(
        ListedFilm.objects.filter(match_status="matched", slug__in=MATCHED).values_list("slug", flat=True)
    )
    print(json.dumps(found))


MATCHED = ("dom-dobry", "zwierzogrod-2")
PAGES = ("/admin/", "/admin/coverage/", "/admin/review/queue/", "/admin/review/decision/", "/admin/kinokrakow/job/",
         "/admin/scraper/alert/", "/admin/scraper/syncrun/1/change/", "/admin/events/listedfilm/", "/whats-on/",
         "/api/events", "/calendar/all.ics")  # fmt: skip


def moved(text: str, by: dt.timedelta) -> str:
    """Every date in it, in keys and addresses too."""
    return re.sub(r"20\d\d-\d\d-\d\d", lambda said: str(dt.date.fromisoformat(said[0]) + by), text)


def make_tables_of_the_release() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    others = ("auth", "contenttypes", "sessions", "admin", "django_q")
    executor = MigrationExecutor(connection)
    leaves = [node for node in executor.loader.graph.leaf_nodes() if node[0] in others]
    executor.migrate([*LAST, *leaves])


def put_rows(rows: list[dict[str, Any]]) -> None:
    """By the models as they were then."""
    from django.core.management.color import no_style
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    loader = MigrationExecutor(connection).loader
    models = loader.project_state(
        [*LAST, *[node for node in loader.applied_migrations if node[0] in ("auth", "django_q")]]
    )
    filled = []
    with transaction.atomic():  # foreign keys are checked at its end
        for row in rows:
            model = models.apps.get_model(row["model"])
            filled.append(model)
            plain, many = {model._meta.pk.attname: row["pk"]}, {}
            for name, value in row["fields"].items():
                field = model._meta.get_field(name)
                if field.many_to_many:
                    many[name] = value
                else:
                    plain[field.attname] = field.to_python(value) if not field.is_relation else value
            made = model(**plain)
            made.save(force_insert=True)
            for name, values in many.items():
                getattr(made, name).set(values)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), filled):
            cursor.execute(statement)


if __name__ == "__main__":
    main()
