"""What lists and rows that only the program writes have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.db.models import JSONField, Model
from django.http import HttpRequest

from kinokrakow.staff import failures
from kinokrakow.staff import readable as people


class Readable:
    """Shows what is stored for programs as people read it: JSON a line for each of its fields, and errors in the
    reader's language."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = self._shown
        return [
            (name, {**options, "fields": list(dict.fromkeys(shown.get(field, field) for field in options["fields"]))})
            for name, options in super().get_fieldsets(request, obj)  # type: ignore[misc]
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *self._shown.values()]  # type: ignore[misc]

    @cached_property
    def _shown(self) -> dict[Any, Callable[[Any], Any]]:
        fields = self.model._meta.fields  # type: ignore[attr-defined]
        return {
            field.name: _as_read(field) for field in fields if field.name == "error" or isinstance(field, JSONField)
        }


def _as_read(field: Any) -> Callable[[Any], Any]:
    @admin.display(description=field.verbose_name)
    def shown(row: Any) -> Any:
        value = getattr(row, field.name)
        return failures.whole(value) if field.name == "error" else people.facts(value)

    shown.__name__ = field.name
    return shown


class ReadOnly(Readable, admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only the program writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(Readable, admin.TabularInline):  # type: ignore[type-arg]
    """Rows of another model that belong to the one on the page, as a table that only shows."""

    template = "admin/readonly_inline.html"
    can_delete = False
    extra = max_num = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
