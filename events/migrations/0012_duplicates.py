"""What was called a double is a duplicate, as everywhere else; staff keep the permissions that they have."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


def rename_permissions(apps, schema_editor, old="double", new="duplicate"):
    rows = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="events")
    for row in rows.filter(codename__endswith=f"_{old}"):
        verb = row.codename.partition("_")[0]
        row.codename, row.name = f"{verb}_{new}", f"Can {verb} {new}"
        row.save()


def rename_back(apps, schema_editor):
    rename_permissions(apps, schema_editor, "duplicate", "double")


def side(model, **options):
    return models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="duplicates", to=model, **options
    )


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0011_movie_asked_at"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        migrations.RenameModel("Double", "Duplicate"),
        migrations.RunPython(rename_permissions, rename_back),
        migrations.AlterModelOptions(
            name="duplicate",
            options={
                "ordering": ["-found_at", "pk"],
                "verbose_name": "duplicate",
                "verbose_name_plural": "duplicates",
            },
        ),
        migrations.AlterField("duplicate", "hidden_showtime", side("events.showtime", verbose_name="hidden showtime")),
        migrations.AlterField("duplicate", "hidden_event", side("events.otherevent", verbose_name="hidden event")),
        migrations.AlterField(
            "eventsource",
            "priority",
            models.IntegerField(
                default=10,
                help_text="Of duplicates the higher is shown; our own programme has 50.",
                verbose_name="priority",
            ),
        ),
        migrations.RemoveConstraint("duplicate", "a_double_hides_one"),
        migrations.RemoveConstraint("duplicate", "a_double_shows_one"),
        migrations.AddConstraint(
            "duplicate",
            models.CheckConstraint(
                condition=Q(hidden_showtime__isnull=False, hidden_event__isnull=True)
                | Q(hidden_showtime__isnull=True, hidden_event__isnull=False),
                name="a_duplicate_hides_one",
            ),
        ),
        migrations.AddConstraint(
            "duplicate",
            models.CheckConstraint(
                condition=Q(shown_showtime__isnull=False, shown_event__isnull=True)
                | Q(shown_showtime__isnull=True, shown_event__isnull=False),
                name="a_duplicate_shows_one",
            ),
        ),
        migrations.RemoveConstraint("cinema", "no_cinema_is_its_own_double"),
        migrations.AddConstraint(
            "cinema", models.CheckConstraint(condition=~Q(same_as=F("id")), name="no_cinema_is_its_own_alias")
        ),
    ]
