"""Where one row leads to. The pages of rooms above this one are named here, never imported."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from events.models import Cinema, Movie, OtherEvent, Showtime
from events.public.showings import link

NONE = "–"


def changelist(model: type[Model], text: object, **filters: object) -> SafeString:
    """The rows of a model that the filters leave; a count of 0 leads nowhere."""
    if text == 0:
        return format_html("{}", 0)
    meta = model._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return format_html('<a href="{}?{}">{}</a>', url, urlencode(filters), text)


def to(row: Model | None, text: object = "") -> SafeString | str:
    """A row's own page in the admin."""
    if row is None:
        return NONE
    meta = row._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, text or row)


def outside(address: str | None, text: object) -> SafeString | str:
    """An address that somebody else wrote."""
    address = link(address or "")
    return format_html('<a href="{}" rel="noopener noreferrer nofollow">{}</a>', address, text) if address else NONE


def row_of(*parts: object) -> SafeString:
    known = [(part,) for part in parts if part and part != NONE] or [(NONE,)]
    return format_html_join(" · ", "{}", known)


def question(film_id: int, text: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("review-question", args=[film_id]), text)


def coverage(day: dt.date) -> SafeString:
    """What was read of a day, and when."""
    return format_html('<a href="{}">{}</a>', reverse("coverage-day", args=[day]), date_format(day, "D j.m"))


def tmdb(movie: Movie | None) -> SafeString | str:
    if movie is None:
        return NONE
    return outside(f"https://www.themoviedb.org/movie/{movie.tmdb_id}", f"TMDB {movie.tmdb_id}")


def on_the_map(row: Cinema | OtherEvent) -> SafeString | str:
    if row.latitude is None or row.longitude is None:
        return NONE
    latitude, longitude = f"{row.latitude:.6f}", f"{row.longitude:.6f}"
    address = f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
    return outside(address, _("map"))


def site_page(showtime: Showtime) -> SafeString | str:
    return outside(showtime.film.site_address(), _("page"))


def moment(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "j.m.Y H:i")
