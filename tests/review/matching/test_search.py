"""The search plan, and the hardest listings that other systems got wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from events.records import FilmFacts
from events.titles.noise import Kind
from review.matching import search
from review.matching.candidates import Candidate, Found
from review.matching.score import judge
from tests.review.shelf import Shelf, film, listed, stub

TODAY = dt.date(2026, 11, 24)

TENET = (film(577922, "Tenet", 2020, "Christopher Nolan", runtime=150), stub(9001, "Tenet", 2024))
DRACULA = (
    film(9101, "Dracula", 2025, "Radu Jude", runtime=170),
    film(9102, "Dracula", 2025, "Luc Besson", original_title="Dracula: A Love Tale", runtime=129),
    film(6114, "Drakula", 1992, "Francis Ford Coppola", original_title="Bram Stoker's Dracula", runtime=128),
)
TOP_GUN = (
    film(744, "Top Gun", 1986, "Tony Scott", runtime=110),
    film(361743, "Top Gun: Maverick", 2022, "Joseph Kosinski", runtime=131),
    film(9201, "Top Gun 40th Anniversary", 2026, "Somebody Else", runtime=52, vote_count=3),
)
SAMURAI = (
    film(
        346,
        "Siedmiu samurajów",
        1954,
        "Akira Kurosawa",
        original_title="七人の侍",
        runtime=207,
        names=("Seven Samurai",),
    ),
    film(9301, "Siedmiu samurajów", 2026, "Nobody", vote_count=0, runtime=12),
    film(966, "Siedmiu wspaniałych", 1960, "John Sturges", original_title="The Magnificent Seven", runtime=128),
)
LIFE = (
    film(1585, "To wspaniałe życie", 1946, "Frank Capra", original_title="It's a Wonderful Life", runtime=130),
    film(637, "Życie jest piękne", 1997, "Roberto Benigni", original_title="La vita è bella", runtime=116),
)
WICKED = (
    film(402431, "Wicked", 2024, "Jon M. Chu", runtime=160),
    film(967941, "Wicked: Na dobre", 2025, "Jon M. Chu", original_title="Wicked: For Good", runtime=137),
)
GLADIATOR = (
    film(98, "Gladiator", 2000, "Ridley Scott", runtime=155),
    film(558449, "Gladiator II", 2024, "Ridley Scott", runtime=148),
)
ALL = (*TENET, *DRACULA, *TOP_GUN, *SAMURAI, *LIFE, *WICKED, *GLADIATOR)


@pytest.mark.parametrize(
    ("facts", "right"),
    [
        (listed("Tenet", year=2020), 577922),
        (listed("Tenet IMAX", year=2024, directors=("Christopher Nolan",), runtime=150), 577922),
        (listed("Dracula", year=2025, directors=("Radu Jude",)), 9101),
        (listed("Dracula", year=2025, runtime=170), 9101),
        (listed("Dracula", original_title="Dracula: A Love Tale", year=2025), 9102),
        (listed("Top Gun 40th anniversary", year=2026, directors=("Tony Scott",)), 744),
        (listed("Top Gun - 40. rocznica", original_title="Top Gun", year=1986), 744),
        (listed("Siedmiu samurajów", year=1954), 346),
        (listed("Siedmiu samurajów", year=2026, directors=("Kurosawa Akira",)), 346),
        (listed("To wspaniałe życie", year=1946), 1585),
        (listed("To wspaniałe życie", year=2026, runtime=130), 1585),
        (listed("Wicked: Na dobre", year=2025), 967941),
        (listed("Wicked: Na dobre dubbing", year=2025, directors=("Jon M. Chu",), runtime=138), 967941),
        (listed("Gladiator 2", year=2024), 558449),
        (listed("Gladiator 2", year=2024, directors=("Ridley Scott",)), 558449),
    ],
    ids=lambda value: f"{value.title} {value.year}" if isinstance(value, FilmFacts) else str(value),
)
def test_the_hardest_are_matched_rightly(facts: FilmFacts, right: int) -> None:
    proposal = search.find(facts, Shelf(ALL), today=TODAY)
    assert proposal.band(()) == "matched"
    assert proposal.scored[0].candidate.tmdb_id == right


@pytest.mark.parametrize(
    ("facts", "known"),
    [
        (listed("Tenet", year=2024), TENET),
        (listed("Tenet", year=2024), TENET[1:]),
        (listed("Dracula", year=2025), DRACULA),
        (listed("Dracula", year=2025, directors=("Radu Jude",)), DRACULA[1:]),
        (listed("Top Gun 40th anniversary", year=2026), TOP_GUN),
        (listed("Top Gun 40th anniversary", year=2026), TOP_GUN[2:]),
        (listed("Wicked: Na dobre", year=2025, directors=("Jon M. Chu",)), WICKED[:1]),
        (listed("Wicked", year=2025, runtime=137), WICKED[:1]),
        (listed("Gladiator 2", year=2024, directors=("Ridley Scott",)), GLADIATOR[:1]),
        (listed("Siedmiu samurajów", year=2026), SAMURAI[:1]),
    ],
    ids=lambda value: value.title if isinstance(value, FilmFacts) else "+".join(str(one.tmdb_id) for one in value),
)
def test_what_only_looks_right_is_left_to_a_person(facts: FilmFacts, known: tuple[Candidate, ...]) -> None:
    assert search.find(facts, Shelf(known), today=TODAY).band(()) in ("review", "unmatched")


def test_one_search_and_one_look_are_enough_for_a_plain_case() -> None:
    shelf = Shelf(ALL)
    proposal = search.find(listed("Tenet", year=2020, directors=("Christopher Nolan",)), shelf, today=TODAY)
    assert proposal.calls == len(shelf.asked) == 2


def test_every_way_to_write_the_title_is_tried_before_there_is_no_result() -> None:
    shelf = Shelf(())
    facts = listed("Potwory i spółka. Monsters 2 dubbing", original_title="Monsters and Co: Two", year=2020)
    proposal = search.find(facts, shelf, today=TODAY)
    assert proposal.scored == ()
    assert {"Monsters and Co: Two", "Potwory i spółka. Monsters 2", "Monsters 2"} <= set(shelf.queries())
    assert "monsters co" in shelf.queries()
    assert proposal.calls == len(shelf.asked)


def test_the_year_is_asked_only_where_an_answer_was_cut_off() -> None:
    many = [film(n, "Miłość", 1900 + n, vote_count=0) for n in range(1, 30)]
    shelf = Shelf([*many, film(99, "Miłość", 2012, "Michael Haneke")])
    proposal = search.find(listed("Miłość", year=2012), shelf, today=TODAY)
    assert ("search", "Miłość", 2012) in shelf.asked
    assert proposal.scored[0].candidate.tmdb_id == 99
    narrow = Shelf([*many[:12], film(99, "Miłość", 2012, "Michael Haneke")], page=10)
    assert search.find(listed("Miłość", year=2012), narrow, today=TODAY).scored[0].candidate.tmdb_id == 99
    few = Shelf(many[:3])
    search.find(listed("Miłość", year=2012), few, today=TODAY)
    assert [question for question in few.asked if question[1] == "Miłość"] == [("search", "Miłość", None)]


def test_a_film_without_a_polish_name_at_tmdb_is_found_through_its_director() -> None:
    counselor = film(109091, "The Counselor", 2013, "Ridley Scott", runtime=117)
    facts = listed("Adwokat", year=2013, directors=("Ridley Scott",), runtime=117)
    proposal = search.find(facts, Shelf([counselor, *GLADIATOR]), today=TODAY)
    assert (proposal.scored[0].candidate, proposal.band(())) == (counselor, "matched")
    another = film(1, "The Vatican", 2013, "Ridley Scott", vote_count=3)  # of which no runtime is known
    assert search.find(facts, Shelf([counselor, another]), today=TODAY).band(()) == "review"
    pilot = replace(another, runtime=52)  # of another length
    assert search.find(facts, Shelf([counselor, pilot]), today=TODAY).band(()) == "matched"
    assert search.find(facts, Shelf([replace(counselor, original_language="pl")]), today=TODAY).band(()) == "review"
    pirates = film(11483, "Pirates", 1986, "Roman Polanski", runtime=121)
    facts = listed("Piraci", year=1986, directors=("Roman Polanski",))
    assert search.find(facts, Shelf([pirates]), today=TODAY).band(()) == "matched"


@pytest.mark.parametrize(
    "facts",
    [
        listed("Adwokat", year=2013, directors=("Ridley Scott",)),  # nothing but the director and the year agree
        listed("Adwokat", year=2014, directors=("Ridley Scott",), runtime=117),
        listed("Adwokat", original_title="The Other", year=2013, directors=("Ridley Scott",), runtime=117),
    ],
    ids=["no runtime", "another year", "another original title"],
)
def test_a_director_may_have_made_another_film(facts: FilmFacts) -> None:
    counselor = film(109091, "The Counselor", 2013, "Ridley Scott", runtime=117)
    assert search.find(facts, Shelf([counselor]), today=TODAY).band(()) in ("review", "unmatched")
    known = replace(counselor, polish_title="Doradca")
    told = listed("Adwokat", year=2013, directors=("Ridley Scott",), runtime=117)
    assert search.find(told, Shelf([known]), today=TODAY).band(()) == "review"


def test_both_halves_of_a_double_title_are_the_film() -> None:
    mummy = film(564, "Mumia", 1999, original_title="The Mummy")
    proposal = search.find(listed("The Mummy. Mumia", year=1999), Shelf([mummy]), today=TODAY)
    assert proposal.scored[0].score > 95


@pytest.mark.parametrize("title", ["Spektakl - Szalone nożyczki", "Metropolitan Opera: Tosca"])
def test_what_is_certainly_no_film_is_not_asked_about(title: str) -> None:
    shelf = Shelf([film(1, title, 2026)])
    proposal = search.find(listed(title), shelf, today=TODAY)
    assert not shelf.asked
    assert proposal.not_a_film
    assert proposal.band(()) == "review"


def test_a_double_bill_s_films_come_before_others_of_their_director() -> None:
    by = ("Quentin Tarantino",)
    shelf = Shelf([
        film(680, "Pulp Fiction", 1994, *by), film(24, "Kill Bill", 2003, *by, names=("Kill Bill 1",)),
        film(393, "Kill Bill 2", 2004, *by),
    ])  # fmt: skip
    proposal = search.find(listed("Kill Bill 1 + Kill Bill 2", directors=by), shelf, today=TODAY)
    assert {scored.candidate.tmdb_id for scored in proposal.scored[:2]} == {24, 393}
    assert proposal.band(()) == "review"


def test_a_listing_of_fifty_films_does_not_ask_fifty_times() -> None:
    shelf = Shelf([])
    search.find(listed(" + ".join(f"Kill Bill {n}" for n in range(1, 51)), year=2003), shelf, today=TODAY)
    assert 1 < len(shelf.asked) <= 20


def test_a_double_bill_offers_its_films_and_accepts_none() -> None:
    bills = (film(24, "Kill Bill", 2003, names=("Kill Bill 1",)), film(393, "Kill Bill 2", 2004))
    proposal = search.find(listed("Kill Bill 1 + Kill Bill 2", year=2003), Shelf(bills), today=TODAY)
    assert proposal.not_a_film
    assert proposal.not_a_film.kind is Kind.DOUBLE_BILL
    assert {scored.candidate.tmdb_id for scored in proposal.scored} == {24, 393}
    assert proposal.band(()) == "review"


def test_a_film_and_its_sequel_are_not_two_titles_of_one_film() -> None:
    first = film(24, "Kill Bill 1", 2003, "Quentin Tarantino", runtime=111)
    facts = listed("Kill Bill 1 / Kill Bill 2", year=2003, directors=("Quentin Tarantino",))
    assert search.find(facts, Shelf([first]), today=TODAY).band(()) == "review"


@pytest.mark.parametrize("title", ["Poranek kojota", "Maraton tańca", "Ladies Night", "Le Concert (Koncert)"])
def test_a_film_that_is_called_like_no_film_is_matched(title: str) -> None:
    real = film(1, title, 2001, "Olaf Lubaszenko")
    facts = listed(title, year=2001, directors=("Olaf Lubaszenko",))
    assert search.find(facts, Shelf([real]), today=TODAY).band(()) == "matched"


@pytest.mark.parametrize("title", ["Balet - Giselle", "Giselle (opera)", "Giselle - koncert", "Musical: Giselle"])
def test_a_stage_s_work_is_not_taken_for_the_film_of_that_name(title: str) -> None:
    giselle = film(1, "Giselle", 2026, "Toa Fraser", runtime=104)
    assert search.find(listed(title, year=2026), Shelf([giselle]), today=TODAY).band({1}) == "review"
    told = listed(title, year=2026, directors=("Toa Fraser",))
    assert search.find(told, Shelf([giselle]), today=TODAY).scored[0].candidate == giselle


@pytest.mark.parametrize(
    "title",
    ["NT Live: Hamlet", "Hamlet (NT Live)", "Hamlet - NT Live (napisy)", "Hamlet | National Theatre Live",
     "National Theatre - Hamlet", "Hamlet. Met Opera", "DKF: Hamlet - Royal Opera House", "RSC Live - Hamlet"],
)  # fmt: skip
def test_a_broadcast_of_a_house_is_not_taken_for_the_film_of_its_name(title: str) -> None:
    hamlet = film(1, "Hamlet", 2026, "Aneil Karia", runtime=114)
    assert search.find(listed(title, year=2026, runtime=114), Shelf([hamlet]), today=TODAY).band({1}) == "review"


def test_a_marathon_offers_its_films_and_accepts_none() -> None:
    ring = film(120, "Władca Pierścieni", 2001, "Peter Jackson", runtime=178)
    facts = listed("Maraton Władca Pierścieni", year=2001, directors=("Peter Jackson",))
    proposal = search.find(facts, Shelf([ring]), today=TODAY)
    assert (proposal.scored[0].candidate, proposal.band({120})) == (ring, "review")


def test_a_plus_may_stand_in_one_films_title() -> None:
    juliet = film(454, "Romeo + Juliet", 1996, "Baz Luhrmann")
    proposal = search.find(listed("Romeo + Juliet", year=1996), Shelf([juliet]), today=TODAY)
    assert proposal.band(()) == "matched"


def test_a_film_that_plays_in_poland_now_is_matched_provisionally() -> None:
    arco = film(804370, "Arco", 2025, vote_count=20)
    proposal = search.find(listed("Arco", year=2026), Shelf([arco]), today=TODAY)
    assert proposal.band(()) == "review"
    assert proposal.band({804370}) == "provisional"


def test_nothing_is_accepted_that_was_not_looked_at() -> None:
    namesakes = [film(n, "Joy", 2015, f"Director {n}") for n in range(1, 6)]
    facts = listed("Joy", year=2015, directors=("Director 5",))
    best = search.find(facts, Shelf(namesakes), today=TODAY).scored[0]
    assert (best.candidate.tmdb_id, best.candidate.detailed) == (5, True)


def test_a_film_that_tmdb_has_just_deleted_is_no_candidate() -> None:
    shelf = Shelf([film(1, "Rejs", 1970)])
    found = shelf.search("Rejs")
    shelf.films.clear()
    shelf.search = lambda query, year=None: found  # type: ignore[method-assign]
    assert search.find(listed("Rejs", year=1970), shelf, today=TODAY).scored == ()


def test_what_the_source_raises_passes_through() -> None:
    class Down(Shelf):
        def search(self, query: str, year: int | None = None) -> Found:
            raise ConnectionError("no answer")

    with pytest.raises(ConnectionError):
        search.find(listed("Rejs"), Down(()), today=TODAY)


NOISE = ("napisy", "dubbing", "2D", "- pokaz specjalny", "| DKF Kropka", "(AD + CC + PJM)", "+ prelekcja", "IMAX")


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize(
    "facts",
    [
        listed("Tenet", year=2020),
        listed("Dracula", year=2025, directors=("Radu Jude",)),
        listed("Dracula", year=2025),
        listed("Wicked", year=2025, directors=("Jon M. Chu",)),
        listed("Gladiator 2", year=2024, runtime=148),
        listed("Gladiator II", directors=("Ridley Scott",)),
        listed("Top Gun: Maverick"),
        listed("Siedmiu samurajów", year=2026, directors=("Kurosawa Akira",)),
    ],
    ids=lambda facts: f"{facts.title} {facts.year}",
)
def test_noise_at_the_end_never_changes_which_film_is_accepted_only_whether(facts: FilmFacts, noise: str) -> None:
    def accepted(title: str) -> int | None:
        proposal = search.find(replace(facts, title=title), Shelf(ALL), today=TODAY)
        return proposal.scored[0].candidate.tmdb_id if proposal.band(()) == "matched" else None

    assert accepted(f"{facts.title} {noise}") in (None, accepted(facts.title))


def test_a_search_that_shows_the_year_of_a_re_release_hides_no_film() -> None:
    class Region(Shelf):
        def search(self, query: str, year: int | None = None) -> Found:
            films, more, _ = super().search(query)
            return Found([replace(one, year=2024) for one in films], more)

    feast = film(9, "Uczta Babette", 1987, "Gabriel Axel", polish_releases=("2024-03-08",))
    other = film(8, "Uczta Babette", 2024, "Somebody Else")
    proposal = search.find(listed("Uczta Babette", year=1987), Region([other, feast]), today=TODAY)
    assert (proposal.scored[0].candidate, proposal.band(())) == (feast, "matched")
    new, old = film(1, "Lilo & Stitch", 2025, "Dean Fleischer Camp"), film(2, "Lilo & Stitch", 2002, "Dean DeBlois")

    class Again(Shelf):
        def search(self, query: str, year: int | None = None) -> Found:
            films, more, _ = super().search(query)
            return Found([replace(one, year=max(2024, one.year or 0)) for one in films], more)

    proposal = search.find(listed("Lilo & Stitch", year=2025), Again([new, old]), today=TODAY)
    assert (proposal.scored[0].candidate, proposal.band(())) == (new, "matched")


TWICE = (
    film(1, "Funny Games", 1997, "Michael Haneke", runtime=109, vote_count=900),
    film(2, "Funny Games", 2007, "Michael Haneke", runtime=111, vote_count=800),
)
SHORT_FIRST = (
    film(1, "Whiplash", 2014, "Damien Chazelle", runtime=107, vote_count=900),
    film(2, "Whiplash", 2013, "Damien Chazelle", runtime=18, vote_count=50),
)


@pytest.mark.parametrize(
    ("facts", "known"),
    [
        (listed("Funny Games", directors=("Michael Haneke",)), TWICE),
        (listed("Funny Games", directors=("Michael Haneke",)), TWICE[::-1]),
        (listed("Funny Games", directors=("Michael Haneke",), year=TODAY.year), TWICE),
        (listed("Funny Games", runtime=110), TWICE),
        (listed("Whiplash", directors=("Damien Chazelle",), year=2013), SHORT_FIRST),
    ],
)
def test_nothing_is_accepted_while_a_film_of_the_same_title_may_be_as_likely(
    facts: FilmFacts, known: tuple[Candidate, ...]
) -> None:
    source = Shelf(known)
    found = search.find(facts, source, today=TODAY)
    assert found.band(set()) != "matched"
    assert {one.candidate.tmdb_id for one in found.scored} == {1, 2}


def test_a_film_of_the_same_title_and_another_year_need_not_be_looked_at() -> None:
    source = Shelf(TWICE)
    found = search.find(listed("Funny Games", directors=("Michael Haneke",), year=2007), source, today=TODAY)
    assert found.band(set()) == "matched"
    assert ("details", 1) not in source.asked


def test_nothing_is_accepted_while_a_better_title_stands_unread() -> None:
    sequel = film(2, "Diuna: Proroctwo", 2026, "Denis Villeneuve")
    first = film(1, "Diuna", 2021, "Denis Villeneuve")
    facts = listed("Diuna", original_title="Dune: Prophecy", year=2026, directors=("Denis Villeneuve",))
    unread = judge(facts, [sequel, replace(first, detailed=False, directors=())], today=TODAY)
    assert all(one.score < 70 for one in unread)
    shelf = Shelf([sequel, first])
    search.find(facts, shelf, today=TODAY)
    assert ("details", 1) in shelf.asked


DOOR = film(1, "The Other Side of the Door", 2016, "Johannes Roberts", runtime=96)


def test_a_film_without_a_polish_title_is_shown_by_its_title_in_english() -> None:
    proposal = search.find(listed("Po tamtej stronie drzwi", year=2016, runtime=96), Shelf([DOOR]), today=TODAY)
    assert [one.candidate.tmdb_id for one in proposal.scored] == [1]
    assert proposal.band({1}) == "review"  # no title of it agrees: never accepted


@pytest.mark.parametrize(
    "facts",
    [
        listed("Po tamtej stronie lodówki", year=2016),
        listed("Drzwi", year=2016),
        listed("Po tamtej stronie drzwi", original_title="Dvere", year=2016),
        listed("Po tamtej stronie drzwi", directors=("Johannes Roberts",), year=2016),
    ],
)
def test_a_title_half_understood_or_known_otherwise_is_not_translated(facts: FilmFacts) -> None:
    shelf = Shelf([])
    search.find(facts, shelf, today=TODAY)
    assert not any("side" in query or "door" in query for query in shelf.queries())


def looked_at(facts: FilmFacts, *films: Candidate, page: int = 20) -> set[int]:
    """The films that were looked at closely."""
    shelf = Shelf(films, page=page)
    search.find(facts, shelf, today=TODAY)
    return {int(str(question[1])) for question in shelf.asked if question[0] == "details"}


def test_only_films_that_may_be_the_one_are_looked_at_closely() -> None:
    """Each look is a question to TMDB: three for films without a fitting title, and those that it finds by it."""
    untitled = [film(n, f"Zorro {n}", 1990 + n, "Ridley Scott", runtime=117) for n in range(1, 9)]
    counselor = film(20, "Adwokat", 2013, "Ridley Scott", runtime=117)
    facts = listed("Adwokat", year=2013, directors=("Ridley Scott",), runtime=117)
    assert looked_at(facts, *untitled, counselor) == {20}
    without = looked_at(facts, *(replace(one, year=2013) for one in untitled))
    assert 0 < len(without) <= search.DETAILS
    crowd = [film(n, "Adwokat", 1900 + n, "Somebody Else", runtime=60) for n in range(1, 19)]
    assert len(looked_at(listed("Adwokat"), *crowd)) <= search.LOOKS
    # What can't reach a person's eyes even if all that is unknown agreed is not looked at: no fact is left to agree.
    assert looked_at(listed("Prawnik Adwokat", year=2013), *untitled) == set()


def test_a_rival_is_looked_at_though_the_leader_was() -> None:
    """The leader isn't certain, and what its namesake's page says decides which of the two it is."""
    leader = film(1, "Adwokat", 2013, "Nobody", runtime=117)
    right = film(2, "Adwokat", 2012, "Ridley Scott", runtime=117)
    facts = listed("Adwokat", year=2013, directors=("Ridley Scott",), runtime=117)
    assert looked_at(facts, leader, right) == {1, 2}
    assert search.find(facts, Shelf([leader, right]), today=TODAY).scored[0].candidate == right
