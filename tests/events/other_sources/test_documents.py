"""A file is read by lines, or as the one document that it is."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest

from events.local_time import ZONE
from events.other_sources.reading import documents, schema_org
from events.other_sources.reading.claims import Fault, ScreeningEvent

NOW = dt.datetime(2026, 11, 24, 10, tzinfo=ZONE)
KINO = {"@type": "MovieTheater", "name": "Kijów"}


def screening(name: str, **changes: Any) -> dict[str, Any]:
    when = "2026-11-25T18:00:00+01:00"
    return {"@type": "ScreeningEvent", "name": name, "startDate": when, "location": KINO} | changes


def read(text: str | bytes) -> list[tuple[int, str]]:
    """The titles found and the faults, each with its line."""
    file = io.BytesIO(text.encode() if isinstance(text, str) else text)
    found = []
    for number, piece in documents.pieces(file):
        for each in schema_org.read(number, piece, at=NOW):
            if isinstance(each, ScreeningEvent):
                found.append((number, each.title))
            elif isinstance(each, Fault):
                found.append((each.line, "fault"))
    return found


def pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


A, B = screening("Anora"), screening("Bugonia – Żądło")
REFERRED: dict[str, Any] = {"@graph": [KINO | {"@id": "#k"}, screening("Anora", location={"@id": "#k"}), B]}
SCRIPT = '<script type="application/ld+json">\n{}\n</script>'
PAGE = f"<!doctype html>\n<html>\n{SCRIPT.format(pretty(A))}\n<p>\n{SCRIPT.format(json.dumps([B]))}</html>"
TITLES = ["Anora", "Bugonia – Żądło"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"{json.dumps(A)}\n\n{json.dumps(B)}\n", [1, 3]),
        (f"[\n{json.dumps(A)},\n{json.dumps(B)}\n]\n", [2, 3]),
        (pretty([A, B]), [2, 11]),
        (f"\ufeff\n{pretty([A, B])}\n", [3, 12]),
        (f"\ufeff{pretty([A, B])}\n", [2, 11]),
        (pretty([A, B]).replace("\n", "\r\n"), [2, 11]),
        (f"[{json.dumps(A)},\n{json.dumps(B)}]", [1, 2]),
        (f"{pretty(A)}\n{pretty(B)}\n", [1, 10]),  # as jq prints them
        (pretty({"@graph": [A, B]}), [1, 1]),
        (pretty(REFERRED), [1, 1]),
        (pretty(REFERRED["@graph"]), [1, 1]),
        (PAGE, [1, 1]),
        (f"\n\n{PAGE}", [3, 3]),
        (PAGE.replace("\n", " "), [1, 1]),
        ("\n".join(SCRIPT.format(json.dumps(each)).replace("\n", "") for each in (A, B)), [1, 2]),
    ],
)  # fmt: skip
def test_each_form_of_a_file_is_read(text: str, lines: list[int]) -> None:
    assert read(text) == list(zip(lines, TITLES, strict=True))


def test_a_fault_costs_what_it_touches() -> None:
    cut = json.dumps(A)[:40]
    assert read(f"{cut}\n{json.dumps(B)}") == [(1, "fault"), (2, TITLES[1])]
    assert read(pretty([A | {"startDate": ""}, B])) == [(2, "fault"), (11, TITLES[1])]
    broken = pretty([A, B])[:-30]
    assert read(broken) == [(2, "Anora"), (11, "fault")]
    assert read("[\n" * 100_000) == [(2, "fault")]
    assert read(b"[\n{\n \xff}") == [(2, "fault")]
    assert read("") == read("\n\n") == read("[\n]\n") == []


def test_lines_are_bounded_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_LINE", 50)
    lines = [b"x" * length + b"\n" for length in (48, 49, 50, 51, 52, 101, 102, 153, 3)]
    told = [piece for _, piece in documents.pieces(io.BytesIO(b"".join(lines) + b"x" * 120))]
    assert [len(piece) for piece in told] == [49, 50, 51, 51, 51, 51, 51, 51, 4, 51]
    assert [number for number, _ in documents.pieces(io.BytesIO(b"".join(lines)))] == list(range(1, 10))


def test_a_document_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_DOCUMENT", 500)
    monkeypatch.setattr(schema_org, "MAX_DOCUMENT", 500)
    text = pretty([A] * 50)
    assert read(text) == [(1, "fault")]
    assert [len(piece) for _, piece in documents.pieces(io.BytesIO(text.encode()))] == [501]
    assert len(read("\n".join([json.dumps(A)] * 50))) == 50
