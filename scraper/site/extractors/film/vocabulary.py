"""What film pages call a film's facts."""

from __future__ import annotations

LABELS = {
    "original_title": (
        "tytuł oryginalny", "oryginalny tytuł", "tytuł oryg.", "tyt. oryginalny", "tyt. oryg.", "tytuł oryginału",
        "tytuł angielski", "original title", "original name", "title (original)",
    ),
    "runtime": (
        "czas trwania", "czas projekcji", "czas trwania filmu", "długość", "długość filmu", "czas", "runtime",
        "running time", "duration", "length", "film length", "time", "running length",
    ),
    "production": (
        "produkcja", "kraj produkcji", "kraje produkcji", "kraj i rok produkcji", "rok i kraj produkcji", "kraj/rok",
        "rok/kraj", "kraj, rok", "kraj", "kraje", "prod.", "kraj pochodzenia", "country", "countries", "production",
        "country of origin", "countries of origin",
        "production country", "production countries", "produced in", "country of production", "country/year",
        "country, year", "year/country",
    ),
    "year": ("rok produkcji", "rok", "rok powstania", "rok prod.", "year", "production year",
        "year of production", "release year"),
    "genres": ("gatunek", "gatunki", "gatunek filmu", "rodzaj", "gat.", "genre", "genres", "genre(s)"),
    "premiere": (
        "premiera", "premiera w polsce", "premiera polska", "polska premiera", "data premiery", "premiera kinowa",
        "data premiery w polsce", "w kinach od", "data polskiej premiery", "premiera pl", "data premiery kinowej",
        "premiera kinowa w polsce", "w kinach", "premiere", "polish premiere", "premiere in poland", "release date",
        "polish release", "polish release date", "release date (poland)", "release date in poland", "in cinemas",
        "in theaters", "in theatres", "in cinemas from", "in cinemas since", "released",
    ),
    "distributor": (
        "dystrybutor filmu", "dystrybutor", "dystrybucja", "dystrybutor w polsce", "dystrybucja w polsce", "dystr.",
        "dystrybutor polski", "distributor", "distribution", "distributed by", "polish distributor",
    ),
    "directors": (
        "reżyseria", "reżyser", "reżyserzy", "reżyserka", "reżyserki", "reż.", "reżyseria filmu", "reżyser filmu",
        "scenariusz i reżyseria", "reżyseria i scenariusz", "scenariusz/reżyseria", "reżyseria/scenariusz",
        "reżyser/reżyserzy", "director", "directors", "directed by", "director(s)", "direction",
        "written and directed by", "director & writer", "director/writer",
    ),
    "cast": (
        "obsada", "występują", "w rolach głównych", "w roli głównej", "aktorzy", "grają", "obsada filmu", "główne role",
        "role główne", "główna rola", "w głównych rolach", "występuje", "wyst.", "obs.", "obsada aktorska", "aktorki",
        "aktorzy i aktorki", "w obsadzie", "cast", "starring", "actors", "main cast", "featuring", "stars",
    ),
    # Not kept, but where one begins, the value before it ends.
    "": (
        "scenariusz", "zdjęcia", "muzyka", "montaż", "scenografia", "kostiumy", "producent", "scen.", "zdj.", "muz.",
        "producenci", "wersja", "wersja językowa", "język", "wiek", "od lat", "ograniczenia wiekowe", "tytuł polski",
        "kategoria wiekowa", "ocena", "opis", "nagrody", "strona", "strona www", "premiera światowa", "kategoria",
        "premiera na świecie", "światowa premiera", "napisy", "studio", "budżet", "tagi", "fabuła", "opis filmu",
        "zwiastun", "screenplay", "writer", "writers", "written by", "script", "cinematography", "music", "editing",
        "producer", "producers", "produced by",
        "language", "languages", "rating", "age rating", "age", "synopsis",
        "description", "plot", "story", "awards", "trailer", "budget", "website", "title", "polish title", "category",
        "world premiere", "subtitles", "version", "tags",
        "dubbing", "w wersji polskiej", "głosy", "tytuł", "format", "dźwięk", "kompozytor", "uwagi",
    ),
}  # fmt: skip
FACT_OF = {label: fact for fact, labels in LABELS.items() for label in labels}
