"""What a score is made of, and what must hold of it whatever the films."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.records import FilmFacts
from review.matching import weights
from review.matching.candidates import Candidate
from review.matching.score import Outcome, Reason, judge
from review.matching.score import band as band_of
from review.matching.signals import NEW_AFTER, NEW_BEFORE
from review.matching.wording import TEXTS
from tests.examples import examples
from tests.review.shelf import film, listed, stub

TODAY = dt.date(2026, 11, 24)
REJS = film(1, "Rejs", 1970, "Marek Piwowski", runtime=65, countries=("PL",))


def score(facts: FilmFacts, *candidates: Candidate) -> float:
    return next(one.score for one in judge(facts, candidates, today=TODAY) if one.candidate == candidates[0])


def grades(facts: FilmFacts, candidate: Candidate) -> dict[str, str]:
    (one,) = judge(facts, [candidate], today=TODAY)
    return {reason.signal: reason.grade for reason in one.reasons}


def test_reasons_come_in_order_of_weight_and_in_words() -> None:
    facts = listed("Rejs", year=1970, directors=("Piwowski Marek",), runtime=66, countries=("Polska",))
    (rejs,) = judge(facts, [REJS], today=TODAY)
    weights = [abs(reason.points) for reason in rejs.reasons]
    assert weights == sorted(weights, reverse=True)
    assert rejs.reasons[0].text == "the director agrees: Marek Piwowski"
    assert {reason.outcome for reason in rejs.reasons} == {Outcome.AGREED}
    assert all(reason.text for reason in rejs.reasons)
    json.dumps([reason.as_dict() for reason in rejs.reasons])


def test_a_candidate_survives_json() -> None:
    assert Candidate.from_dict(json.loads(json.dumps(REJS.as_dict()))) == REJS


@pytest.mark.parametrize("signal", sorted(weights.WEIGHTS))
def test_every_grade_has_words(signal: str) -> None:
    for grade, points in weights.WEIGHTS[signal].items():
        assert Reason(signal, Outcome.UNKNOWN, grade, points, "ours", "theirs").text
    assert set(weights.CAPS) == set(TEXTS["cap"])


@pytest.mark.parametrize("signal", sorted(set(weights.WEIGHTS) - {"entry", "cast", "premiere"}))
def test_agreement_is_the_most_a_signal_gives_and_contradiction_the_least(signal: str) -> None:
    row = weights.WEIGHTS[signal]
    assert row["same"] == max(points for grade, points in row.items() if grade != "both") > 0
    assert min(row.values()) == row.get("other_part", row["other"]) < 0
    assert row["other"] < 0


def test_missing_facts_neither_help_nor_hurt() -> None:
    bare = replace(REJS, runtime=None, directors=(), countries=())
    facts = listed("Rejs", year=1970)
    told = listed("Rejs", year=1970, directors=("Marek Piwowski",), runtime=65, countries=("Polska",))
    assert score(facts, REJS) == score(facts, bare) == score(told, bare)


@pytest.mark.parametrize(
    ("facts", "candidate", "cap"),
    [
        (listed("Rejs"), REJS, "title_alone"),
        (listed("Rejs", year=2026), REJS, "title_alone"),
        (listed("Rejs", original_title="The Cruise", year=2026), replace(REJS, names=("The Cruise",)), "revival_year"),
        (listed("Rejs", year=1971), replace(REJS, vote_count=3), "premiere_year"),
        (listed("Inny", year=1970, directors=("Marek Piwowski",)), REJS, "no_title"),
        (
            listed("Rejs", original_title="Rejs", year=1970, runtime=65, directors=("Ktoś Inny",)),
            REJS,
            "other_director",
        ),
        (listed("Rejs", year=1970, runtime=140), REJS, "other_runtime"),
        (
            listed("Rejs", original_title="The Cruise", year=1970),
            replace(stub(2, "Rejs", 1970), names=("The Cruise",)),
            "empty_entry",
        ),
        (
            listed("Rejs", year=1970, directors=("Marek Piwowski",)),
            replace(REJS, vote_count=None, runtime=None, directors=()),
            "bare_entry",
        ),
        (listed("Rejs + Rejs 2", year=1970), REJS, "one_of_several"),
        (listed("Letnie Granie: Rejs", year=1970), REJS, "piece"),
        (listed("Rejs", year=1970), replace(REJS, runtime=14), "short"),
        (listed("Rejs 3", year=1970, directors=("Marek Piwowski",), runtime=65), REJS, "other_part"),
        (
            listed("Rejs", original_title="Rejs 2", year=1970, directors=("Marek Piwowski",)),
            REJS,
            "other_part",
        ),
        (listed("Rejs"), replace(REJS, polish_releases=("2026-11-20",)), "title_new"),
        (listed("Balet: Rejs", year=1970, runtime=65), REJS, "maybe_no_film"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_trusted_alone_is_never_accepted(facts: FilmFacts, candidate: Candidate, cap: str) -> None:
    assert score(facts, candidate) <= weights.CAPS[cap] < weights.MATCHED


@pytest.mark.parametrize("filled", [{"imdb_id": "tt0066291"}, {"directors": ("A B",)}, {"runtime": 65}])
def test_an_entry_without_votes_is_not_empty_if_anything_fills_it(filled: dict[str, object]) -> None:
    facts = listed("Rejs", year=1970)
    bare = replace(REJS, vote_count=0, runtime=0, directors=())
    assert score(facts, bare) <= weights.CAPS["empty_entry"]
    assert score(facts, replace(bare, **filled)) > weights.MATCHED  # type: ignore[arg-type]


def test_a_rival_as_good_as_the_best_leaves_it_to_a_person() -> None:
    facts = listed("Miłość", year=2012)
    one, other = film(1, "Miłość", 2012), film(2, "Miłość", 2012)
    alone, beside = score(facts, one), score(facts, one, other)
    assert alone > weights.MATCHED
    assert beside < 50
    best = judge(facts, [one, other], today=TODAY)[0]
    assert any(reason.signal == "rival" and "Miłość (2012)" in reason.text for reason in best.reasons)


@pytest.mark.parametrize(
    ("year", "grade"),
    [
        (1970, "same"),
        (1971, "premiere"),
        (1972, "premiere"),
        (1973, "other"),
        (1969, "earlier"),
        (1968, "other"),
        (2026, "revival"),
        (1990, "other"),
    ],
)
def test_a_listed_year_may_mean_several_things(year: int, grade: str) -> None:
    assert grades(listed("Rejs", year=year), REJS)["year"] == grade


def test_names_in_letters_that_cannot_be_compared_say_nothing() -> None:
    ran = film(1, "Ran", 1985, "黒澤明")
    assert "director" not in grades(listed("Ran", year=1985, directors=("Akira Kurosawa",)), ran)


def test_it_says_what_would_have_lifted_it() -> None:
    (one,) = judge(listed("Rejs", year=1971), [replace(REJS, vote_count=3)], today=TODAY)
    assert one.lift is not None
    assert one.lift.startswith("the same")
    (sure,) = judge(listed("Rejs", year=1970), [REJS], today=TODAY)
    assert sure.lift is None


def test_nothing_that_agrees_already_would_lift_it() -> None:
    soviet = film(593, "Solaris", 1972, countries=("SU",), vote_count=1000)
    american = film(2103, "Solaris", 2002, countries=("US",), vote_count=1000)
    (best, _) = judge(listed("Solaris", countries=("ZSRR",)), [soviet, american], today=TODAY)
    assert best.lift
    assert "listed title" not in best.lift


@pytest.mark.parametrize(
    ("points", "playing", "band"),
    [
        (70.0, False, "matched"),
        (69.9, True, "provisional"),
        (60.0, True, "provisional"),
        (69.9, False, "review"),
        (50.0, True, "review"),
        (49.9, True, "unmatched"),
    ],
)
def test_bands(points: float, playing: bool, band: str) -> None:
    assert band_of(points, now_playing=playing) == band


TITLES = (
    "Rejs", "Noc", "Czarna noc", "Black Night", "Dracula", "Dracula 2", "Miłość", "Wielki Rejs", "黒", "The Night",
    "Сталкер", "Dracula: Część druga", "Black Nights", "Noc | Wielki Rejs", "Rejs. Noc",
)  # fmt: skip
WORDS = st.sampled_from(TITLES)
NAMES = st.sampled_from(
    ["Radu Jude", "Luc Besson", "Akira Kurosawa", "黒澤明", "Tony Scott", "T. Scott", "Costa-Gavras"]
)
COUNTRIES = st.sampled_from(["PL", "US", "FR"])


@st.composite
def films(draw: st.DrawFn, tmdb_id: int, *, either: bool = False) -> Candidate:
    return Candidate(
        tmdb_id,
        draw(WORDS),
        draw(WORDS),
        names=tuple(draw(st.lists(WORDS, max_size=2))),
        year=draw(st.sampled_from([None, 1970, 1971, 2024, 2025, 2026])),
        runtime=draw(st.sampled_from([None, 0, 12, 65, 90, 93])),
        directors=tuple(draw(st.lists(NAMES, max_size=3, unique=True))),
        countries=tuple(draw(st.lists(COUNTRIES, max_size=2, unique=True))),
        vote_count=draw(st.sampled_from([None, 0, 5, 900])),
        cast=tuple(draw(st.lists(NAMES, max_size=3, unique=True))),
        polish_releases=tuple(draw(st.lists(st.sampled_from(["2024-03-08", "2026-11-20"]), max_size=1))),
        detailed=draw(st.booleans()) if either else True,
    )


@st.composite
def crowds(draw: st.DrawFn) -> list[Candidate]:
    found = [draw(films(number, either=True)) for number in range(2, 2 + draw(st.integers(0, 4)))]
    twins = draw(st.booleans())
    if found and twins:  # two that are as likely
        found.append(replace(found[0], tmdb_id=9, title=draw(WORDS), original_title=draw(WORDS)))
    return found


@settings(max_examples=examples(100), deadline=None)
@given(films(1), crowds(), st.data())
def test_the_score_never_falls_when_a_matching_fact_is_added(
    right: Candidate, others: list[Candidate], data: st.DataObject
) -> None:
    true: dict[str, object] = {"original_title": right.original_title}
    true |= {"year": right.year} if right.year else {}
    true |= {"runtime": right.runtime} if right.runtime else {}
    true |= {"directors": right.directors[:1]} if right.directors else {}
    true |= {"countries": right.countries[:1]} if right.countries else {}
    true |= {"cast": right.cast} if right.cast else {}
    true |= {"premiere": dt.date.fromisoformat(right.polish_releases[0])} if right.polish_releases else {}
    known = data.draw(st.sets(st.sampled_from(sorted(true))))
    crowd = data.draw(st.sampled_from([others, []]))
    before = score(listed(right.title, **{key: true[key] for key in known}), right, *crowd)
    for added in sorted(true.keys() - known):
        after = listed(right.title, **{key: true[key] for key in known | {added}})
        assert score(after, right, *crowd) >= before - 1e-9, added


@settings(max_examples=examples(50), deadline=None)
@given(crowds(), st.data())
def test_order_matters_neither_of_candidates_nor_of_directors(crowd: list[Candidate], data: st.DataObject) -> None:
    directors = tuple(data.draw(st.lists(NAMES, max_size=3, unique=True)))
    year, runtime = data.draw(st.sampled_from([None, 1970, 2026])), data.draw(st.sampled_from([None, 65]))
    shuffled = [replace(one, directors=one.directors[::-1]) for one in data.draw(st.permutations(crowd))]

    def outcome(names: tuple[str, ...], candidates: list[Candidate]) -> list[tuple[object, ...]]:
        facts = listed("Rejs", original_title="Dracula", directors=names, year=year, runtime=runtime)
        judged = judge(facts, candidates, today=TODAY)
        return [(one.candidate.tmdb_id, one.score, one.reasons, one.lift, one.potential) for one in judged]

    assert outcome(directors, crowd) == outcome(directors[::-1], shuffled)


def test_of_rivals_as_likely_the_same_is_named_in_any_order() -> None:
    crowd = [REJS, *(film(number, f"Rejs{'!' * number}", 1970) for number in (2, 3))]
    assert judge(listed("Rejs", year=1970), crowd, today=TODAY) == judge(
        listed("Rejs", year=1970), crowd[::-1], today=TODAY
    )


@settings(max_examples=examples(40), deadline=None)
@given(crowds())
def test_scores_are_shares_of_a_whole(crowd: list[Candidate]) -> None:
    scores = [one.score for one in judge(listed("Rejs", year=1970), crowd, today=TODAY)]
    assert all(0 <= one <= 100 for one in scores)
    assert sum(scores) <= 100 + 1e-6


def test_two_of_the_cast_and_the_polish_premiere_are_evidence_and_no_contradiction() -> None:
    again = replace(REJS, cast=("Stanisław Tym", "Zdzisław Maklakiewicz"), polish_releases=("1970-10-19",))
    alone = score(listed("Rejs"), again)
    both = listed("Rejs", year=1970, cast=("Zdzisław Maklakiewicz", "S. Tym"), premiere=dt.date(1970, 10, 20))
    assert grades(both, again) | {"cast": "same", "premiere": "same"} == grades(both, again)
    assert score(both, again) > alone
    other = listed("Rejs", cast=("Cezary Pazura", "Stanisław Tym"), premiere=dt.date(2020, 1, 1))
    assert {"cast", "premiere"}.isdisjoint(grades(other, again))


def test_the_only_film_of_a_title_that_is_new_in_poland_may_be_matched_where_it_plays_now() -> None:
    new = replace(REJS, polish_releases=("2026-11-20",))
    assert weights.PROVISIONAL <= score(listed("Rejs"), new) < weights.MATCHED
    namesake = replace(REJS, tmdb_id=2)
    assert score(listed("Rejs"), new, namesake) < weights.PROVISIONAL


def test_a_title_of_another_film_beside_the_original_title_of_this_one_is_for_a_person() -> None:
    alien, aliens = film(1, "Obcy", 1979), film(2, "Obcy 2", 1986, original_title="Aliens", polish_title="Obcy 2")
    assert score(listed("Obcy", original_title="Aliens", year=1986), aliens, alien) < weights.MATCHED
    assert score(listed("Cokolwiek", original_title="Aliens", year=1986), aliens, alien) > weights.MATCHED


def test_several_parts_and_none_named_are_for_a_person() -> None:
    parts = [film(n, f"Nimfomanka - Część {n}", 2013, "Lars von Trier") for n in (1, 2)]
    facts = listed("Nimfomanka", year=2013, directors=("Lars von Trier",))
    assert score(facts, *parts) < weights.MATCHED < score(facts, parts[0])
    assert score(listed("Nimfomanka, cz. I", year=2013, directors=("Lars von Trier",)), *parts) > weights.MATCHED


@pytest.mark.parametrize(
    ("title", "minutes", "grade"),
    [
        ("Rejs (wersja reżyserska)", 95, "longer_cut"),
        ("Rejs (wersja reżyserska)", 66, "same"),
        ("Rejs (wersja reżyserska)", 35, "other"),
        ("Rejs", 95, "other"),
    ],
)
def test_a_longer_cut_is_one_that_says_so_and_is_longer(title: str, minutes: int, grade: str) -> None:
    assert grades(listed(title, year=1970, runtime=minutes), REJS)["runtime"] == grade


@pytest.mark.parametrize(
    ("released", "new"),
    [
        (TODAY - NEW_AFTER, True),
        (TODAY - NEW_AFTER - dt.timedelta(days=1), False),
        (TODAY + NEW_BEFORE, True),
        (TODAY + NEW_BEFORE + dt.timedelta(days=1), False),
    ],
)
def test_a_film_is_new_from_a_while_before_its_polish_release_until_a_while_after(released: dt.date, new: bool) -> None:
    found = grades(listed("Rejs"), replace(REJS, polish_releases=(released.isoformat(),)))
    assert (found.get("premiere") == "new") is new
