# ruff: noqa: E501 - a list of names in one line
"""What a database holds, as approved examples: of each table and column the values, or a mark of them where they are many.

What differs from run to run is left out: ids, addresses' ports, processes, how long something took, secrets.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any

from django.apps import apps
from django.db import models

from tests.approved import plain

OURS = ("events", "kinokrakow", "review", "scraper")
LEFT_OUT = re.compile(
    r"^(id|worker|holder|name_of_process|seconds|waited|lease_until|queue_row|traceback|sha256|body_gzip|group|token|etag)$"
)
_MADE_UP = re.compile(r"(127\.0\.0\.1|localhost):\d+|\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b")
FEW = 12  # different values that are told one by one


def of_database() -> dict[str, Any]:
    """By table and column, how often each value occurs; a hash of all where there are more than FEW."""
    made: dict[str, Any] = {}
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            fields = [field for field in model._meta.concrete_fields if not LEFT_OUT.match(field.name)]
            rows = list(model._default_manager.all().select_related(None))
            for field in fields if rows else ():
                values = [_said(field, row) for row in rows]
                counted = Counter(values)
                if len(counted) > FEW:
                    mark = hashlib.sha256("\n".join(sorted(values)).encode("utf-8", "replace")).hexdigest()[:12]
                    made[f"{model._meta.db_table}.{field.name}"] = f"{len(values)} rows, {len(counted)} values, {mark}"
                else:
                    made[f"{model._meta.db_table}.{field.name}"] = dict(sorted(counted.items()))
    return made


def _said(field: models.Field[Any, Any], row: models.Model) -> str:
    """The value, and for a row that it refers to what that is called."""
    if isinstance(field, models.ForeignKey):
        other = getattr(row, field.name)
        return "" if other is None else _named(other)
    value = plain(getattr(row, field.name))
    return _MADE_UP.sub("…", str(value))[:300]


def _named(row: models.Model) -> str:
    for name in ("slug", "external_id", "title", "purpose", "username", "key", "name"):
        if value := getattr(row, name, None):
            return _MADE_UP.sub("…", str(value))[:100]
    return type(row).__name__
