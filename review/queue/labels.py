"""The matcher's reasons as chips: a sign, a few translated words, the points. A pure reading of stored reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.titles.reading import Hint, Kind
from review.matching.signals import Observation
from review.matching.weights import WEIGHTS

GOOD, BAD, NONE = "good", "bad", "none"

SIGNALS = {
    "title": _("title"),
    "original_title": _("original title"),
    "year": _("year"),
    "director": _("director"),
    "runtime": _("runtime"),
    "country": _("country"),
    "cast": _("cast"),
    "premiere": _("Polish premiere"),
}
GRADES = {
    ("title", "both"): _("both halves of the title"),
    ("title", "close"): _("title, almost"),
    ("title", "half"): _("half of the title"),
    ("title", "piece"): _("piece of the title"),
    ("title", "first"): _("title, with a first part's number"),
    ("title", "numbered"): _("title of a later part"),
    ("title", "part"): _("part of the title"),
    ("title", "other_part"): _("another part of the series"),
    ("title", "hidden"): _("title differs; found by search"),
    ("title", "other"): _("other title"),
    ("original_title", "both"): _("both halves of the original title"),
    ("original_title", "close"): _("original title, almost"),
    ("original_title", "half"): _("half of the original title"),
    ("original_title", "piece"): _("piece of the original title"),
    ("original_title", "first"): _("original title, with a first part's number"),
    ("original_title", "numbered"): _("original title of a later part"),
    ("original_title", "part"): _("part of the original title"),
    ("original_title", "other_part"): _("another part, by the original title"),
    ("original_title", "hidden"): _("original title differs; found by search"),
    ("original_title", "other"): _("other original title"),
    ("runtime", "longer_cut"): _("runtime of a longer cut"),
    ("premiere", "new"): _("new in Poland"),
    ("entry", "short"): _("a short film"),
    ("entry", "famous"): _("popular"),
    ("entry", "unseen"): _("no votes"),
    ("entry", "empty"): _("empty entry: no votes, runtime, director"),
    ("cap", "unread"): _("a better title was not looked at: at most %(points)s %%"),
    ("cap", "unreadable"): _("part of TMDB’s answer could not be read: at most %(points)s %%"),
    ("cap", "other_part"): _("another part of the series: at most %(points)s %%"),
    ("cap", "which_part"): _("several parts, and none is named: at most %(points)s %%"),
    ("cap", "piece"): _("only a piece of the title: at most %(points)s %%"),
    ("cap", "torn"): _("the title is another film's: at most %(points)s %%"),
    ("cap", "titles_alone"): _("only two titles agree: at most %(points)s %%"),
    ("cap", "title_new"): _("only the title agrees, but it is new in Poland: at most %(points)s %%"),
    ("cap", "namesake"): _("another film of that title may be meant: at most %(points)s %%"),
    ("cap", "short"): _("a short film: at most %(points)s %%"),
    ("cap", "no_title"): _("no title agrees: at most %(points)s %%"),
    ("cap", "premiere_year"): _("one title, and maybe the premiere's year: at most %(points)s %%"),
    ("cap", "title_alone"): _("only the title agrees: at most %(points)s %%"),
    ("cap", "revival_year"): _("could be a re-release; too little to tell: capped at %(points)s %%"),
    ("cap", "divided"): _("the year is one film's and the runtime another's: at most %(points)s %%"),
    ("cap", "alias"): _("only a year and one of its other names agree: at most %(points)s %%"),
    ("cap", "other_director"): _("another director: at most %(points)s %%"),
    ("cap", "other_runtime"): _("another runtime: at most %(points)s %%"),
    ("cap", "empty_entry"): _("empty entry: at most %(points)s %%"),
    ("cap", "bare_entry"): _("one title, and TMDB knows nothing else: at most %(points)s %%"),
    ("cap", "maybe_no_film"): _("may be no film: at most %(points)s %%"),
    ("cap", "one_of_several"): _("the listing is of several films: at most %(points)s %%"),
}
KINDS = {
    Kind.STAGE_PLAY: _("By its title this may be a stage play."),
    Kind.BROADCAST: _("By its title this may be a broadcast: an opera, a ballet, a match."),
    Kind.CONCERT: _("By its title this may be a concert."),
    Kind.MARATHON: _("By its title this may be a marathon of several films."),
    Kind.LADIES_NIGHT: _("By its title this may be an evening around a film that it does not name."),
    Kind.PROGRAMME: _("By its title this may be a programme of short films, or for children."),
    Kind.DOUBLE_BILL: _("By its title this may be several films in one showing."),
}
NOTES = {
    "maybe": _("the same?"),
    "seen": _("a later release?"),
    "premiere": _("premiere?"),
    "earlier": _("a year early"),
    "revival": _("revival?"),
}
LIFTS = {
    "TMDB knowing the listed title": _("if TMDB listed this title: %(score)s"),
    "an original title that agrees": _("if the original titles agreed: %(score)s"),
    "the same year": _("with the same year: %(score)s"),
    "the same director": _("with the same director: %(score)s"),
    "the same runtime": _("with the same runtime: %(score)s"),
    "a country in common": _("with a country in common: %(score)s"),
    "two of the cast in common": _("with two of the cast in common: %(score)s"),
    "the same Polish premiere": _("with the same Polish premiere: %(score)s"),
    "ruling out the rival": _("without the other candidate: %(score)s"),
}
_LIFT = re.compile(r"(?P<what>.+) would have made it (?P<score>\d+) %")


@dataclass(frozen=True, slots=True)
class Chip:
    """`tone` colours it, `sign` says the same without colour; `points` as printed, with a sign."""

    tone: str
    sign: str
    text: str
    points: str


def chips(reasons: Sequence[Mapping[str, Any]]) -> list[Chip]:
    """The reasons in their order; last, in one, the signals of which a side says nothing, and what each could give."""
    shown = [_chip(reason) for reason in reasons]
    told = {reason["signal"] for reason in reasons}
    silent = [
        f"{name} {_signed(max(WEIGHTS[signal].values()))}" for signal, name in SIGNALS.items() if signal not in told
    ]
    if silent:
        shown.append(Chip(NONE, "?", gettext("unknown: %(signals)s") % {"signals": ", ".join(silent)}, ""))
    return shown


def outcomes(reasons: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The tone of each signal: what to mark among a candidate's facts."""
    return {reason["signal"]: _tone(reason) for reason in reasons if reason["signal"] in SIGNALS}


def against(observed: Sequence[Observation]) -> list[str]:
    """What contradicts a match, as its chips say it."""
    return [f"{SIGNALS[one.signal]} {one.ours} ≠ {one.theirs}" for one in observed]


def hint(said: Hint | None) -> str:
    """What a listing may be that is not one film; empty where its title says nothing of the kind."""
    return str(KINDS[said.kind]) if said else ""


def lift(text: str) -> str:
    """What would have made it more, translated; stored by the matcher in English."""
    found = _LIFT.fullmatch(text)
    if not found or found["what"] not in LIFTS:
        return text
    return str(LIFTS[found["what"]]) % {"score": f"{found['score']}\N{NO-BREAK SPACE}%"}


def _chip(reason: Mapping[str, Any]) -> Chip:
    signal, grade, tone = reason["signal"], reason["grade"], _tone(reason)
    ours, theirs, points = reason["ours"], reason["theirs"], _signed(reason["points"])
    if signal == "cap":
        return Chip(BAD, "▔", str(GRADES[signal, grade]) % {"points": f"{reason['points']:.0f}"}, "")
    if signal == "rival":
        return Chip(BAD, "✕", gettext("another candidate fits: “%(film)s”") % {"film": theirs}, points)
    sign = {GOOD: "✓", BAD: "✕", NONE: "?"}[tone]
    if (signal, grade) in GRADES:
        return Chip(tone, sign, str(GRADES[signal, grade]), points)
    name = str(SIGNALS.get(signal, signal))
    if grade == "same" or not ours:
        return Chip(tone, sign, f"{name} {theirs}" if signal in ("year", "runtime") else name, points)
    against = f"{name} {ours} {'≠' if tone == BAD else '~'} {theirs}"
    return Chip(tone, sign, f"{against}, {NOTES[grade]}" if grade in NOTES else against, points)


def _tone(reason: Mapping[str, Any]) -> str:
    return {"agreed": GOOD, "disagreed": BAD}.get(reason["outcome"], NONE)


def _signed(points: float) -> str:
    return f"{points:+.0f}".replace("-", "−") if round(points) else "0"
