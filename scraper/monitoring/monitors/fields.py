"""Monitors of what a programme's rows give besides film, cinema and hour: of the week, of one cinema, of one day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scraper.coverage.expectation import rarer
from scraper.coverage.readings import Day, Past
from scraper.models import DayScrape
from scraper.monitoring.monitors.situation import WARN, Finding, Situation, its_day, monitor, whole_week

GIVEN = DayScrape.GIVEN
FEW_ROWS = 50  # less says nothing about a share

Tally = tuple[int, int]  # rows that have the field, of so many


@monitor(
    **{f"field_gone:{name}": whole_week for name in GIVEN},
    cinema_field_gone=whole_week,
    day_field_gone=its_day,
)
def row_fields(now: Situation) -> Iterator[Finding]:
    """Ticket links or versions that stood in the programme and no longer do: everywhere, at a cinema, or on a day."""
    if now.half_read:
        return
    read = [day for day in now.days if day.read]
    gone: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
    for name in GIVEN:
        if facts := _gone(name, read):
            yield Finding("field_gone", WARN, name, facts)
            continue
        slugs = sorted({slug for day in read for slug in day.slugs})
        cinemas = {slug: facts for slug in slugs if (facts := _gone(name, read, of=[slug]))}
        others = [slug for slug in slugs if slug not in cinemas]
        days = {str(day.date): facts for day in read if (facts := _gone(name, [day], of=others))}
        for kind, found in (("cinema_field_gone", cinemas), ("day_field_gone", days)):
            for subject, facts in found.items():
                gone.setdefault((kind, subject), {})[name] = facts
    for (kind, subject), fields in gone.items():
        about = {"name": now.names.get(subject, subject)} if kind == "cinema_field_gone" else {}
        yield Finding(kind, WARN, subject, {**about, "fields": fields}, causes=tuple(fields))


def _gone(name: str, days: list[Day], of: Iterable[str] | None = None) -> dict[str, int]:
    """How often the field is given and was before, on these days and `of` these cinemas; empty where it still is."""
    filled, rows = _tally(name, (day.read for day in days if day.read), of)
    before: list[DayScrape | Past] = [row for day in days for row in day.earlier]
    before += [row for day in days for row in day.past]
    filled_then, then = _tally(name, before, of)
    if not then or not rarer(filled, rows, filled_then / then, FEW_ROWS):
        return {}
    return {"filled": filled, "of": rows, "before": round(100 * filled_then / then)}


def _tally(name: str, rows: Iterable[DayScrape | Past], of: Iterable[str] | None) -> Tally:
    place, cinemas = GIVEN[name], None if of is None else set(of)
    counts = [
        each
        for row in rows
        for slug, each in row.by_cinema.items()
        if (cinemas is None or slug in cinemas) and len(each) > place  # an older version counted less
    ]
    return sum(each[place] for each in counts), sum(each[0] for each in counts)
