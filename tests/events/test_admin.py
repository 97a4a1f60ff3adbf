"""Staff's hand: who may say what, that it stays, and that the log and the lists say so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from parsel import Selector

from events import conf, geocoding, publishing
from events.models import Cinema, Duplicate, Event, EventSource, ListedFilm, OtherEvent, Showtime
from kinokrakow.models import Job
from tests.events.other_sources.test_import import at, line, ours, run, shown

pytestmark = pytest.mark.django_db

CINEMAS, DUPLICATES, SOURCES = "/admin/events/cinema/", "/admin/events/duplicate/", "/admin/events/eventsource/"
PLACED: dict[str, Any] = {"latitude": 50.0588, "longitude": 19.9249}
BY_HAND = {"latitude": "50.0601", "longitude": "19.9402"}


def staff(*permissions: str) -> Client:
    user = get_user_model().objects.create_user("-".join(permissions), is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def cinema(named: str = "Kino Nowe", slug: str = "nowe", **fields: Any) -> Cinema:
    return Cinema.objects.create(slug=slug, name=named, **fields)


def form(client: Client, address: str) -> dict[str, str]:
    """What the form of a page would send if nothing were changed."""
    page = Selector(client.get(address).content.decode())
    fields = {field.attrib["name"]: field.attrib.get("value", "") for field in page.css("form#cinema_form input[name]")}
    for choice in page.css("form#cinema_form select[name]"):
        fields[choice.attrib["name"]] = choice.css("option[selected]::attr(value)").get("")
    return {name: value for name, value in fields.items() if name not in ("_continue", "_addanother")}


def save(client: Client, row: Cinema, **changes: str) -> str:
    """Send the cinema's form with these changes; the page that follows."""
    address = f"{CINEMAS}{row.pk}/change/"
    answer = client.post(address, form(client, address) | changes, follow=True)
    row.refresh_from_db()
    return answer.content.decode()


def act(client: Client, address: str, action: str, *rows: Any) -> str:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(address, chosen, follow=True).content.decode()


def logged() -> list[tuple[str, str]]:
    return [(entry.object_repr, entry.get_change_message()) for entry in LogEntry.objects.order_by("pk")]


# --- a cinema's place -------------------------------------------------------------------------------


@pytest.mark.once
def test_a_place_by_hand_stays_whatever_the_geocoder_says() -> None:
    row = cinema(**PLACED, located_by=Cinema.Located.NOMINATIM, located_at=timezone.now())
    page = save(staff("change_cinema"), row, **BY_HAND)
    assert "was changed successfully" in page
    assert (row.latitude, row.longitude, row.located_by) == (50.0601, 19.9402, Cinema.Located.HAND)
    assert row.located_at is not None
    assert logged() == [("Kino Nowe", "Changed Latitude and Longitude.")]
    assert not geocoding.settle(row, geocoding.Place(50.05, 19.95), Cinema.Located.GOOGLE, at=timezone.now())
    assert geocoding.ask(timezone.now()) == 0
    row.refresh_from_db()
    assert row.latitude == 50.0601


@pytest.mark.once
def test_a_place_by_hand_clears_why_there_was_none() -> None:
    row = cinema(locate_error="Nominatim knows no 'Kino Nowe, Kraków'", locate_due_at=timezone.now())
    save(staff("change_cinema"), row, **BY_HAND)
    assert (row.located_by, row.locate_error, row.locate_due_at) == (Cinema.Located.HAND, "", None)


def test_a_place_taken_away_is_looked_for_again() -> None:
    row = cinema(**PLACED, located_by=Cinema.Located.HAND, located_at=timezone.now())
    save(staff("change_cinema"), row, latitude="", longitude="")
    assert (row.latitude, row.longitude, row.located_by, row.located_at) == (None, None, "", None)
    assert list(Cinema.objects.to_locate(timezone.now())) == [row]


@pytest.mark.once
@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ({"latitude": "50.06", "longitude": ""}, "Give both latitude and longitude, or neither."),
        ({"latitude": "", "longitude": "19.94"}, "Give both latitude and longitude, or neither."),
        ({"latitude": "19.94", "longitude": "50.06"}, "19.94, 50.06 is not in Kraków"),
        ({"latitude": "52.23", "longitude": "21.01"}, "52.23, 21.01 is not in Kraków"),
        ({"latitude": "nan", "longitude": "19.94"}, "Enter a number."),
    ],
)
def test_what_is_no_place_in_krakow_is_refused(place: dict[str, str], fault: str) -> None:
    row = cinema()
    assert fault in save(staff("change_cinema"), row, **place)
    assert (row.latitude, row.longitude, row.located_by) == (None, None, "")
    assert logged() == []


@pytest.mark.once
def test_a_form_shown_before_the_geocoder_answered_overwrites_nothing() -> None:
    row, client = cinema(), staff("change_cinema")
    address = f"{CINEMAS}{row.pk}/change/"
    old = form(client, address)
    geocoding.settle(row, geocoding.Place(50.05, 19.95), Cinema.Located.NOMINATIM, at=timezone.now())
    page = client.post(address, old | BY_HAND, follow=True).content.decode()
    assert "nothing was saved" in page
    row.refresh_from_db()
    assert (row.latitude, row.located_by) == (50.05, Cinema.Located.NOMINATIM)
    assert logged() == []


@pytest.mark.once
def test_the_place_shows_on_a_map_or_why_it_is_missing() -> None:
    placed = cinema(**PLACED, located_by=Cinema.Located.BUNDLED)
    cinema("Kino Stare", "stare", locate_error="Nominatim knows no <b>Kino Stare</b>")
    client = staff("view_cinema")
    page = client.get(CINEMAS).content.decode()
    on_the_map = "https://www.openstreetmap.org/?mlat=50.058800&amp;mlon=19.924900#map=17/50.058800/19.924900"
    assert on_the_map in page
    assert "Nominatim knows no &lt;b&gt;Kino Stare&lt;/b&gt;" in page
    assert on_the_map in client.get(f"{CINEMAS}{placed.pk}/change/").content.decode()


def test_the_geocoder_is_asked_again_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conf, "GEOCODER", "nominatim")
    put_off = cinema(locate_error="nothing", locate_due_at=timezone.now() + dt.timedelta(days=7))
    placed = cinema("Kino Stare", "stare", **PLACED, located_by=Cinema.Located.HAND)
    client = staff("change_cinema")
    page = act(client, CINEMAS, "ask_again", put_off, placed)
    assert "1 cinema is looked for; 1 has its place or is being looked for." in page
    assert [(job.kind, job.key, job.args) for job in Job.objects.all()] == [
        ("locate", "locate:nowe", {"cinema": put_off.pk})
    ]
    assert logged() == [("Kino Nowe", "asked for its place")]
    assert "0 cinemas are looked for; 2 have their places" in act(client, CINEMAS, "ask_again", put_off, placed)
    monkeypatch.setattr(conf, "GEOCODER", "none")
    assert "set GEOCODER, or enter the coordinates" in act(client, CINEMAS, "ask_again", put_off)


# --- cinemas that are one ---------------------------------------------------------------------------


def test_cinemas_that_are_one_are_merged_and_parted() -> None:
    moved = ours()
    twin, third = cinema("Kijów.Centrum", "kijow-centrum"), cinema("Inne", "inne")
    kijow, client = moved.cinema, staff("change_cinema", "view_cinema")

    def standing() -> dict[str, tuple[str, int]]:
        return {event.cinema.slug: (event.status, event.showtimes.count()) for event in Event.objects.all()}

    save(client, kijow, same_as=str(twin.pk))
    assert kijow.same_as == twin
    assert standing() == {"kijow": ("cancelled", 0), "kijow-centrum": ("scheduled", 1)}
    save(client, kijow, same_as=str(third.pk))
    assert standing() == {"kijow": ("cancelled", 0), "kijow-centrum": ("cancelled", 0), "inne": ("scheduled", 1)}
    save(client, kijow, same_as="")
    assert kijow.same_as is None
    assert standing() == {"kijow": ("scheduled", 1), "kijow-centrum": ("cancelled", 0), "inne": ("cancelled", 0)}
    moved.refresh_from_db()
    assert moved.cinema == kijow
    assert logged() == [("Kijów", "Changed Same as.")] * 3


def test_a_cinema_can_only_be_one_with_another_that_stands_for_itself() -> None:
    one, two = cinema("Jeden", "jeden"), cinema("Dwa", "dwa")
    alias = cinema("Alias", "alias", same_as=one)
    client = staff("change_cinema")
    picker = {"app_label": "events", "model_name": "cinema", "field_name": "same_as"}
    offered = client.get("/admin/autocomplete/", picker).json()["results"]
    assert {each["id"] for each in offered} == {str(one.pk), str(two.pk)}
    assert not client.get("/admin/autocomplete/", {**picker, "term": "Alias"}).json()["results"]
    for impossible in (one, alias):
        assert "Select a valid choice" in save(client, one, same_as=str(impossible.pk))
    assert one.same_as is None


@pytest.mark.once
def test_two_merges_at_once_make_no_circle() -> None:
    one, two = cinema("Jeden", "jeden"), cinema("Dwa", "dwa")
    client = staff("change_cinema")
    address = f"{CINEMAS}{one.pk}/change/"
    old = form(client, address)
    publishing.unite(two, one, at=timezone.now())
    client.post(address, old | {"same_as": str(two.pk)})
    one.refresh_from_db()
    assert one.same_as is None


# --- duplicates ----------------------------------------------------------------------------------------


@pytest.fixture
def duplicate(tmp_path: Path) -> Duplicate:
    """Ours at 18:00 gives way to theirs at 18:05."""
    ours()
    run(tmp_path, line(), priority=60)
    return Duplicate.objects.get()


def test_a_duplicate_says_in_words_why_it_is_one(duplicate: Duplicate) -> None:
    client = staff("view_duplicate")
    for address in (DUPLICATES, f"{DUPLICATES}{duplicate.pk}/change/"):
        page = client.get(address).content.decode()
        assert "titles 100 % alike, 5 minutes apart, cinemas of the same name, in the same place" in page
        assert "automatic" in page


@pytest.mark.once
@pytest.mark.parametrize("ours_first", [True, False])
def test_what_is_said_not_to_be_the_same_stays_so(tmp_path: Path, ours_first: bool) -> None:
    if ours_first:
        ours()
    run(tmp_path, line(), priority=60)
    film = ours().film if not ours_first else ListedFilm.objects.get()
    duplicate, client = Duplicate.objects.get(), staff("view_duplicate", "change_duplicate")
    named = str(duplicate)
    assert shown() == [("18:05", "kijow")]
    page = act(client, DUPLICATES, "different", duplicate)
    assert "1 pair decided." in page
    assert "not the same (view_duplicate-change_duplicate)" in page
    both = [("18:00", "kino.krakow.pl"), ("18:05", "kijow")]
    assert shown() == both
    run(tmp_path, line(name="again"), priority=70)
    publishing.publish([film.pk], timezone.now())
    run(tmp_path, line(), priority=5)
    assert shown() == both
    duplicate.refresh_from_db()
    assert (duplicate.verdict, duplicate.decided_by) == ("different", get_user_model().objects.get())
    assert logged() == [(named, "not the same")]
    assert "0 pairs decided; 1 left as it was." in act(client, DUPLICATES, "different", duplicate)


@pytest.mark.once
def test_what_is_said_to_be_the_same_stays_so_and_can_be_forgotten(tmp_path: Path, duplicate: Duplicate) -> None:
    client = staff("view_duplicate", "change_duplicate")
    act(client, DUPLICATES, "same", duplicate)
    run(tmp_path, line(workPresented={"name": "Something else"}))
    assert shown() == [("18:05", "kijow")]
    assert "1 pair decided." in act(client, DUPLICATES, "forget", duplicate)
    assert not Duplicate.objects.exists(), "compared again, they are none"
    assert len(shown()) == 2
    assert [message for _, message in logged()] == ["the same", "the decision is taken back"]


def test_a_verdict_frees_the_other_for_its_true_duplicate(tmp_path: Path) -> None:
    """18:05 fits 18:00 best; when a person says that it is another, 18:15 is what it is one with."""
    ours()
    ours(18, 15)
    run(tmp_path, line(), priority=60)
    wrong = Duplicate.objects.get()
    act(staff("change_duplicate"), DUPLICATES, "different", wrong)
    right = Duplicate.objects.exclude(pk=wrong.pk).get()
    assert right.hidden_showtime is not None
    assert right.hidden_showtime.starts_at == at(18, 15)


def test_another_priority_turns_duplicates_round_at_once(duplicate: Duplicate) -> None:
    source, client = EventSource.objects.get(), staff("change_eventsource")
    address = f"{SOURCES}{source.pk}/change/"
    assert client.post(address, {"priority": "5"}).status_code == 302
    source.refresh_from_db()
    assert source.priority == 5
    assert shown() == [("18:00", "kino.krakow.pl")]
    assert logged() == [("kijow", "Changed Priority.")]
    client.post(address, {"priority": "5", "paused_until": "2099-01-01T12:00", "paused_why": "they asked us"})
    source.refresh_from_db()
    assert source.paused_until is not None
    assert (source.paused_until.year, source.paused_why, source.priority) == (2099, "they asked us", 5)


@pytest.mark.once
def test_a_place_by_hand_is_compared_at_once(tmp_path: Path) -> None:
    far = ours().cinema
    Cinema.objects.update(name="Coś innego", latitude=50.1, longitude=20.0)
    run(tmp_path, line(), priority=60)
    assert len(shown()) == 2
    save(staff("change_cinema"), far, latitude="50.0590", longitude="19.9250")
    assert shown() == [("18:05", "kijow")]


# --- rights -----------------------------------------------------------------------------------------


@pytest.mark.once
def test_who_may_only_look_sees_and_cannot_act(duplicate: Duplicate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conf, "GEOCODER", "nominatim")
    row, source = cinema(), EventSource.objects.get()
    client = staff("view_cinema", "view_duplicate", "view_eventsource", "view_otherevent")
    for address in (
        f"{CINEMAS}{row.pk}/change/", f"{DUPLICATES}{duplicate.pk}/change/", f"{SOURCES}{source.pk}/change/",
        f"/admin/events/otherevent/{OtherEvent.objects.get().pk}/change/",
    ):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert client.post(address, BY_HAND | {"priority": "1", "seen": "", "same_as": ""}).status_code == 403
    act(client, CINEMAS, "ask_again", row)
    for action in ("different", "same", "forget"):
        act(client, DUPLICATES, action, duplicate)
    duplicate.refresh_from_db()
    source.refresh_from_db()
    row.refresh_from_db()
    assert (duplicate.verdict, source.priority, row.located_by) == ("", 60, "")
    assert not Job.objects.exists()
    assert logged() == []


@pytest.mark.once
@pytest.mark.parametrize("address", [CINEMAS, DUPLICATES, SOURCES, "/admin/events/otherevent/"])
def test_who_has_no_right_sees_nothing(address: str) -> None:
    assert staff("view_showtime").get(address).status_code == 403


@pytest.mark.once
@pytest.mark.parametrize("model", ["cinema", "duplicate", "eventsource", "otherevent", "showtime", "event", "movie"])
def test_nobody_adds_or_deletes_what_jobs_write(model: str, admin_client: Client) -> None:
    assert admin_client.get(f"/admin/events/{model}/add/").status_code == 403


# --- why is this (not) published? -------------------------------------------------------------------


def why(row: Any, client: Client) -> str:
    meta = row._meta
    page = Selector(client.get(f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/change/").content.decode())
    return " ".join(page.css(".field-why .readonly").xpath("string()").get("").split())


def test_a_showtime_says_why_it_is_out_or_not(tmp_path: Path, admin_client: Client) -> None:
    row = ours()
    assert why(row, admin_client) == "Published."
    run(tmp_path, line(), priority=60)
    assert why(row, admin_client).startswith("Published, but another source's showing is shown in its place")
    OtherEvent.objects.all().delete()
    ListedFilm.objects.update(match_status=ListedFilm.Match.REVIEW)
    publishing.publish([row.film_id], timezone.now())
    assert why(row, admin_client) == "Not published: its film must be decided on first (waits for a decision)."
    Showtime.objects.withdraw([row.external_id], at(9))
    assert why(row, admin_client).startswith("Not published: since ")


def test_an_event_says_why_it_is_out_or_cancelled(admin_client: Client) -> None:
    row = ours()
    event = Event.objects.get()
    assert why(event, admin_client) == "Published, with 1 showtime to come."
    ListedFilm.objects.update(match_status=ListedFilm.Match.UNMATCHED)
    publishing.publish([row.film_id], timezone.now())
    assert why(event, admin_client) == "Cancelled: its listings have another match now, or none."
    ListedFilm.objects.update(match_status=ListedFilm.Match.MATCHED)
    Showtime.objects.withdraw([row.external_id], timezone.now())
    assert why(event, admin_client) == "Cancelled: the site no longer lists its showtimes."
    Showtime.objects.update(withdrawn_at=None)
    publishing.unite(row.cinema, cinema("Kijów.Centrum", "kijow-centrum"), at=timezone.now())
    event.refresh_from_db()
    assert why(event, admin_client).startswith("Cancelled: its cinema is the same as Kijów.Centrum")


def test_counts_lead_to_the_rows_they_count(tmp_path: Path, admin_client: Client) -> None:
    row = ours()
    ours(20)
    run(tmp_path, line(), priority=60)
    movie = f'<a href="/admin/events/movie/{Event.objects.get().movie_id}/change/">Anora</a>'
    assert movie in admin_client.get("/admin/events/event/").content.decode()
    withdrawn = ours(22)
    Showtime.objects.withdraw([withdrawn.external_id], timezone.now())
    pages = [
        "/admin/events/listedfilm/", f"/admin/events/listedfilm/{row.film_id}/change/", CINEMAS,
        f"{CINEMAS}{row.cinema_id}/change/", "/admin/events/event/", f"/admin/events/event/{row.event_id}/change/",
        "/admin/events/movie/", "/admin/events/showtime/", f"/admin/events/showtime/{row.pk}/change/", SOURCES,
        "/admin/events/otherevent/", f"/admin/events/otherevent/{OtherEvent.objects.get().pk}/change/", DUPLICATES,
    ]  # fmt: skip
    counted = 0
    for address in pages:
        page = Selector(admin_client.get(address).content.decode())
        for count in page.css("#content a[href*='?']"):
            number, target = count.xpath("string()").get("").strip(), count.attrib["href"]
            if number.isdecimal() and target.startswith("/admin/events/"):
                found = Selector(admin_client.get(target).content.decode())
                assert len(found.css("#result_list tbody tr")) == int(number), f"{address}: {target}"
                counted += 1
    assert counted >= 10


@pytest.mark.once
def test_lists_ask_no_more_of_more_rows(tmp_path: Path, admin_client: Client) -> None:
    def queries() -> dict[str, int]:
        asked = {}
        for model in ("listedfilm", "cinema", "showtime", "event", "movie", "eventsource", "otherevent", "duplicate"):
            with CaptureQueriesContext(connection) as captured:
                assert admin_client.get(f"/admin/events/{model}/").status_code == 200
            asked[model] = len(captured)
        return asked

    ours()
    run(tmp_path, line(), priority=60)
    queries()  # what is cached for good
    few = queries()
    for number, title in enumerate(("Ida", "Konklawe", "Rejs"), start=2):
        ours(10 + number, title=title)
        cinema(f"Kino {number}", f"kino-{number}", same_as=Cinema.objects.get(slug="kijow"))
        run(tmp_path, line(identifier=title, startDate=at(10 + number).isoformat(), workPresented={"name": title}))
    assert Duplicate.objects.count() == 4
    assert queries() == few


def test_links_of_hostile_addresses_are_none(admin_client: Client) -> None:
    row = ours()
    Showtime.objects.update(ticket_url="javascript:alert(1)")
    OtherEvent.objects.create(
        source=EventSource.objects.create(slug="x", name="<b>x</b>"), external_id="1", title="<script>",
        cinema_name="K", url="javascript:alert(2)", starts_at=at(18), ends_at=at(20), first_seen_at=at(1),
        last_seen_at=at(1),
    )  # fmt: skip
    for address in ("showtime/", f"showtime/{row.pk}/change/", f"event/{row.event_id}/change/", "otherevent/"):
        page = admin_client.get(f"/admin/events/{address}").content.decode()
        assert 'href="javascript:' not in page
        assert "<script>\n" not in page
        assert "<b>x</b>" not in page


def test_the_old_address_of_duplicates_leads_to_them(admin_client: Client) -> None:
    for rest in ("", "7/change/"):
        assert admin_client.get(f"/admin/events/double/{rest}?q=x")["Location"] == f"/admin/events/duplicate/{rest}?q=x"
