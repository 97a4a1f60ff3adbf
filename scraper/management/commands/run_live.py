"""`make run`: everything for a first look, on this machine: tables, a login, schedules, `up`, and a first sync."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kinokrakow.processes import end_on_signals, ignore_further_signals, with_parent
from review import automatic
from scraper.management import demo_past

LOGIN = "kino"
WAIT = 120  # s for the web server's first answer, on a machine that is busy
GROUPS = ("Viewers", "Reviewers", "Operators")


class Command(BaseCommand):
    help = "Set up the database, run web server and workers, sync once, print a login, and stay until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--import", dest="other", nargs=2, metavar=("SOURCE", "FILE"), help="import that, too")
        parser.add_argument("--logins", action="store_true", help="make an account of each group, too")
        parser.add_argument("--past", action="store_true", help="make up past weeks and decisions; for the demo only")

    def handle(
        self, *_args: Any, port: int, logins: bool, other: list[str] | None, past: bool, **_options: Any
    ) -> None:
        end_on_signals()
        os.environ.setdefault("DEBUG", "1")  # the children's, unless .env says otherwise: this is a look, no server
        if _answers(port):
            raise CommandError(f"Port {port} is taken. Next: choose another, PORT={port + 1} make …", returncode=2)
        self._tell_what_is_missing()
        call_command("migrate", verbosity=0)
        call_command("set_schedules", verbosity=0, stdout=self.stderr)
        password = self._login()
        others = self._logins() if logins else {}
        if past and demo_past.write(timezone.now()):
            self.stdout.write("Five past weeks and their decisions are made up, and marked so; this week is read.")
            self.stdout.flush()
        up = subprocess.Popen([sys.executable, "manage.py", "up", "--port", str(port)], preexec_fn=with_parent())
        try:
            self._wait_for_web(up, port)
            admin = f"http://127.0.0.1:{port}/admin/ ({LOGIN}  {password or 'the password you have'})"
            self.stdout.write(f"It can be looked at already: {admin}")
            self.stdout.write(f"Reading the week from {settings.KINO_BASE_URL} …")
            self.stdout.flush()
            subprocess.run([sys.executable, "manage.py", "sync", "--wait"], check=False, preexec_fn=with_parent())
            if other:
                command = [sys.executable, "manage.py", "import_events", *other, "--whole"]
                subprocess.run(command, check=False, preexec_fn=with_parent())
            self.stdout.write(
                f"\n  Page:     http://127.0.0.1:{port}/\n"
                f"  Admin:    http://127.0.0.1:{port}/admin/\n"
                f"  Login:    {LOGIN}  {password or '(the password you have)'}\n"
                + "".join(f"            {name}  {word}\n" for name, word in others.items())
                + f"  Health:   http://127.0.0.1:{port}/healthz\n"
                f"  Database: {settings.DATABASES['default']['NAME']}\n  Ctrl-C ends it.\n"
            )
            self.stdout.flush()
            up.wait()
        except KeyboardInterrupt:
            self.stdout.write("Ending …")
        finally:
            ignore_further_signals()
            up.terminate()
            up.wait()

    def _tell_what_is_missing(self) -> None:
        if not automatic.configured():
            self.stdout.write(
                "TMDB_TOKEN is not set. Showtimes are read and stored all the same, but no film is matched and no "
                "event published: they wait. Next: get a read token at themoviedb.org (Settings → API), put "
                "TMDB_TOKEN=… into .env and start again."
            )

    @staticmethod
    def _login() -> str:
        """A superuser for this first look, with a new password; empty when somebody else already administers."""
        users = get_user_model().objects
        if users.filter(is_superuser=True).exclude(username=LOGIN).exists():
            return ""
        password = secrets.token_urlsafe(9)
        user, _ = users.get_or_create(username=LOGIN, defaults={"is_staff": True, "is_superuser": True})
        user.set_password(password)
        user.save(update_fields=["password"])
        return password

    @staticmethod
    def _logins() -> dict[str, str]:
        """An account of each group that ships, each with a new password."""
        made = {}
        for group in Group.objects.filter(name__in=GROUPS).order_by("pk"):
            name, password = group.name.lower().removesuffix("s"), secrets.token_urlsafe(6)
            user, _ = get_user_model().objects.get_or_create(username=name, defaults={"is_staff": True})
            user.set_password(password)
            user.save(update_fields=["password"])
            user.groups.set([group])
            made[name] = password
        return made

    @staticmethod
    def _wait_for_web(up: subprocess.Popen[bytes], port: int) -> None:
        for _ in range(WAIT * 5):
            if _answers(port):
                return
            if up.poll() is not None:
                break
            time.sleep(0.2)
        raise CommandError(f"The web server does not answer on port {port}; its message stands above.")


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True
