"""The groups of staff may look at what other listings fill."""

from importlib import import_module

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scraper", "0014_groups_see_answers"), ("events", "0015_fills")]
    operations = [
        migrations.RunPython(import_module("scraper.migrations.0005_groups").make_groups, migrations.RunPython.noop)
    ]
