"""Keeps what was fetched, answered or not, so that it can be read again without the network."""

from __future__ import annotations

from kinokrakow import http
from scraper.models import Page


def keep(exchange: http.Exchange, purpose: str, run: int | None = None) -> int:
    """Store an exchange; returns its row's id. Cookies are not kept."""
    answer = exchange.response
    body, sha256 = Page.packed(answer.body) if answer else (b"", "")
    return Page.objects.create(
        run_id=run,
        purpose=purpose[:300],
        method=exchange.method,
        url=exchange.url.replace("\0", ""),
        sent_at=exchange.sent_at,
        seconds=exchange.seconds,
        status=answer.status if answer else None,
        headers={k: v for k, v in answer.headers.items() if k != "set-cookie"} if answer else {},
        error=exchange.error.replace("\0", ""),
        body_gzip=body,
        sha256=sha256,
    ).pk
