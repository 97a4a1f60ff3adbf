"""`manage.py evaluate_matching FILE… [--json] [--ablate]`: how often the matcher is right, where answers are known."""

from __future__ import annotations

import ipaddress
import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from kinokrakow import http
from kinokrakow.database.advice import next_step
from review import automatic
from review.automatic import now_playing
from review.evaluation import ablation, figures, queries, running

WIDTH = 40  # letters of the progress bar
#: What the table of `--ablate` compares.
ABLATED = {
    "wrong": "wrong",
    "accepted": "accepted",
    "accepted_or_shown": "accepted or shown",
    "events_to_a_person": "events to a person",
    "sure_ones_asked": "sure ones asked",
    "calls_per_film": "calls",
}
COLUMNS = "{:16} {:>6} {:>9} {:>6} {:>10} {:>7} {:>6} {:>9} {:>7} {:>6}"


class Command(BaseCommand):
    help = "Run the matcher over a file of films with known answers, against the configured TMDB."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="+", help="one film a line, as JSON (see docs/MATCHING.md)")
        parser.add_argument("--ablate", action="store_true", help="leave out each mechanism in turn, and compare")
        parser.add_argument("--json", action="store_true", help="everything as JSON in the last line")
        parser.add_argument("--threads", type=int, default=8, help="films asked about at a time (%(default)s)")

    def handle(self, *_args: Any, file: list[Path], threads: int, **options: Any) -> None:
        files = {path.name: _load(path) for path in file}
        asked_about = [query for films in files.values() for query in films]
        service = _service()
        asked = running.Asked(service, _now_playing(service), timezone.localdate(), max(threads, 1))
        if options["ablate"]:
            self._ablate(files, asked, as_json=options["json"])
            return
        begun = time.monotonic()
        verdicts = running.run(asked_about, asked, done=lambda count: _progress(count, len(asked_about)))
        seconds = time.monotonic() - begun
        summary = {
            **figures.count(verdicts),
            "seconds": round(seconds, 2),
            "films_per_second": round(len(verdicts) / seconds, 1),
            "by_half": figures.by_half(verdicts),
            "by_variant": figures.by_variant(verdicts),
            "calibration": figures.calibration(verdicts),
        }
        if options["json"]:
            results = [verdict.as_dict() for verdict in verdicts]
            self.stdout.write(json.dumps({"results": results, "summary": summary}))
        else:
            self._print(verdicts, summary)

    def _ablate(self, files: dict[str, list[queries.Query]], asked: running.Asked, *, as_json: bool) -> None:
        """Each mechanism left out in turn. Every question is asked once; calls are those that would be made."""
        asked.memory, rows = {}, []
        mechanisms = [None, *ablation.mechanisms()]
        for place, mechanism in enumerate(mechanisms, start=1):
            with ablation.without(mechanism):
                for name, films in files.items():
                    counted = figures.count(running.run(films, asked, done=lambda _count: None))
                    rows.append({"without": mechanism.name if mechanism else "", "file": name, **counted})
            _progress(place, len(mechanisms))
        if as_json:
            self.stdout.write(json.dumps({"ablation": rows}))
            return
        whole = {row["file"]: row for row in rows if not row["without"]}
        self.stdout.write("| without | file | " + " | ".join(ABLATED.values()) + " |")
        self.stdout.write("|---|---|" + "---|" * len(ABLATED))
        for row in rows:
            differs = any(row[key] != whole[row["file"]][key] for key in ABLATED)
            if differs or not row["without"]:
                cells = " | ".join("-" if row[key] is None else str(row[key]) for key in ABLATED)
                self.stdout.write(f"| {row['without'] or '(nothing)'} | {row['file']} | {cells} |")
        told = {row["without"] for row in rows if any(row[key] != whole[row["file"]][key] for key in ABLATED)}
        same = [one.name for one in mechanisms if one and one.name not in told]
        self.stdout.write(f"\nNothing changes without: {', '.join(same) or '-'}")

    def _print(self, verdicts: list[running.Verdict], summary: dict[str, Any]) -> None:
        write = self.stdout.write
        write(
            COLUMNS.format(
                *("variant", "films", "accepted", "wrong", "precision", "recall", "left", "of these", "shown", "calls")
            )
        )
        halves = [(f"half {half}", row) for half, row in summary["by_half"].items()]
        for name, row in (*summary["by_variant"].items(), *halves, ("all", summary)):
            numbers = (row["films"], row["accepted"], row["wrong"], row["auto_precision"], row["auto_recall"])
            rest = (row["left_to_humans"], row["on_tmdb_not_accepted"], row["right_among_shown"], row["calls_per_film"])
            write(COLUMNS.format(name, *("-" if number is None else number for number in (*numbers, *rest))))
        write("\n(left: not accepted; of these: that TMDB has; shown: of those, the right film among the candidates)")
        write("accepted or shown: {accepted_or_shown}, events to a person: {events_to_a_person}, ".format(**summary))
        write(f"sure ones asked about: {summary['sure_ones_asked']}")
        write(f"{summary['films_per_second']} films a second, {summary['errors']} errors\n")
        write("score     films  mean score  right")
        for step in summary["calibration"]:
            write("{from:3}-{to:<3} {films:8} {mean_score:10} % {right:5} %".format(**step))
        for verdict in figures.wrong(verdicts):
            best, query = verdict.scored[0], verdict.query
            write(f"\nWRONG {query.query_id} ({query.variant}): {query.facts.title!r}, {query.facts.year or 'no year'}")
            write(f"  taken for {best.candidate.title!r} ({best.candidate.year}, {verdict.best}), {best.score:.0f} %;")
            right = ", ".join(map(str, sorted(query.accept)))
            write(f"  right: {right or 'none of TMDB'}")
            for reason in best.reasons:
                write(f"  {reason.points:+5.0f} {reason.text}")
        for verdict in verdicts:
            if verdict.error:
                write(f"\nERROR {verdict.query.query_id}: {verdict.error}")


def _load(path: Path) -> list[queries.Query]:
    try:
        return queries.load(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise CommandError(f"{path}: {reason}. Next: give a file of films with answers.", returncode=2) from error


def _service() -> http.Service:
    """The configured TMDB. One on this machine is a test's: it needs neither a token nor pauses."""
    service = automatic.service()
    if _is_local(service.base_url):
        return replace(service, interval=0.0, headers=service.headers if automatic.configured() else {})
    if not automatic.configured():
        raise CommandError("TMDB is not configured. Next: set TMDB_TOKEN (and TMDB_BASE_URL).", returncode=2)
    return service


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _now_playing(service: http.Service) -> set[int]:
    """The first thing that is asked: it shows whether TMDB can be asked at all."""
    try:
        with http.Session(service) as session:
            return now_playing.ask(session)
    except http.NotFound:
        return set()
    except http.HttpError as error:
        raise CommandError(
            f"TMDB at {settings.TMDB_BASE_URL} can't be asked: {error}. Next: check TMDB_BASE_URL and TMDB_TOKEN.",
            returncode=2,
        ) from error
    except DatabaseError as error:
        raise CommandError(f"The database is not ready: {error}. Next: {next_step(error)}.", returncode=2) from error


def _progress(count: int, total: int) -> None:
    if count == total or count * 100 // total != (count - 1) * 100 // total:
        bar = "#" * (count * WIDTH // total)
        sys.stderr.write(f"\r[{bar:{WIDTH}}] {count}/{total}" + ("\n" if count == total else ""))
        sys.stderr.flush()
