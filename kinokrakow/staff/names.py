"""What staff call codes in the database: outside services, witnesses, kinds of jobs and what a job is for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kinokrakow.staff import readable as people

WITNESS = "witness:"  # how the names of witnesses' services begin
SERVICES = {
    "kino": _("the site"),
    "tmdb": "TMDB",
    "geocoder": _("the geocoder"),
}
WITNESSES = {
    "coigdzie": "coigdzie.pl",
    "cinema-city": "Cinema City",
    "mikro": "Kino Mikro",
}
JOBS = {
    "calendar": _("calendar"),
    "day": _("day"),
    "film": _("film page"),
    "match": _("matching"),
    "locate": _("geocoding"),
    "now_playing": _("now playing"),
    "prune": _("pruning"),
    "upkeep": _("films refreshed"),
    "accept": _("bulk acceptance"),
    "witness": _("look at a witness"),
}
ARGUMENTS = {
    "date": _("date"),
    "slug": _("film's address"),
    "page": _("saved page"),
    "by_address": _("by URL"),
    "cinema": _("cinema's number"),
    "bulk": _("bulk decision"),
    "witness": _("witness"),
    "by_hand": _("asked for by hand"),
    "part": _("part"),
    "again": _("how often again"),
    "run": _("run"),
}


def of_service(name: str) -> str:
    """The code itself for what this version does not know, here and below."""
    return of_witness(name.removeprefix(WITNESS)) if name.startswith(WITNESS) else str(SERVICES.get(name, name))


def of_witness(name: str) -> str:
    return WITNESSES.get(name, name)


def of_job_kind(kind: str) -> str:
    return str(JOBS.get(kind, kind))


def of_job(kind: str, key: str, args: Any) -> str:
    """ "day: 28.11.2026", "film page: bugonia": its kind, and the day, film, cinema or witness that it is for."""
    told = people.fields(args)
    for_what = str(told.get("date") or told.get("slug") or "")
    if kind == "witness":
        for_what = of_witness(str(told.get("witness", "")))
    elif not for_what and kind in ("film", "match", "locate"):
        for_what = key.removeprefix(f"{kind}:")
    return f"{of_job_kind(kind)}: {people.date(for_what)}" if for_what else of_job_kind(kind)
