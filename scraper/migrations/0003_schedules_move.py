"""Schedules name the function that they call; what moved between modules is named anew, data and times stay."""

from django.db import migrations

MOVED = {
    "scraper.tasks.scheduled_sync": "scraper.sync.runs.scheduled_sync",
    "scraper.tasks.prune": "scraper.sync.retention.prune",
    "scraper.watch.ask": "scraper.monitoring.watch.ask",
}


def rename(apps, names):
    for old, new in names:
        apps.get_model("django_q", "Schedule").objects.filter(func=old).update(func=new)


class Migration(migrations.Migration):
    dependencies = [
        ("scraper", "0002_coverage"),
        ("django_q", "0018_task_success_index"),
    ]

    operations = [
        migrations.RunPython(
            lambda apps, _editor: rename(apps, MOVED.items()),
            lambda apps, _editor: rename(apps, ((new, old) for old, new in MOVED.items())),
        )
    ]
