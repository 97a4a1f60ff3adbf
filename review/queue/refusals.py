"""Why a decision, a search or an undo was refused, in the reader's language."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from review.decisions import NotUndone, Stale, TakesMuch
from review.decisions.lookup import NoAnswer, NotAReference


def refused(stale: Stale) -> str:
    """Who decided what and when; or that the question is another one now."""
    if stale.decision:
        return _("Nothing was done: %(who)s has already decided on “%(film)s” (%(what)s, %(when)s).") % {
            "who": stale.decision.by,
            "film": stale.film,
            "what": stale.decision.get_verb_display(),
            "when": _moment(stale.decision.at),
        }
    return _("Nothing was done: “%(film)s” has changed since this page was shown. Please look again.") % {
        "film": stale.film
    }


def refused_undo(error: NotUndone) -> str:
    if error.later:
        return _("Not undone: %(who)s has decided again since (%(what)s, %(when)s). Undo that first.") % {
            "who": error.later.by,
            "what": error.later.get_verb_display(),
            "when": _moment(error.later.at),
        }
    return _("Nothing to undo: %(who)s has undone it already (%(when)s).") % {
        "who": error.decision.undone_by,
        "when": _moment(error.decision.undone_at or error.decision.at),
    }


def takes_much(much: TakesMuch) -> str:
    return ngettext(
        "Not undone: this would unpublish %(n)s of %(of)s published showtimes.",
        "Not undone: this would unpublish %(n)s of %(of)s published showtimes.",
        much.showtimes,
    ) % {"n": much.showtimes, "of": much.published}


def said(trouble: Exception) -> str:
    """What is wrong with a form or a search, and what to do."""
    if isinstance(trouble, NoAnswer):
        return _("TMDB could not be asked, nothing was changed. Try again in a moment. (%(why)s)") % {"why": trouble}
    if isinstance(trouble, NotAReference):
        return _("“%(text)s” is neither an id nor a link of a film at TMDB or IMDb.") % {"text": trouble}
    return str(trouble)


def _moment(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "j.m H:i:s")
