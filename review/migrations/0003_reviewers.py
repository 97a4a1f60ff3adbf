"""The group "Reviewers": may look at everything a decision rests on, decide and undo; nothing else."""

from django.db import migrations

GROUP = "Reviewers"
LOOK = {
    "events": ("cinema", "movie", "listedfilm", "showtime", "event"),
    "review": ("matchcandidate", "decision"),
}
ACT = ("decide", "undo")


def make_group(apps, schema_editor):
    content_types = apps.get_model("contenttypes", "ContentType")
    permissions = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    wanted = [(app, model, f"view_{model}") for app, models in LOOK.items() for model in models]
    wanted += [("review", "decision", verb) for verb in ACT]
    for app, model, codename in wanted:
        # Django itself makes permissions only after the last migration, and leaves those that are there.
        kind, _ = content_types.objects.get_or_create(app_label=app, model=model)
        name = apps.get_model(app, model)._meta.verbose_name
        names = {"decide": "Can decide which film is listed", "undo": "Can undo decisions"}
        permission, _ = permissions.objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": names.get(codename, f"Can view {name}")}
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0002_decisions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_group, migrations.RunPython.noop)]
