"""Failed logins are counted (django-axes), and after five nobody is let try again for five minutes.

What is counted depends on who tries:
- a browser that has logged in to this account before is counted by itself, as this account at its address, so that
  neither strangers who try the account nor somebody else behind the same address lock its owner out;
- any other is counted by its address, whatever accounts it tries, and by the account, from wherever it is tried.

A browser is known by a signed cookie, which the login sets.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kinokrakow import errors

if TYPE_CHECKING:  # the admin's site is imported before there are models
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

COOKIE, SALT = "known", "kinokrakow.staff.logins"
YEAR = 365 * 24 * 3600


def remember(response: HttpResponse, user: AbstractBaseUser | AnonymousUser) -> None:
    """Let this browser be known as one that has logged in to the account."""
    secure = bool(settings.SESSION_COOKIE_SECURE)
    response.set_signed_cookie(
        COOKIE, user.get_username(), salt=SALT, max_age=YEAR, secure=secure, httponly=True, samesite="Lax"
    )


def counted_by(request: HttpRequest, credentials: dict[str, Any] | None = None) -> list[str | list[str]]:
    """What failed logins of this kind are summed by; one sum over the limit is enough to refuse."""
    known = request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=YEAR)
    if known is not None and known == (credentials or {}).get("username"):
        return [["username", "ip_address"]]
    return ["username", "ip_address"]


def client_address(request: HttpRequest) -> str | None:
    """Whose address it is: behind proxies the one that the outermost trusted proxy saw.

    Somebody with IPv6 has at least 2⁶⁴ addresses, which count as one.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        said = forwarded[-settings.TRUSTED_PROXIES] if len(forwarded) >= settings.TRUSTED_PROXIES else said
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return None  # a socket has none
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def refused(request: HttpRequest, _response: HttpResponse | None, _credentials: dict[str, Any] | None) -> HttpResponse:
    """The page instead of a login that was not even tried."""
    response = errors.too_many_logins(request, int(settings.AXES_COOLOFF_TIME.total_seconds() // 60))
    response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
    return response
