"""`manage.py doctor`: what is wrong is found, each with its next step."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_q.models import Schedule
from pytest_django import Settings

from kinokrakow.jobs import heartbeats
from kinokrakow.models import Heartbeat
from scraper.demo.site import DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.world import World
from scraper.models import WatchState
from scraper.monitoring.doctor import examine, here, outside
from scraper.monitoring.doctor.finding import BAD, OK, WARN, Finding
from scraper.sync import schedules
from tests.scraper.inline import small

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def examined(*options: str) -> tuple[int, dict[str, str]]:
    """The exit status and each check's state."""
    out = StringIO()
    code = 0
    try:
        call_command("doctor", "--json", *options, stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    found = json.loads(out.getvalue())
    assert found["ok"] is (code == 0)
    for check in found["checks"]:
        assert bool(check["next"]) is (check["state"] != OK), check
    return code, {check["name"]: check["state"] for check in found["checks"]}


def all_is_well() -> None:
    schedules.set_up()
    heartbeats.beat(Heartbeat.What.CLUSTER, name="c", workers=2)
    heartbeats.beat(Heartbeat.What.WATCH, name="w")
    heartbeats.queue()
    heartbeats.beat(Heartbeat.What.BACKUP, name="backup")
    WatchState.objects.create(looked_at=NOW)


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_whole_installation_is_found_well(settings: Settings) -> None:
    settings.ALERT_URLS = ["json://127.0.0.1:1/"]
    all_is_well()
    with DemoSite(small(World(timezone.localdate()))) as site, DemoTmdb(TMDB_ENTRIES, token="t") as tmdb:
        settings.KINO_BASE_URL, settings.TMDB_BASE_URL, settings.TMDB_TOKEN = site.url, tmdb.url, "t"
        code, found = examined()
        assert [request.path for request in site.requests] == ["/robots.txt", "/cinema_program/by_movie"]
    assert code == 0
    assert {name for name, state in found.items() if state != OK} <= {"configuration", "disk"}
    assert len(found) == 13


def test_nothing_outside_is_asked_when_that_is_said(settings: Settings) -> None:
    settings.KINO_BASE_URL = settings.TMDB_BASE_URL = "http://127.0.0.1:1"
    all_is_well()
    code, found = examined("--offline")
    assert code == 0
    assert not {"site", "TMDB", "alerts"} & found.keys()


def test_a_new_installation_is_told_what_to_start() -> None:
    code, found = examined("--offline")
    assert code == 1
    assert [found[name] for name in ("workers", "watch", "schedules", "backups")] == [BAD, BAD, BAD, WARN]


def test_what_is_late_or_gone_is_found() -> None:
    all_is_well()
    Schedule.objects.filter(name="prune").update(next_run=NOW - dt.timedelta(hours=1))
    assert "overdue: prune" in here.scheduled().said
    Schedule.objects.filter(name="prune").delete()
    assert "missing: prune" in here.scheduled().said
    Heartbeat.objects.filter(what="queue").update(seen_at=NOW - dt.timedelta(minutes=10))
    assert here.workers().state == BAD
    Heartbeat.objects.filter(what="backup").update(seen_at=NOW - dt.timedelta(days=3))
    assert (here.backups().state, "3 days" in here.backups().said) == (WARN, True)
    MigrationRecorder.Migration.objects.filter(app="scraper").delete()
    assert "scraper." in here.migrations().said


def test_a_wrong_clock_a_full_disk_and_a_key_that_others_read_are_found(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    all_is_well()
    ahead, now = dt.timedelta(minutes=1), timezone.now
    monkeypatch.setattr("scraper.monitoring.doctor.here.timezone.now", lambda: now() + ahead)
    assert "differ by" in here.clock().said
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1e8})())
    assert here.disk().state == BAD
    file = tmp_path / "key"
    file.write_text(settings.SECRET_KEY)
    monkeypatch.setattr("kinokrakow.secret.place", lambda _: file)
    file.chmod(0o644)
    assert (here.key().state, here.key().next) == (BAD, f"chmod 600 {file}")


@pytest.mark.once
@pytest.mark.django_db(transaction=True)  # no request is made inside a transaction
@pytest.mark.parametrize(
    ("given", "check", "state", "said"),
    [
        ({"TMDB_TOKEN": ""}, "tmdb", BAD, "TMDB_TOKEN is not set"),
        ({"TMDB_TOKEN": "wrong"}, "tmdb", BAD, "401"),
        ({"TMDB_TOKEN": "t", "TMDB_BASE_URL": "http://127.0.0.1:1"}, "tmdb", BAD, ""),
        ({"KINO_BASE_URL": "http://127.0.0.1:1"}, "site", BAD, ""),
        ({}, "channels", WARN, "nobody"),
        ({"ALERT_EMAILS": ["a@example.org"], "EMAIL_BACKEND": "…console.EmailBackend"}, "channels", BAD, "printed"),
        (
            {
                "ALERT_EMAILS": ["a@example.org"],
                "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "EMAIL_HOST": "127.0.0.1",
                "EMAIL_PORT": 1,
            },
            "channels",
            BAD,
            "does not take us",
        ),
    ],
    ids=["no token", "wrong token", "no TMDB", "no site", "no channel", "printed", "no mail server"],
)
def test_what_does_not_answer_outside_is_found(
    settings: Settings, given: dict[str, object], check: str, state: str, said: str
) -> None:
    with DemoTmdb(TMDB_ENTRIES[:1], token="t") as tmdb:
        for name, value in {"TMDB_BASE_URL": tmdb.url, **given}.items():
            setattr(settings, name, value)
        found = getattr(outside, check)()
    assert found.state == state
    assert said in found.said
    assert found.next


@pytest.mark.once
@pytest.mark.parametrize("broken", [here.configuration, here.database, here.disk, here.backups, outside.channels])
def test_a_check_that_breaks_costs_itself_and_says_why(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, broken: Callable[[], Finding]
) -> None:
    def breaks() -> Finding:
        raise RuntimeError("no such thing:\n a-secret-token")

    breaks.__name__ = broken.__name__
    settings.TMDB_TOKEN = "a-secret-token"
    for module, checks in ((here, here.CHECKS), (outside, (outside.channels,))):
        monkeypatch.setattr(module, "CHECKS", tuple(breaks if check is broken else check for check in checks))
        monkeypatch.setattr(module, broken.__name__, breaks, raising=False)
    found = list(examine())
    (finding,) = (one for one in found if "failed" in one.said)
    assert (finding.name, finding.state) == (broken.__name__, BAD)
    assert finding.said == "the check itself failed: RuntimeError: no such thing: …"
    assert len(found) == len(here.CHECKS) + 3
