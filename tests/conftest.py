"""What all tests share: a database a process, and a small web server to misbehave.

What makes a test cheap:
- A database costs nothing until a test asks for one, and then a copy of a migrated one (`tests.databases`).
- `tests.scraper.inline.small(World(today))` is a week of two hundred showtimes, a sync of which takes half a second;
  the whole world's takes four. `tests.events.week.publish` stores a week without any page or request.
- `tests.scraper.inline.first_sync(site)` is a good week's sync; the second test that wants it gets its rows back.
- What touches no database runs on SQLite only, and so does what is marked `once`: of tests in which the program asks
  the database the same, in statements of the same form, PostgreSQL sees some (`asks_postgresql`).
- Examples made up by hypothesis are the same in each run, and few; `DEEP=1` tries ten times as many, others each time.
- Of a page that is looked at in a browser, `ONLY_LOOKED_AT` is for what can't differ between databases.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

import tests.examples  # noqa: F401  all of hypothesis' tests go by its profile
from events.models import changes
from kinokrakow import clock
from tests import databases, examples  # noqa: F401  loads the profile

pytest_plugins = ["tests.browser"]


DATABASE_CLOCK = clock.now

#: Clusters, which mostly wait, and whole weeks.
LONGEST = ("test_cluster.py", "test_work.py", "test_look.py", "test_alerts_ordinary.py", "test_unseen.py")

#: Whether this process made the folder that the processes of this run share; who made it deletes it.
MADE_HERE = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "once: on SQLite only; other tests ask PostgreSQL the same statements")
    gc.set_threshold(50_000, 20, 50)  # as `manage.py` does
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a real one takes .3 s on purpose
    config.stash[MADE_HERE] = "TESTS_SHARED" not in os.environ
    clock.now = lambda: timezone.now()  # tests travel in time, and the database does not come along
    changes.PRUNED_EACH = 10**12  # which statements a test counts must not depend on how many others ran before it
    databases.shared()  # before xdist starts its processes
    TransactionTestCase._fixture_teardown = lambda _: databases.empty()  # type: ignore[attr-defined,assignment,method-assign,unused-ignore]
    database = connections.databases["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # a test's rows need not outlive a power cut


@pytest.fixture
def database_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program goes by the database's clock, as it does outside of tests."""
    monkeypatch.setattr(clock, "now", DATABASE_CLOCK)


def pytest_runtest_setup() -> None:
    translation.deactivate()  # a request's language outlives the request in its thread


def pytest_unconfigure(config: pytest.Config) -> None:
    if config.stash[MADE_HERE]:
        databases.drop_all()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first: at the end nothing would run beside them. PostgreSQL: what asks it."""
    items.sort(key=lambda item: item.path.name not in LONGEST)
    if connection.vendor == "postgresql":
        others = [item for item in items if not asks_postgresql(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if asks_postgresql(item)]
    gc.freeze()  # half a million objects that stay until the end need not be looked through again and again


def asks_postgresql(item: pytest.Item) -> bool:
    """Whether the test uses a database, its own or a deployment's, and isn't marked `once`."""
    if item.get_closest_marker("once"):
        return False
    if item.get_closest_marker("django_db") or hasattr(getattr(item, "module", None), "Deployment"):
        return True
    fixtures = {"db", "transactional_db", "live_server"}
    of_class = getattr(item, "cls", None)
    return not fixtures.isdisjoint(getattr(item, "fixturenames", ())) or (
        of_class is not None and issubclass(of_class, TransactionTestCase)
    )


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process's own database."""
    with django_db_blocker.unblock():
        connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = databases.copy()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@dataclass
class Answer:
    """What a test's server answers: `length` overrides Content-Length (to cut the body), `delay` in seconds."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    delay: float = 0


@dataclass
class Server:
    """A web server of a test. `answer(method, path, n)` gets the number (from 1) of the request for that path."""

    url: str = ""
    answer: Callable[[str, str, int], Answer] = lambda _method, _path, _n: Answer()
    arrivals: list[tuple[float, str, str, dict[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [path for _, _, path, _ in self.arrivals]


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.arrivals.append((time.monotonic(), self.command, self.path, dict(self.headers)))
            count = sum(1 for _, method, path, _ in state.arrivals if (method, path) == (self.command, self.path))
            answer = state.answer(self.command, self.path, count)
            time.sleep(answer.delay)
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
            if answer.length is not None:
                self.close_connection = True

        do_POST = do_GET

        def finish(self) -> None:
            super().finish()
            connections.close_all()  # this thread's own, where `answer` looked into the database

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            """A client that hung up is part of the test."""

    with Quiet(("127.0.0.1", 0), Handler) as httpd:
        state.url = f"http://127.0.0.1:{httpd.server_address[1]}"
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield state
        httpd.shutdown()
        thread.join()
