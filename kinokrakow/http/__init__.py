"""Outbound HTTP: sessions that pass each host's rate limit, answers, and typed errors."""

from kinokrakow.http.breaker import Open
from kinokrakow.http.charset import decode
from kinokrakow.http.client import PATIENCE, TRIES, Session, backoff, meter
from kinokrakow.http.responses import (
    Blocked,
    Denied,
    Exchange,
    Garbled,
    HttpError,
    NotFound,
    NotYet,
    Refused,
    Response,
    Unavailable,
)
from kinokrakow.http.service import REDIRECTS, Service, user_agent

__all__ = [
    "PATIENCE", "REDIRECTS", "TRIES", "Blocked", "Denied", "Exchange", "Garbled", "HttpError", "NotFound", "NotYet",
    "Open", "Refused", "Response", "Service", "Session", "Unavailable", "backoff", "decode", "meter",
    "user_agent",
]  # fmt: skip
