"""Many candidates accepted at once, in the background: each as by hand, and all of them undone as one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from events.models import ListedFilm
from kinokrakow import jobs
from review.decisions import lookup, verbs
from review.decisions.draft import NotOffered, Stale, Submission
from review.models import Bulk, Decision

DECIDED, CHANGED, UNASKED, MISSING = "decided", "changed", "unasked", "missing"  # why a film was left as it was


def ask(chosen: Iterable[tuple[ListedFilm, int]], *, by: User, at: dt.datetime) -> Bulk:
    """Have these films accepted as these of TMDB's, if they are then as they are now."""
    rows = [[film.pk, film.revision, tmdb_id] for film, tmdb_id in chosen]
    with transaction.atomic():
        bulk = Bulk.objects.create(by=by, at=at, chosen=rows)
        jobs.enqueue("accept", f"accept {bulk.group}", bulk=bulk.pk)
    return bulk


def carry_out(bulk: Bulk) -> list[dict[str, Any]]:
    """Decide on each film in a transaction of its own; returns what was left as it was, and why.

    What an earlier attempt at the same job decided is not tried again. Outside transactions.
    """
    done = set(Decision.objects.filter(group=bulk.group).values_list("film", flat=True))
    left: list[dict[str, Any]] = []
    for film, revision, tmdb_id in bulk.chosen:
        if film in done:
            continue
        submitted = Submission(film, revision, bulk.by, timezone.now(), Decision.Origin.BULK, bulk.group)
        try:
            if not _accept(submitted, tmdb_id):
                left.append({"film": film, "why": MISSING})
        except Stale as stale:
            by_whom = {"decision": stale.decision.pk} if stale.decision else {}
            left.append({"film": film, "why": DECIDED if by_whom else CHANGED, **by_whom})
        except lookup.NoAnswer as trouble:
            left.append({"film": film, "why": UNASKED, "error": str(trouble)})
    return left


def _accept(submitted: Submission, tmdb_id: int) -> bool:
    """Whether TMDB still has the film; it is asked about one of which only a search result is known."""
    try:
        verbs.accept(submitted, tmdb_id)
    except NotOffered:
        found = lookup.fetch([lookup.Reference(tmdb_id=tmdb_id)])
        if not found:
            return False
        verbs.accept_other(submitted, found[0])
    return True
