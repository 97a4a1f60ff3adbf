"""The programme: days not read or doubted, showtimes and cinemas that are missing, facts that are gone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kinokrakow.staff import failures
from scraper.monitoring.messages.phrases import cut, day_name, day_names, short


def _cost(facts: dict[str, Any]) -> str:
    """What an unread day or week costs."""
    if facts["known"]:
        return " " + ngettext(
            "%(n)s showtime of an earlier reading still stands.",
            "%(n)s showtimes of earlier readings still stand.",
            facts["known"],
        ) % {"n": facts["known"]}
    if facts["expected"]:
        return " " + ngettext("%(n)s showtime was expected.", "%(n)s showtimes were expected.", facts["expected"]) % {
            "n": facts["expected"]
        }
    return ""


def _missing(facts: dict[str, Any]) -> str:
    return ngettext("%(n)s showtime is missing.", "%(n)s showtimes are missing.", facts["missing"]) % {
        "n": facts["missing"]
    }


def _week_failed(_subject: str, facts: dict[str, Any]) -> str:
    return _("No day of the week could be read: %(error)s.") % {"error": short(facts["error"])} + _cost(facts)


def _day_failed(date: str, facts: dict[str, Any]) -> str:
    return (
        ngettext(
            "%(day)s could not be read in %(n)s attempt: %(error)s.",
            "%(day)s could not be read in %(n)s attempts: %(error)s.",
            facts["attempts"],
        )
        % {"day": day_name(date), "n": facts["attempts"], "error": short(facts["error"])}
    ) + _cost(facts)


def _dates_missing(_subject: str, facts: dict[str, Any]) -> str:
    return _("The site offered only %(n)s of the 7 dates from today.") % {"n": facts["dates"]}


def _day_suspicious(date: str, facts: dict[str, Any]) -> str:
    said = _(
        "The page of %(day)s is suspicious (showtimes: %(listed)s listed, %(missing)s known and not listed); "
        "nothing was withdrawn."
    ) % {"day": day_name(date), "listed": facts["listed"], "missing": facts.get("not_withdrawn", "?")}
    if facts.get("believed_next"):
        said += " " + _("If the next sync reads the same, it is taken for right.")
    return f"{said} " + _("Staff can say so at once, on the day's page.")


def _week_suspicious(_subject: str, _facts: dict[str, Any]) -> str:
    return _(
        "Every day's page lacks much of what was known, so nothing was withdrawn. "
        "Compare a day's page with the site: if the site is right, say so on the day's page; "
        "if not, its layout has changed, and the program that reads it must be updated."
    )


def _day_short(date: str, facts: dict[str, Any]) -> str:
    said = ngettext("%(day)s lists only %(n)s showtime.", "%(day)s lists only %(n)s showtimes.", facts["listed"]) % {
        "day": day_name(date), "n": facts["listed"],
    }  # fmt: skip
    return f"{said} {_missing(facts)}"


def _week_short(_subject: str, facts: dict[str, Any]) -> str:
    return _("The whole week lists far fewer showtimes than expected.") + " " + _missing(facts)


def _cinema_gone(_slug: str, facts: dict[str, Any]) -> str:
    return _("%(cinema)s is gone from %(days)s.") % {
        "cinema": facts["name"], "days": _("the whole week") if facts["week"] else day_names(facts["dates"]),
    } + " " + _missing(facts)  # fmt: skip


def _cinema_short(_slug: str, facts: dict[str, Any]) -> str:
    said = _("%(cinema)s lists far fewer showtimes this week than usual.") % {"cinema": facts["name"]}
    return f"{said} {_missing(facts)}"


def _field_names() -> dict[str, str]:
    return {
        "ticket_url": _("ticket links"),
        "version": _("versions (dubbing, subtitles, 3D)"),
        "original_title": _("original titles"),
        "directors": _("directors"),
        "year": _("years"),
        "countries": _("countries"),
        "runtime": _("runtimes"),
        "genres": _("genres"),
        "cast": _("casts"),
        "premiere": _("premieres"),
        "distributor": _("distributors"),
        "poster_url": _("posters"),
    }


def _field_gone(name: str, facts: dict[str, Any]) -> str:
    return _("Far fewer %(field)s are left: %(n)s of %(of)s; %(before)s %% had them. Has the layout changed?") % {
        "field": _field_names().get(name, name), "n": facts["filled"], "of": facts["of"], "before": facts["before"],
    }  # fmt: skip


def _fields_gone_of(subject: str, facts: dict[str, Any]) -> str:
    return f"{subject}: " + " ".join(_field_gone(name, each) for name, each in facts["fields"].items())


def _cinema_field_gone(_slug: str, facts: dict[str, Any]) -> str:
    return _fields_gone_of(facts["name"], facts)


def _day_field_gone(date: str, facts: dict[str, Any]) -> str:
    return _fields_gone_of(day_name(date), facts)


def _rows_unread(_subject: str, facts: dict[str, Any]) -> str:
    said = ngettext(
        "%(n)s row of the programme was not understood; nothing of its film was withdrawn.",
        "%(n)s rows of the programme were not understood; nothing of their films was withdrawn.",
        facts["rows"],
    ) % {"n": facts["rows"]}
    sample = {"place": failures.said(facts["place"]), "text": cut(facts["text"]), "reason": short(facts["reason"])}
    return f"{said} " + _("For example %(place)s, “%(text)s”: %(reason)s.") % sample


KINDS = {
    "week_failed": _week_failed,
    "day_failed": _day_failed,
    "dates_missing": _dates_missing,
    "day_suspicious": _day_suspicious,
    "week_suspicious": _week_suspicious,
    "day_short": _day_short,
    "week_short": _week_short,
    "cinema_gone": _cinema_gone,
    "cinema_short": _cinema_short,
    "field_gone": _field_gone,
    "cinema_field_gone": _cinema_field_gone,
    "day_field_gone": _day_field_gone,
    "rows_unread": _rows_unread,
}
