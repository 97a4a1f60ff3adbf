"""TMDB's side of the demo: the films that its Kraków shows, and others that share their titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from scraper.demo.world import DATA

ISO_CODES = {
    "Austria": "AT", "Belgia": "BE", "Czechy": "CZ", "Dania": "DK", "Francja": "FR", "Hiszpania": "ES",
    "Iran": "IR", "Irlandia": "IE", "Japonia": "JP", "Korea Południowa": "KR", "Luksemburg": "LU", "Łotwa": "LV",
    "Niemcy": "DE", "Norwegia": "NO", "Nowa Zelandia": "NZ", "Polska": "PL", "Rumunia": "RO", "Szwecja": "SE",
    "USA": "US", "Węgry": "HU", "Wielka Brytania": "GB", "ZSRR": "SU",
}  # fmt: skip


def _tmdb_entries(listed: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The listed films as TMDB has them: what `tmdb` says, and the site's facts where it says nothing."""
    for film in listed:
        if "tmdb" not in film:
            continue
        facts = {
            "original_title": film.get("original") or film["tmdb"]["title"],
            "pl_title": film["title"],
            "year": film.get("year"),
            "runtime": film.get("runtime"),
            "directors": film.get("directors", []),
            "countries": [ISO_CODES[country] for country in film.get("countries", ())],
        }
        yield facts | film["tmdb"]


#: Popularity follows the votes, as it mostly does.
TMDB_ENTRIES: list[dict[str, Any]] = [
    {"popularity": round(1 + entry["vote_count"] / 100, 3)} | entry
    for entry in (*_tmdb_entries(DATA["listed"]), *DATA["elsewhere"])
]
