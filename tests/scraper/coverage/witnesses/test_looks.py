"""A witness is looked at: what is asked of it, what is written down, and what somebody is told."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from events.local_time import ZONE, localise
from events.models import Cinema, Event, Fill, ListedFilm, Showtime
from events.public import screenings
from kinokrakow import jobs
from kinokrakow.models import Job, ServiceState
from scraper.coverage.witnesses import following, looking, standing
from scraper.coverage.witnesses.listings.registry import WITNESSES
from scraper.demo.server import JSON, Answer
from scraper.demo.witness import ELSEWHERE, UNKNOWN_TO_THE_SITE, DemoWitness
from scraper.demo.world import CINEMAS, World
from scraper.management.commands.probe import _witnesses as probe_witnesses
from scraper.models import Alert, DayScrape, Page, SyncRun, WitnessCinema, WitnessDifference, WitnessLook
from scraper.monitoring import watch
from scraper.sync import retention, runs
from tests import databases
from tests.scraper.inline import run as command

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = dt.datetime(2026, 11, 25, 5, 40, tzinfo=ZONE)  # a Wednesday
ALL = ["coigdzie", "cinema-city", "mikro"]
BUDGET = {"coigdzie": 8, "cinema-city": 19, "mikro": 3}
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def witness(settings: Settings) -> Iterator[DemoWitness]:
    with time_machine.travel(MORNING, tick=False), DemoWitness(small(World(MORNING.date()))) as service:
        settings.WITNESSES = ALL
        settings.WITNESS_BASE_URLS = dict.fromkeys(ALL, service.url)
        settings.WITNESS_REQUEST_INTERVAL = 0
        settings.RETRY_BASE_DELAY = 0.01
        if not _kept:
            store(service.world)
            _kept.append(databases.keep("witness"))
        else:
            databases.put_back(_kept[0])
        yield service


_kept: list[databases.Kept] = []  # the week that `store` made: once a process, as its moment never changes


def small(world: World) -> World:
    """Twelve starts a day and cinema are enough."""
    counts: Counter[tuple[dt.date, str]] = Counter()
    kept = []
    for showtime in sorted(world.showtimes):
        counts[showtime.day, showtime.cinema_slug] += 1
        if counts[showtime.day, showtime.cinema_slug] <= 12:
            kept.append(showtime)
    world.showtimes = kept
    return world


def store(world: World) -> None:
    """The world's week, as a sync would have stored it."""
    at = timezone.now()
    Cinema.objects.bulk_create([Cinema(slug=cinema.slug, name=cinema.name) for cinema in CINEMAS])
    cinemas = dict(Cinema.objects.values_list("slug", "pk"))
    ListedFilm.objects.bulk_create(
        [ListedFilm(slug=f.slug, title=f.title, first_seen_at=at, last_seen_at=at) for f in world.films.values()]
    )
    films = dict(ListedFilm.objects.values_list("slug", "pk"))
    Showtime.objects.bulk_create(
        Showtime(
            external_id=f"{s.film_slug}:{s.cinema_slug}:{s.starts_at:%Y%m%d%H%M}", film_id=films[s.film_slug],
            cinema_id=cinemas[s.cinema_slug], day=s.day, starts_at=localise(s.starts_at), first_seen_at=at,
            last_seen_at=at,
        )
        for s in {(s.film_slug, s.cinema_slug, s.starts_at): s for s in world.showtimes}.values()
    )  # fmt: skip
    run = SyncRun.objects.create(status="complete", started_at=at, finished_at=at, site_today=world.today)
    DayScrape.objects.bulk_create(
        DayScrape(run=run, date=day, status="verified", date_said=day, finished_at=at, by_cinema={"kijow": (1, 1)})
        for day in world.days
    )


def look(name: str) -> WitnessLook:
    """By hand, as the command and the page do it."""
    job, _ = looking.ask_by_hand(WITNESSES[name])
    jobs.perform(job.pk)
    return WitnessLook.objects.filter(witness=name).latest("pk")


def verdicts(look: WitnessLook, cinema: str) -> Counter[str]:
    return Counter(cell["verdict"] for cell in look.cells if cell["cinema"] == cinema)


def alerts(prefix: str = "witness") -> list[tuple[str, str]]:
    watch.look()
    return list(Alert.objects.open().filter(kind__startswith=prefix).order_by("pk").values_list("kind", "subject"))


@pytest.mark.once
def test_each_witness_is_compared_cinema_by_cinema(witness: DemoWitness) -> None:
    coigdzie, city, mikro = map(look, ALL)
    assert [(one.status, one.problems, one.unread) for one in (coigdzie, city, mikro)] == [("ok", [], 0)] * 3
    assert (coigdzie.theirs - coigdzie.same, coigdzie.ours - coigdzie.same) == (7, 4)
    assert (city.theirs - city.same, city.ours - city.same) == (0, 3)
    assert mikro.theirs == mikro.ours == mikro.same > 50
    assert verdicts(coigdzie, "pod-baranami-asp") == {"not_covered": 6}
    assert verdicts(coigdzie, "sfinks") == {"same": 2, "not_published": 4}
    assert verdicts(coigdzie, "kijow") == {"same": 5, "theirs_more": 1}
    assert verdicts(coigdzie, "multikino") == {"same": 5, "both_differ": 1}
    assert verdicts(coigdzie, "cinema-city/bonarka") == {"same": 5, "ours_more": 1}
    assert verdicts(coigdzie, "kika") == {"same": 5, "both_differ": 1}
    assert verdicts(city, "kijow") == {"not_covered": 5}


@pytest.mark.once
def test_what_a_witness_alone_claims_is_never_published_nor_stored(witness: DemoWitness) -> None:
    before = (Showtime.objects.count(), Cinema.objects.count(), ListedFilm.objects.count(), Event.objects.count())
    for _ in range(2):
        look("coigdzie")
    after = (Showtime.objects.count(), Cinema.objects.count(), ListedFilm.objects.count(), Event.objects.count())
    assert after == before


@pytest.mark.once
def test_two_looks_must_agree_before_anybody_is_told(witness: DemoWitness) -> None:
    look("coigdzie")
    assert alerts() == []
    assert standing.marks(timezone.now()) == {}
    look("coigdzie")
    assert set(alerts()) == {
        ("witness_missing", "coigdzie:kijow"),
        ("witness_cinema", f"coigdzie:{ELSEWHERE}"),
    }
    assert standing.marks(timezone.now())["kijow", witness.world.days[1]] == len(UNKNOWN_TO_THE_SITE)


def test_an_alert_goes_with_a_look_that_sees_the_start_with_us_and_with_no_failed_one(witness: DemoWitness) -> None:
    for _ in range(2):
        look("coigdzie")
    assert ("witness_missing", "coigdzie:kijow") in alerts()
    witness.fault = lambda _path: Answer(500)
    assert look("coigdzie").failure == "unreachable"
    assert ("witness_missing", "coigdzie:kijow") in alerts()
    witness.fault = lambda _path: None
    film, cinema = ListedFilm.objects.get(slug="rejs"), Cinema.objects.get(slug="kijow")
    for at in UNKNOWN_TO_THE_SITE:
        starts_at = localise(dt.datetime.combine(witness.world.days[1], at))
        Showtime.objects.create(
            external_id=f"later {at}", film=film, cinema=cinema, day=witness.world.days[1], starts_at=starts_at,
            first_seen_at=timezone.now(), last_seen_at=timezone.now(),
        )  # fmt: skip
    look("coigdzie")
    assert ("witness_missing", "coigdzie:kijow") not in alerts()
    assert not WitnessDifference.objects.open().filter(cinema=cinema).exists()


def test_what_staff_dismiss_stays_dismissed_when_it_comes_back(witness: DemoWitness, admin_user: object) -> None:
    for _ in range(2):
        look("coigdzie")
    client = Client()
    client.force_login(admin_user)  # type: ignore[arg-type]
    ids = list(WitnessDifference.objects.filter(cinema__slug="kijow").values_list("pk", flat=True))
    page = "/admin/coverage/witness/coigdzie/"
    assert client.get(page).content.decode().count("REJS") == len(UNKNOWN_TO_THE_SITE)
    answered = client.post(f"{page}answer/", {"do": "dismiss", "id": [*ids, "no number", "9" * 30]}, follow=True)
    assert "6 differences answered." in answered.content.decode()
    assert alerts("witness_missing") == []
    WitnessDifference.objects.filter(pk__in=ids).update(over_at=timezone.now())
    for _ in range(2):
        look("coigdzie")
    assert alerts("witness_missing") == []
    assert client.get(f"{page}?show=answered").content.decode().count("REJS") == len(UNKNOWN_TO_THE_SITE)
    client.post(f"{page}answer/", {"do": "reopen", "id": ids})
    assert alerts("witness_missing") == [("witness_missing", "coigdzie:kijow")]


@pytest.mark.once
@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (Answer(500), "unreachable"),
        (Answer(429), "unreachable"),
        (Answer(200, b"x" * 100, cut_at=10), "unreachable"),
        (Answer(403), "refused"),
        (Answer(400), "refused"),
        (Answer(404), "moved"),
        (Answer(302, headers={"Location": "https://elsewhere.example/"}), "moved"),
        (Answer(200, b"<html><body><div>another look</div></body></html>"), "changed"),
        (Answer(200, b'{"body": null}', JSON), "changed"),
        (Answer(200, b""), "changed"),
    ],
)
def test_what_can_t_be_read_is_its_failure_with_its_class(witness: DemoWitness, answer: Answer, failure: str) -> None:
    witness.fault = lambda _path: answer
    for name in ALL:
        found = look(name)
        assert (found.status, found.failure) == ("failed", failure), (name, found.error)
        assert found.requests <= 3, name
    assert not WitnessDifference.objects.exists()
    assert all(one["status"] == "failed" for one in standing.summary(timezone.now()))
    assert Job.objects.exclude(state=Job.State.DONE).count() == 0
    health = Client().get("/healthz").json()
    assert health["services_down"] == [], "the witness's failure is none of ours"
    assert health["hosts_closed"] == 0


def test_a_witness_that_lists_nothing_is_empty(witness: DemoWitness) -> None:
    nothing = {
        "coigdzie": Answer(200, "<html><body>Brak seansów</body></html>".encode()),
        "cinema-city": Answer(200, b'{"body": {"films": [], "events": []}}', JSON),
        "mikro": Answer(200, b"[]", JSON),
    }
    for name, answer in nothing.items():
        witness.fault = lambda _path, answer=answer: answer  # type: ignore[misc]
        assert look(name).failure == "empty"


@pytest.mark.once
def test_a_day_that_fails_costs_that_day(witness: DemoWitness) -> None:
    lost = str(witness.world.days[2])
    witness.fault = lambda path: Answer(500) if lost in path else None
    found = look("coigdzie")
    assert (found.status, [problem["dates"] for problem in found.problems]) == ("ok", [[lost]])
    assert {cell["verdict"] for cell in found.cells if cell["date"] == lost} <= {"theirs_failed", "not_covered"}
    assert not WitnessDifference.objects.filter(date=lost).exists()
    assert WitnessDifference.objects.filter(cinema__slug="kijow").count() == len(UNKNOWN_TO_THE_SITE)
    found = look("cinema-city")
    assert verdicts(found, "cinema-city/bonarka")["theirs_failed"] == 1


@pytest.mark.once
def test_a_day_that_we_failed_to_read_is_ours(witness: DemoWitness) -> None:
    lost = witness.world.days[1]
    DayScrape.objects.filter(date=lost).update(status="failed")
    found = look("coigdzie")
    assert {cell["verdict"] for cell in found.cells if cell["date"] == str(lost)} == {"ours_failed"}
    assert not WitnessDifference.objects.filter(date=lost).exists()


@pytest.mark.once
def test_times_an_hour_beside_ours_are_a_changed_form_and_no_differences(witness: DemoWitness) -> None:
    Showtime.objects.bulk_update([_later(row) for row in Showtime.objects.all()], ["starts_at"])
    found = look("coigdzie")
    assert (found.status, found.failure) == ("failed", "changed")
    assert "hours beside ours" in found.error
    assert not WitnessDifference.objects.exists()


def _later(row: Showtime) -> Showtime:
    row.starts_at += HOUR
    return row


@pytest.mark.once
def test_a_cinema_is_matched_once_by_name_or_programme_and_by_hand_for_good(witness: DemoWitness) -> None:
    look("coigdzie")
    meant = dict(WitnessCinema.objects.filter(witness="coigdzie").values_list("name", "cinema__slug"))
    assert meant["Kino Kijów"] == "kijow"
    assert meant["Cinema City Kazimierz"] == "cinema-city/kazimierz", "told by its programme"
    assert meant["Mikro"] == "mikro"
    assert meant[ELSEWHERE] is None
    WitnessCinema.objects.filter(name="Kino Kijów").update(cinema=None, outside=True)
    WitnessCinema.objects.filter(name=ELSEWHERE).update(cinema=Cinema.objects.get(slug="pod-baranami-asp"))
    found = look("coigdzie")
    assert verdicts(found, "kijow") == {"not_covered": 6}
    assert "not_covered" not in verdicts(found, "pod-baranami-asp")
    look("coigdzie")
    assert "witness_cinema" not in dict(alerts())


@pytest.mark.once
def test_a_month_s_requests_stay_within_what_a_witness_allows_each_day(
    witness: DemoWitness, settings: Settings
) -> None:
    """Five runs a day, the witness failing on some; another host each, so that each has a robots.txt."""
    asked: Counter[tuple[str, dt.date]] = Counter()
    for day in range(30):
        for hour in (5, 9, 13, 17, 21):
            now = dt.datetime.combine(MORNING.date() + dt.timedelta(days=day), dt.time(hour, 40), ZONE)
            for name, most in BUDGET.items():
                with time_machine.travel(now, tick=False):
                    plan = looking.due(WITNESSES[name], now)
                    if plan is None:
                        continue
                    asks, left, whole = plan
                    assert left > 0, "a look that may ask nothing would be told as a failure"
                    bad = (day + hour) % 7 < day % 6  # from never on a day to nearly always
                    sent = min(left, 3 if bad else len(asks) + int(whole))
                    asked[name, now.date()] += sent
                    WitnessLook.objects.create(
                        witness=name, began_at=now, ended_at=now, status="failed" if bad else "ok", whole=whole,
                        requests=sent, problems=[{"dates": [str(now.date())]}],
                    )  # fmt: skip
                    assert asked[name, now.date()] <= most, (name, now)
    a_day = Counter[dt.date]()
    for (_name, date), sent in asked.items():
        a_day[date] += sent
    assert max(sent for (name, _), sent in asked.items() if name == "coigdzie") <= 8
    assert max(a_day.values()) <= 30


@pytest.mark.once
def test_looks_are_jobs_of_their_own_after_the_run(witness: DemoWitness) -> None:
    run = SyncRun.objects.create(status="running", started_at=timezone.now())
    DayScrape.objects.create(run=run, date=witness.world.today, status="verified", finished_at=timezone.now())
    with transaction.atomic():
        runs.end_run(run.pk)
    asked = Job.objects.filter(kind="witness")
    assert sorted(asked.values_list("key", "run")) == [(f"witness:{name}", None) for name in sorted(ALL)]
    for job in asked:
        jobs.perform(job.pk)
    assert looking.ask(timezone.now()) == [], "once a day"
    assert looking.ask(timezone.now() + 4 * HOUR) == [], "nothing of today is in doubt"


def test_a_failed_look_is_tried_after_a_later_run_and_what_is_pressing_is_asked_once_more(witness: DemoWitness) -> None:
    WitnessLook.objects.create(
        witness="coigdzie", began_at=timezone.now(), ended_at=timezone.now(), status="failed", requests=2
    )
    now = timezone.now()
    assert looking.due(WITNESSES["coigdzie"], now + HOUR) is None
    plan = looking.due(WITNESSES["coigdzie"], now + 4 * HOUR)
    assert plan is not None
    assert plan[1:] == (6, True)
    WitnessLook.objects.all().delete()
    look("coigdzie")
    WitnessDifference.objects.filter(cinema__slug="kijow").update(date=witness.world.today)
    again = looking.due(WITNESSES["coigdzie"], now + 4 * HOUR)
    assert again is not None
    assert ([ask.dates for ask in again[0]], again[2]) == ([(witness.world.today,)], False)


def test_a_witness_that_is_silent_for_a_day_is_told(settings: Settings, witness: DemoWitness) -> None:
    settings.WITNESSES = ["mikro"]
    with time_machine.travel(MORNING, tick=False) as traveller:
        witness.fault = lambda _path: Answer(500)
        look("mikro")
        assert alerts() == []
        traveller.shift(dt.timedelta(hours=27))
        ServiceState.objects.all().delete()
        assert alerts() == [("witness_silent", "mikro")]
        witness.fault = lambda _path: None
        look("mikro")
        assert alerts() == []


def test_robots_and_pauses_are_heeded(witness: DemoWitness, monkeypatch: pytest.MonkeyPatch) -> None:
    ServiceState.objects.create(name="witness:mikro", paused_until=timezone.now() + HOUR)
    assert looking.due(WITNESSES["mikro"], timezone.now()) is None
    monkeypatch.setattr(
        DemoWitness, "answer", lambda _self, asked: Answer(200, b"User-agent: *\nDisallow: /miasto/", "text/plain")
    )
    found = look("coigdzie")
    assert (found.failure, found.requests) == ("refused", 1)


def test_pages_are_kept_and_looks_are_dropped_in_time(witness: DemoWitness) -> None:
    look("mikro")
    assert Page.objects.get(purpose="witness:mikro", url__contains="list.json").body
    old = timezone.now() - dt.timedelta(days=900)
    WitnessLook.objects.update(ended_at=old)
    jobs.perform(retention.ask())
    assert not WitnessLook.objects.exists()


def test_the_command_and_coverage_tell_scripts(witness: DemoWitness, settings: Settings) -> None:
    settings.WITNESSES = ["coigdzie", "mikro"]
    code, printed = command("witness", "--json")
    told = {one["name"]: one for one in json.loads(printed.splitlines()[-1])}
    assert (code, set(told)) == (0, {"coigdzie", "mikro"})
    contract = {"name", "status", "theirs", "ours", "same", "missing", "extra", "looked_at"}
    assert contract <= told["coigdzie"].keys()
    assert told["coigdzie"]["theirs"] == told["coigdzie"]["same"] + told["coigdzie"]["missing"]
    assert told["coigdzie"]["missing"] == 7
    listed = json.loads(command("coverage", "--json")[1])["witnesses"]
    assert [(one["name"], one["status"]) for one in listed] == [
        ("coigdzie", "ok"), ("cinema-city", "off"), ("mikro", "ok"),
    ]  # fmt: skip
    assert listed[1]["theirs"] is listed[1]["looked_at"] is None
    witness.fault = lambda _path: Answer(404)
    code, printed = command("witness", "mikro", "--json")
    (mikro,) = json.loads(printed.splitlines()[-1])
    assert (code, mikro["status"], mikro["failure"]) == (1, "failed", "moved")
    assert mikro["theirs"], "what was read before stands"
    settings.METRICS_TOKEN = "secret"
    metrics = Client().get("/metrics", headers={"Authorization": "Bearer secret"}).content.decode()
    assert 'kinokrakow_witness_missing{witness="coigdzie"} 7.0' in metrics
    assert 'kinokrakow_witness_ok{witness="mikro"} 0.0' in metrics


def test_a_probe_tries_each_in_one_request_and_writes_nothing_down(witness: DemoWitness) -> None:
    findings = list(probe_witnesses())
    assert [finding.verdict for finding in findings] == ["holds"] * 3
    asked = Counter(Page.objects.exclude(url__endswith="robots.txt").values_list("purpose", flat=True))
    assert asked == {f"witness:{name}": 1 for name in ALL}
    assert not WitnessLook.objects.exists()
    witness.fault = lambda _path: Answer(404)
    findings = list(probe_witnesses())
    assert {(one.verdict, one.detail.partition(":")[0]) for one in findings} == {("does not hold", "moved")}


def test_two_people_who_answer_at_once_are_one_answer(witness: DemoWitness, admin_user: object) -> None:
    look("coigdzie")
    row = WitnessDifference.objects.filter(cinema__slug="kijow").first()
    stale = WitnessDifference.objects.get(pk=row.pk) if row else None
    assert row is not None
    assert stale is not None
    by = int(admin_user.pk)  # type: ignore[attr-defined]
    assert following.answer(row, "theirs", by=by, at=timezone.now())
    assert not following.answer(stale, "ours", by=by, at=timezone.now())


def test_what_we_lack_is_filled_marked_as_theirs_and_goes_with_the_setting(
    witness: DemoWitness, settings: Settings
) -> None:
    settings.WITNESS_FILLS = True
    house = Cinema.objects.get(slug="cinema-city/bonarka")
    with_link, without = Showtime.objects.filter(cinema=house, day=witness.world.days[1]).order_by("starts_at")[4:6]
    Showtime.objects.filter(pk=with_link.pk).update(ticket_url="https://ours.example/1", version="IMAX")
    ListedFilm.objects.filter(pk=with_link.film_id).update(runtime=99)
    look("cinema-city")
    fill = Fill.objects.get(showtime=without)
    assert (fill.source, fill.ticket_url.startswith("https://bilety.example/")) == ("Cinema City", True)
    assert not Fill.objects.filter(showtime=with_link).exists(), "nothing of it is empty"
    film = ListedFilm.objects.get(pk=without.film_id)
    event = Event.objects.create(
        title="x", film=film, cinema=house, published_at=timezone.now(), updated_at=timezone.now()
    )
    Showtime.objects.filter(pk=without.pk).update(event=event)
    (shown,) = screenings.between(without.day)
    assert shown.ticket_url == fill.ticket_url
    assert dict(shown.filled)["ticket_url"] == "Cinema City"
    settings.WITNESS_FILLS = False
    (shown,) = screenings.between(without.day)
    assert (shown.ticket_url, shown.filled) == ("", ())
    settings.WITNESS_FILLS = True
    witness.world.remove(day=witness.world.days[1], cinema_slug=house.slug, film_slug=film.slug)
    look("cinema-city")
    assert not Fill.objects.filter(showtime=without).exists(), "it no longer has the start"
