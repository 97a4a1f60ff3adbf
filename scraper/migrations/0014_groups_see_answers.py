"""The groups of staff may look at the answers to alerts."""

from importlib import import_module

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scraper", "0013_answers_to_alerts")]
    operations = [
        migrations.RunPython(import_module("scraper.migrations.0005_groups").make_groups, migrations.RunPython.noop)
    ]
