"""The groups of staff: Viewers look at everything, Reviewers also decide, Operators also run and correct.

Members and permissions that somebody has given since stay. README.md has the table.
"""

from django.db import migrations

APPS = ("kinokrakow", "events", "review", "scraper")
DECIDE = (("review", "decision", "decide"), ("review", "decision", "undo"))
RUN = (
    ("scraper", "syncrun", "start_sync"),
    ("scraper", "alert", "change_alert"),
    ("kinokrakow", "job", "change_job"),
    ("kinokrakow", "hostgate", "change_hostgate"),  # given by scraper.0016
    ("events", "cinema", "change_cinema"),
    ("events", "double", "change_double"),  # before events.0012, and
    ("events", "duplicate", "change_duplicate"),  # after it
    ("events", "eventsource", "change_eventsource"),
    ("scraper", "witnesscinema", "change_witnesscinema"),  # since scraper.0011
    ("scraper", "witnessdifference", "change_witnessdifference"),
)
NAMES = {
    "decide": "Can decide which film is listed",
    "undo": "Can undo decisions",
    "start_sync": "Can start a sync and have a day read again",
}


def make_groups(apps, schema_editor):
    there = {(model._meta.app_label, model._meta.model_name) for model in apps.get_models()}
    run = tuple(one for one in RUN if one[:2] in there)
    look = tuple(
        (model._meta.app_label, model._meta.model_name, f"view_{model._meta.model_name}")
        for model in apps.get_models()
        if model._meta.app_label in APPS
    )
    for name, granted in (
        ("Viewers", look),
        ("Reviewers", look + DECIDE),
        ("Operators", look + DECIDE + run),
    ):
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*(_permission(apps, *one) for one in granted))


def _permission(apps, app, model, codename):
    """Django itself makes permissions only after the last migration, and leaves those that are there."""
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
    verb = codename.partition("_")[0]
    name = NAMES.get(codename, f"Can {verb} {apps.get_model(app, model)._meta.verbose_name}")
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename=codename, defaults={"name": name[:255]}
    )
    return permission


class Migration(migrations.Migration):
    dependencies = [
        ("scraper", "0004_statements_and_unread_rows"),
        ("review", "0004_decision_revision"),
        ("events", "0005_film_addresses_and_pages"),
        ("kinokrakow", "0002_rate_limit_turns_and_heartbeats"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
