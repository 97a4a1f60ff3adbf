"""Another city of repertuary.pl by settings alone: no page, feed or message of it says Kraków."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Timezone

from events.public.feeds import icalendar

ROOT = Path(__file__).resolve().parent.parent.parent
#: Runs in a process of its own: a city is chosen when the settings are read. Prints what anybody would see.
WALK = """
import datetime as dt
import django
django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
call_command("migrate", verbosity=0)
from django.conf import settings
from events import geocoding, local_time
from events.models import Cinema, Event, ListedFilm, Movie, Showtime
from scraper.models import Alert
from scraper.monitoring import delivery
at = timezone.now()
cinema = Cinema.objects.create(slug="multikino", name="Multikino")
geocoding.ask_for([cinema], at=at)
cinema.refresh_from_db()
print("place", cinema.latitude)
Cinema.objects.filter(pk=cinema.pk).update(latitude=54.37, longitude=18.6, located_by="hand", located_at=at)
movie = Movie.objects.create(tmdb_id=1, title="Rejs")
film = ListedFilm.objects.create(
    slug="rejs", title="Rejs", movie=movie, match_status="matched", first_seen_at=at, last_seen_at=at)
event = Event.objects.create(title="Rejs", movie=movie, cinema=cinema, published_at=at, updated_at=at)
starts_at = at + dt.timedelta(hours=2)
Showtime.objects.create(
    external_id="x", film=film, cinema=cinema, day=timezone.localdate(starts_at), starts_at=starts_at, event=event,
    first_seen_at=at, last_seen_at=at)
alert = Alert.objects.create(kind="no_run", level="bad", opened_at=at, updated_at=at, facts={})
print(delivery._title([alert], []), delivery._title([], [alert]), settings.DEFAULT_FROM_EMAIL)
client = Client(headers={"host": "localhost"})
pages = [
    "/whats-on/", "/whats-on/?film=tmdb-1", "/calendar/all.ics", "/api/events", "/api/openapi.json", "/none",
    "/admin/login/"]
staff = ["/admin/", "/admin/coverage/", "/admin/review/queue/", "/admin/kinokrakow/job/", "/admin/events/cinema/"]
for language in ("en", "pl"):
    for page in (*pages, *staff):
        if page == staff[0]:
            client.force_login(User.objects.get_or_create(username="chief", is_staff=True, is_superuser=True)[0])
        answer = client.get(page, headers={"accept-language": language})
        print("PAGE", language, page, answer.status_code)
        print(answer.content.decode())
    client.logout()
print("zone", local_time.ZONE.key, timezone.localtime(at).tzname())
"""


ZONE = "Europe/Vilnius"
#: The program's own package, in addresses and markup.
OF_THE_PROGRAM = re.compile(r"(?<!@)kinokrakow")


def test_no_page_of_another_city_says_krakow(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")} | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/kino.sqlite3", "DJANGO_SETTINGS_MODULE": "kinokrakow.settings",
        "SECRET_KEY": "for-this-test-only", "GEOCODER": "none", "CITY": "Gdańsk", "KINO_BASE_URL": "https://gdansk.repertuary.pl",
        "CITY_BOUNDS": "54.27,54.45,18.43,18.95", "TIME_ZONE": ZONE,
    }  # fmt: skip
    command = [sys.executable, "-c", WALK]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    said = done.stdout
    assert said.startswith("place None\n")  # Kraków's Multikino is known beforehand, this one is not
    assert re.search(rf"zone {ZONE} EES?T", said)
    for line in said.splitlines():
        assert "krak" not in OF_THE_PROGRAM.sub("", line).lower(), line[:300]
    for wanted in ("KinoGdańsk", "gdansk.repertuary.pl", "@kinogdansk", "PRODID:-//KinoGdansk//", f"TZID:{ZONE}"):
        assert wanted in said, wanted
    statuses = [line.rsplit(" ", 1)[1] for line in said.splitlines() if line.startswith("PAGE ")]
    assert len(statuses) == 24
    assert sorted(set(statuses)) == ["200", "404"]


def test_a_zone_of_other_rules_is_told_to_calendars() -> None:
    """As the icalendar library understands it, hour by hour around each change."""
    for name in ("Europe/Vilnius", "Atlantic/Reykjavik", "America/New_York"):
        zone = ZoneInfo(name)
        said = Timezone.from_ical("\r\n".join([*icalendar._zone(zone), ""]))
        assert isinstance(said, Timezone)
        read = said.to_tz()
        for hour in range(0, 366 * 24, 7):
            local = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hour)
            naive = local.astimezone(zone).replace(tzinfo=None)
            if naive.replace(tzinfo=zone).utcoffset() == naive.replace(tzinfo=zone, fold=1).utcoffset():
                assert read.utcoffset(naive) == naive.replace(tzinfo=zone).utcoffset(), (name, naive)
