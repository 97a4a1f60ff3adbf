"""`manage.py probe`: which assumptions about the site hold on the configured one. At most fourteen requests."""

from __future__ import annotations

import itertools
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db.models import Q
from django.utils import timezone

from kinokrakow.database.advice import next_step
from scraper.coverage.witnesses import probing
from scraper.coverage.witnesses.listings.registry import switched_on
from scraper.models import Page
from scraper.site import probe


class Command(BaseCommand):
    help = "Check every assumption about the site in at most fourteen polite requests, and each witness in one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON on the last line")
        parser.add_argument("--save", type=Path, metavar="DIR", help="also write the pages as files, to send to us")

    def handle(self, *_args: Any, save: Path | None, **options: Any) -> None:
        began = timezone.now()
        self.stderr.write(f"Asking {settings.KINO_BASE_URL}, a request each {settings.KINO_REQUEST_INTERVAL:g} s …")
        findings: list[probe.Finding] = []
        try:
            for finding in itertools.chain(probe.probe(), _witnesses()):
                findings.append(finding)
                if not options["json"]:
                    self.stdout.write("\n".join(_lines(finding)))
        except DatabaseError as error:
            raise CommandError(f"{error}. Next: {next_step(error)}.", returncode=2) from error
        asked = Page.objects.filter(sent_at__gte=began)
        pages = asked.filter(Q(purpose__startswith="probe:") | Q(purpose="robots")).order_by("pk")
        ways = [f.way for f in findings if f.way and f.verdict == probe.HOLDS]
        wanted = probe.settings_to_use(findings)
        end = [
            f"Ways to a day that work: {', '.join(ways) or 'none'}. {pages.count()} requests.",
            "Settings to use: " + (", ".join(f"{k}={v}" for k, v in wanted.items()) or "as they are."),
        ]
        if save:
            report = [f"Asked {settings.KINO_BASE_URL} on {began:%Y-%m-%d %H:%M} UTC"]
            self._save(save, list(pages), [*report, *(line for f in findings for line in _lines(f)), *end])
        if options["json"]:
            result = {
                "findings": [asdict(f) for f in findings], "ways": ways, "requests": pages.count(), "settings": wanted,
            }  # fmt: skip
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            if any(f.verdict == probe.FAILS or f.unread for f in findings):
                self.stdout.write("Next: run it with --save DIR and open an issue with that folder.")
            self.stdout.write("\n".join(end))
        if not ways:
            raise SystemExit(1)

    def _save(self, folder: Path, pages: list[Page], report: list[str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.txt").write_text("\n".join(report) + "\n", encoding="utf-8")
        for number, page in enumerate(pages, start=1):
            name = "".join(c if c.isalnum() else "-" for c in page.purpose.removeprefix("probe:"))
            (folder / f"{number:02d}-{name}.html").write_bytes(page.body)
        (folder / "index.json").write_text(
            json.dumps([{"url": p.url, "status": p.status, "headers": p.headers, "error": p.error} for p in pages])
        )
        self.stderr.write(f"{len(pages)} pages saved in {folder}")


def _witnesses() -> Iterator[probe.Finding]:
    """Of each witness that is switched on, in a request: whether it answers as we read it."""
    for witness in switched_on():
        answer = probing.try_out(witness, timezone.localdate())
        verdict = probe.HOLDS if answer.works else probe.FAILS
        unread = answer.unread[: probe.SHOWN]
        yield probe.Finding(f"the witness {witness.name} answers as we read it", verdict, answer.detail, unread=unread)


def _lines(finding: probe.Finding) -> list[str]:
    mark = {probe.HOLDS: "✓", probe.FAILS: "✗", probe.ABSENT: "–"}.get(finding.verdict, "?")
    said = [f"     {place}: {text}" for place, text in finding.statements.items()]
    unread = [f"     not understood: {row}" for row in finding.unread]
    return [f" {mark} {finding.assumption}: {finding.verdict}. {finding.detail}", *said, *unread]
