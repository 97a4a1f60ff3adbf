"""Pure: what TMDB answered, as `Candidate`s.

A value of another type than TMDB documents is left out, a result without id or title with it; only an answer that is
no object, lacks the list that was asked for, or has one with nothing readable in it, raises a TypeError or ValueError.
What is left out is unknown, which is not the same as agreeing: a film keeps in `unreadable` which of its facts could
not be read, and a list how many of its results, so that nothing is accepted which they might have ruled out.
"""

from __future__ import annotations

from typing import Any

from events.titles.names import same_person
from review.matching.candidates import Candidate, Found
from review.tmdb.values import Values, listed_in, whole

FULL_PAGE = 20  # results
LAST_PAGE = 500  # TMDB refuses those behind it
CAST = 30  # names kept, the leading ones
NAMES = 300  # of one film
LISTED = ("pl", "uk", "en", "PL", "UA", "GB", "US")  # languages and countries of names that Polish cinemas write
YEARS = range(1870, 2200)
#: What a film may be ruled out by, by the key of TMDB's that tells it.
TELLING = {
    "title": "title", "original_title": "title", "alternative_titles": "names", "translations": "names",
    "release_date": "year", "runtime": "runtime", "credits": "directors", "production_countries": "countries",
    "original_language": "language", "vote_count": "votes",
}  # fmt: skip


class Reading(Values):
    """An answer being read, film by film."""

    def found(self, answer: Any) -> Found:
        listed = listed_in(answer, "results")
        films = self._films(listed)
        if listed and not films:
            raise ValueError(f"{len(listed)} results, none of them readable")  # which is no empty list
        return Found(films, self._cut_off(answer, len(listed)), len(listed) - len(films))

    def directed(self, answer: Any) -> Found:
        """The films of a person's credits; a credit without a readable job may be one."""
        crew = whole(answer).get("crew")
        credits = crew if isinstance(crew, list) else [crew] if crew else []
        sure = [one for one in credits if isinstance(one, dict) and one.get("job") == "Director"]
        films = self._films(sure)
        unknown = [one for one in credits if not (isinstance(one, dict) and isinstance(one.get("job"), str))]
        if unknown:
            self.left_out["crew"] += len(unknown)
        return Found(films, more=False, dropped=len(sure) - len(films) + len(unknown))

    def first(self, answer: Any) -> Candidate | None:
        return next(iter(self._films(listed_in(answer, "movie_results"))), None)

    def playing(self, answer: Any) -> tuple[set[int], int]:
        """The films of a page, and how many pages there are."""
        films = self.readable(listed_in(answer, "results"), "results")
        ids = (self._id(film) for film in films)
        return {tmdb_id for tmdb_id in ids if tmdb_id}, self.number(answer, "total_pages") or LAST_PAGE

    def people(self, answer: Any, name: str) -> list[int]:
        """The people of that name, those known for directing first."""
        named = [one for one in self.objects(whole(answer), "results") if same_person(name, self.text(one, "name"))]
        named.sort(key=lambda person: self.text(person, "known_for_department") != "Directing")
        return [person_id for person in named if (person_id := self._id(person))]

    def film(self, answer: Any, tmdb_id: int) -> Candidate:
        """The details that were asked for under `tmdb_id`."""
        told = whole(answer)
        said = Reading()._id(told) or tmdb_id
        if said != tmdb_id:
            raise ValueError(f"another film, {said}")
        film = self._film({**told, "id": tmdb_id}, detailed=True)
        if film is None:
            raise ValueError("a film without a title")
        return film

    # --- one film ---------------------------------------------------------------------------------------

    def _films(self, listed: list[Any]) -> list[Candidate]:
        films = (self._film(one) for one in self.readable(listed, "results"))
        return [film for film in films if film]

    def _film(self, film: dict[str, Any], *, detailed: bool = False) -> Candidate | None:
        """None, counted, without an id or a title."""
        own = Reading()
        tmdb_id, title, original = own._id(film), own.text(film, "title"), own.text(film, "original_title")
        released = own.text(film, "release_date")
        year = int(released[:4]) if released[:4].isdecimal() and int(released[:4]) in YEARS else None
        if released and year is None:
            own.left_out["release_date"] += 1
        credited = own.object(film, "credits")
        names, polish, listed = own._names(film)
        found = Candidate(
            tmdb_id=tmdb_id or 0,
            title=title or original or next(iter(names), ""),
            original_title=original,
            names=names,
            polish_title=polish,
            listed_names=listed,
            year=year,
            release_date=released,
            runtime=own.number(film, "runtime"),
            directors=own._directors(credited),
            cast=tuple(filter(None, (Reading().text(one, "name") for one in own.objects(credited, "cast")[:CAST]))),
            countries=own._countries(film),
            polish_releases=own._polish_releases(film),
            vote_count=own.number(film, "vote_count"),
            popularity=own.measure(film, "popularity"),
            poster_path=own.text(film, "poster_path"),
            original_language=own.text(film, "original_language"),
            imdb_id=own.text(film, "imdb_id") or own.text(own.object(film, "external_ids"), "imdb_id"),
            overview=own.text(film, "overview", longest=5000),
            detailed=detailed,
            unreadable=tuple(sorted({TELLING[key] for key in own.left_out if key in TELLING})),
        )
        self.left_out.update(own.left_out)
        if not found.tmdb_id or not found.title:
            self.left_out["results"] += 1
            return None
        return found

    def _names(self, film: dict[str, Any]) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
        """Every other name of a film, its Polish one, and those that cinemas here may write.

        Alternative titles come as `{"titles": […]}` or a list.
        """
        own = Reading()
        titles = film.get("alternative_titles")
        if isinstance(titles, dict):
            titles = titles.get("titles") or titles.get("results")
        titles = (
            [{"title": one} if isinstance(one, str) else one for one in titles] if isinstance(titles, list) else titles
        )
        alternative = own.objects({"titles": titles}, "titles")
        translations = own.objects(own.object(film, "translations"), "translations")
        data = [(own.text(one, "iso_639_1"), own.text(own.object(one, "data"), "title")) for one in translations]
        told = [(own.text(one, "iso_3166_1"), own.text(one, "title")) for one in alternative]
        if own.left_out:
            self.left_out["translations"] += own.left_out.total()
        named = [(where, title) for where, title in (*told, *data) if title]
        polish = (title for where, title in (*data, *told) if where in ("pl", "PL") and title)
        listed = dict.fromkeys(title for where, title in named if where in LISTED)
        return tuple(dict.fromkeys(title for _, title in named))[:NAMES], next(polish, ""), tuple(listed)[:NAMES]

    def _directors(self, credited: dict[str, Any]) -> tuple[str, ...]:
        own = Reading()
        directors = []
        for one in own.objects(credited, "crew"):
            if own.text(one, "job") == "Director" and (name := own.text(one, "name")):
                directors.append(name)
        if own.left_out:
            self.left_out["credits"] += own.left_out.total()
        return tuple(directors[:CAST])

    def _countries(self, film: dict[str, Any]) -> tuple[str, ...]:
        own, key = Reading(), "production_countries"
        named = [own.text(one, "iso_3166_1") or own.text(one, "name") for one in own.objects(film, key)]
        if own.left_out:
            self.left_out[key] += own.left_out.total()
        return tuple(name for name in named if name)

    def _polish_releases(self, film: dict[str, Any]) -> tuple[str, ...]:
        by_country = self.objects(self.object(film, "release_dates"), "results")
        polish = [one for country in by_country if country.get("iso_3166_1") == "PL" for one in self._dates(country)]
        return tuple(sorted({day for day in polish if day[:4].isdecimal()}))

    def _dates(self, country: dict[str, Any]) -> list[str]:
        own = Reading()  # a release that can't be read speaks for no film, so it is not kept as missing
        return [own.text(one, "release_date")[:10] for one in own.objects(country, "release_dates")]

    @staticmethod
    def _cut_off(answer: dict[str, Any], films: int) -> bool:
        """Whether more was found than stands on this page, of which a server may have its own idea how full it gets."""
        own = Reading()
        found, pages = own.number(answer, "total_results"), own.number(answer, "total_pages")
        if found is not None:
            return found > films or films >= FULL_PAGE
        return films >= FULL_PAGE or (pages or 0) > 1

    def _id(self, thing: dict[str, Any]) -> int | None:
        return self.number(thing, "id", most=2**63) or None
