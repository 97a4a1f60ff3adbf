"""Alerts of before count as told and runs as counted, so an upgrade tells nothing twice; the watch's schedule gets its new function.
Operators may pause outside services."""

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


def let_operators_pause(apps, _editor):
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="kinokrakow", model="servicestate"
    )
    for codename, groups in (("view", ("Viewers", "Reviewers", "Operators")), ("change", ("Operators",))):
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=kind,
            codename=f"{codename}_servicestate",
            defaults={"name": f"Can {codename} outside service"},
        )
        for group in apps.get_model("auth", "Group").objects.filter(name__in=groups):
            group.permissions.add(permission)


def backward(apps, _editor):
    apps.get_model("django_q", "Schedule").objects.filter(func=NEW).update(func=OLD)


class Migration(migrations.Migration):
    dependencies = [
        ("scraper", "0006_watch_and_runs"),
        ("kinokrakow", "0003_outside_services"),
        ("django_q", "0018_task_success_index"),
    ]

    operations = [
        migrations.RunPython(forward, backward),
        migrations.RunPython(let_operators_pause, migrations.RunPython.noop),
    ]
