"""Who may open and do what: every page and action of the admin by each kind of user (docs/REVIEWING.md)."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import ListedFilm
from kinokrakow.models import Job
from review.models import Decision
from scraper.models import Alert, SyncRun

pytestmark = pytest.mark.django_db

KINDS = ("anybody", "plain", "Viewers", "Reviewers", "Operators")
OURS = ("kinokrakow", "events", "review", "scraper")


@pytest.fixture
def clients() -> dict[str, Client]:
    """One of each kind; a database emptied by another test lacks the groups."""
    importlib.import_module("scraper.migrations.0005_groups").make_groups(apps, None)
    found = {}
    for kind in KINDS:
        found[kind] = Client()
        if kind != "anybody":
            user = User.objects.create_user(kind, is_staff=True)
            if kind != "plain":
                user.groups.add(Group.objects.get(name=kind))
            found[kind].force_login(user)
    return found


def allowed(clients: dict[str, Client], ask: str, path: str, form: dict[str, str] | None = None) -> set[str]:
    """The kinds that were let in; all others must be sent to log in or be refused with 403."""
    let_in = set()
    for kind, client in clients.items():
        answer = client.get(path) if ask == "get" else client.post(path, form or {})
        if kind == "anybody":
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/admin/login/"), path
        elif answer.status_code != 403:
            assert answer.status_code in (200, 302, 404), (path, answer.status_code)
            let_in.add(kind)
    return let_in


STAFF = {"plain", "Viewers", "Reviewers", "Operators"}
LOOK = STAFF - {"plain"}
DECIDE = {"Reviewers", "Operators"}
RUN = {"Operators"}


def test_every_list_and_page_by_each_kind_of_user(clients: dict[str, Client]) -> None:
    film = ListedFilm.objects.create(slug="x", title="X", first_seen_at=timezone.now(), last_seen_at=timezone.now())
    pages = {
        reverse("coverage"): LOOK,
        reverse("coverage-day", args=["2026-11-27"]): LOOK,
        reverse("coverage-page", args=[1]): LOOK,
        reverse("review"): STAFF,
        reverse("review-provisional"): STAFF,
        reverse("review-quality"): STAFF,
        reverse("review-question", args=[film.pk]): STAFF,
        reverse("review-history"): LOOK,
        reverse("admin:index"): STAFF,
    }
    for model in admin.site._registry:
        if model._meta.app_label in OURS:
            pages[reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")] = LOOK
    for path, who in pages.items():
        assert allowed(clients, "get", path) == who, path


def test_every_action_by_each_kind_of_user(clients: dict[str, Client]) -> None:
    film = ListedFilm.objects.create(slug="x", title="X", first_seen_at=timezone.now(), last_seen_at=timezone.now())
    now = timezone.now()
    alert = Alert.objects.create(kind="no_run", level="bad", facts={}, opened_at=now, updated_at=now)
    actions = {
        reverse("coverage-sync"): RUN,
        reverse("coverage-cancel", args=[999]): RUN,
        reverse("coverage-again", args=["2026-11-27"]): RUN,
        reverse("coverage-alert", args=[alert.pk]): RUN,
        reverse("coverage-believe", args=["2026-11-27"]): RUN,
        reverse("admin:kinokrakow_job_again", args=[999]): RUN,
        reverse("admin:kinokrakow_job_cancel", args=[999]): RUN,
        reverse("review-decide", args=[film.pk]): DECIDE,
        reverse("review-provisional"): DECIDE,
        reverse("review-undo", args=[1]): DECIDE,
    }
    for path, who in actions.items():
        assert allowed(clients, "post", path, {"do": "not_a_film", "revision": "999"}) == who, path
    assert not Decision.objects.exists()


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


def test_only_links_that_may_be_followed(clients: dict[str, Client]) -> None:
    """On the first page and in the head of each page."""
    for kind in STAFF:
        page = clients[kind].get(reverse("admin:index")).content.decode()
        for name in ("coverage", "admin:kinokrakow_job_changelist"):
            assert (f'href="{reverse(name)}"' in page) is (kind != "plain"), (kind, name)
        assert f'href="{reverse("review")}"' in page
        assert "django_q" not in page


def test_viewers_may_look_at_every_model_of_ours(clients: dict[str, Client]) -> None:
    """A new model needs a migration that runs `make_groups` of scraper.migrations.0005_groups again."""
    granted = set(Group.objects.get(name="Viewers").permissions.values_list("codename", flat=True))
    ours = {m._meta.model_name for m in apps.get_models() if m._meta.app_label in OURS}
    assert granted == {f"view_{name}" for name in ours}


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
    User.objects.create_superuser("chief", password="secret")
    answer = client.post(path, {"do": "not_a_film", "revision": "0", "q": "Obcy"})
    login = answer["Location"]
    assert login.startswith("/admin/login/")
    answer = client.post(login, {"username": "chief", "password": "secret"}, follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == page
    assert "nothing was decided or changed" in answer.content.decode()
    assert not Decision.objects.exists()
    assert not SyncRun.objects.exists()
