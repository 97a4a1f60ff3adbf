from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    """Rows of before were called by their external id; their cinemas are made of what they say."""
    OtherCinema, OtherEvent = apps.get_model("events", "OtherCinema"), apps.get_model("events", "OtherEvent")
    OtherEvent.objects.filter(given_id="").update(given_id=F("external_id"))
    names = ("source_id", "cinema_name", "latitude", "longitude")
    for source, name, latitude, longitude in OtherEvent.objects.order_by().values_list(*names).distinct():
        both = latitude is not None and longitude is not None
        cinema, _ = OtherCinema.objects.get_or_create(
            source_id=source, name=name, latitude=latitude if both else None, longitude=longitude if both else None
        )
        rows = OtherEvent.objects.filter(source=source, cinema_name=name, latitude=latitude, longitude=longitude)
        rows.update(cinema=cinema)


class Migration(migrations.Migration):
    dependencies = [("events", "0006_other_sources_cinemas_and_given_ids")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
