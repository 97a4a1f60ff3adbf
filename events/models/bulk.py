"""Statements about many rows at once, of plain columns.

Django's own `bulk_create` and `bulk_update` prepare value by value, and take several times as long as the database.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from events.models.limits import BATCH


def upsert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, key: str, keep: Collection[str]
) -> None:
    """Insert rows of these columns; of one whose `key` is there already, update all columns but `keep`."""
    changed = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns if name != key and name not in keep)
    row = f"({', '.join(['%s'] * len(columns))})"
    adapted = [(place, adapt) for place, name in enumerate(columns) if (adapt := _adapter(model, name))]
    for batch in _batches(rows):
        prepared = [list(values) for values in batch]
        for place, adapt in adapted:
            for values in prepared:
                values[place] = adapt(values[place])
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES {', '.join([row] * len(batch))} "
                f"ON CONFLICT ({key}) DO UPDATE SET {changed}",
                list(itertools.chain.from_iterable(prepared)),
            )


def assign(model: type[models.Model], column: str, values: Iterable[tuple[int, int | None]]) -> None:
    """Set a column that refers to other rows: (primary key, the row referred to)."""
    table = model._meta.db_table
    for batch in _batches(values):
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH told(id, value) AS (VALUES {', '.join(['(%s, %s)'] * len(batch))}) "
                f"UPDATE {table} SET {column} = CAST(told.value AS bigint) FROM told WHERE {table}.id = told.id",
                list(itertools.chain.from_iterable(batch)),
            )


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(rows)
    while batch := list(itertools.islice(waiting, BATCH)):
        yield batch


def _adapter(model: type[models.Model], column: str) -> Callable[[Any], Any] | None:
    """What makes a value of this column one that the database's driver takes, if the value itself isn't."""
    field = model._meta.get_field(column)
    if isinstance(field, models.DateTimeField):
        return cache(connection.ops.adapt_datetimefield_value)
    return cache(connection.ops.adapt_datefield_value) if isinstance(field, models.DateField) else None
