"""Whether the hours of a cinema link to that cinema's hours: `/cinema_program/by_cinema/{name}`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from .showings import Showing


def names_by_cinema(rows: Iterable[tuple[str, Iterable[Showing]]]) -> dict[str, Counter[str]]:
    """What the hours of each cinema of a page call their cinema, and how often; `rows` are its slugs and showings."""
    said: dict[str, list[str]] = {}
    for slug, showings in rows:
        said.setdefault(slug, []).extend([showing.cinema for showing in showings if showing.cinema])
    return {slug: Counter(names) for slug, names in said.items()}


def contradicting(said: Mapping[str, Counter[str]]) -> set[tuple[str, str]]:
    """(cinema, name) of the hours that link to another cinema's: its own name, else the one of most of its hours, is
    another; or, on a page whose links call most cinemas by their own names, it is the name of another of its cinemas.

    A cinema's link may be lost in a row beside another's. How the site names cinemas there isn't known: numbers, or one
    name for all, say nothing.
    """
    by_own_names = 2 * sum(1 for slug, names in said.items() if slug in names) > len(said)
    found = set()
    for slug, names in said.items():
        usual = slug if slug in names else next((n for n, times in names.items() if 2 * times > names.total()), None)
        for name in names:
            other = by_own_names and name != slug and name in said
            if other or (usual is not None and name != usual):
                found.add((slug, name))
    return found
