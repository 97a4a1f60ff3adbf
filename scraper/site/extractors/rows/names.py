"""What elements of a programme are called by their classes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scraper.site.extractors.markup import Element, is_called_unseen, words

_BADGE = re.compile(r"badge|label|tag|ribbon|premier|nowosc|new|flag|mark", re.I)
_BADGE_WORDS = re.compile(
    r"(?:przed)?premier[ay]|nowość|nowosc|new|hit|polecamy|przedpremierowo|ostatnie seanse|bestseller|już wkrótce",
    re.IGNORECASE,
)
_TICKET_CLASS = re.compile(r"ticket|bilet|buy", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Names:
    """What an element is called by its class."""

    tokens: tuple[str, ...]
    hour: bool
    time: bool  # an hour only if it also looks like one: "118 min" is called a time too
    cinema: bool
    ticket: bool
    date: bool
    struck: bool
    unseen: bool
    swallows: bool  # a quote was lost, so that it holds markup


_STRUCK = {"line-through", "text-decoration-line-through", "strike", "striked", "strikethrough", "odwolany",
           "odwolane", "cancelled", "canceled", "przekreslone", "przekreslony"}  # fmt: skip
LONGEST_USUAL = 100  # characters of a class whose names are kept for other pages
_DATE_CLASS = re.compile(r"(?:.*[-_])?(?:date|day|data|dzien)")


class NamesByClass(dict[str | None, Names]):
    """What each class of a page says, worked out when it is first asked for."""

    def __missing__(self, said: str | None) -> Names:
        said = said or ""
        names = _usual_names(said) if len(said) <= LONGEST_USUAL else _names(said)
        self[said] = self[said or None] = names
        return names


def _names(said: str) -> Names:
    tokens = tuple(said.lower().split())
    return Names(
        tokens,
        hour="hour" in tokens or "godzina" in tokens,
        time="time" in said,
        cinema=any("cinema" in token or "kino" in token for token in tokens),
        ticket=_TICKET_CLASS.search(said) is not None,
        date=any(map(_DATE_CLASS.fullmatch, tokens)),
        struck=not _STRUCK.isdisjoint(tokens),
        unseen=is_called_unseen(set(tokens)),
        swallows="<" in said,
    )


_usual_names = lru_cache(maxsize=1024)(_names)


def is_badge(element: Element) -> bool:
    """Whether a part of a link is a badge ("PREMIERA") rather than of its name."""
    if element.tag not in ("span", "small", "sup", "em", "i", "b", "strong", "mark", "label"):
        return False
    return bool(_BADGE.search(element.get("class") or "")) or bool(_BADGE_WORDS.fullmatch(words(element).strip("!. ")))
