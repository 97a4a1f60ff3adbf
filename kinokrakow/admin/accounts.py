"""Accounts and groups: Django's own, with its two moments as text; nobody sets when somebody last logged in."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]
    readonly_fields = ("last_login", "date_joined")
