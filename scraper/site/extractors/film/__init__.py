"""`/film/{slug}.html`: what the site says of a film. Only the title is always there.

Facts stand as "Label: value" in whatever markup: bold, a definition list, a table, a list, plain text. So the page's
content is first laid out as marked lines (`lines`), labels are found in these (`labels`), and each fact is read by
itself (`values`): one that makes no sense costs itself. What the text leaves out may stand in JSON-LD or microdata
(`machine`).
"""

from __future__ import annotations

import datetime as dt

from events.records import FilmFacts
from scraper.site.extractors.markup import Page, open_page

from . import labels, lines, machine, title, values

__all__ = ["extract", "knows"]


def extract(html: str, *, url: str, slug: str, today: dt.date) -> FilmFacts:
    """The facts of the film `slug`; ExtractionError unless the page has one title. A fact that is missing, doubtful or
    makes no sense is None or ().
    """
    page = open_page(html, url=url)
    named = title.read(page)
    said = _facts(page, slug)
    for fact, value in machine.facts(html, page.root, named).items():
        said.setdefault(fact, []).append(value)
    return FilmFacts(
        slug=slug,
        title=named,
        original_title=values.original_title(said.get("original_title", [])),
        directors=values.people(said.get("directors", [])),
        year=values.year(said.get("year", []), said.get("production", []), today=today),
        countries=values.countries(said.get("production", [])),
        runtime=values.runtime(said.get("runtime", [])),
        cast=values.people(said.get("cast", [])),
        genres=values.genres(said.get("genres", [])),
        premiere=values.premiere(said.get("premiere", [])),
        distributor=values.distributor(said.get("distributor", [])),
        poster_url=title.poster(page, slug),
    )


def knows(page: Page) -> bool:
    """Whether a page has facts as a film's page has them."""
    return len(_facts(page, "")) > 1


def _facts(page: Page, slug: str) -> dict[str, list[str]]:
    """The marked values of each fact, in the page's order: of its content, else of all of the page."""
    content = labels.labelled(lines.lay_out(page, slug, everything=False))
    return content or labels.labelled(lines.lay_out(page, slug, everything=True))
