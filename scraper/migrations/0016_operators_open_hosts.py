"""Operators, who may pause outside services, may also let requests to a host go on before the time that it asked for."""

from importlib import import_module

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scraper", "0015_groups_see_fills")]
    operations = [
        migrations.RunPython(import_module("scraper.migrations.0005_groups").make_groups, migrations.RunPython.noop)
    ]
