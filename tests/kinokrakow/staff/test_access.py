"""Who may open and do what: every page and action of the admin by each kind of user (docs/REVIEWING.md)."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from events.models import ListedFilm
from kinokrakow.models import Job
from review.models import Decision
from scraper.models import Alert, SyncRun

pytestmark = pytest.mark.django_db

KINDS = ("anybody", "plain", "Viewers", "Reviewers", "Operators", "chief")
OURS = ("kinokrakow", "events", "review", "scraper")


@pytest.fixture
def clients() -> dict[str, Client]:
    """One of each kind; a database emptied by another test lacks the groups."""
    importlib.import_module("scraper.migrations.0005_groups").make_groups(apps, None)
    importlib.import_module("scraper.migrations.0007_alerts_told").let_operators_pause(apps, None)
    found = {}
    for kind in KINDS:
        found[kind] = Client()
        if kind != "anybody":
            user = User.objects.create_user(kind, is_staff=True, is_superuser=kind == "chief")
            if kind not in ("plain", "chief"):
                user.groups.add(Group.objects.get(name=kind))
            found[kind].force_login(user)
    return found


STAFF = {"plain", "Viewers", "Reviewers", "Operators", "chief"}
LOOK = STAFF - {"plain"}
DECIDE = {"Reviewers", "Operators", "chief"}
RUN = {"Operators", "chief"}
CHIEF = {"chief"}
NOBODY: set[str] = set()

#: Who may GET and who may POST each page of ours, by the name of its address (docs/REVIEWING.md). Where a page takes no
#: POST, or nothing but that, whoever may open it is told so with 405.
PAGES = {
    "coverage": (LOOK, NOBODY),
    "coverage-day": (LOOK, NOBODY),
    "coverage-page": (LOOK, NOBODY),
    "coverage-witness": (LOOK, NOBODY),
    "coverage-sync": (NOBODY, RUN),
    "coverage-cancel": (NOBODY, RUN),
    "coverage-again": (NOBODY, RUN),
    "coverage-believe": (NOBODY, RUN),
    "coverage-alert": (NOBODY, RUN),
    "coverage-witness-look": (NOBODY, RUN),
    "coverage-witness-answer": (NOBODY, RUN),
    "review": (STAFF, NOBODY),
    "review-question": (STAFF, NOBODY),
    "review-provisional": (STAFF, DECIDE),
    "review-quality": (STAFF, NOBODY),
    "review-history": (LOOK, NOBODY),
    "review-decide": (NOBODY, DECIDE),
    "review-undo": (NOBODY, DECIDE),
    "admin:index": (STAFF, STAFF),
    "admin:app_list": (STAFF, STAFF),  # 404 for who may see nothing in it
    "admin:autocomplete": (NOBODY, NOBODY),
    "admin:jsi18n": (STAFF, NOBODY),
    "admin:password_change": (STAFF, STAFF),
    "admin:password_change_done": (STAFF, NOBODY),
    "admin:view_on_site": (STAFF, STAFF),
    "admin:kinokrakow_job_again": (NOBODY, RUN),
    "admin:kinokrakow_job_cancel": (NOBODY, RUN),
    "admin:auth_user_password_change": (CHIEF, CHIEF),
}
#: Django's own pages of each model of ours, and of accounts and groups.
MODELS = {
    "changelist": (LOOK, LOOK), "history": (LOOK, LOOK), "change": (LOOK, NOBODY), "add": (NOBODY, NOBODY),
    "delete": (NOBODY, NOBODY),
}  # fmt: skip
EDITED = {
    "events_cinema", "events_eventsource", "kinokrakow_servicestate", "scraper_witnesscinema",
}  # fmt: skip
#: Who is offered what in the lists.
ACTIONS = {
    "auth_group": {"delete_selected": CHIEF},
    "auth_user": {"delete_selected": CHIEF},
    "events_cinema": {"ask_again": RUN},
    "events_duplicate": {"same": RUN, "different": RUN, "forget": RUN},
    "events_eventsource": {"believe": RUN},
    "events_listedfilm": {
        "accept_best": DECIDE, "confirm": DECIDE, "defer_a_week": DECIDE, "not_a_film": DECIDE, "not_on_tmdb": DECIDE,
        "export": LOOK,
    },
    "kinokrakow_hostgate": {"open_again": RUN},
    "kinokrakow_job": {"retry": RUN, "cancel": RUN},
    "review_bulk": {"undo": DECIDE},
    "review_decision": {"undo": DECIDE},
    "review_matchcandidate": {"accept": DECIDE, "export": LOOK},
}  # fmt: skip
EVERYBODY_S = {"admin:login", "admin:logout"}


def staff_addresses(resolver: Any = None, names: str = "", route: str = "") -> Iterator[tuple[str, Any]]:
    """The name and pattern of each address of the site that staff use and nobody else."""
    for one in (resolver or get_resolver()).url_patterns:
        below = route + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from staff_addresses(one, f"{names}{one.namespace}:" if one.namespace else names, below)
        elif below.startswith("admin/") and one.name and f"{names}{one.name}" not in EVERYBODY_S:
            yield f"{names}{one.name}", one.pattern


def asked(name: str) -> tuple[tuple[str, ...], set[str]]:
    """The methods to try, and the kinds of user that try them: where not even who may do everything is let in, nobody
    else has to knock."""
    kind = name.rpartition("_")[2]
    if name in PAGES or kind == "change":
        return ("get", "post"), set(KINDS)
    return ("get",), CHIEF if kind in ("add", "delete") else set(KINDS)


def wanted(name: str) -> tuple[set[str], set[str]]:
    """Who may GET and who may POST; a page that the tables lack is an error."""
    if name in PAGES:
        return PAGES[name]
    model, _, kind = name.removeprefix("admin:").rpartition("_")
    if model.startswith("auth_"):
        return CHIEF, CHIEF
    may_get, may_post = MODELS[kind]
    return may_get, RUN if kind == "change" and model in EDITED else may_post


def kinds_let_in(clients: dict[str, Client], ask: str, path: str) -> set[str]:
    """All others are sent to log in or refused; 405 is no refusal of a person, and nobody's either."""
    let_in = set()
    for kind, client in clients.items():
        with transaction.atomic():
            answer = client.get(path) if ask == "get" else client.post(path, {"do": "not_a_film", "revision": "999"})
            transaction.set_rollback(True)
        if kind == "anybody":
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/admin/login/"), path
        elif answer.status_code not in (403, 405):
            assert answer.status_code in (200, 302, 404), (path, answer.status_code)
            let_in.add(kind)
    return let_in


@pytest.mark.once
def test_every_address_by_each_kind_of_user(clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of rows that are there. What the pages look like is other tests' business, so nothing is drawn."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    at = timezone.now()
    seen = {"first_seen_at": at, "last_seen_at": at}
    film = ListedFilm.objects.create(slug="x", title="X", **seen)
    Alert.objects.create(pk=1, kind="no_run", level="bad", facts={}, opened_at=at, updated_at=at)
    Job.objects.create(pk=1, kind="day", key="day:x", state=Job.State.QUEUED, queued_at=at, due_at=at)
    which = {"film_id": film.pk, "name": "coigdzie", "app_label": "events", "date": timezone.localdate()}
    with_rows = {reverse(f"admin:{name}_history", args=[1]) for name in ("scraper_alert", "kinokrakow_job")}
    wrong, counted = [], 0
    for name, pattern in staff_addresses():
        words = re.findall(r"\(\?P<(\w+)>|<(?:\w+:)?(\w+)>", str(pattern))
        path = reverse(name, kwargs={word: which.get(word, 1) for word in map("".join, words)})
        if name.endswith("_history") and path not in with_rows:
            continue  # Django sends everybody away from the history of a row that is not there
        methods, kinds = asked(name)
        for ask, may in zip(methods, wanted(name), strict=False):
            let_in = kinds_let_in({kind: clients[kind] for kind in kinds}, ask, path)
            counted += len(kinds)
            if let_in != may:
                wrong.append((ask, name, sorted(let_in), sorted(may)))
    assert wrong == []
    assert counted > 800


def test_the_actions_of_each_list_by_each_kind_of_user(clients: dict[str, Client], rf: RequestFactory) -> None:
    found: dict[str, dict[str, set[str]]] = {}
    for kind in STAFF:
        request = rf.get("/")
        request.user = User.objects.get(username=kind)
        for model, of in admin.site._registry.items():
            for action in of.get_actions(request):
                name = f"{model._meta.app_label}_{model._meta.model_name}"
                found.setdefault(name, {}).setdefault(action, set()).add(kind)
    assert found == ACTIONS


@pytest.mark.once
def test_an_action_of_a_list_by_each_kind_of_user(clients: dict[str, Client]) -> None:
    """Whoever may not is not offered it, and a form made by hand does nothing."""
    path = reverse("admin:kinokrakow_job_changelist")
    for kind in LOOK:
        job = Job.objects.create(
            kind="day", key=f"day:{kind}", state=Job.State.QUEUED, queued_at=timezone.now(), due_at=timezone.now()
        )
        offered = clients[kind].get(path).content.decode()
        assert ('value="cancel"' in offered) is (kind in RUN)
        clients[kind].post(path, {"action": "cancel", "_selected_action": [job.pk]})
        job.refresh_from_db()
        assert (job.state == Job.State.CANCELLED) is (kind in RUN), kind


@pytest.mark.once
def test_only_links_that_may_be_followed(clients: dict[str, Client]) -> None:
    """On the first page and in the head of each page."""
    for kind in sorted(STAFF):
        page = clients[kind].get(reverse("admin:index")).content.decode()
        for name in ("coverage", "admin:kinokrakow_job_changelist"):
            assert (f'href="{reverse(name)}"' in page) is (kind != "plain"), (kind, name)
        assert f'href="{reverse("review")}"' in page
        assert "django_q" not in page


@pytest.mark.once
def test_viewers_may_look_at_every_model_of_ours(clients: dict[str, Client]) -> None:
    """A new model needs a migration that runs `make_groups` of scraper.migrations.0005_groups again."""
    granted = set(Group.objects.get(name="Viewers").permissions.values_list("codename", flat=True))
    ours = {m._meta.model_name for m in apps.get_models() if m._meta.app_label in OURS}
    assert granted == {f"view_{name}" for name in ours}


@pytest.mark.once
@pytest.mark.parametrize("name", ["decide", "undo", "sync", "alert"])
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(clients: dict[str, Client], name: str) -> None:
    """Never to an address that only takes forms; and nothing is done then or later."""
    film = ListedFilm.objects.create(slug="x", title="X", first_seen_at=timezone.now(), last_seen_at=timezone.now())
    path, page = {
        "decide": (reverse("review-decide", args=[film.pk]), reverse("review-question", args=[film.pk])),
        "undo": (reverse("review-undo", args=[1]), reverse("review")),
        "sync": (reverse("coverage-sync"), reverse("coverage")),
        "alert": (reverse("coverage-alert", args=[1]), reverse("coverage")),
    }[name]
    client = Client()
    User.objects.create_superuser("head", password="secret")
    answer = client.post(path, {"do": "not_a_film", "revision": "0", "q": "Obcy"})
    login = answer["Location"]
    assert login.startswith("/admin/login/")
    answer = client.post(login, {"username": "head", "password": "secret"}, follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == page
    assert "nothing was decided or changed" in answer.content.decode()
    assert not Decision.objects.exists()
    assert not SyncRun.objects.exists()
