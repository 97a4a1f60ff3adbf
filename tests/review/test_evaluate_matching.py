from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from scraper.demo.tmdb import DemoTmdb

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

ENTRIES: list[dict[str, Any]] = [
    {"tmdb_id": 1, "title": "Rejs", "year": 1970, "directors": ["Marek Piwowski"], "vote_count": 90, "runtime": 65},
    {"tmdb_id": 2, "title": "Psy", "year": 1992, "vote_count": 200},
    {"tmdb_id": 3, "title": "Arco", "year": 2025, "vote_count": 9, "now_playing": True},
    {"tmdb_id": 4, "title": "Wielki błękit", "year": 1988, "vote_count": 900},
]
ROWS: list[dict[str, Any]] = [
    {"query_id": "right", "polish_title": "Rejs napisy", "year": 1970, "true_tmdb_id": 1, "variant": "noise"},
    {"query_id": "wrong", "polish_title": "Psy", "year": 1992, "true_tmdb_id": 77, "variant": "full"},
    {"query_id": "playing", "polish_title": "Arco", "year": 2026, "true_tmdb_id": 3, "variant": "premiere-year"},
    {"query_id": "shown", "polish_title": "Wielki błękit", "true_tmdb_id": 4, "variant": "no-year"},
    {
        "query_id": "none",
        "polish_title": "Nie ma takiego",
        "year": 2026,
        "true_tmdb_id": None,
        "variant": "not-on-tmdb",
    },
    {"query_id": "stage", "polish_title": "Spektakl - Mayday", "true_tmdb_id": None, "variant": "not-a-film"},
]


@pytest.fixture
def films(tmp_path: Path) -> Path:
    path = tmp_path / "films.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


@pytest.fixture
def tmdb(settings: Settings) -> Iterator[DemoTmdb]:
    with DemoTmdb(ENTRIES) as server:
        settings.TMDB_BASE_URL, settings.TMDB_TOKEN, settings.RETRY_BASE_DELAY = server.url, "", 0.01
        yield server


def evaluate(*arguments: object) -> str:
    out = io.StringIO()
    call_command("evaluate_matching", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("tmdb")
def test_the_last_line_says_everything(films: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(evaluate(films, "--json").splitlines()[-1])
    bands = {result["query_id"]: (result["band"], result["tmdb_id"]) for result in answer["results"]}
    assert bands == {
        "right": ("matched", 1),
        "wrong": ("matched", 2),
        "playing": ("provisional", 3),
        "shown": ("review", 4),
        "none": ("unmatched", None),
        "stage": ("review", None),
    }
    right = answer["results"][0]
    assert right["candidates"] == [1]
    assert right["score"] > 90
    assert {"signal", "points", "text"} <= right["reasons"][0].keys()
    summary = answer["summary"]
    assert (summary["auto_precision"], summary["auto_recall"]) == (round(2 / 3, 4), 0.5)
    assert (summary["left_to_humans"], summary["right_among_shown"], summary["errors"]) == (3, 1.0, 0)
    assert sum(step["films"] for step in summary["calibration"]) == 4
    assert summary["by_variant"]["noise"]["auto_recall"] == 1.0
    assert f"{len(ROWS)}/{len(ROWS)}" in capsys.readouterr().err


@pytest.mark.usefixtures("tmdb")
def test_for_people_a_table_and_every_wrong_match_with_its_reasons(films: Path) -> None:
    text = evaluate(films, "--threads", 1)
    assert "premiere-year" in text
    assert "WRONG wrong (full): 'Psy', 1992" in text
    assert "the year 1992 agrees" in text
    assert "WRONG right" not in text


def test_calls_are_those_that_were_made(films: Path, tmdb: DemoTmdb) -> None:
    summary = json.loads(evaluate(films, "--json").splitlines()[-1])["summary"]
    asked = [path for _, _, path, _ in tmdb.requests if "now_playing" not in path]
    assert summary["calls_per_film"] == round(len(asked) / len(ROWS), 4)


def test_a_film_that_could_not_be_asked_about_is_an_error_not_a_miss(films: Path, tmdb: DemoTmdb) -> None:
    tmdb.fault = lambda _m, path, _n: (500, {}) if path == "/3/movie/1" else None
    answer = json.loads(evaluate(films, "--json").splitlines()[-1])
    assert answer["results"][0]["band"] == "error"
    assert "500" in answer["results"][0]["error"]
    assert answer["summary"]["errors"] == 1
    assert answer["results"][2]["band"] == "provisional"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        ("", "no films"),
        ("{]", "line 1"),
        ('{"query_id": "a"}', "polish_title"),
        ('{"query_id": "a", "polish_title": 7}', "expected text"),
        ('{"query_id": "a", "polish_title": "b", "year": "1999"}', "whole number"),
        ("[1]", "line 1"),
    ],
)
def test_a_file_that_is_none_ends_it_with_2_and_says_why(tmp_path: Path, content: str | None, says: str) -> None:
    path = tmp_path / "films.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=says) as caught:
        evaluate(path)
    assert caught.value.returncode == 2


def test_without_a_token_tmdb_is_not_asked(films: Path, settings: Settings) -> None:
    settings.TMDB_BASE_URL, settings.TMDB_TOKEN = "https://tmdb.invalid/3", ""
    with pytest.raises(CommandError, match="TMDB_TOKEN") as caught:
        evaluate(films)
    assert caught.value.returncode == 2


def test_a_refused_token_ends_it_before_any_film(films: Path, settings: Settings) -> None:
    with DemoTmdb(ENTRIES, token="right") as server:
        settings.TMDB_BASE_URL, settings.TMDB_TOKEN = server.url, "wrong"
        with pytest.raises(CommandError, match="can't be asked") as caught:
            evaluate(films)
        assert caught.value.returncode == 2
        assert len(server.requests) == 1


@pytest.mark.parametrize("content", [None, b"{]", b'{"title": "no id"}', b"\xff\xfe"])
def test_an_index_that_is_none_is_not_served(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "index.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as caught:
        call_command("demo_tmdb", str(path), port=0)
    assert caught.value.returncode == 2


@pytest.mark.usefixtures("tmdb")
def test_a_row_may_say_which_answers_are_right_and_of_which_day_it_is(tmp_path: Path) -> None:
    rows = [
        {"query_id": "either", "polish_title": "Rejs", "year": 1970, "accept": [1, "person"]},
        {"query_id": "only-a-person", "polish_title": "Psy", "year": 1992, "accept": ["person"]},
        {"query_id": "sure", "polish_title": "Wielki błękit", "accept": [4]},
        {"query_id": "today", "polish_title": "Psy", "year": 1999, "today": "1999-05-01", "accept": [2, "person"]},
    ]
    path = tmp_path / "traps.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    answer = json.loads(evaluate(path, "--json").splitlines()[-1])
    summary = answer["summary"]
    assert (summary["accepted"], summary["wrong"], summary["sure_ones_asked"]) == (2, 1, 1)
    assert "revival" in {reason["grade"] for reason in answer["results"][3]["reasons"]}
    assert sum(half["films"] for half in summary["by_half"].values()) == len(rows)


@pytest.mark.usefixtures("tmdb")
def test_each_mechanism_is_left_out_in_turn_and_put_back(films: Path) -> None:
    before = json.loads(evaluate(films, "--json"))["summary"]
    rows = json.loads(evaluate(films, films, "--ablate", "--json").splitlines()[-1])["ablation"]
    by_name = {row["without"]: row for row in rows}
    assert by_name[""]["accepted"] == before["accepted"]
    assert by_name["signal: title"]["accepted"] < before["accepted"]
    assert by_name["cap: premiere_year"]["accepted"] == before["accepted"]
    assert by_name["titles: noise"]["accepted"] <= before["accepted"]
    after = json.loads(evaluate(films, "--json"))["summary"]
    assert (after["accepted"], after["calls_per_film"]) == (before["accepted"], before["calls_per_film"])


def test_for_people_the_table_names_what_changes_nothing(films: Path, tmdb: DemoTmdb) -> None:
    text = evaluate(films, "--ablate", "--threads", 1)
    assert "| (nothing) | films.jsonl |" in text
    assert "Nothing changes without:" in text
    asked = [path for *_, path, _ in tmdb.requests]
    assert len(asked) == len(set(asked))  # every question once
