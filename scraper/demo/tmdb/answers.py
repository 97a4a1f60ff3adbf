"""What the local TMDB answers with, as JSON: a page of films, one film's details, a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scraper.demo.tmdb.index import Entry

PAGE = 20
LAST_PAGE = 500  # TMDB refuses pages beyond it
_FIELDS = ("original_language", "popularity", "vote_count", "overview", "poster_path")


def year(query: Mapping[str, str], kind: str) -> int | None:
    value = query.get(kind) or ""
    return int(value) if value.isdecimal() else None


def trouble(code: int, message: str) -> dict[str, Any]:
    return {"success": False, "status_code": code, "status_message": message}


def films(films: list[Entry], query: Mapping[str, str], polish: bool) -> tuple[int, dict[str, Any]]:
    return paged([result(film, polish, query.get("region", "")) for film in films], query)


def paged(results: list[dict[str, Any]], query: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    number = query.get("page", "1")
    page = int(number) if number.isdecimal() else 0
    if not 1 <= page <= LAST_PAGE:
        return 400, trouble(22, "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.")
    return 200, {
        "page": page,
        "results": results[(page - 1) * PAGE : page * PAGE],
        "total_pages": -(-len(results) // PAGE),
        "total_results": len(results),
    }


def result(entry: Entry, polish: bool, region: str = "") -> dict[str, Any]:
    year = entry.get("year")
    first = entry.get("release_date") or (f"{year}-01-01" if year else "")
    return {
        "id": entry["tmdb_id"],
        "title": (polish and entry.get("pl_title")) or entry["title"],
        "original_title": entry.get("original_title") or entry["title"],
        "release_date": (region == "PL" and entry.get("pl_release_date")) or first,
        "poster_path": None,
        "genre_ids": [],
        "adult": False,
        "video": False,
        **{key: entry[key] for key in _FIELDS if entry.get(key) is not None},
    }


def details(entry: Entry, wanted: frozenset[str], polish: bool) -> dict[str, Any]:
    details = result(entry, polish)
    del details["genre_ids"]
    details["imdb_id"] = entry.get("imdb_id")
    details["production_countries"] = [
        {"iso_3166_1": name, "name": name} if len(name) == 2 else {"iso_3166_1": "", "name": name}
        for name in entry.get("countries", ())
    ]
    if entry.get("runtime") is not None:
        details["runtime"] = entry["runtime"]
    if "credits" in wanted:
        crew = [{"job": "Director", "department": "Directing", "name": name} for name in entry.get("directors", ())]
        cast = [{"order": place, "name": name} for place, name in enumerate(entry.get("cast", ()))]
        details["credits"] = {"cast": cast, "crew": crew}
    if "alternative_titles" in wanted:
        names = [{"iso_3166_1": "", "title": name, "type": ""} for name in entry.get("alternative_titles", ())]
        details["alternative_titles"] = {"titles": names}
    if "translations" in wanted:
        known = (("en", entry["title"]), ("pl", entry.get("pl_title")), ("uk", entry.get("uk_title")))
        details["translations"] = {
            "translations": [{"iso_639_1": language, "data": {"title": name}} for language, name in known if name]
        }
    if "release_dates" in wanted:
        polish_date = entry.get("pl_release_date")
        released = [{"release_date": f"{polish_date}T00:00:00.000Z", "type": 3, "note": ""}]
        details["release_dates"] = {"results": [{"iso_3166_1": "PL", "release_dates": released}] if polish_date else []}
    if "external_ids" in wanted:
        details["external_ids"] = {"imdb_id": entry.get("imdb_id")}
    return details
