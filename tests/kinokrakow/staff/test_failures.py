"""Stored errors reach a reader of Polish in Polish: every text that the program itself writes has a form."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from kinokrakow.staff import failures
from scraper.monitoring.messages import phrases

ROOT = Path(failures.__file__).parents[2]
#: Where texts are written that the database keeps as the reason why something failed.
WRITERS = (
    "kinokrakow/http", "kinokrakow/jobs/performing.py", "kinokrakow/jobs/transitions.py", "scraper/site/client.py",
    "scraper/site/extractors", "scraper/sync/days.py", "scraper/sync/film_pages.py", "scraper/coverage/witnesses",
    "scraper/monitoring/delivery.py", "events/geocoding", "review/tmdb",
)  # fmt: skip
#: Calls that are given such a text, and names that hold one.
TOLD = {
    "error", "not_understood", "_doubt", "Written", "UnreadRow", "_not_an_hour", "_not_a_film", "_not_read",
    "Statement", "_says", "Unreadable", "NotLocated", "Undelivered", "GiveUp", "Refused", "Unavailable", "Blocked",
    "Garbled", "NotFound", "ExtractionError", "WrongDay", "TypeError",
}  # fmt: skip
HELD = {"problem", "error", "_why", "why", "doubt", "said", "reason", "expected", "place", "found"}
URL = "https://x.example/7"
#: Texts of these places that are kept nowhere or are no reasons.
NO_REASONS = {
    "a request inside a transaction would hold the database for as long as the host likes",  # a bug of ours
    "KinoKrakow/7 (cinema programme reader7)",
}


def texts() -> Iterator[tuple[str, str]]:
    """Each literal or f-string that may be kept as a reason, filled in."""
    for name in WRITERS:
        path = ROOT / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text())):
                for value in _told(node):
                    text = _text(value)
                    if (
                        " " in text.removeprefix(f"GET {URL}").strip("7:, ")
                        and text not in NO_REASONS
                        and not text.startswith(",")
                    ):
                        yield f"{file.relative_to(ROOT)}:{value.lineno}", text


def _told(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="logger"))):
            return []
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in TOLD:
            return [*node.args, *(word.value for word in node.keywords if word.arg in HELD)]
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value) if name in HELD:
            return [value, *(value.values if isinstance(value, ast.BoolOp) else ())]
        case ast.Return(value=ast.Tuple(elts=values)):
            return values
        case ast.Return(value=ast.JoinedStr() as value):
            return [value]
    return []


def _text(value: ast.expr) -> str:
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(map(_filled, parts))
    return ""


def _filled(part: ast.expr) -> str:
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=ast.IfExp()):
            return ""
        case ast.FormattedValue(value=value):
            name = ast.unparse(value)
            return {"method": "GET", "start": URL, "where": "it is headed"}.get(name, URL if "url" in name else "7")
    return ""


def test_every_reason_that_is_stored_is_told_in_polish() -> None:
    found = list(texts())
    assert len(found) > 90
    with translation.override("pl"):
        unexpected = translation.gettext("an unexpected error")
        missing = [f"{where}: {text}" for where, text in found if failures.said(text) == unexpected]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("HttpError: https://www.kino.krakow.pl: HTTP 503", "HTTP 503"),
        ("Unavailable: GET https://api.example/3/x: ReadTimeout: The read timed out", "brak odpowiedzi w czasie"),
        ("WrongDay: https://x.example/a?b=1: calendar: expected 2026-11-30, found 2026-11-29",
         "kalendarz: oczekiwano: 30.11.2026; jest: 29.11.2026"),
        ("DayUnreadable: by URL: https://x.example/a: HTTP 502; by session: GET https://x.example/: ConnectError: no",
         "przez URL: HTTP 502; przez sesję: brak połączenia"),
        ("row 17, film Rejs, cinema Kika", "wiersz 17, film Rejs, kino Kika"),
        ("its film is not known: links to several films", "nie wiadomo, którego filmu: linki do kilku filmów"),
        ("ValueError: something that nobody foresaw", "nieoczekiwany błąd"),
        ('it is headed "{0} {title}", not "Rejs"', "nagłówek „{0} {title}” zamiast „Rejs”"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_stored_error_in_polish(stored: str, told: str) -> None:
    with translation.override("pl"):
        assert failures.said(stored) == told


def test_dates_are_written_as_on_all_pages_but_in_addresses() -> None:
    assert failures.said("expected 2026-11-30, found ?day=2026-11-29") == "expected 30.11.2026, found ?day=2026-11-29"
    assert failures.said("Ida 2026-11-30 18:00:00: no cinema") == "Ida 30.11.2026 18:00:00: no cinema"
    assert failures.said("expected 2026-13-30, found 2026-11-29T18:00") == "expected 2026-13-30, found 2026-11-29T18:00"


def test_an_alerts_sentence_has_all_of_the_first_ways_error() -> None:
    """Polish puts a semicolon into what English says with a comma."""
    error = "DayUnreadable: by URL: calendar: expected 2026-11-30, found nothing; by session: HTTP 503"
    with translation.override("pl"):
        assert phrases.short(error) == "przez URL: kalendarz: oczekiwano: 30.11.2026; jest: brak"
    assert phrases.short(error) == "by URL: calendar: expected 30.11.2026, found nothing"


def test_readers_of_english_read_what_is_stored_and_others_can_open_it() -> None:
    stored = "ValueError: <b>something</b> that nobody foresaw"
    with translation.override("en"):
        assert failures.said(stored) == "<b>something</b> that nobody foresaw"
    with translation.override("pl"):
        assert "ValueError: &lt;b&gt;something" in failures.whole(stored)
