"""Words that say that a showing doesn't take place, or not when it is written."""

from __future__ import annotations

import re

from events.records import CANCELLED
from scraper.site.extractors.markup import clean

NOT_AS_WRITTEN = "said to be cancelled or moved"  # and it isn't plain which of several, or when

_CANCELLED = re.compile(r"\b(?:seans )?(?:odwołan[yaeo]|anulowan[yaeo]|cancell?ed)\b[.!]*", re.IGNORECASE)
_MOVED = re.compile(r"przeniesion[yaeo]\b|przesunięt[yaeo]\b", re.IGNORECASE)
_NOT_AS_WRITTEN = re.compile(
    rf"odwołan[yaeo]\b|odwołujemy|anulowan[yaeo]\b|cancell?ed|nieaktualn|{_MOVED.pattern}", re.IGNORECASE
)


def is_not_as_written(text: str) -> bool:
    """Whether a text says that a showing is cancelled or moved."""
    return _NOT_AS_WRITTEN.search(text) is not None


def is_moved(text: str) -> bool:
    """Whether a text says that a showing takes place at another time."""
    return _MOVED.search(text) is not None


def reason(text: str, *, certain: bool = True) -> str:
    """Why a showing is none that such a text stands beside; `certain` is false where it may be another's."""
    alone = certain and _CANCELLED.fullmatch(clean(text).strip(" ,;:.-–—()[]")) is not None
    return CANCELLED if alone else NOT_AS_WRITTEN


def without(text: str) -> str:
    """A text without the words that say that a showing is cancelled."""
    return _CANCELLED.sub("", text)
