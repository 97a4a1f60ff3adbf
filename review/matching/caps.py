"""Pure: why the points of a candidate may not be trusted, by the names of `weights.CAPS`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from events.titles.reading import Kind
from events.titles.spelling import fold, numbers
from review.matching.candidates import Candidate
from review.matching.signals import Listing, Observation, only_a_part
from review.matching.similarity import kin
from review.matching.weights import RANKS, WHOLE

Seen = Mapping[str, Observation]

DATED = ("same", "premiere", "earlier")  # years that may be the listed one
NEAR = 5.0  # decibans: a film with so much less is a third as likely


@dataclass(frozen=True, slots=True)
class Company:
    """What the other candidates mean for one."""

    unread: bool  # one that may be as likely, or whose title fits better, was not looked at closely
    parts: bool  # another part of its series is among them
    namesake: bool  # another bears the listed title
    known: bool  # and one that do so is older, and known to many
    same_director: bool  # another is the same director's, of about the same year
    divided: bool  # of year and runtime one speaks for this film, the other for a namesake
    beside: bool  # another does so that is of about the listed year


def rank(seen: Seen) -> int:
    return max(RANKS.get(seen[signal].grade, 0) for signal in ("title", "original_title"))


def company_of(
    listing: Listing,
    film: Candidate,
    observed: Iterable[tuple[Candidate, Seen]],
    points: Mapping[int, float],
    hopes: Mapping[int, float],
) -> Company:
    """`points`: of each film; `hopes`: what those not looked at closely, or not readable, would have if all agreed."""
    others = [(other, seen) for other, seen in observed if other.tmdb_id != film.tmdb_id]
    namesakes = [(other, seen) for other, seen in others if seen["title"].grade in WHOLE]
    mine = next(seen for one, seen in observed if one.tmdb_id == film.tmdb_id)
    own, dated = rank(mine), mine["year"].grade == "same" and mine["runtime"].grade not in ("near", "far", "other")

    def _may_be_it(other: Candidate, seen: Seen, hope: float) -> bool:
        """Whether a namesake may be as likely as this one; where its year is the listed one and its runtime not
        another, only one of that year."""
        return hope + NEAR >= points[film.tmdb_id] and (
            not dated or seen["year"].grade == "same" or "year" in other.unreadable
        )

    # Of one title and perhaps a runtime two films may have the same: one was found by a name that is not yet seen.
    lone = mine["title"].grade != "both" and mine["original_title"].grade not in WHOLE
    lone = lone and mine["year"].grade not in DATED and mine["director"].grade != "same"

    def _fits(seen: Seen) -> bool:
        return rank(seen) == own or (lone and seen["title"].grade == "hidden")

    older = listing.facts.year or listing.today.year
    return Company(
        divided=any(_divided(mine, seen) for _, seen in namesakes),
        beside=any(seen["year"].grade in DATED and not other.empty for other, seen in namesakes),
        unread=any(
            rank(seen) > own
            or "title" in other.unreadable
            or (film.detailed and _fits(seen) and _may_be_it(other, seen, hopes[other.tmdb_id]))
            for other, seen in others
            if not other.detailed or other.doubtful
        ),
        parts=any(seen["title"].grade in ("first", "numbered", "other_part") for _, seen in others),
        namesake=bool(namesakes),
        same_director=any(
            seen["director"].grade == "same"
            and other.year == listing.facts.year
            and seen["runtime"].grade not in ("far", "other")
            for other, seen in others
        ),
        known=any(seen["entry"].grade == "famous" and (other.year or older) < older for other, seen in namesakes),
    )


def _divided(one: Seen, other: Seen) -> bool:
    """Whether the year agrees with one and the runtime with the other, and neither with both."""
    dated, timed = ([seen["year"].grade == "same" for seen in (one, other)], [_timed(seen) for seen in (one, other)])
    known = all(seen["runtime"].grade != "unknown" for seen in (one, other))
    return known and dated != timed and sorted(dated) == sorted(timed) == [False, True]


def _timed(seen: Seen) -> bool:
    return seen["runtime"].grade in ("same", "close")


def _own_name(film: Candidate, seen: Seen) -> bool:
    return seen["title"].theirs in (film.title, film.original_title, film.polish_title)


def caps(listing: Listing, film: Candidate, seen: Seen, company: Company) -> Iterator[str]:
    grades = {signal: one.grade for signal, one in seen.items()}
    title, original, year, runtime = (grades[signal] for signal in ("title", "original_title", "year", "runtime"))
    named = sum(grade in RANKS for grade in (title, original)) + (title == "both")
    directed, timed = grades["director"] == "same", runtime in ("same", "close")
    this_year = (listing.facts.year or 0) >= listing.today.year
    told = directed or timed or grades["cast"] == "same" or grades["premiere"] == "same"
    if company.unread:
        yield "unread"
    if film.unreadable and not _needless(listing, film, grades):
        yield "unreadable"
    if not named and not (_untitled(listing, film, grades) and not company.same_director):
        yield "no_title"
    if "other_part" in (title, original):
        yield "other_part"
    if title == "first" and company.parts and original not in WHOLE and not numbers(fold(listing.title.forms[0])):
        yield "which_part"
    if title in ("half", "piece") and original not in WHOLE:
        double = title == "half" and grades["entry"] == "famous" and year == "same"
        agreeing = (timed, directed, year == "same").count(True)
        if (agreeing < 2 and not double) or (film.obscure and film.polish):
            yield "piece"
    if title not in RANKS and film.polish_title and company.namesake and not told:
        yield "torn"
    if title == "both" and original not in WHOLE and not told and year not in DATED:
        yield "titles_alone"
    if named < 2 and not told:
        if title in WHOLE and not _own_name(film, seen):
            yield "alias"
        if year in ("premiere", "earlier"):
            if grades["entry"] != "famous":
                yield "premiere_year"
        elif year != "same":
            new = grades["premiere"] in ("new", "close") and not company.namesake
            yield "title_new" if new else "title_alone"
        elif company.beside or (company.known and grades["entry"] != "famous" and this_year):
            yield "namesake"
    if company.divided and not (directed or grades["cast"] == "same" or grades["premiere"] == "same"):
        yield "divided"
    if year == "revival" and not told:
        yield "revival_year"
    if grades["director"] == "other":
        yield "other_director"
    if runtime == "other":
        yield "other_runtime"
    if grades["entry"] == "short" and not timed and not (directed and year == "same" and not company.namesake):
        yield "short"
    if grades["entry"] == "empty":
        yield "empty_entry"
    if film.bare and named < 2 and listing.facts.directors:
        yield "bare_entry"
    if listing.title.hint and not _that_film(listing.title.hint.kind, title, told, directed):
        yield "maybe_no_film"
    if only_a_part(listing, film):
        yield "one_of_several"


def _needless(listing: Listing, film: Candidate, grades: Mapping[str, str]) -> bool:
    """Whether none of the facts of a film that could not be read, nor a film left unread, could rule it out."""
    facts = listing.facts
    directed, timed, whole = (
        grades["director"] == "same",
        grades["runtime"] in ("same", "close"),
        grades["title"] in WHOLE,
    )
    needless = {
        "year": facts.year is None,
        "runtime": facts.runtime is None,
        "directors": directed or not facts.directors,
        "countries": not facts.countries,
        "names": whole,
        "language": whole,
        "votes": directed or timed,
        "rivals": directed or (timed and grades["year"] == "same"),
    }
    return all(needless.get(fact, False) for fact in film.unreadable)


def _that_film(kind: Kind, title: str, told: bool, directed: bool) -> bool:
    """Whether a listing that may be no film is this one: its whole title and its director agree."""
    if kind is Kind.DOUBLE_BILL:
        return title in WHOLE or (title in ("half", "piece") and told)
    return title in WHOLE and directed


def _untitled(listing: Listing, film: Candidate, grades: Mapping[str, str]) -> bool:
    """Whether a foreign film whose Polish title TMDB does not know is the listed one although no name of it agrees.

    Its director may have made another, so director, year and runtime must agree, and nothing contradict: neither an
    original title, nor a country, nor a part. Where a word is spelt alike the runtime need not be the same.
    """
    facts, reading = listing.facts, listing.title
    untold = "rivals" not in film.unreadable and not (facts.original_title or reading.halves or film.polish_title)
    foreign = not film.polish and grades["country"] != "other"
    agree = grades["director"] == grades["year"] == "same" and grades["title"] not in ("other_part", "numbered")
    timed = ("same", "close", "unknown") if kin(reading, film.all_names) else ("same",)
    return film.detailed and untold and foreign and agree and grades["runtime"] in timed
