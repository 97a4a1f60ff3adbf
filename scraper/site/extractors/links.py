"""What the links of a programme lead to: a film, a cinema, a ticket, or none of these."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from .markup import LONGEST_LINK

LONGEST_SLUG = 200  # characters; what the database keeps is a little more

# The site's names: to link to one of them is to link to the page's own site, wherever the page was fetched or saved.
SITE = {"www.kino.krakow.pl", "kino.krakow.pl", "krakow.repertuary.pl", "www.krakow.repertuary.pl"}

_SLUG = re.compile(r"(?!\.+$)[^\s/\\\"<>?#\x00-\x1f]+")
_BY_CINEMA = re.compile(r"by_cinema/", re.IGNORECASE)
_FILM = re.compile(r"(?:^|/)film/([^/]+)", re.IGNORECASE)
_FAR = re.compile(r"https?://([a-z0-9.-]+)/\w", re.ASCII)  # an address with a host, and more than that
_EXTENSION = re.compile(r"\.html?$", re.IGNORECASE)
_OTHER_NAMES = re.compile(r"^(?:www|m|mobile|amp)\.")  # of one site
_TICKET = re.compile(r"(?:^|/)(?:bilet|ticket|rezerw|reserv|buy|kup|koszyk|order|booking|checkout)", re.IGNORECASE)
# Pages of the site that are neither a film's nor a cinema's.
_OTHER = re.compile(
    r"(?:cinema_program|settings|film|filmy|osoba|osoby|gatunek|gatunki|login|logowanie|kontakt|user|users|news|premiery"
    r"|zapowiedzi|rss|assets|images|promocje|konkursy|regulamin|reklama|map|mapa|wydarzenie|event)(?:/|$)",
    re.IGNORECASE,
)
_ABOUT_A_CINEMA = {"info", "mapa", "map", "kontakt", "dojazd", "cennik", "repertuar"}


class Kind(Enum):
    FILM = auto()
    CINEMA = auto()
    HOUR = auto()  # the site's link behind a time
    TICKET = auto()
    OTHER = auto()
    NONE = auto()  # no address at all, or none of the web


# Python 3.11 takes its time to find a member of an enum, and a programme asks for these tens of thousands of times.
FILM, CINEMA, HOUR, TICKET = Kind.FILM, Kind.CINEMA, Kind.HOUR, Kind.TICKET


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads; `slug` names the film or the cinema, also the one whose hour it is."""

    kind: Kind
    slug: str = ""


_NOWHERE, _ELSEWHERE, _A_TICKET = Target(Kind.NONE), Target(Kind.OTHER), Target(Kind.TICKET)


def host_of(url: str) -> str:
    """The host that a page came from, without a port; empty for a saved file."""
    try:
        return (urlsplit(url).hostname or "") if url.startswith(("http://", "https://")) else ""
    except ValueError:
        return ""


def target(href: str, host: str) -> Target:
    """Where `href` of a page of `host` leads."""
    if len(href) > LONGEST_LINK:
        return _NOWHERE
    if (far := _FAR.match(href)) and _is_elsewhere(far[1], host):
        return _A_TICKET  # most links of a programme, and each unlike the others
    return _target(href, host)


@lru_cache(maxsize=1024)
def _is_elsewhere(there: str, host: str) -> bool:
    """Whether a host is another site than a page's."""
    return there not in SITE and _OTHER_NAMES.sub("", there) not in (_OTHER_NAMES.sub("", host), *SITE)


@lru_cache(maxsize=8192)
def _target(href: str, host: str) -> Target:
    try:
        parts = urlsplit(href.strip())
        there = parts.hostname or ""
    except ValueError:  # "http://["
        return _NOWHERE
    if parts.scheme not in ("", "http", "https"):
        return _NOWHERE
    # What stands behind a semicolon is a session's ("/film/bugonia.html;jsessionid=1A").
    names = (part.partition(";")[0] for part in unquote(parts.path).split("/"))
    path = "/".join(name for name in names if name not in ("", ".", ".."))
    if there and _is_elsewhere(there, host):
        return _A_TICKET if path or parts.query else _ELSEWHERE
    if not path:
        return _NOWHERE
    if match := _BY_CINEMA.search(f"{path}/"):
        name = _EXTENSION.sub("", path[match.end() :])
        return Target(Kind.HOUR, name if all(map(_SLUG.fullmatch, name.split("/"))) else "")
    if match := _FILM.search(path):
        slug = _slug(_EXTENSION.sub("", match[1]))
        return Target(Kind.FILM, slug) if slug else _ELSEWHERE
    if _TICKET.search(path):
        return _A_TICKET
    if _OTHER.match(path):
        return _ELSEWHERE
    return _cinema(_EXTENSION.sub("", path))


def film_slug(href: str, host: str = "") -> str:
    """The film that a link leads to; empty when it leads to none."""
    found = target(href, host)
    return found.slug if found.kind is Kind.FILM else ""


def _slug(name: str) -> str:
    return name if len(name) <= LONGEST_SLUG and _SLUG.fullmatch(name) else ""


def _cinema(path: str) -> Target:
    """A cinema is its whole path: a chain's has two parts (cinema-city/bonarka)."""
    parts = path.split("/")
    while len(parts) > 1 and parts[-1] in _ABOUT_A_CINEMA:
        parts.pop()
    slug = "/".join(parts)
    if (
        "." in parts[0]
        or len(parts) > 3
        or len(slug) > LONGEST_SLUG
        or not all(_SLUG.fullmatch(part) for part in parts)
    ):
        return _ELSEWHERE
    return Target(Kind.CINEMA, slug)
