"""The coverage page's answer in a sentence: is anything missing, and what? Reads only what the page shows below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from scraper.coverage import week
from scraper.dashboard.charts.heat_map import Heat
from scraper.dashboard.marks import BAD, GOOD, NONE, WARN, Card

NAMED = 4  # cinemas


@dataclass(frozen=True, slots=True)
class Verdict:
    """`tone` colours it, as the marks of the days are coloured."""

    tone: str
    text: str


def of(cards: Sequence[Card], heat: Heat) -> Verdict:
    """The worst first: days that could not be read, cinemas that are gone, days with too little, days not read yet."""
    if not any(card.day.read or card.day.tried for card in cards):
        return Verdict(NONE, _("Not known yet: no day has been read."))
    problems = list(_problems(cards, heat))
    waiting = [card for card in cards if card.status == "unread"]
    if problems:
        tone = BAD if any(card.status == "failed" for card in cards) else WARN
        return Verdict(tone, _("Yes: %(what)s.") % {"what": "; ".join([*problems, *_unread(waiting)])})
    if waiting:
        return Verdict(NONE, _("Nothing as far as is known: %(what)s.") % {"what": "; ".join(_unread(waiting))})
    good = sum(card.status in week.VERIFIED for card in cards)
    whole = _("No: %(good)s of %(days)s days read and verified") % {"good": good, "days": len(cards)}
    percent = expected_percent(cards)
    if percent is None:
        return Verdict(GOOD, _("%(whole)s; not enough history to compare with yet.") % {"whole": whole})
    text = _("%(whole)s, with %(percent)s %% of the showtimes that were expected.")
    return Verdict(GOOD, text % {"whole": whole, "percent": percent})


def expected_percent(cards: Iterable[Card]) -> int | None:
    """Showtimes listed, of those expected, over the days that have an expectation; None when none has."""
    compared = [card for card in cards if card.day.expected and card.day.expected.usual and card.day.read]
    expected = sum(card.day.expected.usual for card in compared if card.day.expected)
    return (
        round(100 * sum(card.day.read.counted for card in compared if card.day.read) / expected) if expected else None
    )


def _problems(cards: Sequence[Card], heat: Heat) -> Iterable[str]:
    if failed := [card for card in cards if card.status == "failed"]:
        yield _("%(days)s could not be read") % {"days": _days(failed)}
    if old := [card for card in cards if card.status == "stale"]:
        text = ngettext("%(days)s was last read too long ago", "%(days)s were last read too long ago", len(old))
        yield text % {"days": _days(old)}
    gone: dict[str, list[Card]] = {}
    for card in cards:
        for cinema in card.gone:
            gone.setdefault(cinema, []).append(card)
    for cinema, missing in list(gone.items())[:NAMED]:
        yield _("nothing at %(cinema)s on %(days)s") % {"cinema": cinema, "days": _days(missing)}
    if len(gone) > NAMED:
        more = len(gone) - NAMED
        yield ngettext("nothing at %(n)s more cinema", "nothing at %(n)s more cinemas", more) % {"n": more}
    if lacking := missing_showtimes(heat):
        text = ngettext("about %(n)s showtime missing", "about %(n)s showtimes missing", lacking)
        yield text % {"n": lacking}
    if not gone and not lacking:
        for card in cards:
            if card.status == "suspicious":
                text = _("%(day)s looks incomplete: fewer rows than before") % {"day": _days([card])}
                yield text


def _unread(waiting: Sequence[Card]) -> list[str]:
    text = ngettext("%(days)s has not been read yet", "%(days)s have not been read yet", len(waiting))
    return [text % {"days": _days(waiting)}] if waiting else []


def missing_showtimes(heat: Heat) -> int:
    """What the cells of the heat map that are marked as gaps have less than expected, today and on the days to come."""
    marked = (cell for _name, cells in heat.rows for cell in cells if cell.state in ("gap", "low"))
    return sum(cell.expected - cell.showtimes for cell in marked)


def _days(cards: Sequence[Card]) -> str:
    """Weekdays inside a sentence, where Polish writes them small."""
    names = [date_format(card.day.date, "l") for card in cards]
    return get_text_list([name.lower() for name in names] if get_language() == "pl" else names, _("and"))
