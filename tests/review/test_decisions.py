"""Decisions: their effects, that each is made once, that no job overrides one, and that undo really undoes."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from events import publishing
from events.models import Event, ListedFilm, Movie, Showtime
from review import automatic, decisions
from review.automatic import now_playing
from review.automatic.movies import store_movie
from review.decisions import Submission, snapshot
from review.matching.candidates import Candidate
from review.models import Decision, MatchCandidate, NowPlaying
from tests.examples import examples
from tests.review.listing import (
    MINUTE,
    NOW,
    OTHER,
    SAMURAI,
    STUB,
    hand,
    propose,
    question,
    reviewer,
    store,
    tell,
)
from tests.review.shelf import film
from tests.threads import overlap, together, two_writers

Match = ListedFilm.Match
LATER = NOW + dt.timedelta(days=10)
ELSEWHERE = film(5000, "Inny film", 2001, "Ktoś Inny", runtime=90)


MINUTES = [f"{10 + n // 60}:{n % 60:02}" for n in range(20)]


@pytest.fixture
def anna(db: None) -> User:
    return reviewer("anna")


def shown() -> dict[str, tuple[str, int]]:
    """Scheduled events: whose (a movie's TMDB id, a listed film's slug), and their occurrences."""
    rows = Event.objects.filter(status=Event.Status.SCHEDULED).select_related("movie", "film")
    whose = {row.pk: str(row.movie.tmdb_id) if row.movie else row.film.slug if row.film else "" for row in rows}
    return {row.title: (whose[row.pk], row.showtimes.count()) for row in rows}


def states(listed: ListedFilm) -> dict[int, str]:
    return dict(listed.candidates.values_list("tmdb_id", "state"))


# --- what a decision does ---------------------------------------------------------------------------


def test_accepting_links_closes_publishes_and_is_written_down(anna: User) -> None:
    listed = question(cinemas=("kijow", "mikro"))
    assert shown() == {}
    decision = decisions.accept(hand(listed, anna), 346)
    listed.refresh_from_db()
    assert (listed.match_status, listed.movie and listed.movie.tmdb_id, listed.score) == (Match.MATCHED, 346, 64)
    assert listed.decided_at == NOW + MINUTE
    assert states(listed) == {346: "accepted", 1512077: "rejected", 966: "rejected"}
    assert shown() == {f"Siedmiu samurajów at {c}": ("346", 2) for c in ("Kijow", "Mikro")}
    assert (decision.by, decision.showtimes, decision.tmdb_ids, decision.right) == (anna, 4, [346], True)
    assert (decision.proposed, decision.score, decision.status_before) == (346, 64, Match.REVIEW)
    assert decision.open_since == NOW
    assert [row["score"] for row in decision.candidates] == [64, 58, 21]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (anna, str(listed.pk), "accepted 346")


def test_a_decision_counts_what_it_publishes_for_the_time_to_come(anna: User) -> None:
    """As the question does, and an undo; what has begun is published with it."""
    listed = question(cinemas=("kijow", "mikro"))
    begun = listed.showtimes.order_by("pk")[:1]
    Showtime.objects.filter(pk__in=begun.values("pk")).update(starts_at=NOW)
    assert decisions.accept(hand(listed, anna), 346).showtimes == 3
    assert not listed.showtimes.filter(event=None).exists()


def test_accepting_the_second_says_that_the_first_was_wrong(anna: User) -> None:
    decision = decisions.accept(hand(question(), anna), 1512077)
    assert (decision.proposed, decision.right) == (346, False)


def test_two_listings_of_one_movie_are_merged_in_its_event(anna: User) -> None:
    one, other = question("siedmiu-samurajow"), question("siedmiu-samurajow-kolekcja")
    decisions.accept(hand(one, anna), 346)
    decisions.accept(hand(other, anna), 346)
    assert shown() == {"Siedmiu samurajów at Kijow": ("346", 4)}


def test_a_film_that_was_not_offered_is_judged_and_linked(anna: User) -> None:
    listed = question()
    decisions.accept_other(hand(listed, anna), ELSEWHERE)
    listed.refresh_from_db()
    assert listed.movie is not None
    assert (listed.movie.tmdb_id, listed.movie.runtime, listed.score is not None) == (5000, 90, True)
    assert states(listed) == {346: "rejected", 1512077: "rejected", 966: "rejected", 5000: "accepted"}


@pytest.mark.parametrize(
    ("verb", "status"), [(decisions.not_on_tmdb, Match.NOT_ON_TMDB), (decisions.not_a_film, Match.NOT_A_FILM)]
)
def test_what_tmdb_does_not_have_is_published_as_the_site_has_it(
    anna: User, verb: Callable[[Submission], Decision], status: str
) -> None:
    listed = question()
    verb(hand(listed, anna))
    listed.refresh_from_db()
    assert (listed.match_status, listed.movie, set(states(listed).values())) == (status, None, {"rejected"})
    assert shown() == {"Siedmiu samurajow at Kijow": ("siedmiu-samurajow", 2)}


def test_several_films_are_published_under_the_listed_title(anna: User) -> None:
    listed = question()
    with pytest.raises(ValueError, match="at least two"):
        decisions.several_films(hand(listed, anna), [SAMURAI, SAMURAI])
    decisions.several_films(hand(listed, anna), [SAMURAI, ELSEWHERE])
    assert set(listed.parts.values_list("tmdb_id", flat=True)) == {346, 5000}
    assert shown() == {"Siedmiu samurajow at Kijow": ("siedmiu-samurajow", 2)}


def test_a_provisional_match_is_confirmed_or_corrected(anna: User) -> None:
    NowPlaying.objects.create(tmdb_id=346, read_at=NOW)
    right, wrong = question("right"), question("wrong")
    assert right.match_status == wrong.match_status == Match.PROVISIONAL
    assert decisions.confirm(hand(right, anna)).right
    decision = decisions.accept(hand(wrong, anna), 1512077)
    assert (decision.proposed, decision.score, decision.right) == (346, 64, False)
    right.refresh_from_db()
    assert (right.match_status, right.score, right.decided_at) == (Match.MATCHED, 64, NOW + MINUTE)
    assert {whose for whose, _ in shown().values()} == {"346", "1512077"}


def test_an_open_question_has_nothing_to_confirm(anna: User) -> None:
    with pytest.raises(decisions.Stale):
        decisions.confirm(hand(question(), anna))
    assert not Decision.objects.exists()


def test_a_deferred_question_is_out_of_sight_until_its_day_or_until_facts_change(anna: User) -> None:
    until_then, until_told = question("a"), question("b")
    decisions.defer(hand(until_then, anna), NOW + dt.timedelta(days=2), "ask the cinema")
    decisions.defer(hand(until_told, anna), None, "no idea")
    assert not ListedFilm.objects.open_questions(NOW).exists()
    assert ListedFilm.objects.deferred(NOW).count() == 2
    assert list(ListedFilm.objects.open_questions(NOW + dt.timedelta(days=2))) == [until_then]
    ListedFilm.objects.update(facts_at=NOW)
    until_told.refresh_from_db()
    tell(until_told, runtime=200)
    propose(until_told, (SAMURAI, 64.0))
    assert list(ListedFilm.objects.open_questions(NOW)) == [until_told]


def test_what_is_deferred_is_not_matched_by_now_playing(anna: User) -> None:
    listed = question()
    decisions.defer(hand(listed, anna), None, "no idea")
    now_playing.store({346}, at=LATER)
    listed.refresh_from_db()
    assert listed.match_status == Match.REVIEW


def test_an_answer_about_facts_that_have_changed_since_is_not_recorded(db: None) -> None:
    film = store("samurajowie")
    ListedFilm.objects.update(facts_at=NOW)
    film.refresh_from_db()
    asked_about = ListedFilm.objects.get()
    tell(film, year=1954)
    propose(asked_about, (SAMURAI, 95.0))
    assert (asked_about.match_status, asked_about.movie, asked_about.candidates.count()) == (Match.PENDING, None, 0)


# --- once, and on what is known now -----------------------------------------------------------------


def test_a_second_decision_on_the_same_page_is_refused_and_told_of_the_first(anna: User) -> None:
    listed = question()
    first, second = hand(listed, anna), hand(listed, reviewer("ola"), at=NOW + 2 * MINUTE)
    made = decisions.accept(first, 346)
    verbs: tuple[Callable[[], Decision], ...] = (
        lambda: decisions.accept(second, 1512077),
        lambda: decisions.not_a_film(second),
    )
    for again in verbs:
        with pytest.raises(decisions.Stale) as refused:
            again()
        assert refused.value.decision == made
    assert Decision.objects.count() == LogEntry.objects.count() == 1
    assert {whose for whose, _ in shown().values()} == {"346"}


@pytest.mark.parametrize("change", ["facts", "candidates", "now playing"])
def test_a_decision_on_a_page_gone_stale_is_refused(anna: User, change: str) -> None:
    listed = question()
    ListedFilm.objects.update(facts_at=NOW)
    listed.refresh_from_db()
    stale = hand(listed, anna)
    if change == "facts":
        tell(listed, year=1954)
    elif change == "candidates":
        propose(listed, (STUB, 66.0))
    else:
        now_playing.store({346}, at=NOW)
    with pytest.raises(decisions.Stale) as refused:
        decisions.accept(stale, 346)
    assert refused.value.decision is None
    assert not Decision.objects.exists()


def test_only_what_is_offered_can_be_accepted(anna: User) -> None:
    listed = question()
    with pytest.raises(decisions.Stale):
        decisions.accept(hand(listed, anna), 5000)
    listed.refresh_from_db()
    assert (listed.match_status, listed.decided_at) == (Match.REVIEW, None)


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_deciding_the_same_questions_at_once() -> None:
    """50 questions, two people, each wanting another candidate: one decision each, and only its effects."""
    anna, ola = reviewer("anna"), reviewer("ola")
    listed = [question(f"film-{n}", hours=("18:30",)) for n in range(50)]
    hands = {user: [hand(one, user) for one in listed] for user in (anna, ola)}

    def decide(user: User, tmdb_id: int) -> Callable[[], list[Decision | None]]:
        def run() -> list[Decision | None]:
            told: list[Decision | None] = []
            for one in hands[user]:
                try:
                    decisions.accept(one, tmdb_id)
                except decisions.Stale as stale:
                    told.append(stale.decision)
            return told

        return run

    told = together(decide(anna, 346), decide(ola, 1512077))
    assert [{it and it.by for it in its} <= {other} for its, other in zip(told, (ola, anna), strict=True)] == [True] * 2
    assert sum(map(len, told)) == 50 == Decision.objects.count() == LogEntry.objects.count()
    assert MatchCandidate.objects.filter(state="accepted").count() == 50
    for one in ListedFilm.objects.select_related("movie"):
        (decision,) = one.decisions.all()
        assert one.movie is not None
        assert [one.movie.tmdb_id] == decision.tmdb_ids
        assert set(one.showtimes.values_list("event__movie__tmdb_id", flat=True)) == {one.movie.tmdb_id}
    assert sum(count for _, count in shown().values()) == 50


# --- no job overrides it ----------------------------------------------------------------------------


def test_no_job_overrides_a_decision(anna: User) -> None:
    listed = question()
    decisions.accept(hand(listed, anna), 1512077)
    before = shown()
    assert not ListedFilm.objects.match_due(LATER).exists()
    propose(listed, (SAMURAI, 99.0), (STUB, 1.0), at=LATER)  # by a job that had asked before the decision
    now_playing.store({346}, at=LATER)
    listed.refresh_from_db()
    assert listed.movie is not None
    assert (listed.match_status, listed.movie.tmdb_id, shown()) == (Match.MATCHED, 1512077, before)


@two_writers
@pytest.mark.django_db(transaction=True)
def test_no_job_overrides_who_decides_while_it_looks() -> None:
    """TMDB's list would match the film provisionally; somebody has decided on it and has not committed yet."""
    anna, listed = reviewer(), question()
    overlap(
        lambda: decisions.accept(hand(listed, anna), 1512077),
        lambda: now_playing.store({346}, at=LATER),
    )
    listed.refresh_from_db()
    assert listed.movie is not None
    assert (listed.match_status, listed.movie.tmdb_id) == (Match.MATCHED, 1512077)
    assert shown() == {"Siedmiu samurajów 2026 at Kijow": ("1512077", 2)}


@two_writers
@pytest.mark.django_db(transaction=True)
def test_now_playing_matches_only_what_is_offered_first_by_then() -> None:
    """TMDB's list has 346; a job that asked again about the film offers another, and has not committed yet."""
    listed = question()
    overlap(
        lambda: propose(listed, (STUB, 65.0), (SAMURAI, 64.0)),
        lambda: now_playing.store({346}, at=LATER),
    )
    listed.refresh_from_db()
    assert (listed.match_status, listed.movie, shown()) == (Match.REVIEW, None, {})


def test_a_rejected_pair_is_never_offered_again(anna: User) -> None:
    listed = question()
    decisions.not_on_tmdb(hand(listed, anna))
    propose(listed, (SAMURAI, 99.0), (ELSEWHERE, 30.0), at=LATER)
    assert set(listed.candidates.offered().values_list("tmdb_id", flat=True)) == {5000}
    assert listed.reopened_at is None
    with pytest.raises(decisions.Stale):
        decisions.accept(hand(listed, anna), 346)
    decisions.accept_other(hand(listed, anna), SAMURAI)  # but a person may change their mind
    assert states(listed)[346] == "accepted"


def test_tmdb_is_asked_again_about_what_it_lacked_and_then_a_person(anna: User) -> None:
    listed = question()
    decisions.not_on_tmdb(hand(listed, anna))
    assert not ListedFilm.objects.match_due(NOW + dt.timedelta(days=6)).exists()
    assert ListedFilm.objects.match_due(NOW + dt.timedelta(days=8)).exists()
    propose(listed, at=LATER)
    assert not ListedFilm.objects.match_due(LATER).exists()
    assert (listed.match_status, listed.reopened_at) == (Match.NOT_ON_TMDB, None)
    propose(listed, (ELSEWHERE, 97.0), at=LATER)
    assert (listed.match_status, listed.reopened_at) == (Match.NOT_ON_TMDB, LATER)
    assert shown() == {"Siedmiu samurajow at Kijow": ("siedmiu-samurajow", 2)}
    assert list(ListedFilm.objects.open_questions(LATER)) == [listed]


def test_tmdb_is_asked_ever_more_seldom_about_what_it_lacks(anna: User) -> None:
    def waits(listed: ListedFilm) -> list[int]:
        at, days = NOW, []
        for _ in range(6):
            propose(listed, at=at)
            assert listed.match_due_at is not None
            days.append((listed.match_due_at - at).days)
            at = listed.match_due_at
        return days

    listed = store("nieznany")
    assert waits(listed) == [1, 2, 4, 7, 14, 14]
    decisions.not_on_tmdb(hand(listed, anna))
    listed.refresh_from_db()
    assert listed.match_due_at == NOW + MINUTE + dt.timedelta(days=7)
    assert waits(listed) == [14] * 6


@pytest.mark.parametrize(("days", "status"), [(6, Match.PROVISIONAL), (8, Match.REVIEW)])
def test_a_now_playing_list_that_cannot_be_read_is_believed_for_a_week(db: None, days: int, status: str) -> None:
    now_playing.store({346}, at=NOW)
    listed = propose(store("siedmiu-samurajow"), (SAMURAI, 64.0), at=NOW + dt.timedelta(days=days))
    assert listed.match_status == status


def test_what_is_no_longer_on_the_now_playing_list_stays_matched(db: None) -> None:
    now_playing.store({346}, at=NOW)
    listed = question()
    now_playing.store({5000}, at=LATER)
    listed.refresh_from_db()
    assert listed.match_status == Match.PROVISIONAL
    assert set(NowPlaying.objects.values_list("tmdb_id", flat=True)) == {5000}


def test_an_empty_now_playing_list_is_none(db: None) -> None:
    now_playing.store({346}, at=NOW)
    now_playing.store(set(), at=LATER)
    assert set(NowPlaying.objects.values_list("tmdb_id", "read_at")) == {(346, NOW)}
    assert now_playing.due(LATER)


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"original_title": "Shichinin no samurai"}, True),
        ({"year": 1954}, True),
        ({"directors": ("Akira Kurosawa",)}, True),
        ({"title": "Siedmiu samurajów (wersja reżyserska)"}, False),
        ({"runtime": 207}, False),
        ({"cast": ("Toshirō Mifune",)}, False),
    ],
)
def test_a_decision_is_questioned_only_if_the_facts_say_another_film(
    anna: User, change: dict[str, Any], asked: bool
) -> None:
    listed = question()
    ListedFilm.objects.update(facts_at=NOW)
    listed.refresh_from_db()
    decisions.accept(hand(listed, anna), 346)
    before = shown()
    tell(listed, **change)
    assert ListedFilm.objects.open_questions(NOW).exists() is asked
    assert ListedFilm.objects.match_due(NOW).exists() is asked
    assert (listed.match_status, shown()) == (Match.MATCHED, before), "what was decided stands"
    if asked:
        propose(listed, (SAMURAI, 95.0), (STUB, 2.0), at=LATER)
        assert {row.tmdb_id: row.score for row in listed.candidates.offered()} == {346: 95}
        decisions.confirm(hand(listed, anna))
        assert not ListedFilm.objects.open_questions(NOW).exists()


# --- undo -------------------------------------------------------------------------------------------

#: What only goes forward: undo is a change too, for whoever reads feeds or has the page open.
FORWARD = {"revision", "updated_at"}
KEPT: tuple[type[models.Model], ...] = (ListedFilm, MatchCandidate, Event, Showtime)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every field of every row that a decision may touch."""
    found: dict[str, list[dict[str, Any]]] = {
        model.__name__: [
            {name: value for name, value in row.items() if name not in FORWARD}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in KEPT
    }
    parts = ListedFilm.parts.through._default_manager.order_by("movie").values("listedfilm", "movie")
    found["parts"] = [dict(row) for row in parts]
    return found


VERBS: dict[str, Callable[[Submission], Decision]] = {
    "accept": lambda it: decisions.accept(it, 346),
    "accept another": lambda it: decisions.accept(it, 1512077),
    "choose": lambda it: decisions.accept_other(it, ELSEWHERE),
    "choose a rejected one": lambda it: decisions.accept_other(it, OTHER),
    "not on TMDB": decisions.not_on_tmdb,
    "not a film": decisions.not_a_film,
    "several": lambda it: decisions.several_films(it, [SAMURAI, STUB, ELSEWHERE]),
    "other several": lambda it: decisions.several_films(it, [OTHER, ELSEWHERE]),
    "defer": lambda it: decisions.defer(it, LATER, "later"),
    "defer for good": lambda it: decisions.defer(it, None, "no idea"),
    "confirm": decisions.confirm,
}
STARTS = ("question", "provisional", "matched", "unmatched", "shared")


def start(kind: str) -> ListedFilm:
    NowPlaying.objects.create(tmdb_id=346 if kind == "provisional" else 1, read_at=NOW)
    listed = store("samurajowie", cinemas=("kijow", "mikro"))
    best: dict[str, float] = {"matched": 90.1234, "unmatched": 43.0, "shared": 80.0}
    propose(listed, (SAMURAI, best.get(kind, 64.5)), (STUB, 20.0), (OTHER, 1.0))
    if kind == "shared":  # the event holds another listing's showtimes too
        propose(store("samurajowie-kolekcja"), (SAMURAI, 88.0))
    return listed


class UndoProperty(TestCase):
    @settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(STARTS), st.lists(st.sampled_from(sorted(VERBS)), min_size=1, max_size=4))
    def test_undo_restores_every_field(self, kind: str, verbs: list[str]) -> None:
        """Decisions one upon the other, then undone one by one: every state is met again on the way back."""
        listed, anna, at = start(kind), reviewer(), NOW
        states: list[tuple[Decision, dict[str, Any]]] = []
        for verb in verbs:
            at += MINUTE
            before = everything()
            try:
                states.append((VERBS[verb](hand(listed, anna, at)), before))
            except decisions.Stale:  # nothing to confirm, or no longer offered: then nothing has changed either
                assert everything() == before
        for decision, before in reversed(states):
            at += MINUTE
            decisions.undo(decision.pk, by=anna, at=at)
            assert everything() == before
            assert not decision.film.decisions.standing().filter(pk=decision.pk).exists()


#: What a sync and the jobs do while a decision stands. None of it may keep undo from restoring the question.
JOBS: dict[str, Callable[[ListedFilm, dt.datetime], object]] = {
    "the same week again": lambda it, at: store("samurajowie", cinemas=("kijow", "mikro")),
    "TMDB's answer to what was asked before": lambda it, at: propose(it, (SAMURAI, 99.0), (ELSEWHERE, 3.0), at=at),
    "now playing": lambda it, at: now_playing.store({346, 1512077}, at=at),
    "TMDB is down": lambda it, at: automatic.could_not_ask(it, "503", again_at=at),
}


class UndoAfterJobs(TestCase):
    @settings(max_examples=examples(8), deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(STARTS),
        st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.sampled_from(sorted(JOBS))), min_size=1, max_size=3),
    )
    def test_undo_restores_what_the_verb_changed_whatever_jobs_ran_since(
        self, kind: str, steps: list[tuple[str, str]]
    ) -> None:
        """A deferral gives back itself and nothing else. Of what was decided the whole question comes back."""
        listed, anna, at = start(kind), reviewer(), NOW
        made: list[tuple[Decision, dict[str, Any]]] = []
        for verb, job in steps:
            at += MINUTE
            before = everything()
            with suppress(decisions.Stale):
                made.append((VERBS[verb](hand(listed, anna, at)), before))
            listed.refresh_from_db()
            JOBS[job](listed, at)
        for decision, before in reversed(made):
            at += MINUTE
            left = everything()
            decisions.undo(decision.pk, by=anna, at=at)
            if decision.verb == Decision.Verb.DEFER:
                before = left | {"ListedFilm": [
                    now | {name: then[name] for name in snapshot.DEFERRAL}
                    for now, then in zip(left["ListedFilm"], before["ListedFilm"], strict=True)
                ]}  # fmt: skip
            assert everything() == before


def test_undoing_a_deferral_leaves_a_match_that_was_found_since(anna: User) -> None:
    listed = question()
    decision = decisions.defer(hand(listed, anna), None, "no idea")
    propose(listed, (SAMURAI, 95.0), at=LATER)
    published = shown()
    assert published == {"Siedmiu samurajów at Kijow": ("346", 2)}
    decisions.undo(decision.pk, by=anna, at=LATER)
    listed.refresh_from_db()
    assert (shown(), listed.match_status, listed.deferred_at) == (published, Match.MATCHED, None)
    assert states(listed) == {346: "open"}


def test_undo_is_done_once_and_from_the_top(anna: User) -> None:
    listed = question()
    first = decisions.not_a_film(hand(listed, anna))
    second = decisions.accept_other(hand(listed, anna), SAMURAI)
    with pytest.raises(decisions.NotUndone) as refused:
        decisions.undo(first.pk, by=anna, at=LATER)
    assert refused.value.later == second
    decisions.undo(second.pk, by=anna, at=LATER)
    with pytest.raises(decisions.NotUndone) as refused:
        decisions.undo(second.pk, by=anna, at=LATER)
    assert refused.value.later is None
    decisions.undo(first.pk, by=reviewer("ola"), at=LATER)
    first.refresh_from_db()
    assert (first.undone_at, first.undone_by and first.undone_by.get_username()) == (LATER, "ola")
    assert LogEntry.objects.count() == 4
    assert shown() == {}


def test_to_undo_what_would_unpublish_much_must_be_meant(anna: User) -> None:
    """Twenty showtimes that are all there is."""
    listed, at = question(hours=MINUTES), NOW + MINUTE
    decision = decisions.accept(hand(listed, anna), SAMURAI.tmdb_id)
    with pytest.raises(decisions.TakesMuch) as much:
        decisions.undo(decision.pk, by=anna, at=at)
    assert (much.value.showtimes, much.value.published) == (20, 20)
    assert publishing.published(at) == 20, "nothing has changed"
    assert decisions.undo_together(decision.pk, by=anna, at=at, sure=True)
    assert publishing.published(at) == 0


def test_undo_takes_in_what_was_listed_meanwhile(anna: User) -> None:
    listed = question()
    decision = decisions.accept(hand(listed, anna), 346)
    store("siedmiu-samurajow", hours=("18:30", "21:00", "22:00"), cinemas=("kijow", "mikro"))
    assert sum(count for _, count in shown().values()) == 6
    decisions.undo(decision.pk, by=anna, at=LATER)
    assert shown() == {}
    assert not Showtime.objects.filter(event__isnull=False).exists()


def test_after_undo_tmdb_is_asked_about_facts_that_changed_meanwhile(anna: User) -> None:
    listed = question()
    ListedFilm.objects.update(facts_at=NOW)
    listed.refresh_from_db()
    decision = decisions.accept(hand(listed, anna), 346)
    tell(listed, year=1954)
    decisions.undo(decision.pk, by=anna, at=LATER)
    listed.refresh_from_db()
    assert (listed.match_status, listed.decided_at, listed.reopened_at) == (Match.PENDING, None, None)
    assert ListedFilm.objects.match_due(LATER).exists()


@pytest.mark.django_db(transaction=True)
def test_two_undo_the_same_decision_at_once() -> None:
    anna = reviewer()
    decision = decisions.accept(hand(question(), anna), 346)

    def undo() -> bool:
        try:
            return bool(decisions.undo(decision.pk, by=anna, at=LATER))
        except decisions.NotUndone:
            return False

    assert sorted(together(undo, undo)) == [False, True]
    assert LogEntry.objects.count() == 2


# --- small print ------------------------------------------------------------------------------------


def test_a_search_result_overwrites_nothing_that_is_known_of_a_movie(db: None) -> None:
    store_movie(SAMURAI, at=NOW)
    store_movie(Candidate(346, "Seven Samurai", detailed=False), at=NOW)
    assert Movie.objects.values_list("title", "runtime").get() == ("Siedmiu samurajów", 207)


@pytest.mark.once
def test_a_fact_that_could_not_be_read_overwrites_nothing_that_is_known_of_a_movie(db: None) -> None:
    store_movie(SAMURAI, at=NOW)
    store_movie(replace(SAMURAI, year=1956, runtime=None, directors=(), unreadable=("directors", "runtime")), at=NOW)
    assert Movie.objects.values_list("year", "runtime", "directors").get() == (1956, 207, list(SAMURAI.directors))


def test_an_event_is_of_a_movie_or_of_a_listed_film(db: None) -> None:
    listed = question()
    publishing.link(listed, None, Match.NOT_A_FILM, at=NOW, score=None)
    publishing.link(listed, store_movie(SAMURAI, at=NOW), Match.MATCHED, at=NOW, score=90)
    assert shown() == {"Siedmiu samurajów at Kijow": ("346", 2)}
    cancelled = Event.objects.get(status=Event.Status.CANCELLED)
    assert (cancelled.movie, cancelled.film) == (None, listed)


def test_the_group_of_reviewers_decides_and_looks_and_nothing_else(db: None) -> None:
    Group.objects.filter(name="Reviewers").delete()
    importlib.import_module("review.migrations.0003_reviewers").make_group(apps, None)
    granted = set(Group.objects.get(name="Reviewers").permissions.values_list("codename", flat=True))
    assert {name for name in granted if not name.startswith("view_")} == {"decide", "undo"}
    assert "view_listedfilm" in granted
