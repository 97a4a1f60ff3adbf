"""Films: pages not read or not believed, matches that are doubted or due."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scraper.monitoring.messages.phrases import short


def _films_unread(_subject: str, facts: dict[str, Any]) -> str:
    said = ngettext(
        "%(n)s film page could not be read: %(error)s.",
        "%(n)s film pages could not be read, the last: %(error)s.",
        facts["films"],
    ) % {"n": facts["films"], "error": short(facts["error"])}
    held = ngettext("%(n)s showtime is held.", "%(n)s showtimes are held.", facts["held"]) % {"n": facts["held"]}
    return f"{said} {held}" if facts["held"] else said


def _films_doubted(_subject: str, facts: dict[str, Any]) -> str:
    said = ngettext(
        "%(n)s film's address answers something that is not believed to be its page.",
        "%(n)s films' addresses answer something that is not believed to be their pages.",
        facts["films"],
    ) % {"n": facts["films"]}
    example = _("“%(title)s”: %(problem)s.") % {"title": facts["title"], "problem": short(facts["problem"])}
    return f"{said} {example} " + _("What was known before stands.")


def _matches_contradicted(_subject: str, facts: dict[str, Any]) -> str:
    said = ngettext(
        "%(n)s match made by the program is contradicted by its facts: %(titles)s.",
        "%(n)s matches made by the program are contradicted by their facts: %(titles)s.",
        facts["films"],
    )
    return said % {"n": facts["films"], "titles": ", ".join(facts["titles"])}


def _films_missing(_subject: str, facts: dict[str, Any]) -> str:
    return (
        ngettext(
            "%(n)s film page answered 404: has its address changed?",
            "%(n)s film pages answered 404: have their addresses changed?",
            facts["films"],
        )
        % {"n": facts["films"]}
        + " "
        + _("What was known before stands.")
    )


def _tmdb_rate(_subject: str, facts: dict[str, Any]) -> str:
    return _(
        "Of the week's %(films)s films that TMDB was asked about only %(rate)s %% are matched; "
        "%(held)s showtimes are not published."
    ) % {**facts, "rate": number_format(facts["rate"])}


def _review_soon(_subject: str, facts: dict[str, Any]) -> str:
    rest = facts["films"] - len(facts["titles"])
    return ngettext(
        "%(n)s film that waits for a decision plays within %(hours)s hours: %(titles)s. %(held)s showtimes are held.",
        "%(n)s films that wait for a decision play within %(hours)s hours: %(titles)s. %(held)s showtimes are held.",
        facts["films"],
    ) % {
        "n": facts["films"],
        "hours": settings.ALERT_REVIEW_HOURS,
        "titles": ", ".join(facts["titles"]) + (f" (+{rest})" if rest else ""),
        "held": facts["showtimes"],
    }


KINDS = {
    "films_unread": _films_unread,
    "films_doubted": _films_doubted,
    "matches_contradicted": _matches_contradicted,
    "films_missing": _films_missing,
    "tmdb_rate": _tmdb_rate,
    "review_soon": _review_soon,
}
