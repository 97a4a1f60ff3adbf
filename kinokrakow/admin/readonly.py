"""What lists and rows that only the program writes have in common."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kinokrakow.staff import failures


class ToldError:
    """Shows a model's field `error`, if it has one, in the reader's language, with its text as stored behind it."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)  # type: ignore[misc]
        return list(dict.fromkeys("told_error" if name == "error" else name for name in fields))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = {field.name for field in self.model._meta.get_fields()}  # type: ignore[attr-defined]
        fields = super().get_readonly_fields(request, obj)  # type: ignore[misc]
        return [*fields, "told_error"] if "error" in names else fields

    @admin.display(description=_("error"))
    def told_error(self, row: Any) -> str:
        return failures.whole(row.error)


class ReadOnly(ToldError, admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only the program writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(ToldError, admin.TabularInline):  # type: ignore[type-arg]
    """Rows of another model that belong to the one on the page, as a table that only shows."""

    template = "admin/readonly_inline.html"
    can_delete = False
    extra = max_num = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
