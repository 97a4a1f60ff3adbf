"""The groups of staff may look at the models that were added since they were made."""

from importlib import import_module

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("scraper", "0007_alerts_told"),
        ("review", "0006_words"),
        ("events", "0007_other_sources_filled"),
        ("kinokrakow", "0003_outside_services"),
    ]
    operations = [
        migrations.RunPython(import_module("scraper.migrations.0005_groups").make_groups, migrations.RunPython.noop)
    ]
