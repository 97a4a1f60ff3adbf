"""Whether what answered at a film's address is that film's page, and what storing it changes.

A login page, a captcha or a redirect to the programme has a heading, too. Facts are believed only from a page that
comes from the film's own address, or one that carries its title; and not when all of them are gone at once.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from rapidfuzz import fuzz

from events import processing
from events.models import ListedFilm
from events.records import FilmFacts, plain_slug
from events.titles import reading as titles
from events.titles.spelling import fold, numbers
from review import automatic
from scraper.site import client

DOUBTED_AGAIN = dt.timedelta(minutes=50)
ALIKE = 75  # of 100: so much must two titles share that differ by more than a cut end
LEAST_CUT = 4  # letters that are left of a title that was cut short


def store(slug: str, page: client.FilmPage | None, *, at: dt.datetime, now: dt.datetime) -> str:
    """Store what a film's address answered at `at` (None: 404), and have TMDB asked again where that says another
    film than before. Returns why the page is not believed, or "" when it is."""
    refresh = dt.timedelta(days=settings.FILM_REFRESH_DAYS)
    with transaction.atomic():
        film = ListedFilm.objects.select_for_update(no_key=True).get(slug=slug)
        if page is None:
            processing.store_no_page(film, at=at, refresh=refresh)
            return ""
        problem = doubt(film, page)
        if problem:
            processing.doubt_page(film, problem, due=at + DOUBTED_AGAIN)
            return problem
        first = film.facts_at is None
        known = {name for name in automatic.REOPENING if getattr(film.facts(), name)}
        changed = processing.store_facts(film, page.facts, at=at, refresh=refresh)
        if first and changed & known:  # its facts were another film's, under whose address it was stored
            automatic.start_over(film, at=now)
        elif changed:
            automatic.reconsider(film, changed, at=now)
    return ""


def doubt(film: ListedFilm, page: client.FilmPage) -> str:
    """Why the page can't be taken for the film's; "" when it can."""
    if page.slug is None:
        return f"its address leads to {page.path[:200]}, which is no film's"
    said = page.facts.title
    names = (film.title, plain_slug(film.slug).replace("-", " "))
    if not any(same_title(said, name) for name in names):
        moved = plain_slug(page.slug) != plain_slug(film.slug)
        if moved or not any(similar_title(said, name) for name in names):
            where = f"{page.path[:200]} is headed" if moved else "it is headed"
            return f'{where} "{said[:100]}", not "{film.title[:100]}"'
        if ListedFilm.objects.filter(title=said).exclude(pk=film.pk).exists():
            return f'it is headed "{said[:100]}", which is the title of another film'
    if _says_something(film.facts()) and not _says_something(page.facts):
        return "it has none of the facts that it had"
    return ""


def same_title(one: str, other: str) -> bool:
    """Whether two titles are one, but for case, accents, punctuation, and what a cinema writes around it."""
    a, b = (_forms(title) for title in (one, other))
    return not a.isdisjoint(b)


def similar_title(one: str, other: str) -> bool:
    """Whether one may be the other cut short, or in other words, or without its subtitle; not with another number."""
    return any(_similar(a, b) for a in _forms(one) for b in _forms(other))


def _similar(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < LEAST_CUT:
        return False
    if long.startswith(short):
        return True
    alike = set(short.split()) <= set(long.split()) or fuzz.token_sort_ratio(one, other) >= ALIKE
    return alike and numbers(one) == numbers(other)


def _forms(title: str) -> set[str]:
    reading = titles.read(title.strip().removesuffix("…").removesuffix("..."))
    return {fold(form) for form in (*reading.forms, *(half for pair in reading.halves for half in pair))}


def _says_something(facts: FilmFacts) -> bool:
    return any(getattr(facts, name) for name in processing.FACTS)
