"""The groups of staff may look at what witnesses said, and Operators answer it."""

from importlib import import_module

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("scraper", "0011_witnesses"),
        ("review", "0006_words"),
        ("events", "0013_source_held_at"),
        ("kinokrakow", "0004_backups_in_heartbeats"),
    ]
    operations = [
        migrations.RunPython(import_module("scraper.migrations.0005_groups").make_groups, migrations.RunPython.noop)
    ]
