"""What other listings have and we lack, and these listings themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scraper.monitoring.messages.phrases import day_names, moment, short


def _witness_missing(_subject: str, facts: dict[str, Any]) -> str:
    return ngettext(
        "%(witness)s has %(n)s start at %(cinema)s that we lack (%(days)s), by two looks.",
        "%(witness)s has %(n)s starts at %(cinema)s that we lack (%(days)s), by two looks.",
        facts["missing"],
    ) % {
        "witness": facts["witness"], "n": facts["missing"], "cinema": facts["name"], "days": day_names(facts["dates"]),
    }  # fmt: skip


def _witness_cinema(_subject: str, facts: dict[str, Any]) -> str:
    return ngettext(
        "%(witness)s lists %(cinema)s with %(n)s start to come, and we know no such cinema.",
        "%(witness)s lists %(cinema)s with %(n)s starts to come, and we know no such cinema.",
        facts["starts"],
    ) % {"witness": facts["witness"], "cinema": facts["name"], "n": facts["starts"]}


def _witness_silent(_subject: str, facts: dict[str, Any]) -> str:
    said = _("%(witness)s has brought nothing since %(since)s, so there is nothing to compare with.") % {
        "witness": facts["witness"], "since": moment(facts["since"]),
    }  # fmt: skip
    return f"{said} {short(facts['error'])}." if facts["error"] else said


KINDS = {
    "witness_missing": _witness_missing,
    "witness_cinema": _witness_cinema,
    "witness_silent": _witness_silent,
}
