"""Alerts of before count as told and runs as counted, so an upgrade tells nothing twice; the watch's schedule gets its new function."""

from django.db import migrations
from django.db.models import F

OLD, NEW = "scraper.monitoring.watch.ask", "scraper.monitoring.watch.tick"


def forward(apps, _editor):
    alerts = apps.get_model("scraper", "Alert").objects
    alerts.filter(told_at=None).update(told_at=F("opened_at"))
    alerts.filter(resolved_told_at=None).update(resolved_told_at=F("resolved_at"))
    runs = apps.get_model("scraper", "SyncRun").objects.exclude(finished_at=None)
    runs.update(films_done_at=F("finished_at"), counted_at=F("finished_at"))
    apps.get_model("django_q", "Schedule").objects.filter(func=OLD).update(func=NEW)


def backward(apps, _editor):
    apps.get_model("django_q", "Schedule").objects.filter(func=NEW).update(func=OLD)


class Migration(migrations.Migration):
    dependencies = [
        ("scraper", "0005_watch_and_runs"),
        ("django_q", "0018_task_success_index"),
    ]

    operations = [migrations.RunPython(forward, backward)]
