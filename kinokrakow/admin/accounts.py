"""Accounts and groups: Django's own, with rights in words, and two moments as text: nobody sets when somebody last
logged in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import ManyToManyField, Model, QuerySet
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import pgettext, pgettext_lazy

admin.site.unregister([User, Group])

#: Django's four rights over a model, by how their code begins.
ACTIONS = {
    "add": pgettext_lazy("a right", "add"),
    "change": pgettext_lazy("a right", "change"),
    "delete": pgettext_lazy("a right", "delete"),
    "view": pgettext_lazy("a right", "look at"),
}


class Rights(ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Permissions in the reader's language; Django keeps their names in English in the database."""

    def label_from_instance(self, permission: Model) -> str:
        assert isinstance(permission, Permission)
        verb, _, of = permission.codename.partition("_")
        model = permission.content_type.model_class()
        if verb in ACTIONS and of == permission.content_type.model:
            said = ACTIONS[verb]
        else:  # one of a model's own, as it calls it now
            said = dict(model._meta.permissions if model else ()).get(permission.codename, permission.name)
        return f"{permission.content_type} | {said}"


class InWords(admin.ModelAdmin):  # type: ignore[type-arg]
    """What concerns rights of an account or a group, in words that a person understands."""

    def formfield_for_manytomany(self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.remote_field.model is Permission:
            kwargs |= {"form_class": Rights, "queryset": self._of_use()}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _of_use(self) -> QuerySet[Permission]:
        """Rights over what the staff's pages show; over what has no page (sessions, queues, logs) they open nothing."""
        shown = {model._meta.app_label for model in self.admin_site._registry}
        return Permission.objects.filter(content_type__app_label__in=shown).select_related("content_type")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Without the rows that join accounts, groups and rights, which have no names: their members are counted."""
        told, counts, needed, protected = super().get_deleted_objects(objs, request)
        fields = (*User._meta.many_to_many, *Group._meta.many_to_many)
        joining = [through._meta for field in fields if (through := field.remote_field.through)]
        kinds = tuple(f"{capfirst(str(of.verbose_name))}: " for of in joining)
        counts = {
            name: count for name, count in counts.items() if name not in {of.verbose_name_plural for of in joining}
        }
        groups = [one.pk for one in objs if isinstance(one, Group)]
        if members := User.objects.filter(groups__in=groups).distinct().count():
            counts[pgettext("of a group to be deleted", "members, who keep their accounts")] = members
        return _without(told, kinds), counts, needed, protected


def _without(told: Iterable[Any], kinds: tuple[str, ...]) -> list[Any]:
    """The nested list of what is deleted, less the lines of these kinds, and less lists that have none left."""
    kept = [_without(one, kinds) if isinstance(one, list) else one for one in told]
    return [one for one in kept if one != [] and not (isinstance(one, str) and one.startswith(kinds))]


@admin.register(User)
class AccountAdmin(InWords, UserAdmin):  # type: ignore[type-arg]
    readonly_fields = ("last_login", "date_joined")


@admin.register(Group)
class RightsOfGroupAdmin(InWords, GroupAdmin):
    pass
